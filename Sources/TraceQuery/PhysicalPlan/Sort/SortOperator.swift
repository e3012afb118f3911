import SpanStore
import Synchronization
import TraceModel

/// What the lanes of a select tell each other: the key of the worst row of a full heap. No row behind it can be in the
/// answer, whichever lane finds it.
final class SortBound: Sendable {
    // Exchanged by hand: `Atomic<UInt64>.min` of Swift 6.3 compares as if signed.
    private let key = Atomic<UInt64>(OrderKey.null)

    var current: UInt64 { key.load(ordering: .relaxed) }

    func lower(to value: UInt64) {
        var known = current
        while value < known {
            let (isExchanged, original) = key.compareExchange(expected: known, desired: value, ordering: .relaxed)
            if isExchanged { return }
            known = original
        }
    }
}

/// Keeps the first `limit` rows of an order (top-N). One per lane; the candidates of all lanes are sorted at the end.
struct SortOperator {
    private let order: RowOrder
    private let bound: SortBound
    private let cursor: RowOrder.Candidate?
    private(set) var heap: BoundedHeap<RowOrder.Candidate>

    /// `cursor`: only rows behind it.
    init(_ order: RowOrder, limit: Int, cursor: RowOrder.Candidate?, bound: SortBound) {
        self.order = order
        self.bound = bound
        self.cursor = cursor
        heap = BoundedHeap(capacity: limit) { order.precedes($0, $1) }
    }

    /// Whether no row of the unit can come into the answer.
    func excludes(_ unit: any ScanUnit) -> Bool {
        OrderKey.best(in: unit, field: order.terms[0].field, isDescending: order.terms[0].isDescending) > bound.current
    }

    /// Drops rows that cannot come into the answer, before costly columns are read for them.
    func narrow(_ rows: [Int32], _ scan: UnitScan) throws -> [Int32] {
        bound.current == OrderKey.null && cursor == nil ? rows : try keys(of: rows, scan).rows
    }

    private func keys(of rows: [Int32], _ scan: UnitScan) throws -> (rows: [Int32], keys: [UInt64]) {
        let term = order.terms[0]
        let keys = OrderKey.keys(of: try scan.field(term.field, rows: rows), field: term.field, isDescending: term.isDescending)
        let low = cursor?.key ?? 0
        let high = bound.current
        if low == 0, high == OrderKey.null { return (rows, keys) }
        var keptRows: [Int32] = []
        var keptKeys: [UInt64] = []
        for index in keys.indices where keys[index] >= low && keys[index] <= high {
            keptRows.append(rows[index])
            keptKeys.append(keys[index])
        }
        return (keptRows, keptKeys)
    }

    /// The `rank`th smallest key, from 1; there are more. Keeps a few best and sorts them whenever they have doubled, so that
    /// nearly every key costs one comparison.
    private static func key(ofRank rank: Int, in keys: [UInt64]) -> UInt64 {
        var best: [UInt64] = []
        best.reserveCapacity(rank * 2)
        var threshold = UInt64.max
        for key in keys where key < threshold || best.count < rank {
            best.append(key)
            if best.count == rank * 2 {
                best.sort()
                best.removeLast(rank)
                threshold = best[rank - 1]
            }
        }
        best.sort()
        return best[rank - 1]
    }

    mutating func add(_ scan: UnitScan, rows: [Int32], unit: Int) throws {
        guard !rows.isEmpty else { return }
        var (rows, keys) = try keys(of: rows, scan)
        // Of many rows only the best `capacity` by key, and those equal to the last of them, are worth a candidate. With a
        // cursor, rows equal in key to it may lie before it and must not crowd out others.
        if rows.count > heap.capacity * 2 {
            let low = cursor?.key ?? 0
            let crowd = cursor == nil ? 0 : keys.count { $0 == low }
            if rows.count > heap.capacity + crowd {
                let last = Self.key(ofRank: heap.capacity + crowd, in: keys)
                let kept = keys.indices.filter { keys[$0] <= last }
                rows = kept.map { rows[$0] }
                keys = kept.map { keys[$0] }
            }
        }
        guard !rows.isEmpty else { return }
        let columns = try order.terms.map { try scan.field($0.field, rows: rows) }
        let traceIDs = try scan.column(.traceID, rows: rows), spanIDs = try scan.column(.spanID, rows: rows)
        guard case .traceIDs(let traces) = traceIDs.vector, case .spanIDs(let spans) = spanIDs.vector else {
            throw QueryError(.storage, "trace_id or span_id is not a column of ids")
        }
        for index in rows.indices {
            let candidate = RowOrder.Candidate(
                key: keys[index], values: zip(columns, order.terms).map { $0.value(at: index, type: $1.field.type) },
                traceID: traces[Int(traceIDs.positions[index])], spanID: spans[Int(spanIDs.positions[index])], unit: Int32(unit),
                row: rows[index])
            if let cursor, order.compare(candidate, cursor) <= 0 { continue }
            heap.insert(candidate)
        }
        if heap.isFull, let worst = heap.worst { bound.lower(to: worst.key) }
    }
}
