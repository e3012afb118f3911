/// Which spans of a replay are stored already, as they are: ids and times. The store counts a repeated span once within a memtable and an
/// identical request once within fifteen minutes; a replay may come later than both, after a crash or after its sender was mended.

import Dispatch
import SpanStore
import TraceModel

struct StoredSpans: Sendable {
    let store: SpanStore
    /// Reading segments blocks a thread: not one of Swift's few.
    private let queue = DispatchQueue(label: "spandrel.replay")

    init(store: SpanStore) { self.store = store }

    /// Places in the batch of spans that are stored. A version of a span with other times is not the same: the store decides which counts.
    func places(of batch: SpanBatch, in project: ProjectID) async throws(IngestError) -> Set<Int> {
        let result = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Result { try Self.places(of: batch, in: store.snapshot(of: project)) }) }
        }
        do { return try result.get() } catch {
            throw IngestError(.unavailable, "what is stored could not be read; try again", retryAfterSeconds: 5, cause: error)
        }
    }

    private struct Identity: Hashable {
        var spanID: SpanID
        var start: Int64
        var duration: Int64
    }

    private static func places(of batch: SpanBatch, in snapshot: any StoreSnapshot) throws -> Set<Int> {
        var found: Set<Int> = []
        for (trace, places) in Dictionary(grouping: 0..<batch.spanCount, by: { batch.traceIDs[$0] }) {
            for unit in snapshot.units where try unit.mayContain(trace: trace) {
                let stored = try identities(of: trace, in: unit)
                for place in places where !stored.isEmpty {
                    let start = batch.startTimesUnixNano[place]
                    let duration = Int64(bitPattern: batch.endTimesUnixNano[place] &- start)
                    let identity = Identity(spanID: batch.spanIDs[place], start: Int64(bitPattern: start), duration: duration)
                    if stored.contains(identity) { found.insert(place) }
                }
            }
        }
        return found
    }

    private static func identities(of trace: TraceID, in unit: any ScanUnit) throws -> Set<Identity> {
        let masked = Set(try unit.maskedRows), rows = try unit.rows(ofTrace: trace).filter { !masked.contains($0) }
        guard !rows.isEmpty, case .spanIDs(let ids) = try unit.gather(.spanID, rows: rows),
            case .int64(let starts, _) = try unit.gather(.startTime, rows: rows),
            case .int64(let durations, _) = try unit.gather(.duration, rows: rows)
        else { return [] }
        return Set(rows.indices.map { Identity(spanID: ids[$0], start: starts[$0], duration: durations[$0]) })
    }
}
