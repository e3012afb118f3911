import SpanStore
import TraceModel

/// Reads one span of a trace, whole, its event records included: found by the trace's index, only its own row decoded.
package struct SpanReader: Sendable {
    private let threads: ScanThreads

    package init(threads: ScanThreads) { self.threads = threads }

    /// Nil when the snapshot has no such span. Of one that is stored twice the version that a whole trace shows. Throws `QueryError`.
    package func span(
        _ id: SpanID, of trace: TraceID, in snapshot: any StoreSnapshot, limits: QueryLimits = QueryLimits()
    ) async throws(QueryError) -> SpanRecord? {
        let threads = threads
        return try await QueryExecutor.run(limits) { budget in
            try await threads.run {
                var versions: [SpanRecord] = []
                for unit in snapshot.units {
                    try budget.check()
                    guard try unit.mayContain(trace: trace) else { continue }
                    let rows = try UnitScan(unit, budget: budget).withoutMasked(unit.rows(ofTrace: trace))
                    guard !rows.isEmpty else { continue }
                    guard case .spanIDs(let ids) = try unit.gather(.spanID, rows: rows), ids.count == rows.count else {
                        throw QueryError(.storage, "span_id is not a column of ids")
                    }
                    let wanted = rows.indices.filter { ids[$0] == id }.map { rows[$0] }
                    if !wanted.isEmpty { versions.append(contentsOf: try unit.records(at: wanted)) }
                }
                var spans = Array(Trace(traceID: trace, spans: versions).spans.prefix(1))
                try EventRecords.join(&spans, from: snapshot.units, budget)
                return spans.first
            }
        }
    }
}
