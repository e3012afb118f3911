import SpanStore
import TraceModel

/// Collects the traces that have a matching span, or event record where the filter looks for those.
final class MatchingTracesLane: ScanLane {
    private var filter: FilterOperator
    private let budget: QueryBudget
    private(set) var index = TraceIndex()
    private(set) var counts = ScanCounts()

    init(_ filter: FilterOperator, _ budget: QueryBudget) {
        self.filter = filter
        self.budget = budget
    }

    func process(_ unit: any ScanUnit, at place: Int) throws {
        try budget.check()
        let scan = UnitScan(unit, budget: budget)
        let rows = counts.add(try filter.select(scan), unit: place)
        let before = index.count
        let column = try scan.column(.traceID, rows: rows)
        guard case .traceIDs(let ids) = column.vector else { throw QueryError(.storage, "trace_id is not a column of ids") }
        for position in column.positions { _ = index.place(of: ids[Int(position)]) }
        try budget.use(byteCount: (index.count - before) * 40)
        try scan.finish()
    }
}

/// Adds up the figures of traces over all units: of the given ones, or of every one.
final class TraceFiguresLane: ScanLane {
    private let isOpen: Bool
    private let budget: QueryBudget
    private(set) var index: TraceIndex
    private(set) var figures: [SpanFigures]
    private var ledger = CallLedger()
    private(set) var counts = ScanCounts()

    init(_ members: TraceIndex?, _ budget: QueryBudget) {
        isOpen = members == nil
        index = members ?? TraceIndex()
        figures = Array(repeating: SpanFigures(), count: index.count)
        self.budget = budget
    }

    func process(_ unit: any ScanUnit, at place: Int) throws {
        try budget.check()
        let scan = UnitScan(unit, budget: budget)
        let (rows, groups) = try Self.members(scan, &index, isOpen: isOpen)
        counts.readUnits.append(place)
        counts.rowsScanned += unit.rowCount
        counts.rowsMatched += rows.count
        let added = index.count - figures.count
        try budget.use(byteCount: added * (MemoryLayout<SpanFigures>.stride + 40))
        figures.append(contentsOf: repeatElement(SpanFigures(), count: added))
        if !rows.isEmpty {
            let callCount = ledger.calls.count
            try SpanFigures.add(scan, rows: rows, groups: groups, to: &figures, &ledger)
            try budget.use(byteCount: (ledger.calls.count - callCount) * CallLedger.byteCountPerCall)
        }
        try scan.finish()
    }

    /// Once, behind the last unit.
    func settle() {
        SpanFigures.settle(ledger, into: &figures)
        ledger = CallLedger()
    }

    /// The visible rows of known traces (of all, when open) and the place of each one's trace.
    static func members(_ scan: UnitScan, _ index: inout TraceIndex, isOpen: Bool) throws -> ([Int32], [UInt32]) {
        var rows: [Int32] = []
        var groups: [UInt32] = []
        if !isOpen, index.count <= QueryLimits.maximumTraceLookupCount {
            for id in index.ids where try scan.unit.mayContain(trace: id) {
                rows = SortedRows.union(rows, try scan.unit.rows(ofTrace: id))
            }
            rows = try scan.withoutMasked(rows)
        } else {
            rows = try scan.visibleRows()
        }
        guard !rows.isEmpty else { return ([], []) }
        let column = try scan.column(.traceID, rows: rows)
        guard case .traceIDs(let ids) = column.vector else { throw QueryError(.storage, "trace_id is not a column of ids") }
        if isOpen { return (rows, column.positions.map { index.place(of: ids[Int($0)]) }) }
        var kept: [Int32] = []
        for (row, position) in zip(rows, column.positions) {
            guard let place = index.existingPlace(of: ids[Int(position)]) else { continue }
            kept.append(row)
            groups.append(place)
        }
        return (kept, groups)
    }
}
