import SpanStore
import Synchronization
import TraceModel

/// Finds the traces that start last, unit by unit from the newest.
///
/// A trace starts no later than any span of it that is seen, so the earliest span seen in a unit bounds its start from above.
/// Only traces whose bound could still enter the page are looked up in the other units for their true start.
final class NewestTracesLane: ScanLane {
    private var filter: FilterOperator
    private let units: [any ScanUnit]
    private let cursor: TraceListEntry?
    private let isUnfiltered: Bool
    private let budget: QueryBudget
    private let shared: NewestTracesBound
    private var decided = Set<TraceID>()
    private(set) var heap: BoundedHeap<TraceListEntry>
    private(set) var counts = ScanCounts()

    /// `shared`: of all lanes of the query.
    init(
        _ request: TraceListRequest, _ cursor: PageCursor?, _ units: [any ScanUnit], _ shared: NewestTracesBound, _ budget: QueryBudget
    ) {
        filter = FilterOperator(request.predicate, budget, findsEvents: true)
        self.shared = shared
        isUnfiltered = request.isUnfiltered
        self.units = units
        self.cursor = cursor.map { TraceListEntry($0) }
        self.budget = budget
        heap = TraceListEntry.heap(limit: request.limit + 1, isDescending: true)
    }

    /// Bounds below this cannot enter the page any more.
    private var leastBound: Int64 {
        let known = shared.value
        guard heap.isFull, case .int(let start)? = heap.worst?.value else { return known }
        return max(start, known)
    }

    func process(_ unit: any ScanUnit, at index: Int) throws {
        try budget.check()
        var newest = Int64.max
        if case .int64(let time)? = unit.zone(of: .startTime)?.maximum { newest = time }
        if newest < leastBound {
            counts.skipped[PruningReason.order.rawValue] += 1
            return
        }
        let scan = UnitScan(unit, budget: budget)
        // Another lane may find enough newer ones meanwhile.
        let outcome = try filter.select(scan, narrowing: { try self.withinBound($0, scan) }, while: { [shared] in newest >= shared.value })
        let rows = counts.add(outcome, unit: index)
        let candidates = try bounds(scan, rows)
        try scan.finish()
        var start = 0
        while start < candidates.count, candidates[start].bound >= leastBound {
            // As many at a time as still fit, at least a handful.
            let end = min(candidates.count, start + max(16, heap.capacity - heap.elements.count))
            try decide(candidates[start..<end].map(\.id))
            start = end
            if heap.isFull, case .int(let least)? = heap.worst?.value { shared.raise(to: least) }
        }
    }

    /// The rows of traces that could still be on the page: no trace starts later than any of its spans.
    private func withinBound(_ rows: [Int32], _ scan: UnitScan) throws -> [Int32] {
        let least = leastBound
        guard least > .min else { return rows }
        let column = try scan.column(.startTime, rows: rows)
        guard case .int64(let times, _) = column.vector else { return rows }
        return LeafEvaluation.keep(rows, column.positions, times) { $0 >= least }
    }

    /// The traces of the rows by the earliest of the rows, latest first.
    private func bounds(_ scan: UnitScan, _ rows: [Int32]) throws -> [(id: TraceID, bound: Int64)] {
        let traceIDs = try scan.column(.traceID, rows: rows), startTimes = try scan.column(.startTime, rows: rows)
        guard case .traceIDs(let ids) = traceIDs.vector, case .int64(let times, _) = startTimes.vector else {
            throw QueryError(.storage, "trace_id or start_time is not a column of its type")
        }
        var index = TraceIndex()
        var bounds: [Int64] = []
        for row in rows.indices {
            let place = Int(index.place(of: ids[Int(traceIDs.positions[row])]))
            let time = times[Int(startTimes.positions[row])]
            if place == bounds.count { bounds.append(time) } else { bounds[place] = min(bounds[place], time) }
        }
        let least = leastBound
        var candidates: [(id: TraceID, bound: Int64)] = []
        for (id, bound) in zip(index.ids, bounds) where bound >= least && !decided.contains(id) {
            // Without a filter every span counts: a trace that began before the cursor is met again where it began.
            if isUnfiltered, let cursor, case .int(let start) = cursor.value, bound > start { continue }
            candidates.append((id, bound))
        }
        candidates.sort { $0.bound > $1.bound }
        return candidates
    }

    private func decide(_ ids: [TraceID]) throws {
        for (id, start) in zip(ids, try TraceRows.starts(of: ids, in: units, budget)) {
            decided.insert(id)
            try budget.use(byteCount: 48)
            guard let start else { continue }
            let entry = TraceListEntry(value: .int(start), traceID: id)
            if let cursor, !cursor.precedes(entry, isDescending: true) { continue }
            heap.insert(entry)
        }
    }
}

/// Traces that start before this cannot be on the page: some lane has enough that start later.
final class NewestTracesBound: Sendable {
    private let least = Atomic<Int64>(.min)

    var value: Int64 { least.load(ordering: .relaxed) }

    func raise(to start: Int64) { _ = least.max(start, ordering: .relaxed) }
}

/// Numbers traces from 0 in the order they are met.
///
/// Told apart by 64 mixed bits of their ids: of a million traces two fall together once in 10^7 queries, and then share a row.
struct TraceIndex: Sendable {
    private var table = DenseTable()
    private(set) var ids: [TraceID] = []

    var count: Int { ids.count }

    mutating func place(of id: TraceID) -> UInt32 {
        // Rows of a segment lie trace by trace.
        if let last = ids.last, last == id { return UInt32(ids.count - 1) }
        let place = table.number(of: DenseTable.mix(id.high &+ DenseTable.seed) ^ id.low)
        if Int(place) == ids.count { ids.append(id) }
        return place
    }

    /// The place of a known trace, without making it one.
    func existingPlace(of id: TraceID) -> UInt32? { table.existingNumber(of: DenseTable.mix(id.high &+ DenseTable.seed) ^ id.low) }
}
