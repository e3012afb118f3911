/// Messages in a span's events: OpenTelemetry's of earlier generations, one event a message, and today's, which has them all. Events that
/// came as log records are among them (docs/logs.md), with the record's body as one of their attributes.

import ByteCoding
import TraceModel

enum EventMessages {
    private static let roles = [
        "gen_ai.system.message": "system", "gen_ai.user.message": "user", "gen_ai.assistant.message": "assistant",
        "gen_ai.tool.message": "tool",
    ]

    /// The role that the name of an event tells.
    static func role(ofEvent name: String) -> String? { roles[name] ?? (name == "gen_ai.choice" ? "assistant" : nil) }

    static func input(_ events: [SpanRecord.Event]) -> [SpanMessage] {
        if let whole = whole(events, "gen_ai.input.messages", role: "user") { return whole }
        return events.flatMap { event -> [SpanMessage] in
            if let role = roles[event.name] { return [message(event, role: role)] }
            if event.name == "gen_ai.content.prompt", let value = event.value("gen_ai.prompt") {
                return MessageReading.messages(value, role: "user")
            }
            return []
        }
    }

    static func output(_ events: [SpanRecord.Event]) -> [SpanMessage] {
        if let whole = whole(events, "gen_ai.output.messages", role: "assistant") { return whole }
        return events.flatMap { event -> [SpanMessage] in
            switch event.name {
            case "gen_ai.choice": [message(event, role: "assistant")]
            case "gen_ai.content.completion":
                event.value("gen_ai.completion").map { MessageReading.messages($0, role: "assistant") } ?? []
            default: []
            }
        }
    }

    /// `gen_ai.client.inference.operation.details` has the attributes a span would have. Instructions may stand there alone.
    private static func whole(_ events: [SpanRecord.Event], _ key: String, role: String) -> [SpanMessage]? {
        for event in events where event.name == "gen_ai.client.inference.operation.details" {
            let system = role == "user" ? event.value("gen_ai.system_instructions") : nil
            let value = event.value(key)
            guard system != nil || value != nil else { continue }
            return (system.map { [SpanMessage(role: "system", parts: MessageReading.parts(of: $0))] } ?? [])
                + (value.map { MessageReading.messages($0, role: role) } ?? [])
        }
        return nil
    }

    /// The event's attributes are the message's members, or its log record's body has them; a choice has the message as one of them.
    private static func message(_ event: SpanRecord.Event, role: String) -> SpanMessage {
        var members = event.attributes.map { JSONMember(key: $0.key, value: $0.value.jsonValue.unpacked) }
        if let body = event.value(LogRecordKeys.body) {
            members.removeAll { $0.key == LogRecordKeys.body }
            if case .object(let own) = body {
                members = own + members
            } else {
                members.insert(JSONMember(key: "content", value: body), at: 0)
            }
        }
        if case .object(let own)? = members.first(where: { $0.key == "message" })?.value {
            members = own + members.filter { $0.key != "message" }
        }
        var message = MessageReading.message(.object(members), role: role)
        if message.parts.isEmpty, let content = event.value("gen_ai.event.content") {
            message = MessageReading.message(content, role: role)
        }
        return message
    }
}

extension SpanRecord.Event {
    fileprivate func value(_ key: String) -> JSONValue? { attributes.first { $0.key == key }?.value.jsonValue.unpacked }
}
