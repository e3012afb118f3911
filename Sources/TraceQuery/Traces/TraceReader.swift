import SpanStore
import TraceModel

/// Reads one trace: found by bloom filter and index in every unit of the snapshot, merged, in tree order, each span with its event records.
package struct TraceReader: Sendable {
    private let threads: ScanThreads

    package init(threads: ScanThreads) { self.threads = threads }

    /// Nil when the snapshot has no span of it.
    package func trace(
        _ id: TraceID, in snapshot: any StoreSnapshot, limits: QueryLimits = QueryLimits()
    ) async throws(QueryError) -> Trace? {
        let threads = threads
        return try await QueryExecutor.run(limits) { budget in
            try await threads.run { try Self.read(id, snapshot, budget) }
        }
    }

    private static func read(_ id: TraceID, _ snapshot: any StoreSnapshot, _ budget: QueryBudget) throws -> Trace? {
        var spans: [SpanRecord] = []
        for unit in snapshot.units {
            try budget.check()
            guard try unit.mayContain(trace: id) else { continue }
            let rows = try UnitScan(unit, budget: budget).withoutMasked(unit.rows(ofTrace: id))
            guard !rows.isEmpty else { continue }
            guard spans.count + rows.count <= QueryLimits.maximumSpansPerTrace else {
                throw QueryError(
                    .memoryLimit,
                    "the trace has more than \(QueryLimits.maximumSpansPerTrace) spans; query its spans by trace_id with a cursor")
            }
            spans.append(contentsOf: try unit.records(at: rows))
        }
        guard !spans.isEmpty else { return nil }
        var trace = Trace(traceID: id, spans: spans)
        try EventRecords.join(&trace.spans, from: snapshot.units, budget)
        return trace
    }
}
