/// What the spans of a trace say of one model call together: where two spans report one, which of them counts.

import TraceModel
import TraceQuery

struct SpanCalls: Sendable {
    struct Named: Sendable {
        var spanID: SpanID
        var name: String?
    }

    /// The span that counts in this one's place; nil where it counts itself.
    private(set) var counting: Named?
    /// The spans around it that report the same call and do not count, the first ones.
    private(set) var repeats: [Named] = []

    init(_ span: SpanID, in outline: TraceOutline) {
        guard let own = outline.row(of: span) else { return }
        func named(_ row: Int) -> Named { Named(spanID: outline.rows[row].span.spanID, name: outline.name(outline.rows[row].span.name)) }
        let calls = outline.repeatedCalls()
        counting = calls[own].map(named)
        repeats = calls.filter { $0.value == own }.keys.sorted().prefix(APILimits.maximumExplainedRepeatCount).map(named)
    }
}
