import SpanStore
import TraceModel

/// Late materialisation: the selected fields of the rows that made it into the answer.
///
/// By unit, rows ascending: each column of a unit is gathered once, and units are shared between the lanes. What the order took of a row is
/// known.
struct Materialization: Sendable {
    private let candidates: [RowOrder.Candidate]
    private let fields: [Source]
    private let budget: QueryBudget
    /// Places among the candidates by unit, rows ascending.
    private let places: [Int: [Int]]

    /// Where the value of a field comes from.
    private enum Source: Sendable {
        case column(SpanField)
        /// Of the order's terms.
        case term(Int)
        case traceID
        case spanID
    }

    init(_ candidates: [RowOrder.Candidate], fields: [SpanField], _ order: RowOrder, _ budget: QueryBudget) {
        self.candidates = candidates
        self.budget = budget
        self.fields = fields.map { field in
            if field == .traceID { return .traceID }
            if field == .spanID { return .spanID }
            return order.terms.firstIndex { $0.field == field }.map { .term($0) } ?? .column(field)
        }
        places = Dictionary(grouping: candidates.indices) { Int(candidates[$0].unit) }
            .mapValues { $0.sorted { candidates[$0].row < candidates[$1].row } }
    }

    /// One row of values for each candidate, in their order.
    func rows(of units: [any ScanUnit], on threads: ScanThreads) async throws -> [[QueryValue]] {
        let set = try await ParallelScan.run(units, order: places.keys.sorted(), on: threads) { Lane(self) }
        var result = [[QueryValue]](repeating: [], count: candidates.count)
        for lane in set.lanes { for (place, values) in lane.rows { result[place] = values } }
        return result
    }

    private final class Lane: ScanLane {
        private let work: Materialization
        private(set) var rows: [(place: Int, values: [QueryValue])] = []

        init(_ work: Materialization) { self.work = work }

        func process(_ unit: any ScanUnit, at index: Int) throws {
            let places = work.places[index] ?? [], budget = work.budget
            try budget.check()
            let scan = UnitScan(unit, budget: budget)
            let numbers = places.map { work.candidates[$0].row }
            var values = [[QueryValue]](repeating: [], count: places.count)
            for source in work.fields {
                var column: FieldColumn?
                if case .column(let field) = source { column = try scan.field(field, rows: numbers) }
                for (position, place) in places.enumerated() {
                    let candidate = work.candidates[place]
                    let value: QueryValue =
                        switch source {
                        case .column(let field): column?.value(at: position, type: field.type) ?? .null
                        case .term(let term): candidate.values[term]
                        case .traceID: .string(candidate.traceID.hex)
                        case .spanID: candidate.spanID.isZero ? .null : .string(candidate.spanID.hex)
                        }
                    try budget.use(byteCount: value.approximateByteCount)
                    values[position].append(value)
                }
            }
            rows += zip(places, values).map { (place: $0, values: $1) }
            try scan.finish()
        }
    }
}
