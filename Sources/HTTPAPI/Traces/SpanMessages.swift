/// What a span says was asked and answered, as messages of parts, whichever convention it was written in (docs/mapping.md, "Input and
/// output"): nothing of it is flattened, so that a page can fold reasoning away and put a tool's result beside its call.

import ByteCoding
import EvaluationModel
import TraceModel

struct SpanMessage: Equatable, Sendable {
    enum Part: Equatable, Sendable {
        case text(String)
        case reasoning(String)
        case toolCall(id: String?, name: String?, arguments: JSONValue)
        case toolResult(id: String?, name: String?, result: JSONValue)
        /// An image, a sound, a file: as it was written.
        case media(JSONValue)
        case other(JSONValue)
    }

    var role: String
    var parts: [Part]
    var finishReason: String?
}

struct SpanMessages: Equatable, Sendable {
    var input: [SpanMessage] = []
    var output: [SpanMessage] = []
    /// Behind the last one that is told.
    var omittedCount = 0

    init(_ span: SpanRecord) {
        func value(_ key: String?) -> JSONValue? {
            span.attributes.first { $0.key == key }.map { MessageReading.unpacked($0.value.jsonValue) }
        }
        if let system = value("gen_ai.system_instructions"), !system.isNull {
            input = [SpanMessage(role: "system", parts: MessageReading.parts(of: system))]
        }
        input +=
            FlattenedSpanMessages.read(span.attributes, ["llm.input_messages.", "gen_ai.prompt."], role: "user")
            ?? value(span.llm.inputKey).map { MessageReading.messages($0, role: "user") } ?? []
        output =
            FlattenedSpanMessages.read(span.attributes, ["llm.output_messages.", "gen_ai.completion."], role: "assistant")
            ?? value(span.llm.outputKey).map { MessageReading.messages($0, role: "assistant") } ?? []
        let count = input.count + output.count
        input = Self.cut(input)
        output = Self.cut(output)
        omittedCount = count - input.count - output.count
    }

    private static func cut(_ messages: [SpanMessage]) -> [SpanMessage] {
        var partCount = 0
        return Array(
            messages.prefix { message in
                partCount += 1 + message.parts.count
                return partCount <= APILimits.maximumSpanMessagePartCount
            })
    }
}

/// Messages as instrumentations write them into one value: OpenTelemetry's parts, the chat forms of OpenAI, Anthropic and Gemini, plain text.
enum MessageReading {
    static func messages(_ value: JSONValue, role: String) -> [SpanMessage] {
        switch value {
        case .null: return []
        case .array(let elements) where !elements.isEmpty && elements.allSatisfy(isMessage):
            return elements.map { message($0, role: role) }
        case .object:
            for name in ["messages", "contents"] {
                if case .array(let elements)? = value[name], elements.contains(where: isMessage) {
                    let system = value["system"].map { [SpanMessage(role: "system", parts: parts(of: $0))] } ?? []
                    return system + elements.map { message($0, role: role) }
                }
            }
            if case .array(let choices)? = value["choices"], choices.contains(where: { $0["message"] != nil }) {
                return choices.compactMap { choice in
                    guard let content = choice["message"] else { return nil }
                    var message = message(content, role: role)
                    message.finishReason = message.finishReason ?? choice["finish_reason"]?.stringValue
                    return message
                }
            }
            if isMessage(value) { return [message(value, role: role)] }
        default: break
        }
        return [SpanMessage(role: role, parts: [value.stringValue.map(SpanMessage.Part.text) ?? .other(value)])]
    }

    private static func isMessage(_ value: JSONValue) -> Bool { value["role"]?.stringValue != nil }

    private static func message(_ value: JSONValue, role fallback: String) -> SpanMessage {
        let role = roles[value["role"]?.stringValue?.lowercased() ?? ""] ?? value["role"]?.stringValue ?? fallback
        var found: [SpanMessage.Part] = []
        for name in ["reasoning_content", "reasoning"] {
            if let text = value[name]?.stringValue, !text.isEmpty { found.append(.reasoning(text)) }
        }
        if let content = value["parts"] ?? value["content"], !content.isNull {
            if role == "tool", let id = value["tool_call_id"]?.stringValue {
                found.append(.toolResult(id: id, name: value["name"]?.stringValue, result: unpacked(content)))
            } else {
                found += parts(of: content)
            }
        }
        if case .array(let calls)? = value["tool_calls"] {
            for call in calls {
                let function = call["function"] ?? call
                found.append(
                    .toolCall(
                        id: call["id"]?.stringValue, name: function["name"]?.stringValue,
                        arguments: unpacked(function["arguments"] ?? .null)))
            }
        }
        return SpanMessage(role: role, parts: found, finishReason: (value["finish_reason"] ?? value["stop_reason"])?.stringValue)
    }

    private static let roles = ["human": "user", "ai": "assistant", "model": "assistant", "function": "tool"]

    static func parts(of value: JSONValue) -> [SpanMessage.Part] {
        switch value {
        case .null: []
        case .string(let text): text.isEmpty ? [] : [.text(text)]
        case .array(let elements): elements.map(part)
        default: [part(value)]
        }
    }

    private static func part(_ value: JSONValue) -> SpanMessage.Part {
        if let text = value.stringValue { return .text(text) }
        let id = value["id"]?.stringValue, name = value["name"]?.stringValue
        switch value["type"]?.stringValue {
        case "reasoning", "thinking":
            if let text = (value["content"] ?? value["thinking"] ?? value["text"])?.stringValue { return .reasoning(text) }
        case "tool_call", "tool_use", "function_call":
            let arguments = value["arguments"] ?? value["input"] ?? .null
            return .toolCall(id: id ?? value["call_id"]?.stringValue, name: name, arguments: unpacked(arguments))
        case "tool_call_response", "tool_result", "function_call_output":
            let result = value["response"] ?? value["result"] ?? value["content"] ?? value["output"] ?? .null
            let call = id ?? value["tool_use_id"]?.stringValue ?? value["call_id"]?.stringValue
            return .toolResult(id: call, name: name, result: unpacked(result))
        case "image", "image_url", "input_image", "audio", "input_audio", "video", "file", "document", "blob", "uri": return .media(value)
        case nil:
            // Gemini's parts have no type.
            if let call = value["functionCall"] ?? value["function_call"] {
                return .toolCall(id: call["id"]?.stringValue, name: call["name"]?.stringValue, arguments: call["args"] ?? .null)
            }
            if let result = value["functionResponse"] ?? value["function_response"] {
                return .toolResult(id: result["id"]?.stringValue, name: result["name"]?.stringValue, result: result["response"] ?? .null)
            }
            if value["inlineData"] != nil || value["inline_data"] != nil { return .media(value) }
            if let text = (value["text"] ?? value["content"])?.stringValue { return .text(text) }
        default: if let text = (value["text"] ?? value["content"])?.stringValue { return .text(text) }
        }
        return .other(value)
    }

    /// A text that is JSON of an object or a list, as that; everything else as it is.
    static func unpacked(_ value: JSONValue) -> JSONValue {
        guard case .string(let text) = value, let first = text.utf8.first(where: { $0 != 0x20 && $0 != 0x0a && $0 != 0x0d && $0 != 0x09 }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
            let parsed = try? JSONValue.parse(text, maximumDepth: APILimits.maximumSpanMessageDepth)
        else { return value }
        return parsed
    }
}

/// Messages written as one attribute per part: `llm.input_messages.0.message.role`, `gen_ai.prompt.1.content`.
enum FlattenedSpanMessages {
    static func read(_ attributes: [KeyValue], _ prefixes: [String], role: String) -> [SpanMessage]? {
        for prefix in prefixes {
            var members: [Int: [String: JSONValue]] = [:]
            for attribute in attributes where attribute.key.hasPrefix(prefix) {
                let rest = attribute.key.dropFirst(prefix.count).split(separator: ".", maxSplits: 1)
                guard rest.count == 2, let index = Int(rest[0]), index >= 0 else { continue }
                let name = rest[1].hasPrefix("message.") ? rest[1].dropFirst("message.".count) : rest[1]
                members[index, default: [:]][String(name)] = attribute.value.jsonValue
            }
            guard !members.isEmpty else { continue }
            return members.sorted { $0.key < $1.key }.map { message($0.value, role: role) }
        }
        return nil
    }

    private static func message(_ members: [String: JSONValue], role: String) -> SpanMessage {
        var message = SpanMessage(
            role: members["role"]?.stringValue ?? role, parts: [],
            finishReason: (members["finish_reason"] ?? members["stop_reason"])?.stringValue)
        let content = members["content"].map(MessageReading.unpacked) ?? .null
        if message.role == "tool", let id = members["tool_call_id"]?.stringValue {
            message.parts = [.toolResult(id: id, name: members["name"]?.stringValue, result: content)]
        } else {
            message.parts = MessageReading.parts(of: content)
        }
        // OpenInference's contents, in their order.
        let contents = members.keys.filter { $0.hasPrefix("contents.") && $0.hasSuffix(".message_content.text") }
        func number(_ key: String) -> Int { key.split(separator: ".").dropFirst().first.flatMap { Int($0) } ?? 0 }
        for key in contents.sorted(by: { number($0) < number($1) }) {
            if let text = members[key]?.stringValue { message.parts.append(.text(text)) }
        }
        for index in 0..<APILimits.maximumSpanMessagePartCount {
            // OpenInference, then OpenLLMetry.
            let place = "tool_calls.\(index)."
            guard let name = (members[place + "tool_call.function.name"] ?? members[place + "name"])?.stringValue else { break }
            let arguments = members[place + "tool_call.function.arguments"] ?? members[place + "arguments"] ?? .null
            let id = (members[place + "tool_call.id"] ?? members[place + "id"])?.stringValue
            message.parts.append(.toolCall(id: id, name: name, arguments: MessageReading.unpacked(arguments)))
        }
        return message
    }
}
