/// What a span says was asked and answered, as messages of parts, whichever convention it was written in (docs/mapping.md, "Input and
/// output"): the one form that pages, scorers and drafts read. Nothing of it is flattened, so that a page can fold reasoning away and
/// put a tool's result beside its call; what is no message stays as it was written.

import ByteCoding
import TraceModel

package struct SpanMessage: Equatable, Sendable {
    package enum Part: Equatable, Sendable {
        case text(String)
        case reasoning(String)
        case toolCall(id: String?, name: String?, arguments: JSONValue)
        case toolResult(id: String?, name: String?, result: JSONValue)
        /// An image, a sound, a file: as it was written.
        case media(JSONValue)
        case other(JSONValue)
    }

    /// `system`, `developer`, `user`, `assistant`, `tool`, or what else was written.
    package var role: String
    package var parts: [Part]
    package var finishReason: String?

    package init(role: String, parts: [Part], finishReason: String? = nil) {
        self.role = role
        self.parts = parts
        self.finishReason = finishReason
    }
}

package struct SpanMessages: Equatable, Sendable {
    package var input: [SpanMessage] = []
    package var output: [SpanMessage] = []
    /// Behind the last one that is told.
    package var omittedCount = 0

    package init(_ span: SpanRecord) {
        let source = MessageSource(span)
        input = source.systemInstructions + source.input
        output = source.output
        source.splitConversation(&input, &output)
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
                return partCount <= GenAILimits.maximumMessagePartCount
            })
    }
}

/// Where the messages of a span stand: in flattened attributes, else in the attributes its input and output refer to, else in events.
private struct MessageSource {
    let span: SpanRecord

    init(_ span: SpanRecord) { self.span = span }

    private func value(_ key: String?) -> JSONValue? {
        guard let key else { return nil }
        return span.attributes.first { $0.key == key }.map { $0.value.jsonValue.unquoted }
    }

    /// They belong in front of `gen_ai.input.messages` wherever they stand.
    var systemInstructions: [SpanMessage] {
        for key in ["gen_ai.system_instructions", "gen_ai.system.instructions"] {
            if let system = value(key), !system.isNull { return [SpanMessage(role: "system", parts: MessageReading.parts(of: system))] }
        }
        return []
    }

    var input: [SpanMessage] {
        if let messages = FlattenedMessages.read(span.attributes, ["llm.input_messages.", "gen_ai.prompt."], role: "user") {
            return messages
        }
        if let value = value(span.llm.inputKey) { return MessageReading.messages(value, role: "user") }
        return EventMessages.input(span.events)
    }

    var output: [SpanMessage] {
        if let messages = FlattenedMessages.read(span.attributes, ["llm.output_messages.", "gen_ai.completion."], role: "assistant") {
            return messages
        }
        if span.llm.outputKey?.hasPrefix("ai.re") == true, let message = VercelAnswer.read(value) { return [message] }
        if let value = value(span.llm.outputKey) { return MessageReading.messages(value, role: "assistant") }
        return EventMessages.output(span.events)
    }

    /// Pydantic AI writes one list of all that was said: what the model said last is the answer.
    func splitConversation(_ input: inout [SpanMessage], _ output: inout [SpanMessage]) {
        guard let key = span.llm.inputKey, key == "pydantic_ai.all_messages" || key == "all_messages_events" else { return }
        var answer: [SpanMessage] = []
        while input.count > 1, let last = input.last, last.role == "assistant" { answer.insert(input.removeLast(), at: 0) }
        if !answer.isEmpty { output = answer }
    }
}

/// Vercel's answer, which stands in an attribute for each of its parts.
private enum VercelAnswer {
    static func read(_ value: (String?) -> JSONValue?) -> SpanMessage? {
        for prefix in ["ai.response.", "ai.result."] {
            var parts: [SpanMessage.Part] = []
            if let reasoning = value(prefix + "reasoning")?.stringValue ?? value(prefix + "reasoningText")?.stringValue, !reasoning.isEmpty
            {
                parts.append(.reasoning(reasoning))
            }
            parts += MessageReading.parts(of: value(prefix + "text").map { $0.isContainer ? $0 : .string($0.stringValue ?? "") } ?? .null)
            if let object = value(prefix + "object"), !object.isNull { parts.append(.other(object)) }
            if case .array(let calls)? = value(prefix + "toolCalls") {
                parts += calls.map { MessageReading.toolCall($0) }
            }
            if !parts.isEmpty {
                return SpanMessage(role: "assistant", parts: parts, finishReason: value(prefix + "finishReason")?.stringValue)
            }
        }
        return nil
    }
}

extension JSONValue {
    fileprivate var isContainer: Bool {
        switch self {
        case .object, .array: true
        default: false
        }
    }
}
