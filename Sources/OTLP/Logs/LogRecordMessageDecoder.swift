import TraceModel

/// Reads `LogRecord` messages into rows of event records.
///
///     LogRecord   1 time_unix_nano  2 severity_number  3 severity_text  5 body (AnyValue)  6* attributes  7 dropped_attributes_count
///                 8 flags  9 trace_id  10 span_id  11 observed_time_unix_nano  12 event_name
extension SpanMessageDecoder {
    /// Reads one record and appends its row, or counts it as of no kind that is stored; on a fault the caller rolls back.
    mutating func logRecord(_ message: WireCursor, resourceIndex: UInt32, scopeIndex: UInt32) throws(SpanFault) {
        // Most records of a program are no events: they are told apart before anything of them is kept.
        guard let name = try eventName(of: message), StoredLogRecords.contains(name.buffer) else {
            builder.batch.otherRecordCount += 1
            return
        }
        var record = LogRecordRow()
        record.span.name = try builder.text(name.pointer, name.range)
        var cursor = message
        var bodies: [WireCursor] = []
        var attributes: [WireCursor] = []
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 1: record.timeUnixNano = try cursor.fixed64()
            case 2 << 3 | 0: record.severityNumber = Int32(truncatingIfNeeded: try cursor.varint())
            case 3 << 3 | 2: record.severityText = try text(&cursor)
            case 5 << 3 | 2:
                // A body in pieces, which no exporter sends: each costs memory, however short it is.
                if bodies.count >= builder.limits.maximumAttributeCount { throw SpanFault(.tooManyAttributes) }
                bodies.append(try cursor.message())
            case 6 << 3 | 2:
                if attributes.count >= builder.limits.maximumAttributeCount { throw SpanFault(.tooManyAttributes) }
                attributes.append(try cursor.message())
            case 7 << 3 | 0: record.span.droppedAttributesCount = UInt32(truncatingIfNeeded: try cursor.varint())
            case 8 << 3 | 5: record.span.flags = try cursor.fixed32()
            case 9 << 3 | 2:
                let id = try cursor.message()
                record.span.traceIDByteCount = id.count
                if id.count == 16 { record.span.traceID = TraceID(unchecked: id.pointer) }
            case 10 << 3 | 2:
                let id = try cursor.message()
                record.span.spanIDByteCount = id.count
                if id.count == 8 { record.span.spanID = SpanID(unchecked: id.pointer) }
            case 11 << 3 | 1: record.observedTimeUnixNano = try cursor.fixed64()
            case 12 << 3 | 2: _ = try cursor.message()
            default: try cursor.skip(tag, known: 1...12)
            }
        }
        guard record.observedTimeUnixNano <= SpanRow.maximumTimeUnixNano else { throw SpanFault(.timeOutOfRange) }
        let bodyKey = try builder.keyIndex(of: Array(LogRecordKeys.body.utf8))
        try builder.appendAttributes(of: record, body: bodies.isEmpty ? nil : attribute(keyIndex: bodyKey, values: bodies))
        for message in attributes {
            let attribute = try attribute(message)
            builder.batch.attributes.append(attribute)
        }
        try builder.append(record.row, resourceIndex: resourceIndex, scopeIndex: scopeIndex)
    }

    /// The field of that name, else the attribute; the last one where there are several.
    private func eventName(of message: WireCursor) throws(SpanFault) -> WireCursor? {
        var cursor = message
        var field: WireCursor?
        var attribute: WireCursor?
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 12 << 3 | 2:
                let name = try cursor.message()
                field = name.count > 0 ? name : nil
            case 6 << 3 | 2: if let name = try eventName(inAttribute: try cursor.message()) { attribute = name }
            default: try cursor.skip(tag, known: 16...16)
            }
        }
        return field ?? attribute
    }

    private func eventName(inAttribute message: WireCursor) throws(SpanFault) -> WireCursor? {
        var cursor = message
        var hasName = false
        var text: WireCursor?
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2:
                let key = try cursor.message()
                hasName = key.buffer.elementsEqual(LogRecordKeys.eventName.utf8)
            case 2 << 3 | 2:
                var value = try cursor.message()
                while value.hasMore {
                    let tag = try value.tag()
                    if tag == 1 << 3 | 2 { text = try value.message() } else { try value.skip(tag, known: 16...16) }
                }
            default: try cursor.skip(tag, known: 16...16)
            }
        }
        return hasName ? text : nil
    }
}
