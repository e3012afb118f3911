import ByteCoding
import SpanStore
import TraceModel

/// One trace as a row of a list.
package struct TraceSummary: Equatable, Sendable {
    package var traceID: TraceID
    /// Name of the root: the earliest span without a parent, else the earliest one that is marked as a root, else the earliest span.
    package var name: String?
    package var service: String?
    /// Of the earliest span.
    package var startTimeUnixNano: Int64
    /// From the earliest start to the latest end.
    package var durationNano: Int64
    package var spanCount: Int
    package var errorCount: Int
    package var inputTokens: Int64?
    package var outputTokens: Int64?
    package var totalTokens: Int64?
    package var cost: Double?
    package var models: [String]
    /// Of the earliest span that has one.
    package var sessionID: String?
    package var userID: String?

    /// Figures and details of traces, in the order asked for. Traces without rows are left out.
    static func read(_ traces: [TraceID], _ units: [any ScanUnit], _ budget: QueryBudget) throws -> [TraceSummary] {
        var figures = [SpanFigures](repeating: SpanFigures(), count: traces.count)
        var ledger = CallLedger()
        var details = [TraceDetails](repeating: TraceDetails(), count: traces.count)
        var models = NameLists(groupCount: traces.count)
        let parts = try TraceRows(traces, in: units, budget).parts
        for part in parts {
            let scan = UnitScan(units[part.unit], budget: budget)
            try SpanFigures.add(scan, rows: part.rows, groups: part.groups, to: &figures, &ledger)
            try TraceDetails.add(scan, rows: part.rows, groups: part.groups, to: &details)
            models.add(try scan.field(.model, rows: part.rows), groups: part.groups)
            try scan.finish()
        }
        try TraceDetails.findMarkedRoots(parts, units, budget, in: &details)
        SpanFigures.settle(ledger, into: &figures)
        return traces.indices.compactMap { index in
            let figure = figures[index]
            guard figure.spanCount > 0 else { return nil }
            return TraceSummary(
                traceID: traces[index], name: details[index].name, service: details[index].service, startTimeUnixNano: figure.start,
                durationNano: figure.duration, spanCount: figure.spanCount, errorCount: figure.errorCount,
                inputTokens: figure.inputTokens, outputTokens: figure.outputTokens, totalTokens: figure.totalTokens, cost: figure.cost,
                models: models.names[index].sorted(), sessionID: details[index].sessionID, userID: details[index].userID)
        }
    }
}

/// What a list says of a trace besides figures: texts of particular spans.
struct TraceDetails {
    var name: String?
    var service: String?
    var sessionID: String?
    var userID: String?
    private var root = Rank.last
    private var sessionStart = Int64.max
    private var userStart = Int64.max

    /// Spans without a parent before those that are marked as roots, these before others; then by start, then by id.
    private struct Rank: Comparable {
        enum Place: Int { case root, marked, other }

        var place: Place
        var start: Int64
        var spanID: SpanID

        static let last = Rank(place: .other, start: .max, spanID: SpanID(rawValue: .max))

        static func < (a: Rank, b: Rank) -> Bool {
            if a.place != b.place { return a.place.rawValue < b.place.rawValue }
            return a.start != b.start ? a.start < b.start : a.spanID < b.spanID
        }
    }

    /// Looks, in traces of which every span has a parent, for spans that are marked as roots and whose parent is not there.
    static func findMarkedRoots(
        _ parts: [TraceRows.InUnit], _ units: [any ScanUnit], _ budget: QueryBudget, in details: inout [TraceDetails]
    ) throws {
        let isWithoutRoot = details.map { $0.root.place == .other }
        guard isWithoutRoot.contains(true) else { return }
        var ids = [Set<SpanID>](repeating: [], count: details.count)
        var chosen: [(rows: [Int32], groups: [UInt32], parents: [SpanID])] = []
        for part in parts {
            let indices = part.rows.indices.filter { isWithoutRoot[Int(part.groups[$0])] }
            let rows = indices.map { part.rows[$0] }, groups = indices.map { part.groups[$0] }
            let scan = UnitScan(units[part.unit], budget: budget)
            let own = try scan.column(.spanID, rows: rows), above = try scan.column(.parentSpanID, rows: rows)
            guard case .spanIDs(let spanIDs) = own.vector, case .spanIDs(let parents) = above.vector else {
                throw QueryError(.storage, "the span ids are not columns of their type")
            }
            for (index, group) in groups.enumerated() { ids[Int(group)].insert(spanIDs[Int(own.positions[index])]) }
            chosen.append((rows, groups, above.positions.map { parents[Int($0)] }))
            try scan.finish()
        }
        for (part, all) in zip(parts, chosen) {
            let orphans = all.rows.indices.filter { !ids[Int(all.groups[$0])].contains(all.parents[$0]) }
            guard !orphans.isEmpty else { continue }
            let scan = UnitScan(units[part.unit], budget: budget)
            let flags = try MarkedRoots.flags(scan, orphans.map { all.rows[$0] })
            let marked = zip(orphans, flags).compactMap { $1 ? $0 : nil }
            if !marked.isEmpty {
                try add(scan, rows: marked.map { all.rows[$0] }, groups: marked.map { all.groups[$0] }, areMarked: true, to: &details)
            }
            try scan.finish()
        }
    }

    static func add(
        _ scan: UnitScan, rows: [Int32], groups: [UInt32], areMarked: Bool = false, to details: inout [TraceDetails]
    ) throws {
        let start = try scan.column(.startTime, rows: rows)
        let spanID = try scan.column(.spanID, rows: rows), parent = try scan.column(.parentSpanID, rows: rows)
        guard case .int64(let starts, _) = start.vector, case .spanIDs(let ids) = spanID.vector, case .spanIDs(let parents) = parent.vector
        else { throw QueryError(.storage, "start_time or the span ids are not columns of their type") }
        let name = try scan.field(.name, rows: rows), service = try scan.field(.service, rows: rows)
        let session = try scan.field(.sessionID, rows: rows), user = try scan.field(.userID, rows: rows)
        func text(_ column: FieldColumn, _ index: Int) -> String? {
            if case .string(let text) = column.value(at: index, type: .text) { text } else { nil }
        }
        for index in rows.indices {
            let group = Int(groups[index])
            let time = starts[Int(start.positions[index])]
            let isRoot = parents[Int(parent.positions[index])].isZero
            let rank = Rank(
                place: isRoot ? .root : areMarked ? .marked : .other, start: time, spanID: ids[Int(spanID.positions[index])])
            if rank < details[group].root {
                details[group].root = rank
                details[group].name = text(name, index)
                details[group].service = text(service, index)
            }
            if time < details[group].sessionStart, let id = text(session, index) {
                details[group].sessionStart = time
                details[group].sessionID = id
            }
            if time < details[group].userStart, let id = text(user, index) {
                details[group].userStart = time
                details[group].userID = id
            }
        }
    }
}

/// The names of a trace's fields in lists, for `fields=` and the encoder.
package enum TraceListField: String, CaseIterable, Sendable {
    case traceID = "trace_id"
    case name, service
    case startTime = "start_time"
    case durationMilliseconds = "duration_ms"
    case spanCount = "span_count"
    case errorCount = "error_count"
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
    case totalTokens = "total_tokens"
    case cost, models
    case sessionID = "session_id"
    case userID = "user_id"

    package func value(of trace: TraceSummary) -> QueryValue {
        switch self {
        case .traceID: .string(trace.traceID.hex)
        case .name: QueryValue(trace.name)
        case .service: QueryValue(trace.service)
        case .startTime: .time(trace.startTimeUnixNano)
        case .durationMilliseconds: .double(Double(trace.durationNano) / 1e6)
        case .spanCount: .int(Int64(trace.spanCount))
        case .errorCount: .int(Int64(trace.errorCount))
        case .inputTokens: QueryValue(trace.inputTokens)
        case .outputTokens: QueryValue(trace.outputTokens)
        case .totalTokens: QueryValue(trace.totalTokens)
        case .cost: QueryValue(trace.cost)
        case .models: .list(trace.models.map(QueryValue.string))
        case .sessionID: QueryValue(trace.sessionID)
        case .userID: QueryValue(trace.userID)
        }
    }
}

extension TraceSummary {
    package func write(to writer: inout JSONWriter, fields: [TraceListField] = TraceListField.allCases) {
        writer.beginObject()
        for field in fields {
            writer.key(field.rawValue)
            field.value(of: self).write(to: &writer)
        }
        writer.endObject()
    }
}

extension QueryValue {
    init(_ text: String?) { self = text.map(QueryValue.string) ?? .null }
    init(_ number: Int64?) { self = number.map(QueryValue.int) ?? .null }
    init(_ number: Double?) { self = number.map(QueryValue.double) ?? .null }
}
