/// What spans cost where whole traces are added up: their cost as queries and the overview have it.

import SpanStore

struct SpanCosts {
    /// US dollars of each row.
    private(set) var dollars: [Double?]
    /// Of each row whether these are what was billed: where several spans report one call they count before computed ones.
    private(set) var isBilled: [Bool]

    init(_ scan: UnitScan, _ rows: [Int32]) throws {
        dollars = Array(repeating: nil, count: rows.count)
        isBilled = Array(repeating: false, count: rows.count)
        try Self.forEachAmount(.cost, scan, rows) { dollars[$0] = $1 }
        try Self.forEachAmount(.reportedCost, scan, rows) { index, _ in isBilled[index] = dollars[index] != nil }
    }

    private static func forEachAmount(_ column: ScanColumn, _ scan: UnitScan, _ rows: [Int32], _ body: (Int, Double) -> Void) throws {
        if let zone = scan.unit.zone(of: column), zone.nullCount == scan.unit.rowCount { return }
        let loaded = try scan.column(column, rows: rows)
        guard case .double(let values, let validity) = loaded.vector else { return }
        for index in rows.indices where validity.isValid(Int(loaded.positions[index])) { body(index, values[Int(loaded.positions[index])]) }
    }
}
