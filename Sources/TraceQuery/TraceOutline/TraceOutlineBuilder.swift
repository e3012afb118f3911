/// Puts the outline of a trace together from the narrow columns of every unit that has spans of it; no payload is read, and attributes only
/// where the narrow columns lack an answer.

import GenAIConventions
import SpanStore
import TraceModel

struct TraceOutlineBuilder {
    private var spans: [TraceOutline.Span] = []
    private var names: [String] = []
    private var places: [String: TraceOutline.NameCode] = [:]

    /// Nil when no unit has a span of the trace.
    static func build(_ trace: TraceID, _ units: [any ScanUnit], _ budget: QueryBudget) throws -> TraceOutline? {
        let parts = try TraceRows([trace], in: units, budget).parts
        let count = parts.reduce(0) { $0 + $1.rows.count }
        guard count > 0 else { return nil }
        guard count <= QueryLimits.maximumSpansPerTrace else {
            throw QueryError(
                .memoryLimit,
                "the trace has more than \(QueryLimits.maximumSpansPerTrace) spans; query its spans by trace_id with a cursor")
        }
        try budget.use(byteCount: count * (MemoryLayout<TraceOutline.Span>.stride + MemoryLayout<TraceOutline.Row>.stride))
        var builder = TraceOutlineBuilder()
        builder.spans.reserveCapacity(count)
        for part in parts {
            try budget.check()
            let scan = UnitScan(units[part.unit], budget: budget)
            try builder.add(scan, part.rows)
            try scan.finish()
        }
        try builder.markRoots(parts, units, budget)
        return TraceOutline(traceID: trace, spans: builder.spans, names: builder.names)
    }

    private mutating func add(_ scan: UnitScan, _ rows: [Int32]) throws {
        let ids = try scan.column(.spanID, rows: rows), parents = try scan.column(.parentSpanID, rows: rows)
        let starts = try scan.column(.startTime, rows: rows), durations = try scan.column(.duration, rows: rows)
        let statuses = try scan.column(.statusCode, rows: rows)
        guard case .spanIDs(let spanIDs) = ids.vector, case .spanIDs(let parentIDs) = parents.vector,
            case .int64(let startTimes, _) = starts.vector, case .int64(let durationValues, _) = durations.vector,
            case .int64(let codes, _) = statuses.vector
        else { throw QueryError(.storage, "the ids, times or status of spans are not columns of their type") }
        let name = try texts(.name, scan, rows), service = try texts(.service, scan, rows)
        let model = try texts(.model, scan, rows), tool = try texts(.toolName, scan, rows)
        let kinds = try kinds(scan, rows)
        let input = try integers(.inputTokens, scan, rows), output = try integers(.outputTokens, scan, rows)
        let costs = try SpanCosts(scan, rows).dollars
        let hashes = try CallLedger.responseHashes(scan, rows), running = try running(scan, rows)
        for index in rows.indices {
            spans.append(
                TraceOutline.Span(
                    spanID: spanIDs[Int(ids.positions[index])], parentSpanID: parentIDs[Int(parents.positions[index])],
                    startTimeUnixNano: startTimes[Int(starts.positions[index])],
                    durationNano: durationValues[Int(durations.positions[index])], name: name[index], service: service[index],
                    model: model[index], toolName: tool[index], kind: kinds[index],
                    status: Int32(truncatingIfNeeded: codes[Int(statuses.positions[index])]),
                    usage: SpanUsage(inputTokens: input[index], outputTokens: output[index], cost: costs[index]),
                    responseHash: hashes[index], isRunning: running[index]))
        }
    }

    /// Of the spans whose parent is not there, those that are roots all the same. The spans lie in the order of the parts' rows.
    private mutating func markRoots(_ parts: [TraceRows.InUnit], _ units: [any ScanUnit], _ budget: QueryBudget) throws {
        let ids = Set(spans.map(\.spanID))
        var first = 0
        for part in parts {
            let orphans = part.rows.indices.filter { index in
                let parent = spans[first + index].parentSpanID
                return !parent.isZero && !ids.contains(parent)
            }
            if !orphans.isEmpty {
                let scan = UnitScan(units[part.unit], budget: budget)
                for (index, isMarked) in zip(orphans, try MarkedRoots.flags(scan, orphans.map { part.rows[$0] })) {
                    spans[first + index].isMarkedRoot = isMarked
                }
                try scan.finish()
            }
            first += part.rows.count
        }
    }

    /// Which rows are placeholders (`PendingSpans`).
    private func running(_ scan: UnitScan, _ rows: [Int32]) throws -> [Bool] {
        let column = try scan.column(.attribute(PendingSpans.typeKey), rows: rows)
        switch column.vector {
        case .dictionary(let codes, let dictionary):
            let isPending = (0..<dictionary.count).map { dictionary[UInt32($0)] == PendingSpans.typeName }
            return column.positions.map { codes[Int($0)] != TextDictionary.null && isPending[Int(codes[Int($0)])] }
        case .attributes(let values):
            return column.positions.map { values[Int($0)] == .string(PendingSpans.typeName) }
        default: return Array(repeating: false, count: rows.count)
        }
    }

    private func kinds(_ scan: UnitScan, _ rows: [Int32]) throws -> [LLMKind] {
        let column = try scan.column(.kind, rows: rows)
        guard case .dictionary(let codes, let dictionary) = column.vector else { return Array(repeating: .span, count: rows.count) }
        let known = (0..<dictionary.count).map { LLMKind(name: dictionary[UInt32($0)]) ?? .span }
        return column.positions.map { codes[Int($0)] == TextDictionary.null ? .span : known[Int(codes[Int($0)])] }
    }

    /// Places of a field's texts in `names`: each distinct text of a unit is looked up once.
    private mutating func texts(_ field: SpanField, _ scan: UnitScan, _ rows: [Int32]) throws -> [TraceOutline.NameCode] {
        let column = try scan.field(field, rows: rows)
        switch column.vector {
        case .dictionary(let codes, let dictionary):
            var local = [TraceOutline.NameCode?](repeating: nil, count: dictionary.count)
            return column.positions.map { position in
                let code = codes[Int(position)]
                guard code != TextDictionary.null else { return .none }
                if let known = local[Int(code)] { return known }
                let place = place(of: dictionary[code])
                local[Int(code)] = place
                return place
            }
        case .attributes(let values):
            // A service name that not every sender writes as a text.
            return column.positions.map { position in
                if case .string(let text)? = values[Int(position)] { place(of: text) } else { .none }
            }
        default: return Array(repeating: .none, count: rows.count)
        }
    }

    private mutating func place(of text: String) -> TraceOutline.NameCode {
        if let known = places[text] { return known }
        let place = TraceOutline.NameCode(place: UInt32(names.count))
        names.append(text)
        places[text] = place
        return place
    }

    private func integers(_ column: ScanColumn, _ scan: UnitScan, _ rows: [Int32]) throws -> [Int64?] {
        let loaded = try scan.column(column, rows: rows)
        guard case .int64(let values, let validity) = loaded.vector else { return Array(repeating: nil, count: rows.count) }
        return loaded.positions.map { validity.isValid(Int($0)) ? values[Int($0)] : nil }
    }
}
