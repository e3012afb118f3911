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
///
/// Rows are kept by the key of their first term alone as long as it tells them apart. Ids and further terms lie in pages all over a unit,
/// so they are read for the few rows that are left when all units were looked at.
struct SortOperator {
    /// A row that may come into the answer, as far as its key says.
    struct KeyedRow: Sendable {
        var key: UInt64
        var unit: Int32
        var row: Int32
    }

    private let order: RowOrder
    private let bound: SortBound
    private let cursor: RowOrder.Candidate?
    private let units: [any ScanUnit]
    private let capacity: Int
    private(set) var heap: BoundedHeap<RowOrder.Candidate>
    private(set) var keyedRows: [KeyedRow] = []

    /// Rows of equal keys that are kept before what tells them apart is read: nothing but time speaks against more.
    private static let maximumKeyedRowCount = 4_096

    /// `cursor`: only rows behind it.
    init(_ order: RowOrder, limit: Int, cursor: RowOrder.Candidate?, bound: SortBound, units: [any ScanUnit]) {
        self.order = order
        self.bound = bound
        self.cursor = cursor
        self.units = units
        capacity = limit
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

    /// The visible rows of a unit that can come into the answer, before anything else is looked at; nil where that takes more than one pass
    /// over a column of whole numbers in memory.
    func rowsWithinBound(_ scan: UnitScan) throws -> [Int32]? {
        let (field, isDescending) = order.terms[0], bound = bound.current
        // The largest key that is not null stands for the two last values.
        guard bound < OrderKey.null - 1, field.type == .time || field.type == .integer, let column = field.column,
            case .int64(let values, .all)? = scan.unit.known(column), values.count == scan.unit.rowCount
        else { return nil }
        return try scan.withoutMasked(
            isDescending
                ? SortedRows.rows(of: values, atLeast: OrderKey.value(of: ~bound))
                : SortedRows.rows(of: values, atMost: OrderKey.value(of: bound)))
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

    /// The `rank`th smallest key, from 1; there are at least as many. Keeps a few best and sorts them whenever they have doubled, so that
    /// nearly every key costs one comparison.
    static func key(ofRank rank: Int, in keys: some Sequence<UInt64>) -> UInt64 {
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

    mutating func add(_ scan: UnitScan, rows: [Int32], unit: Int, _ budget: QueryBudget) throws {
        guard !rows.isEmpty else { return }
        var (rows, keys) = try keys(of: rows, scan)
        // Of many rows only the best `capacity` by key, and those equal to the last of them, are worth keeping. With a
        // cursor, rows equal in key to it may lie before it and must not crowd out others.
        if rows.count > capacity * 2 {
            let low = cursor?.key ?? 0
            let crowd = cursor == nil ? 0 : keys.count { $0 == low }
            if rows.count > capacity + crowd {
                let last = Self.key(ofRank: capacity + crowd, in: keys)
                let kept = keys.indices.filter { keys[$0] <= last }
                rows = kept.map { rows[$0] }
                keys = kept.map { keys[$0] }
            }
        }
        keyedRows.append(contentsOf: zip(keys, rows).lazy.map { KeyedRow(key: $0, unit: Int32(unit), row: $1) })
        // Only whole candidates can be held against a cursor.
        if cursor != nil { return try resolve(budget) }
        guard keyedRows.count >= capacity else { return }
        let last = Self.key(ofRank: capacity, in: keyedRows.lazy.map(\.key))
        bound.lower(to: last)
        keyedRows.removeAll { $0.key > last }
        if keyedRows.count > max(Self.maximumKeyedRowCount, 4 * capacity) { try resolve(budget) }
    }

    private mutating func resolve(_ budget: QueryBudget) throws {
        for (unit, rows) in Self.byUnit(keyedRows) {
            let scan = UnitScan(units[unit], budget: budget)
            for candidate in try Self.candidates(rows, scan, order) {
                if let cursor, order.compare(candidate, cursor) <= 0 { continue }
                heap.insert(candidate)
            }
            try scan.finish()
        }
        keyedRows.removeAll()
        if heap.isFull, let worst = heap.worst { bound.lower(to: worst.key) }
    }

    /// Rows by their units, ascending in each.
    static func byUnit(_ rows: [KeyedRow]) -> [(unit: Int, rows: [KeyedRow])] {
        Dictionary(grouping: rows) { Int($0.unit) }.map { (unit: $0.key, rows: $0.value.sorted { $0.row < $1.row }) }.sorted {
            $0.unit < $1.unit
        }
    }

    /// Rows of one unit, which ascend, with all that their order takes.
    static func candidates(_ rows: [KeyedRow], _ scan: UnitScan, _ order: RowOrder) throws -> [RowOrder.Candidate] {
        let numbers = rows.map(\.row)
        let columns = try order.terms.map { try scan.field($0.field, rows: numbers) }
        let traceIDs = try scan.column(.traceID, rows: numbers), spanIDs = try scan.column(.spanID, rows: numbers)
        guard case .traceIDs(let traces) = traceIDs.vector, case .spanIDs(let spans) = spanIDs.vector else {
            throw QueryError(.storage, "trace_id or span_id is not a column of ids")
        }
        return rows.indices.map { index in
            RowOrder.Candidate(
                key: rows[index].key, values: zip(columns, order.terms).map { $0.value(at: index, type: $1.field.type) },
                traceID: traces[Int(traceIDs.positions[index])], spanID: spans[Int(spanIDs.positions[index])], unit: rows[index].unit,
                row: rows[index].row)
        }
    }
}
