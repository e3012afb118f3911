import TraceModel

/// Reads `Span` messages and what they hold into a `SpanBatchBuilder`.
///
/// Cases are whole tags, `number << 3 | wire type`. Fields may come in any order and any number of times: the last scalar counts,
/// messages merge.
///
///     Span        1 trace_id  2 span_id  3 trace_state  4 parent_span_id  5 name  6 kind  7 start_time_unix_nano
///                 8 end_time_unix_nano  9* attributes  10 dropped_attributes_count  11* events  12 dropped_events_count
///                 13* links  14 dropped_links_count  15 status  16 flags
///     Event       1 time_unix_nano  2 name  3* attributes  4 dropped_attributes_count
///     Link        1 trace_id  2 span_id  3 trace_state  4* attributes  5 dropped_attributes_count  6 flags
///     Status      2 message  3 code
struct SpanMessageDecoder {
    var builder: SpanBatchBuilder
    /// What the innermost messages of the request are: its outer levels have the same fields for both.
    var signal = RequestSignal.traces
    /// What an attribute is filled in from: its initializer would be a call into another module for each.
    let blankAttribute = SpanBatch.Attribute(keyIndex: 0, type: .empty, bits: 0)

    /// Reads one span and appends its row; on a fault the caller rolls back.
    mutating func span(_ message: WireCursor, resourceIndex: UInt32, scopeIndex: UInt32) throws(SpanFault) {
        var cursor = message
        var row = SpanRow()
        let attributeStart = builder.batch.attributes.count
        let eventStart = builder.batch.events.count
        let linkStart = builder.batch.links.count
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2:
                let id = try cursor.message()
                row.traceIDByteCount = id.count
                if id.count == 16 { row.traceID = TraceID(unchecked: id.pointer) }
            case 2 << 3 | 2:
                let id = try cursor.message()
                row.spanIDByteCount = id.count
                if id.count == 8 { row.spanID = SpanID(unchecked: id.pointer) }
            case 3 << 3 | 2: row.traceState = try text(&cursor)
            case 4 << 3 | 2:
                let id = try cursor.message()
                row.parentSpanIDByteCount = id.count
                row.parentSpanID = id.count == 8 ? SpanID(unchecked: id.pointer) : .none
            case 5 << 3 | 2: row.name = try text(&cursor)
            case 6 << 3 | 0: row.kind = Int32(truncatingIfNeeded: try cursor.varint())
            case 7 << 3 | 1: row.startTimeUnixNano = try cursor.fixed64()
            case 8 << 3 | 1: row.endTimeUnixNano = try cursor.fixed64()
            case 9 << 3 | 2:
                if builder.batch.attributes.count &- attributeStart >= builder.limits.maximumAttributeCount {
                    throw SpanFault(.tooManyAttributes)
                }
                let attribute = try attribute(try cursor.message())
                builder.batch.attributes.append(attribute)
            case 10 << 3 | 0: row.droppedAttributesCount = UInt32(truncatingIfNeeded: try cursor.varint())
            case 11 << 3 | 2:
                if builder.batch.events.count - eventStart >= builder.limits.maximumEventCount { throw SpanFault(.tooManyAttributes) }
                try event(try cursor.message())
            case 12 << 3 | 0: row.droppedEventsCount = UInt32(truncatingIfNeeded: try cursor.varint())
            case 13 << 3 | 2:
                if builder.batch.links.count - linkStart >= builder.limits.maximumEventCount { throw SpanFault(.tooManyAttributes) }
                try link(try cursor.message())
            case 14 << 3 | 0: row.droppedLinksCount = UInt32(truncatingIfNeeded: try cursor.varint())
            case 15 << 3 | 2: try status(try cursor.message(), &row)
            case 16 << 3 | 5: row.flags = try cursor.fixed32()
            default: try cursor.skip(tag, known: 1...16)
            }
        }
        try builder.append(row, resourceIndex: resourceIndex, scopeIndex: scopeIndex)
    }

    @inline(__always)
    mutating func text(_ cursor: inout WireCursor) throws(SpanFault) -> ByteRange {
        let text = try cursor.message()
        return try builder.text(text.pointer, text.range)
    }

    private mutating func event(_ message: WireCursor) throws(SpanFault) {
        var cursor = message
        var event = SpanBatch.Event(
            timeUnixNano: 0, name: .empty, attributeStart: UInt32(truncatingIfNeeded: builder.batch.nestedAttributes.count),
            attributeCount: 0, droppedAttributesCount: 0)
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 1: event.timeUnixNano = try cursor.fixed64()
            case 2 << 3 | 2: event.name = try text(&cursor)
            case 3 << 3 | 2: try nestedAttribute(try cursor.message(), count: &event.attributeCount)
            case 4 << 3 | 0: event.droppedAttributesCount = UInt32(truncatingIfNeeded: try cursor.varint())
            default: try cursor.skip(tag, known: 1...4)
            }
        }
        guard event.timeUnixNano <= SpanRow.maximumTimeUnixNano else { throw SpanFault(.timeOutOfRange) }
        builder.batch.events.append(event)
    }

    private mutating func link(_ message: WireCursor) throws(SpanFault) {
        var cursor = message
        var traceIDByteCount = 0
        var spanIDByteCount = 0
        var link = SpanBatch.Link(
            traceID: TraceID(high: 0, low: 0), spanID: .none, traceState: .empty, flags: 0,
            attributeStart: UInt32(truncatingIfNeeded: builder.batch.nestedAttributes.count), attributeCount: 0, droppedAttributesCount: 0)
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2:
                let id = try cursor.message()
                traceIDByteCount = id.count
                if id.count == 16 { link.traceID = TraceID(unchecked: id.pointer) }
            case 2 << 3 | 2:
                let id = try cursor.message()
                spanIDByteCount = id.count
                if id.count == 8 { link.spanID = SpanID(unchecked: id.pointer) }
            case 3 << 3 | 2: link.traceState = try text(&cursor)
            case 4 << 3 | 2: try nestedAttribute(try cursor.message(), count: &link.attributeCount)
            case 5 << 3 | 0: link.droppedAttributesCount = UInt32(truncatingIfNeeded: try cursor.varint())
            case 6 << 3 | 5: link.flags = try cursor.fixed32()
            default: try cursor.skip(tag, known: 1...6)
            }
        }
        guard traceIDByteCount == 16, spanIDByteCount == 8 else { throw SpanFault(.linkIDLength) }
        builder.batch.links.append(link)
    }

    private mutating func status(_ message: WireCursor, _ row: inout SpanRow) throws(SpanFault) {
        var cursor = message
        row.hasStatus = true
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 2 << 3 | 2: row.statusMessage = try text(&cursor)
            case 3 << 3 | 0: row.statusCode = Int32(truncatingIfNeeded: try cursor.varint())
            default: try cursor.skip(tag, known: 2...3)
            }
        }
    }

    /// Reads an attribute of an event, link, resource or scope.
    mutating func nestedAttribute(_ message: WireCursor, count: inout UInt32) throws(SpanFault) {
        if Int(count) >= builder.limits.maximumAttributeCount || builder.batch.nestedAttributes.count >= builder.limits.maximumElementCount
        {
            throw SpanFault(.tooManyAttributes)
        }
        let attribute = try attribute(message)
        builder.batch.nestedAttributes.append(attribute)
        count += 1
    }
}
