/// Messages as instrumentations write them into one value: OpenTelemetry's parts, the chat form of OpenAI and its kin, plain text.

import ByteCoding

extension PromptMessage {
    /// A list of messages, an object that has one, or anything else as the text of one message. nil: the value says nothing.
    static func list(_ value: JSONValue, role: Role) -> [PromptMessage]? {
        switch value {
        case .null: return nil
        case .array(let elements):
            let messages = elements.compactMap { PromptMessage(convention: $0, role: role) }
            if messages.count == elements.count, !messages.isEmpty { return messages }
        case .object:
            if case .array? = value["messages"] { return list(value["messages"] ?? .null, role: role) }
            if case .array(let choices)? = value["choices"] {
                let messages = choices.compactMap { $0["message"] }.compactMap { PromptMessage(convention: $0, role: role) }
                if !messages.isEmpty { return messages }
            }
            if let message = PromptMessage(convention: value, role: role) { return [message] }
        default: break
        }
        return [PromptMessage(role, value.stringValue ?? String(decoding: value.bytes, as: UTF8.self))]
    }

    /// nil for what is no message: an object without a role, or with nothing said.
    private init?(convention value: JSONValue, role fallback: Role) {
        guard case .object = value, let name = value["role"]?.stringValue else { return nil }
        let role = Role(convention: name) ?? fallback
        var calls: [ToolCall] = [], callID = value["tool_call_id"]?.stringValue
        var texts: [String] = []
        if case .array(let parts)? = value["parts"] {
            for part in parts {
                switch part["type"]?.stringValue {
                case "tool_call":
                    if let call = part["name"]?.stringValue {
                        calls.append(ToolCall(id: part["id"]?.stringValue, name: call, arguments: part["arguments"]?.parsedArguments))
                    }
                case "tool_call_response":
                    callID = part["id"]?.stringValue ?? callID
                    let said = part["response"] ?? part["result"] ?? .null
                    texts.append(said.stringValue ?? String(decoding: said.bytes, as: UTF8.self))
                default: if let text = part.partsText { texts.append(text) }
                }
            }
        } else if let content = value["content"], let text = content.partsText {
            texts.append(text)
        }
        if case .array(let given)? = value["tool_calls"] {
            for call in given {
                let function = call["function"] ?? call
                guard let name = function["name"]?.stringValue else { continue }
                calls.append(ToolCall(id: call["id"]?.stringValue, name: name, arguments: function["arguments"]?.parsedArguments))
            }
        }
        if texts.isEmpty, calls.isEmpty { return nil }
        self.init(role: role, content: texts.isEmpty ? nil : .text(texts.joined(separator: "\n")), toolCalls: calls, toolCallID: callID)
    }
}

extension PromptMessage.Role {
    /// As instrumentations spell it.
    init?(convention name: String) {
        switch name.lowercased() {
        case "human": self = .user
        case "ai", "model": self = .assistant
        case "function": self = .tool
        case let other:
            guard let role = PromptMessage.Role(rawValue: other) else { return nil }
            self = role
        }
    }
}

extension JSONValue {
    /// The text of a message's content: a text, one part, or a list of parts; nil where nothing of it is text.
    var partsText: String? {
        switch self {
        case .string(let text): return text
        case .object: return (self["text"] ?? self["content"])?.stringValue
        case .array(let parts):
            let texts = parts.compactMap(\.partsText)
            return texts.isEmpty ? nil : texts.joined(separator: "\n")
        default: return nil
        }
    }
}
