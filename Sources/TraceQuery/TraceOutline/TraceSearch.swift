/// Finds a text inside a trace: in the names and status messages of its spans and in the texts of their attributes, prompts included,
/// where they lie, and in those of its event records. ASCII letters match in either case.

import ByteCoding
import SpanStore
import TraceModel

package struct TraceMatch: Sendable, Equatable {
    /// In the outline.
    package var row: Int
    /// The first field of the span that has the text: `name`, `status_message` or `attributes.KEY`; `events.KEY` for an attribute of one of its
    /// event records.
    package var field: String
}

package struct TraceMatches: Sendable {
    package var outline: TraceOutline
    /// In the order of rows; the first ones.
    package var matches: [TraceMatch]
    /// Of all.
    package var matchCount: Int
}

extension TraceOutlines {
    /// Nil when the snapshot has no span of the trace. Throws `QueryError`.
    package func search(
        _ text: String, in trace: TraceID, of snapshot: any StoreSnapshot, maximumCount: Int = QueryLimits.defaultTraceMatchCount,
        limits: QueryLimits = QueryLimits()
    ) async throws(QueryError) -> TraceMatches? {
        try await QueryExecutor.run(limits) { budget in
            try await self.threads.run {
                guard let outline = try self.outline(of: trace, in: snapshot, budget) else { return nil }
                let fields = try Self.fields(matching: text, trace, snapshot.units, budget)
                var found: [TraceMatch] = [], count = 0
                for row in outline.rows.indices {
                    guard let field = fields[outline.rows[row].span.spanID] else { continue }
                    count += 1
                    if found.count < maximumCount { found.append(TraceMatch(row: row, field: field)) }
                }
                return TraceMatches(outline: outline, matches: found, matchCount: count)
            }
        }
    }

    /// The first field of each matching span.
    private static func fields(
        matching text: String, _ trace: TraceID, _ units: [any ScanUnit], _ budget: QueryBudget
    ) throws -> [SpanID: String] {
        var found: [SpanID: String] = [:]
        for unit in units {
            let rows = try EventRecords.rows(of: trace, in: unit)
            try search(text, unit.attributeKeys.map(SpanField.attribute), rows, unit, budget) { span, field in
                found[span] = "events." + (field.name.text(behind: "attributes.") ?? "")
            }
        }
        for part in try TraceRows([trace], in: units, budget).parts {
            let unit = units[part.unit]
            let fields = [SpanField.name, .statusMessage] + unit.attributeKeys.map(SpanField.attribute)
            try search(text, fields, part.rows, unit, budget) { span, field in found[span] = field.name }
        }
        try budget.use(byteCount: found.count * 64)
        return found
    }

    /// Hands out of each row that has the text its span and the first field that has it.
    private static func search(
        _ text: String, _ fields: [SpanField], _ rows: [Int32], _ unit: any ScanUnit, _ budget: QueryBudget,
        _ body: (SpanID, SpanField) -> Void
    ) throws {
        var remaining = rows
        for field in fields where !remaining.isEmpty {
            // Columns of one key at a time: a unit may have thousands of keys.
            let scan = UnitScan(unit, budget: budget)
            var filter = FilterOperator(Predicate(.condition(field, .contains(text, ignoringCase: true))), budget)
            let rows = try filter.select(remaining, in: scan)
            if !rows.isEmpty {
                let ids = try scan.column(.spanID, rows: rows)
                guard case .spanIDs(let values) = ids.vector else { throw QueryError(.storage, "span_id is not a column of ids") }
                for position in ids.positions { body(values[Int(position)], field) }
                remaining = SortedRows.subtract(rows, from: remaining)
            }
            try scan.finish()
        }
    }
}
