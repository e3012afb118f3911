import TraceModel

/// The fields of one log record while it is being read, and what becomes of them as a row.
struct LogRecordRow {
    var timeUnixNano: UInt64 = 0
    var observedTimeUnixNano: UInt64 = 0
    var severityNumber: Int32 = 0
    var severityText = ByteRange.empty
    /// Ids, name, flags and counts stand here already.
    var span = SpanRow()

    /// The row of a span: an event record begins and ends when the event was.
    var row: SpanRow {
        var row = span
        row.startTimeUnixNano = timeUnixNano == 0 ? observedTimeUnixNano : timeUnixNano
        row.endTimeUnixNano = row.startTimeUnixNano
        return row
    }
}

extension SpanBatchBuilder {
    /// Appends the attributes that hold what a span has no field for. They come first: see `LogRecordKeys`.
    mutating func appendAttributes(of record: LogRecordRow, body: SpanBatch.Attribute?) throws(SpanFault) {
        if let body, body.type != .empty { batch.attributes.append(body) }
        if record.severityNumber != 0 {
            try append(LogRecordKeys.severityNumber, .int, UInt64(bitPattern: Int64(record.severityNumber)))
        }
        if record.severityText.count > 0 { try append(LogRecordKeys.severityText, .string, record.severityText.packed) }
        let observed = record.observedTimeUnixNano
        if observed != 0, observed != record.row.startTimeUnixNano { try append(LogRecordKeys.observedTime, .int, observed) }
    }

    private mutating func append(_ key: String, _ type: AttributeType, _ bits: UInt64) throws(SpanFault) {
        batch.attributes.append(SpanBatch.Attribute(keyIndex: try keyIndex(of: Array(key.utf8)), type: type, bits: bits))
    }
}
