import ByteCoding
import TraceModel

/// Reads span objects of OTLP/JSON into a `SpanBatchBuilder`. Field names are the lowerCamelCase of those in
/// `SpanMessageDecoder.swift`; unknown ones are skipped, null is absent.
struct SpanJSONDecoder {
    /// The protobuf side's decoder: it owns the builder, and reads the resources and scopes that are re-encoded into the appendix.
    var messages: SpanMessageDecoder

    init(builder: SpanBatchBuilder, signal: RequestSignal = .traces) { messages = SpanMessageDecoder(builder: builder, signal: signal) }

    var signal: RequestSignal { messages.signal }

    var builder: SpanBatchBuilder {
        get { messages.builder }
        _modify { yield &messages.builder }
    }

    consuming func finish() -> (columns: SpanBatch, appendix: [UInt8]) { messages.builder.finish() }

    private static let spanKinds = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"]
    private static let statusCodes = ["UNSET", "OK", "ERROR"]

    /// Reads one span object and appends its row; on a fault the caller rolls back.
    mutating func span(_ reader: inout OTLPJSONReader, resourceIndex: UInt32, scopeIndex: UInt32) throws(SpanFault) {
        var row = SpanRow()
        let eventStart = builder.batch.events.count
        let linkStart = builder.batch.links.count
        let attributeStart = builder.batch.attributes.count
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if reader.matches(key, "attributes") {
                try reader.beginArray()
                while try reader.nextElement() {
                    if builder.batch.attributes.count - attributeStart >= builder.limits.maximumAttributeCount {
                        throw SpanFault(.tooManyAttributes)
                    }
                    let attribute = try attribute(&reader)
                    builder.batch.attributes.append(attribute)
                }
            } else if reader.matches(key, "traceId") {
                let id = try reader.hexID(byteCount: 16)
                row.traceID = TraceID(high: id.high, low: id.low)
                row.traceIDByteCount = id.byteCount
            } else if reader.matches(key, "spanId") {
                let id = try reader.hexID(byteCount: 8)
                row.spanID = SpanID(rawValue: id.low)
                row.spanIDByteCount = id.byteCount
            } else if reader.matches(key, "parentSpanId") {
                let id = try reader.hexID(byteCount: 8)
                row.parentSpanID = SpanID(rawValue: id.low)
                row.parentSpanIDByteCount = id.byteCount
            } else if reader.matches(key, "name") {
                row.name = try text(&reader)
            } else if reader.matches(key, "kind") {
                row.kind = try reader.enumeration("SPAN_KIND_", Self.spanKinds)
            } else if reader.matches(key, "startTimeUnixNano") {
                row.startTimeUnixNano = try reader.uint64()
            } else if reader.matches(key, "endTimeUnixNano") {
                row.endTimeUnixNano = try reader.uint64()
            } else if reader.matches(key, "status") {
                try status(&reader, &row)
            } else if reader.matches(key, "events") {
                try reader.beginArray()
                while try reader.nextElement() {
                    if builder.batch.events.count - eventStart >= builder.limits.maximumEventCount { throw SpanFault(.tooManyAttributes) }
                    try event(&reader)
                }
            } else if reader.matches(key, "links") {
                try reader.beginArray()
                while try reader.nextElement() {
                    if builder.batch.links.count - linkStart >= builder.limits.maximumEventCount { throw SpanFault(.tooManyAttributes) }
                    try link(&reader)
                }
            } else if reader.matches(key, "flags") {
                row.flags = try reader.uint32()
            } else if reader.matches(key, "traceState") {
                row.traceState = try text(&reader)
            } else if reader.matches(key, "droppedAttributesCount") {
                row.droppedAttributesCount = try reader.uint32()
            } else if reader.matches(key, "droppedEventsCount") {
                row.droppedEventsCount = try reader.uint32()
            } else if reader.matches(key, "droppedLinksCount") {
                row.droppedLinksCount = try reader.uint32()
            } else {
                try reader.skipValue()
            }
        }
        try builder.append(row, resourceIndex: resourceIndex, scopeIndex: scopeIndex)
    }

    private mutating func event(_ reader: inout OTLPJSONReader) throws(SpanFault) {
        var event = SpanBatch.Event(
            timeUnixNano: 0, name: .empty, attributeStart: UInt32(truncatingIfNeeded: builder.batch.nestedAttributes.count),
            attributeCount: 0, droppedAttributesCount: 0)
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if reader.matches(key, "timeUnixNano") {
                event.timeUnixNano = try reader.uint64()
            } else if reader.matches(key, "name") {
                event.name = try text(&reader)
            } else if reader.matches(key, "attributes") {
                try nestedAttributes(&reader, count: &event.attributeCount)
            } else if reader.matches(key, "droppedAttributesCount") {
                event.droppedAttributesCount = try reader.uint32()
            } else {
                try reader.skipValue()
            }
        }
        guard event.timeUnixNano <= SpanRow.maximumTimeUnixNano else { throw SpanFault(.timeOutOfRange) }
        builder.batch.events.append(event)
    }

    private mutating func link(_ reader: inout OTLPJSONReader) throws(SpanFault) {
        var traceIDByteCount = 0
        var spanIDByteCount = 0
        var link = SpanBatch.Link(
            traceID: TraceID(high: 0, low: 0), spanID: .none, traceState: .empty, flags: 0,
            attributeStart: UInt32(truncatingIfNeeded: builder.batch.nestedAttributes.count), attributeCount: 0, droppedAttributesCount: 0)
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if reader.matches(key, "traceId") {
                let id = try reader.hexID(byteCount: 16)
                link.traceID = TraceID(high: id.high, low: id.low)
                traceIDByteCount = id.byteCount
            } else if reader.matches(key, "spanId") {
                let id = try reader.hexID(byteCount: 8)
                link.spanID = SpanID(rawValue: id.low)
                spanIDByteCount = id.byteCount
            } else if reader.matches(key, "traceState") {
                link.traceState = try text(&reader)
            } else if reader.matches(key, "attributes") {
                try nestedAttributes(&reader, count: &link.attributeCount)
            } else if reader.matches(key, "droppedAttributesCount") {
                link.droppedAttributesCount = try reader.uint32()
            } else if reader.matches(key, "flags") {
                link.flags = try reader.uint32()
            } else {
                try reader.skipValue()
            }
        }
        guard traceIDByteCount == 16, spanIDByteCount == 8 else { throw SpanFault(.linkIDLength) }
        builder.batch.links.append(link)
    }

    private mutating func status(_ reader: inout OTLPJSONReader, _ row: inout SpanRow) throws(SpanFault) {
        row.hasStatus = true
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if reader.matches(key, "code") {
                row.statusCode = try reader.enumeration("STATUS_CODE_", Self.statusCodes)
            } else if reader.matches(key, "message") {
                row.statusMessage = try text(&reader)
            } else {
                try reader.skipValue()
            }
        }
    }
}
