import SpanStore
import TraceModel
import TraceQuery

/// Whole traces out of a store that `seal` made, without HTTP: each is read once in an order that jumps about, after all were read once.
enum TraceCost {
    static func measure(root: String, count: Int) async throws -> String {
        let store = try SpanStore.open(StoreConfiguration(root: root))
        let reader = TraceReader(threads: ScanThreads())
        let snapshot = store.snapshot(of: SealCost.project)
        var all: Set<TraceID> = []
        for unit in snapshot.units {
            guard case .traceIDs(let ids) = try unit.read(.traceID, rows: 0..<unit.rowCount) else { continue }
            all.formUnion(ids)
        }
        let sorted = all.sorted { ($0.low, $0.high) < ($1.low, $1.high) }
        let traces = stride(from: 0, to: sorted.count, by: max(1, sorted.count / count)).map { sorted[$0] }
        var milliseconds: [Double] = [], spanCount = 0, cpuSeconds = 0.0
        for _ in 0..<2 {
            milliseconds = []
            spanCount = 0
            let before = Usage.now
            for trace in traces {
                let begin = Usage.clock
                spanCount += try await reader.trace(trace, in: snapshot)?.spans.count ?? 0
                milliseconds.append((Usage.clock - begin) * 1000)
            }
            cpuSeconds = (Usage.now - before).cpuSeconds
        }
        milliseconds.sort()
        await store.close()
        return """
            {"traces": \(traces.count), "spans": \(spanCount), "cpu_ms_per_trace": \(cpuSeconds * 1000 / Double(traces.count)), \
            "p50_ms": \(milliseconds[traces.count / 2]), "p99_ms": \(milliseconds[traces.count * 99 / 100]), \
            "max_ms": \(milliseconds[traces.count - 1])}
            """
    }
}
