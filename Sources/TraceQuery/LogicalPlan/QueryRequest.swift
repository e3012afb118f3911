/// What a query asks: spans (`select`) or groups (`group_by` and aggregates), as parsed and checked. `docs/query.md` shows
/// the JSON form.
package struct QueryRequest: Equatable, Sendable {
    package enum Answer: Equatable, Sendable {
        case spans([SpanField])
        case groups([SpanField], [Aggregate], bucket: TimeBucket?)
    }

    package var answer: Answer
    package var filter: Filter
    /// Start times from here on, nanoseconds since 1970.
    package var from: Int64?
    /// Start times before this.
    package var to: Int64?
    package var order: [OrderTerm]
    package var limit: Int
    /// Where the page before ended.
    package var cursor: String?
    package var explain: Bool
    package var timeMilliseconds: Int?

    package init(
        _ answer: Answer, filter: Filter = .everything, from: Int64? = nil, to: Int64? = nil, order: [OrderTerm] = [],
        limit: Int = QueryLimits.defaultRowCount, cursor: String? = nil, explain: Bool = false, timeMilliseconds: Int? = nil
    ) {
        self.answer = answer
        self.filter = filter
        self.from = from
        self.to = to
        self.order = order
        self.limit = limit
        self.cursor = cursor
        self.explain = explain
        self.timeMilliseconds = timeMilliseconds
    }

    /// Filter and time range together.
    var predicate: Predicate { Self.predicate(filter, from: from, to: to) }

    static func predicate(_ filter: Filter, from: Int64?, to: Int64?) -> Predicate {
        var parts = [filter]
        if let from { parts.append(.condition(.startTime, .greaterOrEqual(.integer(from)))) }
        if let to { parts.append(.condition(.startTime, .less(.integer(to)))) }
        return Predicate(.and(parts))
    }

    /// The columns of the answer.
    package var columns: [QueryResult.Column] {
        switch answer {
        case .spans(let fields): fields.map { QueryResult.Column(name: $0.name, type: $0.type.name) }
        case .groups(let fields, let aggregates, let bucket):
            (bucket == nil ? [] : [QueryResult.Column(name: "bucket", type: "time")])
                + fields.map { QueryResult.Column(name: $0.name, type: $0.type.name) }
                + aggregates.map { QueryResult.Column(name: $0.name, type: $0.function.resultType(of: $0.field)) }
        }
    }

    /// The fields of spans when the request names none.
    package static let defaultSelection: [SpanField] = [
        .traceID, .spanID, .startTime, .durationMilliseconds, .name, .service, .kind, .model, .status,
    ]
}
