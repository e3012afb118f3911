/// Looks at every span of a unit and says of each filter whether it holds and, where not, which part of it fails first: for those who have to
/// account for what they leave out.

import SpanStore
import TraceModel

package struct SpanExaminer: Sendable {
    private let threads: ScanThreads

    package init(threads: ScanThreads) { self.threads = threads }

    /// `filters`: each as the parts that must all hold, in the order they are named in. Throws `QueryError`.
    package func examine(
        _ unit: any ScanUnit, _ filters: [[Filter]], limits: QueryLimits = QueryLimits()
    ) async throws(QueryError) -> UnitExamination {
        let threads = threads
        return try await QueryExecutor.run(limits) { budget in
            try await threads.run { try Self.examine(unit, filters, budget) }
        }
    }

    /// The spans at chosen rows (ascending), whole, with the event records that a snapshot has of them. Throws `QueryError`.
    package func records(
        at rows: [Int32], in unit: any ScanUnit, joining snapshot: any StoreSnapshot, limits: QueryLimits = QueryLimits()
    ) async throws(QueryError) -> [SpanRecord] {
        let threads = threads
        return try await QueryExecutor.run(limits) { budget in
            try budget.check()
            return try await threads.run {
                var records = try unit.records(at: rows)
                try EventRecords.join(&records, from: snapshot.units, budget)
                return records
            }
        }
    }

    private static func examine(_ unit: any ScanUnit, _ filters: [[Filter]], _ budget: QueryBudget) throws -> UnitExamination {
        let scan = UnitScan(unit, budget: budget)
        let rows = try scan.visibleRows()
        var examination = UnitExamination(rows: rows)
        guard !rows.isEmpty else { return examination }
        let traces = try scan.field(.traceID, rows: rows), spans = try scan.field(.spanID, rows: rows)
        let ends = try scan.field(.endTime, rows: rows)
        guard case .traceIDs(let traceIDs) = traces.vector, case .spanIDs(let spanIDs) = spans.vector,
            case .int64(let times, _) = ends.vector
        else { throw QueryError(.storage, "a unit's ids are of another type") }
        examination.traceIDs = traces.positions.map { traceIDs[Int($0)] }
        examination.spanIDs = spans.positions.map { spanIDs[Int($0)] }
        examination.endTimes = ends.positions.map { times[Int($0)] }
        for parts in filters {
            var remaining = rows, failed: [Int32: Int] = [:]
            for (index, part) in parts.enumerated() where !remaining.isEmpty {
                var filter = FilterOperator(Predicate(part), budget)
                let before = remaining
                let selected = try filter.select(scan, narrowing: { SortedRows.subtract(SortedRows.subtract(before, from: $0), from: $0) })
                    .rows
                let dropped = SortedRows.subtract(selected, from: remaining)
                for row in dropped { failed[row] = index }
                remaining = SortedRows.subtract(dropped, from: remaining)
            }
            examination.failedParts.append(rows.map { failed[$0] })
        }
        try scan.finish()
        return examination
    }
}

/// The visible spans of a unit, and what filters say of each.
package struct UnitExamination: Sendable, Equatable {
    package let rows: [Int32]
    // Of each row.
    package fileprivate(set) var traceIDs: [TraceID] = []
    package fileprivate(set) var spanIDs: [SpanID] = []
    /// Nanoseconds since 1970.
    package fileprivate(set) var endTimes: [Int64] = []
    /// Of each filter and row the part that fails first; nil: it holds.
    package fileprivate(set) var failedParts: [[Int?]] = []

    fileprivate init(rows: [Int32]) { self.rows = rows }
}
