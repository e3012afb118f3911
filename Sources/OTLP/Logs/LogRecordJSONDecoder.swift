import ByteCoding
import TraceModel

/// Reads log record objects of OTLP/JSON. Field names are the lowerCamelCase of those in `LogRecordMessageDecoder.swift`.
extension SpanJSONDecoder {
    private static let severities = [
        "UNSPECIFIED", "TRACE", "TRACE2", "TRACE3", "TRACE4", "DEBUG", "DEBUG2", "DEBUG3", "DEBUG4", "INFO", "INFO2", "INFO3", "INFO4",
        "WARN", "WARN2", "WARN3", "WARN4", "ERROR", "ERROR2", "ERROR3", "ERROR4", "FATAL", "FATAL2", "FATAL3", "FATAL4",
    ]

    /// Reads one record and appends its row, or counts it as of no kind that is stored; on a fault the caller rolls back.
    mutating func logRecord(_ reader: inout OTLPJSONReader, resourceIndex: UInt32, scopeIndex: UInt32) throws(SpanFault) {
        var early = reader
        guard let name = try eventName(&early) else {
            builder.batch.otherRecordCount += 1
            reader = early
            return
        }
        var record = LogRecordRow()
        record.span.name = try text(name, reader)
        var body: SpanBatch.Attribute?
        var attributes: [SpanBatch.Attribute] = []
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if reader.matches(key, "timeUnixNano") {
                record.timeUnixNano = try reader.uint64()
            } else if reader.matches(key, "observedTimeUnixNano") {
                record.observedTimeUnixNano = try reader.uint64()
            } else if reader.matches(key, "severityNumber") {
                record.severityNumber = try reader.enumeration("SEVERITY_NUMBER_", Self.severities)
            } else if reader.matches(key, "severityText") {
                record.severityText = try text(&reader)
            } else if reader.matches(key, "body") {
                var value = SpanBatch.Attribute(
                    keyIndex: try builder.keyIndex(of: Array(LogRecordKeys.body.utf8)), type: .empty, bits: 0)
                try anyValue(&reader, &value)
                body = value
            } else if reader.matches(key, "attributes") {
                try reader.beginArray()
                while try reader.nextElement() {
                    if attributes.count >= builder.limits.maximumAttributeCount { throw SpanFault(.tooManyAttributes) }
                    attributes.append(try attribute(&reader))
                }
            } else if reader.matches(key, "droppedAttributesCount") {
                record.span.droppedAttributesCount = try reader.uint32()
            } else if reader.matches(key, "flags") {
                record.span.flags = try reader.uint32()
            } else if reader.matches(key, "traceId") {
                let id = try reader.hexID(byteCount: 16)
                record.span.traceID = TraceID(high: id.high, low: id.low)
                record.span.traceIDByteCount = id.byteCount
            } else if reader.matches(key, "spanId") {
                let id = try reader.hexID(byteCount: 8)
                record.span.spanID = SpanID(rawValue: id.low)
                record.span.spanIDByteCount = id.byteCount
            } else {
                try reader.skipValue()
            }
        }
        guard record.observedTimeUnixNano <= SpanRow.maximumTimeUnixNano else { throw SpanFault(.timeOutOfRange) }
        try builder.appendAttributes(of: record, body: body)
        builder.batch.attributes.append(contentsOf: attributes)
        try builder.append(record.row, resourceIndex: resourceIndex, scopeIndex: scopeIndex)
    }

    /// The name of an event that is stored: the field of that name, else the attribute. Reads the object to its end.
    private func eventName(_ reader: inout OTLPJSONReader) throws(SpanFault) -> JSONString? {
        var field: JSONString?
        var attribute: JSONString?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if reader.matches(key, "eventName") {
                let name = try reader.string()
                field = name.count > 0 ? name : nil
            } else if reader.matches(key, "attributes") {
                try reader.beginArray()
                while try reader.nextElement() { if let name = try eventName(inAttribute: &reader) { attribute = name } }
            } else {
                try reader.skipValue()
            }
        }
        guard let name = field ?? attribute else { return nil }
        return reader.content(of: name).bytes.withUnsafeBytes { StoredLogRecords.contains($0) } ? name : nil
    }

    private func eventName(inAttribute reader: inout OTLPJSONReader) throws(SpanFault) -> JSONString? {
        var hasName = false
        var text: JSONString?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if reader.matches(key, "key") {
                hasName = reader.content(of: try reader.string()).bytes.elementsEqual(LogRecordKeys.eventName.utf8)
            } else if reader.matches(key, "value") {
                try reader.beginObject()
                while let member = try reader.nextKey() {
                    if reader.matches(member, "stringValue") { text = try reader.string() } else { try reader.skipValue() }
                }
            } else {
                try reader.skipValue()
            }
        }
        return hasName ? text : nil
    }
}
