/// What a stored span says was asked and answered: its input and output as messages, whichever convention they were written in
/// (docs/mapping.md, "Input and output").

import ByteCoding
import TraceModel

package struct SpanConversation: Equatable, Sendable {
    /// In their order, system instructions first.
    package var messages: [PromptMessage] = []
    /// nil: the span tells no output.
    package var text: String?
    package var toolCalls: [ToolCall] = []

    package var hasOutput: Bool { text != nil || !toolCalls.isEmpty }

    package init(_ span: SpanRecord) {
        let attributes = span.attributes
        var system: [PromptMessage] = []
        if let value = attributes.value(of: "gen_ai.system_instructions")?.jsonValue.unpacked, let text = value.partsText, !text.isEmpty {
            system = [PromptMessage(.system, text)]
        }
        let input =
            FlattenedMessages(attributes, ["llm.input_messages.", "gen_ai.prompt."]).messages
            ?? span.llm.inputKey.flatMap { attributes.value(of: $0) }.flatMap { PromptMessage.list($0.jsonValue.unpacked, role: .user) } ?? []
        messages = Array((system + input).prefix(ScoreRuleLimits.maximumMessageCount))
        let output =
            FlattenedMessages(attributes, ["llm.output_messages.", "gen_ai.completion."]).messages
            ?? span.llm.outputKey.flatMap { attributes.value(of: $0) }
            .flatMap { PromptMessage.list($0.jsonValue.unpacked, role: .assistant) } ?? []
        let texts = output.compactMap { $0.content?.text }
        text = texts.isEmpty ? nil : texts.joined(separator: "\n")
        toolCalls = output.flatMap(\.toolCalls)
    }
}

/// Messages written as one attribute per part: `llm.input_messages.0.message.role`, `gen_ai.prompt.1.content`.
private struct FlattenedMessages {
    /// nil: there are none.
    var messages: [PromptMessage]?

    init(_ attributes: [KeyValue], _ prefixes: [String]) {
        for prefix in prefixes {
            var parts: [Int: [String: JSONValue]] = [:]
            for attribute in attributes where attribute.key.hasPrefix(prefix) {
                let rest = attribute.key.dropFirst(prefix.count).split(separator: ".", maxSplits: 1)
                guard rest.count == 2, let index = Int(rest[0]), (0..<ScoreRuleLimits.maximumMessageCount).contains(index) else { continue }
                let name = rest[1].hasPrefix("message.") ? rest[1].dropFirst("message.".count) : rest[1]
                parts[index, default: [:]][String(name)] = attribute.value.jsonValue
            }
            guard !parts.isEmpty else { continue }
            messages = parts.sorted { $0.key < $1.key }.map { Self.message($0.value, isOutput: prefix.contains("output") || prefix.contains("completion")) }
            return
        }
    }

    private static func message(_ parts: [String: JSONValue], isOutput: Bool) -> PromptMessage {
        let role = parts["role"]?.stringValue.flatMap(PromptMessage.Role.init(convention:)) ?? (isOutput ? .assistant : .user)
        var calls: [ToolCall] = []
        for index in 0..<TestCaseLimits.maximumListCount {
            // OpenInference, then OpenLLMetry.
            let place = "tool_calls.\(index)."
            guard let name = (parts[place + "tool_call.function.name"] ?? parts[place + "name"])?.stringValue else { break }
            let arguments = parts[place + "tool_call.function.arguments"] ?? parts[place + "arguments"]
            let id = (parts[place + "tool_call.id"] ?? parts[place + "id"])?.stringValue
            calls.append(ToolCall(id: id, name: name, arguments: arguments?.parsedArguments))
        }
        var content = parts["content"]?.unpacked.partsText
        if content == nil {
            let texts = parts.filter { $0.key.hasPrefix("contents.") && $0.key.hasSuffix(".message_content.text") }
                .sorted { $0.key < $1.key }.compactMap(\.value.stringValue)
            if !texts.isEmpty { content = texts.joined(separator: "\n") }
        }
        return PromptMessage(role: role, content: content.map { .text($0) }, toolCalls: calls)
    }
}

extension [KeyValue] {
    fileprivate func value(of key: String) -> AttributeValue? { first { $0.key == key }?.value }
}
