/// Which span a tool's call in a conversation became: the one that says the call's id, else the next child of the model's call that ran the
/// tool of that name. What is neither is not guessed.

import ByteCoding
import HTTPServer

struct ToolSpans: Sendable {
    /// Span ids by the call's id.
    private var byCall: [String: String] = [:]
    /// Children of the span that called, by the name of their tool, in the order they began.
    private var children: [String: [String]] = [:]

    /// Attributes in which instrumentations write the call's id (OpenTelemetry, OpenInference, Vercel).
    private static let idFields = ["attributes.gen_ai.tool.call.id", "attributes.tool.id", "attributes.ai.toolCall.id"]
    /// Tools that a trace ran, of which links are made; agents that run for hours call some hundreds.
    private static let maximumCount: Int64 = 2_000

    init() {}

    /// `spans`: rows of `load`'s question. `caller`: the span whose conversation it is.
    init(_ spans: [JSONValue], caller: String) {
        for span in spans {
            let id = span.text("span_id")
            let calls = Self.idFields.compactMap { span[$0]?.stringValue }.filter { !$0.isEmpty }
            for call in calls where byCall[call] == nil { byCall[call] = id }
            if calls.isEmpty, span.text("parent_span_id") == caller { children[span.text("tool_name"), default: []].append(id) }
        }
    }

    /// Asks for the tools of a trace, where the span's messages call any.
    static func load(of span: JSONValue, _ api: APICaller) async throws(Problem) -> ToolSpans {
        let messages = span.list("input_messages") + span.list("output_messages")
        guard messages.contains(where: { $0.list("parts").contains { $0.text("type") == "tool_call" } }) else { return ToolSpans() }
        let filter = FilterText.object(
            "_and", .array([Condition.equal("trace_id", span.text("trace_id")), Condition.equal("kind", "tool")]))
        let fields = ["span_id", "parent_span_id", "tool_name"] + idFields
        let question = JSONValue.object([
            JSONMember(key: "select", value: .array(fields.map { .string($0) })), JSONMember(key: "filter", value: filter),
            JSONMember(key: "order_by", value: .array([.string("start_time")])), JSONMember(key: "limit", value: .integer(maximumCount)),
        ])
        return ToolSpans(try await api.ask("/api/v1/query", question).list("data"), caller: span.text("span_id"))
    }

    /// The span of a call; each child is the span of one call.
    mutating func take(call: String, tool: String, amongChildren: Bool) -> String? {
        if let id = byCall[call] { return id }
        guard amongChildren, let first = children[tool]?.first else { return nil }
        children[tool]?.removeFirst()
        return first
    }
}
