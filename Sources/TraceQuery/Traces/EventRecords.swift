/// Event records (docs/logs.md) where spans are shown whole: each becomes an event of its span, whichever of the two came first and wherever
/// they lie. A snapshot without event records costs a look at its units, nothing else.

import SpanStore
import TraceModel

enum EventRecords {
    private struct Key: Hashable {
        var trace: TraceID
        var span: SpanID
    }

    /// Puts the event records of spans behind the events they were sent with, in the order of their times.
    ///
    /// - Parameter spans: each once: of versions of a span the one that is shown.
    static func join(_ spans: inout [SpanRecord], from units: [any ScanUnit], _ budget: QueryBudget) throws {
        guard !spans.isEmpty else { return }
        // Oldest first: records of one time keep the order in which they came.
        let units = try units.reversed().filter { try !$0.eventRows.isEmpty }
        guard !units.isEmpty else { return }
        let wanted = Set(spans.map { Key(trace: $0.traceID, span: $0.spanID) })
        var found: [Key: [SpanRecord.Event]] = [:], count = 0
        for trace in Set(spans.map(\.traceID)).sorted() {
            for unit in units {
                try budget.check()
                let rows = try rows(of: trace, in: unit)
                guard !rows.isEmpty else { continue }
                guard case .spanIDs(let ids) = try unit.gather(.spanID, rows: rows), ids.count == rows.count else {
                    throw QueryError(.storage, "span_id is not a column of ids")
                }
                let chosen = rows.indices.filter { wanted.contains(Key(trace: trace, span: ids[$0])) }.map { rows[$0] }
                count += chosen.count
                guard count <= QueryLimits.maximumSpansPerTrace else {
                    throw QueryError(
                        .memoryLimit, "the spans have more than \(QueryLimits.maximumSpansPerTrace) events in all; read fewer spans")
                }
                try forEachRecord(at: chosen, in: unit, budget) { record in
                    found[Key(trace: trace, span: record.spanID), default: []].append(SpanRecord.Event(record: record))
                }
            }
        }
        guard !found.isEmpty else { return }
        for index in spans.indices {
            try budget.check()
            guard let events = found[Key(trace: spans[index].traceID, span: spans[index].spanID)] else { continue }
            spans[index].events += inOrder(events)
        }
    }

    /// Reads records in pieces that fit what the query may hold: content in events has no bound of its own, and nobody knows its size before.
    private static func forEachRecord(
        at rows: [Int32], in unit: any ScanUnit, _ budget: QueryBudget, _ body: (SpanRecord) -> Void
    ) throws {
        var first = 0, pieceCount = QueryLimits.firstEventPieceCount
        while first < rows.count {
            try budget.check()
            let records = try unit.records(at: Array(rows[first..<min(first + pieceCount, rows.count)]))
            let byteCount = records.reduce(0) { $0 + $1.attributes.approximateByteCount }
            try budget.use(byteCount: byteCount)
            records.forEach(body)
            first += pieceCount
            pieceCount = byteCount < QueryLimits.eventPieceByteCount ? 2 * pieceCount : max(1, pieceCount / 8)
        }
    }

    /// The rows of a trace that are event records, ascending.
    static func rows(of trace: TraceID, in unit: any ScanUnit) throws -> [Int32] {
        let events = try unit.eventRows
        guard !events.isEmpty, try unit.mayContain(trace: trace) else { return [] }
        let rows = try unit.rows(ofTrace: trace)
        return SortedRows.subtract(SortedRows.subtract(events, from: rows), from: rows)
    }

    /// By time, each once: an exporter that repeats itself after the store has forgotten its request sends the same event again.
    private static func inOrder(_ events: [SpanRecord.Event]) -> [SpanRecord.Event] {
        let order = events.indices.sorted { (events[$0].timeUnixNano, $0) < (events[$1].timeUnixNano, $1) }
        var result: [SpanRecord.Event] = []
        for index in order {
            let event = events[index]
            let isRepeat = result.suffix(QueryLimits.comparedEventCount).reversed().prefix { $0.timeUnixNano == event.timeUnixNano }
                .contains { $0.isRepeat(of: event) }
            if !isRepeat { result.append(event) }
        }
        return result
    }
}

extension [KeyValue] {
    fileprivate var approximateByteCount: Int { reduce(0) { $0 + $1.key.utf8.count + $1.value.approximateByteCount } }
}

extension AttributeValue {
    fileprivate var approximateByteCount: Int {
        switch self {
        case .string(let text): 64 + text.utf8.count
        case .bytes(let bytes): 64 + bytes.count
        case .array(let elements): elements.reduce(64) { $0 + $1.approximateByteCount }
        case .keyValueList(let members): 64 + members.approximateByteCount
        case .bool, .int, .double, .empty: 64
        }
    }
}

extension SpanRecord.Event {
    init(record: SpanRecord) {
        self.init(
            timeUnixNano: record.startTimeUnixNano, name: record.name, attributes: record.attributes,
            droppedAttributesCount: record.droppedAttributesCount)
    }

    /// Attributes come in another order from a segment than from memory.
    fileprivate func isRepeat(of other: SpanRecord.Event) -> Bool {
        guard name == other.name, attributes.count == other.attributes.count else { return false }
        let keys = attributes.sorted { $0.key < $1.key }, others = other.attributes.sorted { $0.key < $1.key }
        return zip(keys, others).allSatisfy { $0 == $1 }
    }
}
