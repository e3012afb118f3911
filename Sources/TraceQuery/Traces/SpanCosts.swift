/// What spans cost where whole traces are added up: as the provider or gateway billed it, else as it was computed.

import SpanStore

struct SpanCosts {
    /// US dollars of each row.
    private(set) var dollars: [Double?]

    init(_ scan: UnitScan, _ rows: [Int32]) throws {
        dollars = Array(repeating: nil, count: rows.count)
        try add(.cost, scan, rows)
        try add(.reportedCost, scan, rows)
    }

    /// What is there counts instead of what was added before.
    private mutating func add(_ column: ScanColumn, _ scan: UnitScan, _ rows: [Int32]) throws {
        if let zone = scan.unit.zone(of: column), zone.nullCount == scan.unit.rowCount { return }
        let loaded = try scan.column(column, rows: rows)
        guard case .double(let values, let validity) = loaded.vector else { return }
        for index in rows.indices where validity.isValid(Int(loaded.positions[index])) {
            dollars[index] = values[Int(loaded.positions[index])]
        }
    }
}
