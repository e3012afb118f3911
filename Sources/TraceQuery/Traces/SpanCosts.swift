/// What spans cost where whole traces are added up: what their tokens cost by the price table, as queries and the overview have it.

import SpanStore

struct SpanCosts {
    /// US dollars of each row.
    private(set) var dollars: [Double?]

    init(_ scan: UnitScan, _ rows: [Int32]) throws {
        dollars = Array(repeating: nil, count: rows.count)
        if let zone = scan.unit.zone(of: .cost), zone.nullCount == scan.unit.rowCount { return }
        let loaded = try scan.column(.cost, rows: rows)
        guard case .double(let values, let validity) = loaded.vector else { return }
        for index in rows.indices where validity.isValid(Int(loaded.positions[index])) {
            dollars[index] = values[Int(loaded.positions[index])]
        }
    }
}
