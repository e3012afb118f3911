/// Messages written as one attribute per part: `llm.input_messages.0.message.role`, `gen_ai.prompt.1.content`.

import ByteCoding
import TraceModel

enum FlattenedMessages {
    /// nil: there are none.
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
            role: MessageReading.role(members["role"]?.stringValue ?? role), parts: [],
            finishReason: (members["finish_reason"] ?? members["stop_reason"])?.stringValue)
        if let reasoning = members["reasoning_content"]?.stringValue, !reasoning.isEmpty { message.parts.append(.reasoning(reasoning)) }
        let content = members["content"]?.unpacked ?? .null
        if message.role == "tool", let id = members["tool_call_id"]?.stringValue {
            message.parts.append(.toolResult(id: id, name: members["name"]?.stringValue, result: content))
        } else {
            message.parts += MessageReading.parts(of: content)
        }
        message.parts += contents(members)
        for index in 0..<GenAILimits.maximumMessagePartCount {
            // OpenInference, then OpenLLMetry.
            let place = "tool_calls.\(index)."
            guard let name = (members[place + "tool_call.function.name"] ?? members[place + "name"])?.stringValue else { break }
            let arguments = members[place + "tool_call.function.arguments"] ?? members[place + "arguments"] ?? .null
            let id = (members[place + "tool_call.id"] ?? members[place + "id"])?.stringValue
            message.parts.append(.toolCall(id: id, name: name, arguments: arguments.unpacked))
        }
        message.role = MessageReading.speaker(message.role, message.parts)
        return message
    }

    /// OpenInference's contents, in the order of their numbers: texts, reasoning, images, sounds.
    private static func contents(_ members: [String: JSONValue]) -> [SpanMessage.Part] {
        var parts: [Int: [String: JSONValue]] = [:]
        for (key, value) in members where key.hasPrefix("contents.") {
            let rest = key.dropFirst("contents.".count).split(separator: ".", maxSplits: 1)
            guard rest.count == 2, let index = Int(rest[0]), rest[1].hasPrefix("message_content.") else { continue }
            parts[index, default: [:]][String(rest[1].dropFirst("message_content.".count))] = value
        }
        return parts.sorted { $0.key < $1.key }.compactMap { _, part in
            if let text = part["text"]?.stringValue {
                let type = part["type"]?.stringValue
                return type == "reasoning" || type == "thinking" ? .reasoning(text) : .text(text)
            }
            for (place, type) in [("image.image.url", "image_url"), ("image.url", "image_url"), ("audio.audio.url", "audio")] {
                guard let url = part[place] else { continue }
                let address = JSONValue.object([JSONMember(key: "url", value: url)])
                return .media(
                    .object([JSONMember(key: "type", value: .string(type)), JSONMember(key: type, value: address)]))
            }
            guard part.contains(where: { $0.key != "type" }) else { return nil }
            return .other(.object(part.sorted { $0.key < $1.key }.map { JSONMember(key: $0.key, value: $0.value) }))
        }
    }
}
