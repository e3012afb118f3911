/// Canonical messages of spans in the shape of test cases: what is neither text nor a call is left out.

import ByteCoding
import GenAIConventions

extension PromptMessage {
    /// One message, and one more for each result of a tool beside the first: a tool's message answers one call. None where nothing is
    /// said.
    static func list(_ message: SpanMessage, fallback: Role) -> [PromptMessage] {
        let role = Role(rawValue: message.role.lowercased()) ?? fallback
        var texts: [String] = [], calls: [ToolCall] = [], results: [PromptMessage] = []
        for part in message.parts {
            switch part {
            case .text(let text): texts.append(text)
            case .other(let value): texts.append(value.shown)
            case .toolCall(let id, let name, let arguments):
                if let name { calls.append(ToolCall(id: id, name: name, arguments: arguments)) }
            case .toolResult(let id, _, let result):
                results.append(PromptMessage(role: .tool, content: .text(result.shown), toolCallID: id))
            case .reasoning, .media: break
            }
        }
        guard !texts.isEmpty || !calls.isEmpty else { return results }
        let content = texts.isEmpty ? nil : Content.text(texts.joined(separator: "\n"))
        return results + [PromptMessage(role: role, content: content, toolCalls: calls)]
    }
}

extension JSONValue {
    /// A text as it is, anything else as JSON.
    fileprivate var shown: String { stringValue ?? String(decoding: bytes, as: UTF8.self) }
}
