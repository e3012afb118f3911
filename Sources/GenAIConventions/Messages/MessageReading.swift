/// Messages as instrumentations write them into one value: OpenTelemetry's parts, the chat forms of OpenAI, Anthropic, Gemini and Vercel,
/// LangChain's constructors, what wraps them, plain text.

import ByteCoding

enum MessageReading {
    /// A list of messages, an object that has one, or anything else as the one part of one message.
    static func messages(_ value: JSONValue, role: String) -> [SpanMessage] {
        if value.isNull { return [] }
        if let found = find(value, role: role, depth: 0) { return found }
        return [SpanMessage(role: role, parts: [value.stringValue.map(SpanMessage.Part.text) ?? .other(value)])]
    }

    /// Names under which requests and answers keep what was said, and wrappers keep these.
    private static let lists = ["messages", "contents"]
    private static let wrappers = ["input", "inputs", "output", "outputs", "kwargs", "generations"]
    /// Wrappers in wrappers that are looked into.
    private static let maximumWrapperDepth = 4

    private static func find(_ value: JSONValue, role: String, depth: Int) -> [SpanMessage]? {
        guard depth <= maximumWrapperDepth else { return nil }
        switch value {
        case .array(let elements) where !elements.isEmpty:
            if elements.allSatisfy(isMessage) { return elements.map { message($0, role: role) } }
            // One list for each prompt, or each answer, of a call.
            let inner = elements.map { element -> [SpanMessage]? in
                switch element {
                case .array, .object: find(element, role: role, depth: depth + 1)
                default: nil
                }
            }
            return inner.allSatisfy { $0 != nil } ? inner.flatMap { $0 ?? [] } : nil
        case .object:
            if isMessage(value) { return [message(value, role: role)] }
            return findInObject(value, role: role, depth: depth)
        default: return nil
        }
    }

    private static func findInObject(_ value: JSONValue, role: String, depth: Int) -> [SpanMessage]? {
        let system = (value["system"] ?? value["instructions"] ?? value["systemInstruction"]).flatMap { system -> [SpanMessage]? in
            let parts = parts(of: system["parts"] ?? system)
            return parts.isEmpty ? nil : [SpanMessage(role: "system", parts: parts)]
        }
        for name in lists {
            guard let list = value[name]?.unpacked, case .array = list, let found = find(list, role: role, depth: depth + 1) else {
                continue
            }
            return (system ?? []) + found
        }
        for name in ["choices", "candidates"] {
            guard case .array(let choices)? = value[name], choices.contains(where: { answer(of: $0) != nil }) else { continue }
            return choices.compactMap { choice in
                guard let content = answer(of: choice) else { return nil }
                var message = message(content, role: role)
                message.finishReason = message.finishReason ?? (choice["finish_reason"] ?? choice["finishReason"])?.stringValue
                return message
            }
        }
        if let inner = value["message"]?.unpacked, case .object = inner { return [message(inner, role: role)] }
        if let text = value["combined_chunk_content"]?.stringValue { return [SpanMessage(role: role, parts: [.text(text)])] }
        if system != nil, let prompt = value["prompt"]?.stringValue {
            return (system ?? []) + [SpanMessage(role: role, parts: [.text(prompt)])]
        }
        for name in wrappers {
            guard let inner = value[name]?.unpacked else { continue }
            if let found = find(inner, role: role, depth: depth + 1) { return (system ?? []) + found }
            // The Responses API takes a text beside its instructions.
            if let system, let text = inner.stringValue { return system + [SpanMessage(role: role, parts: [.text(text)])] }
        }
        return nil
    }

    private static func answer(of choice: JSONValue) -> JSONValue? {
        if let message = choice["message"] { return message }
        if let content = choice["content"], content["parts"] != nil { return content }
        return nil
    }

    // MARK: One message

    private static let roles = [
        "human": "user", "ai": "assistant", "model": "assistant", "function": "tool", "chatbot": "assistant", "humanmessage": "user",
        "aimessage": "assistant", "aimessagechunk": "assistant", "systemmessage": "system", "toolmessage": "tool",
        "functionmessage": "tool",
    ]

    /// One spelling per role; unknown ones as they were written.
    static func role(_ name: String) -> String { roles[name.lowercased()] ?? name }

    /// Items of the Responses API that are no messages of a role, but said all the same.
    private static let items: Set<String> = ["function_call", "function_call_output", "reasoning"]

    private static func isMessage(_ value: JSONValue) -> Bool { roleName(value) != nil || items.contains(value["type"]?.stringValue ?? "") }

    private static func roleName(_ value: JSONValue) -> String? {
        if let name = value["role"]?.stringValue { return name }
        if let name = value["event.name"]?.stringValue { return EventMessages.role(ofEvent: name) }
        // LangChain: an object of a class, or one that names its type.
        if value["lc"] != nil, value["kwargs"] != nil {
            return value["id"]?.arrayValue?.last?.stringValue.flatMap { roles[$0.lowercased()] != nil ? $0 : nil }
        }
        if let type = value["type"]?.stringValue, ["human", "ai", "system", "tool"].contains(type), value["content"] != nil { return type }
        return nil
    }

    static func message(_ written: JSONValue, role fallback: String) -> SpanMessage {
        let value = written["lc"] != nil ? written["kwargs"] ?? written : written
        let type = value["type"]?.stringValue ?? ""
        if items.contains(type), value["role"] == nil {
            return SpanMessage(role: type == "function_call_output" ? "tool" : "assistant", parts: [part(value)])
        }
        let role = role(roleName(written) ?? fallback)
        var found: [SpanMessage.Part] = []
        for name in ["reasoning_content", "reasoning"] {
            if let text = value[name]?.stringValue, !text.isEmpty { found.append(.reasoning(text)) }
        }
        if let content = value["parts"] ?? value["content"], !content.isNull {
            let content = content.unpackedList
            if role == "tool", let id = (value["tool_call_id"] ?? (value["parts"] == nil ? value["id"] : nil))?.stringValue {
                found.append(.toolResult(id: id, name: value["name"]?.stringValue, result: content.unpacked))
            } else {
                found += parts(of: content)
            }
        }
        let calls = value["tool_calls"]?.unpacked ?? value["additional_kwargs"]?["tool_calls"]
        if case .array(let list)? = calls { found += list.filter { !found.contains(toolCall($0)) }.map(toolCall) }
        let finish = value["finish_reason"] ?? value["stop_reason"]
        return SpanMessage(role: speaker(role, found), parts: found, finishReason: finish?.stringValue)
    }

    /// Anthropic and Gemini have tools answer as the user, Vercel's parts too: a message that is nothing but their answers is the tools'.
    static func speaker(_ role: String, _ parts: [SpanMessage.Part]) -> String {
        func isResult(_ part: SpanMessage.Part) -> Bool { if case .toolResult = part { true } else { false } }
        return role == "user" && !parts.isEmpty && parts.allSatisfy(isResult) ? "tool" : role
    }

    // MARK: Parts

    static func parts(of value: JSONValue) -> [SpanMessage.Part] {
        switch value {
        case .null: []
        case .string(let text): text.isEmpty ? [] : [.text(text)]
        case .array(let elements): elements.map(part)
        default: [part(value)]
        }
    }

    /// A call as OpenAI's `tool_calls`, LangChain's or Vercel's lists have it.
    static func toolCall(_ value: JSONValue) -> SpanMessage.Part {
        let function = value["function"] ?? value
        let arguments = function["arguments"] ?? function["args"] ?? function["input"] ?? .null
        return .toolCall(
            id: (value["id"] ?? value["toolCallId"] ?? value["call_id"])?.stringValue,
            name: (function["name"] ?? function["toolName"])?.stringValue, arguments: arguments.unpacked)
    }

    private static let mediaTypes: Set<String> = [
        "image", "image_url", "input_image", "audio", "input_audio", "video", "file", "input_file", "document", "blob", "uri",
    ]

    private static func part(_ value: JSONValue) -> SpanMessage.Part {
        if let text = value.stringValue { return .text(text) }
        switch value["type"]?.stringValue {
        case "reasoning", "thinking":
            if let text = (value["content"] ?? value["thinking"] ?? value["text"])?.stringValue { return .reasoning(text) }
            if let texts = value["summary"]?.arrayValue?.compactMap({ $0["text"]?.stringValue }), !texts.isEmpty {
                return .reasoning(texts.joined(separator: "\n"))
            }
        case "tool_call", "tool_use", "function_call", "tool-call": return toolCall(value, idFirst: value["call_id"] == nil)
        case "server_tool_call", "server_tool_use":
            let inner = value["server_tool_call"] ?? value["input"] ?? .null
            return .toolCall(id: value["id"]?.stringValue, name: value["name"]?.stringValue, arguments: inner.unpacked)
        case "tool_call_response", "tool_result", "function_call_output", "tool-result", "server_tool_call_response":
            return toolResult(value)
        case let type? where mediaTypes.contains(type): return .media(value)
        case nil:
            // Gemini's parts have no type.
            if let call = value["functionCall"] ?? value["function_call"] {
                return .toolCall(id: call["id"]?.stringValue, name: call["name"]?.stringValue, arguments: call["args"] ?? .null)
            }
            if let result = value["functionResponse"] ?? value["function_response"] {
                return .toolResult(id: result["id"]?.stringValue, name: result["name"]?.stringValue, result: result["response"] ?? .null)
            }
            if ["inlineData", "inline_data", "fileData", "file_data"].contains(where: { value[$0] != nil }) { return .media(value) }
            if let text = (value["text"] ?? value["content"])?.stringValue {
                return value["thought"]?.boolValue == true ? .reasoning(text) : .text(text)
            }
        default: if let text = (value["text"] ?? value["content"] ?? value["refusal"])?.stringValue { return .text(text) }
        }
        return .other(value)
    }

    /// The Responses API has an id for the item beside that of the call.
    private static func toolCall(_ value: JSONValue, idFirst: Bool) -> SpanMessage.Part {
        let id = idFirst ? value["id"] ?? value["toolCallId"] ?? value["call_id"] : value["call_id"] ?? value["id"]
        let arguments = value["arguments"] ?? value["input"] ?? value["args"] ?? .null
        return .toolCall(
            id: id?.stringValue, name: (value["name"] ?? value["toolName"])?.stringValue, arguments: arguments.unpacked)
    }

    private static func toolResult(_ value: JSONValue) -> SpanMessage.Part {
        let names = ["response", "result", "content", "output", "server_tool_call_response"]
        var result = names.lazy.compactMap { value[$0] }.first ?? .null
        // Vercel, version 5: `{"type": "json", "value": ...}`.
        if value["type"]?.stringValue == "tool-result", let inner = result["value"] { result = inner }
        let id = value["id"] ?? value["tool_use_id"] ?? value["call_id"] ?? value["toolCallId"] ?? value["tool_call_id"]
        return .toolResult(id: id?.stringValue, name: (value["name"] ?? value["toolName"])?.stringValue, result: result.unpacked)
    }
}

extension JSONValue {
    /// Contents that stand as a list in a text; other texts as they are, JSON of objects among them: that was said.
    fileprivate var unpackedList: JSONValue {
        guard case .string = self, case .array(let elements) = unpacked, !elements.isEmpty,
            elements.allSatisfy({ $0["type"]?.stringValue != nil })
        else { return self }
        return .array(elements)
    }
}
