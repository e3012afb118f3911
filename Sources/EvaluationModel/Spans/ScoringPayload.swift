/// What a worker needs of a span to score it: the payload of a scoring job. The server writes it, a worker reads it.

import ByteCoding
import ContentReading
import TraceModel

package struct ScoringPayload: Equatable, Sendable {
    package var traceID: TraceID
    package var spanID: SpanID
    package var spanName: String
    /// The model that answered, if it was one.
    package var model: String?
    package var messages: [PromptMessage]
    /// nil: the span tells no output; for scorers that look at figures only.
    package var text: String?
    package var toolCalls: [ToolCall]
    package var durationNano: Int64
    package var inputTokens: Int64?
    package var outputTokens: Int64?
    /// US dollars.
    package var cost: Double?

    /// Why a span cannot be scored.
    package struct Unfit: Error, Equatable, Sendable {
        package let reason: String
    }

    /// Throws `Unfit` for a span without the output the scorers look at. Errors: as told.
    package init(_ span: SpanRecord, scorers: [ScorerSpecification]) throws(Unfit) {
        let conversation = SpanConversation(span)
        guard conversation.hasOutput || !scorers.contains(where: \.kind.looksAtOutput) else {
            throw Unfit(reason: "the span tells no output")
        }
        traceID = span.traceID
        spanID = span.spanID
        spanName = span.name
        model = span.llm.model
        messages = conversation.messages
        text = conversation.text
        toolCalls = conversation.toolCalls
        durationNano = span.durationNano
        inputTokens = span.llm.inputTokens
        outputTokens = span.llm.outputTokens
        cost = span.llm.cost
    }

    /// As JSON of at most `ScoreRuleLimits.maximumPayloadByteCount`, with the decision it is about. Throws `Unfit`.
    package func encoded(decision: String) throws(Unfit) -> [UInt8] {
        var members = [
            JSONMember(key: "decision", value: .string(decision)), JSONMember(key: "trace_id", value: .string(traceID.hex)),
            JSONMember(key: "span_id", value: .string(spanID.hex)), JSONMember(key: "span_name", value: .string(spanName)),
            JSONMember(key: "messages", value: .array(messages.map(\.json))),
            JSONMember(key: "duration_nano", value: .integer(durationNano)),
        ]
        if let model { members.append(JSONMember(key: "model", value: .string(model))) }
        if let text { members.append(JSONMember(key: "text", value: .string(text))) }
        if !toolCalls.isEmpty { members.append(JSONMember(key: "tool_calls", value: .array(toolCalls.map(\.json)))) }
        if let inputTokens { members.append(JSONMember(key: "input_tokens", value: .integer(inputTokens))) }
        if let outputTokens { members.append(JSONMember(key: "output_tokens", value: .integer(outputTokens))) }
        if let cost, cost.isFinite { members.append(JSONMember(key: "cost_usd", value: .double(cost))) }
        let bytes = JSONValue.object(members).bytes
        guard bytes.count <= ScoreRuleLimits.maximumPayloadByteCount else {
            throw Unfit(
                reason:
                    "its input and output have \(bytes.count) bytes as JSON; at most \(ScoreRuleLimits.maximumPayloadByteCount) are scored")
        }
        return bytes
    }

    /// Reads what `encoded` wrote; nil for anything else.
    package init?(json value: JSONValue) {
        guard let traceID = value["trace_id"]?.stringValue.flatMap({ TraceID(hex: $0) }),
            let spanID = value["span_id"]?.stringValue.flatMap({ SpanID(hex: $0) }), let name = value["span_name"]?.stringValue,
            let duration = value["duration_nano"]?.integerValue, case .array(let messages)? = value["messages"]
        else { return nil }
        let problems = ProblemList()
        self.traceID = traceID
        self.spanID = spanID
        spanName = name
        durationNano = duration
        model = value["model"]?.stringValue
        self.messages = messages.compactMap { PromptMessage($0, path: "", problems: problems) }
        text = value["text"]?.stringValue
        toolCalls = []
        if case .array(let calls)? = value["tool_calls"] { toolCalls = calls.compactMap { ToolCall($0, path: "", problems: problems) } }
        inputTokens = value["input_tokens"]?.integerValue
        outputTokens = value["output_tokens"]?.integerValue
        cost = value["cost_usd"]?.doubleValue
    }
}
