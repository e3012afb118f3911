/// Holds rows that came in against a filter: how many match, and of which traces.

import SpanStore
import TraceModel

package struct ArrivalMatcher: Sendable {
    private let threads: ScanThreads

    package init(threads: ScanThreads) { self.threads = threads }

    /// Throws `QueryError`, with `time_limit` when the rows were too many for the time.
    package func match(
        _ units: [any ScanUnit], _ filter: Filter, limits: QueryLimits
    ) async throws(QueryError) -> ArrivalMatches {
        let threads = threads
        return try await QueryExecutor.run(limits) { budget in
            try await threads.run {
                var matches = ArrivalMatches(), seen = TraceIndex()
                for unit in units {
                    try budget.check()
                    let scan = UnitScan(unit, budget: budget)
                    var select = FilterOperator(Predicate(filter), budget)
                    let rows = try select.select(scan).rows
                    if !rows.isEmpty {
                        let column = try scan.column(.traceID, rows: rows)
                        guard case .traceIDs(let ids) = column.vector else {
                            throw QueryError(.storage, "trace_id is not a column of ids")
                        }
                        let before = seen.count
                        for position in column.positions { _ = seen.place(of: ids[Int(position)]) }
                        try budget.use(byteCount: (seen.count - before) * 40)
                        matches.spanCount += rows.count
                    }
                    try scan.finish()
                }
                matches.traces = seen.ids
                return matches
            }
        }
    }
}

package struct ArrivalMatches: Sendable, Equatable {
    package var spanCount = 0
    /// Each once, in the order of arrival.
    package var traces: [TraceID] = []
}
