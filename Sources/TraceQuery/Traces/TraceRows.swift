import SpanStore
import TraceModel

/// The rows of a few traces in every unit of a snapshot, found by bloom filter and index, each span once.
struct TraceRows {
    struct InUnit {
        var unit: Int
        /// Ascending.
        var rows: [Int32]
        /// Place of each row's trace in the list asked for.
        var groups: [UInt32]
    }

    private(set) var parts: [InUnit] = []

    init(_ traces: [TraceID], in units: [any ScanUnit], _ budget: QueryBudget) throws {
        var unitCounts = [Int](repeating: 0, count: traces.count)
        parts = try Self.find(traces, in: units, budget, &unitCounts)
        if unitCounts.contains(where: { $0 > 1 }) { try removeRepeats(unitCounts, units, budget) }
    }

    private static func find(
        _ traces: [TraceID], in units: [any ScanUnit], _ budget: QueryBudget, _ unitCounts: inout [Int]
    ) throws -> [InUnit] {
        var parts: [InUnit] = []
        for (index, unit) in units.enumerated() {
            try budget.check()
            var pairs: [(row: Int32, group: UInt32)] = []
            for (group, trace) in traces.enumerated() where try unit.mayContain(trace: trace) {
                let rows = try UnitScan(unit, budget: budget).withoutMasked(unit.rows(ofTrace: trace))
                if rows.isEmpty { continue }
                unitCounts[group] += 1
                for row in rows { pairs.append((row, UInt32(group))) }
            }
            guard !pairs.isEmpty else { continue }
            pairs.sort { $0.row < $1.row }
            parts.append(InUnit(unit: index, rows: pairs.map(\.row), groups: pairs.map(\.group)))
        }
        return parts
    }

    private struct Place {
        var end: Int64
        var part: Int
        var index: Int
    }

    private struct Key: Hashable {
        var group: UInt32
        var spanID: SpanID
    }

    /// Of spans stored twice the one that ends last stays, as where the trace is read.
    private mutating func removeRepeats(_ unitCounts: [Int], _ units: [any ScanUnit], _ budget: QueryBudget) throws {
        var kept: [Key: Place] = [:]
        var removed: [Int: Set<Int>] = [:]
        for (part, rows) in parts.enumerated() {
            let scan = UnitScan(units[rows.unit], budget: budget)
            let spanIDs = try scan.column(.spanID, rows: rows.rows), ends = try scan.field(.endTime, rows: rows.rows)
            guard case .spanIDs(let ids) = spanIDs.vector, case .int64(let times, _) = ends.vector else { continue }
            for index in rows.rows.indices where unitCounts[Int(rows.groups[index])] > 1 {
                let key = Key(group: rows.groups[index], spanID: ids[Int(spanIDs.positions[index])])
                let place = Place(end: times[Int(ends.positions[index])], part: part, index: index)
                guard let other = kept[key] else {
                    kept[key] = place
                    continue
                }
                let loser = place.end > other.end ? other : place
                if place.end > other.end { kept[key] = place }
                removed[loser.part, default: []].insert(loser.index)
            }
            try scan.finish()
        }
        for (part, indices) in removed {
            let keep = parts[part].rows.indices.filter { !indices.contains($0) }
            parts[part].groups = keep.map { parts[part].groups[$0] }
            parts[part].rows = keep.map { parts[part].rows[$0] }
        }
    }

    /// The earliest start of each trace; nil for one without rows.
    static func starts(of traces: [TraceID], in units: [any ScanUnit], _ budget: QueryBudget) throws -> [Int64?] {
        var starts = [Int64?](repeating: nil, count: traces.count)
        var unitCounts = [Int](repeating: 0, count: traces.count)
        for part in try find(traces, in: units, budget, &unitCounts) {
            guard case .int64(let times, _) = try units[part.unit].gather(.startTime, rows: part.rows), times.count == part.rows.count
            else {
                throw QueryError(.storage, "start_time is not a column of integers")
            }
            for (time, group) in zip(times, part.groups) { starts[Int(group)] = min(starts[Int(group)] ?? .max, time) }
        }
        return starts
    }
}
