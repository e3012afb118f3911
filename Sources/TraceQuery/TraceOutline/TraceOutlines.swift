/// Outlines of traces, kept between the windows of one reader and for the next: bounded in bytes, the least lately used goes first.
///
/// An outline is kept together with what the store had of the trace when it was made. A look compares that with what the store has now,
/// by index and bloom filter, without reading rows: spans of other traces cost no outline anything.

import SpanStore
import Synchronization
import TraceModel

package final class TraceOutlines: Sendable {
    private struct Key: Hashable {
        var project: ProjectID
        var trace: TraceID
    }

    /// What a unit has of a trace.
    struct Part: Equatable, Sendable {
        var unit: ScanUnitIdentity
        /// Of a memtable, which grows: its rows of the trace. Of a segment: its masked rows, the only thing that changes there.
        var count: Int
    }

    private struct Entry {
        var parts: [Part]
        var outline: TraceOutline
        var byteCount: Int
        var lastUse: UInt64
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var byteCount = 0
        var useCount: UInt64 = 0
    }

    let threads: ScanThreads
    private let maximumByteCount: Int
    private let state = Mutex(State())

    package init(threads: ScanThreads, maximumByteCount: Int = QueryLimits.maximumTraceOutlinesByteCount) {
        self.threads = threads
        self.maximumByteCount = maximumByteCount
    }

    /// Memory of what is kept, roughly.
    package var byteCount: Int { state.withLock { $0.byteCount } }

    /// Nil when the snapshot has no span of the trace. Throws `QueryError`.
    package func outline(
        of trace: TraceID, in snapshot: any StoreSnapshot, limits: QueryLimits = QueryLimits()
    ) async throws(QueryError) -> TraceOutline? {
        try await QueryExecutor.run(limits) { budget in
            try await self.threads.run { try self.outline(of: trace, in: snapshot, budget) }
        }
    }

    func outline(of trace: TraceID, in snapshot: any StoreSnapshot, _ budget: QueryBudget) throws -> TraceOutline? {
        var parts: [Part] = [], units: [any ScanUnit] = []
        for unit in snapshot.units {
            try budget.check()
            let rowCount = unit.isSealed ? nil : try unit.rows(ofTrace: trace).count
            guard try rowCount.map({ $0 > 0 }) ?? unit.mayContain(trace: trace) else { continue }
            parts.append(Part(unit: unit.identity, count: try rowCount ?? unit.maskedRows.count))
            units.append(unit)
        }
        guard !parts.isEmpty else { return nil }
        let key = Key(project: snapshot.project, trace: trace)
        if let known = kept(key, parts) { return known }
        guard let outline = try TraceOutlineBuilder.build(trace, units, budget) else { return nil }
        keep(outline, parts, key)
        return outline
    }

    private func kept(_ key: Key, _ parts: [Part]) -> TraceOutline? {
        state.withLock { state in
            guard let entry = state.entries[key], entry.parts == parts else { return nil }
            state.useCount += 1
            state.entries[key]?.lastUse = state.useCount
            return entry.outline
        }
    }

    private func keep(_ outline: TraceOutline, _ parts: [Part], _ key: Key) {
        let byteCount = outline.byteCount
        guard byteCount <= maximumByteCount else { return }
        state.withLock { state in
            if let old = state.entries.removeValue(forKey: key) { state.byteCount -= old.byteCount }
            while state.byteCount + byteCount > maximumByteCount,
                let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                state.entries[oldest.key] = nil
                state.byteCount -= oldest.value.byteCount
            }
            state.useCount += 1
            state.byteCount += byteCount
            state.entries[key] = Entry(parts: parts, outline: outline, byteCount: byteCount, lastUse: state.useCount)
        }
    }
}
