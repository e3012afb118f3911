import TraceModel

/// `SpanRecord`s -> an `ExportTraceServiceRequest` in protobuf, from which the decoder makes equal records again.
///
/// The order stays: a span begins a new `ResourceSpans` or `ScopeSpans` where its owner differs from that of the span before.
package enum ExportTraceRequestEncoder {
    package static func encode(_ records: [SpanRecord]) -> [UInt8] {
        var writer = ProtobufWriter()
        var index = 0
        while index < records.count {
            let resource = records[index].resource
            let resourceSpans = writer.begin(1)
            if let encoded = resource.encoded { writer.content(1, encoded) }
            while index < records.count, records[index].resource == resource {
                let scope = records[index].scope
                let scopeSpans = writer.begin(2)
                if let encoded = scope.encoded { writer.content(1, encoded) }
                while index < records.count, records[index].resource == resource, records[index].scope == scope {
                    writer.message(2) { span(records[index], to: &$0) }
                    index += 1
                }
                writer.string(3, scope.schemaURL)
                writer.end(scopeSpans)
            }
            writer.string(3, resource.schemaURL)
            writer.end(resourceSpans)
        }
        return writer.bytes
    }

    /// The `Span` message alone.
    package static func span(_ record: SpanRecord) -> [UInt8] {
        var writer = ProtobufWriter()
        span(record, to: &writer)
        return writer.bytes
    }

    private static func span(_ record: SpanRecord, to writer: inout ProtobufWriter) {
        writer.content(1, record.traceID.bytes)
        writer.content(2, record.spanID.bytes)
        writer.string(3, record.traceState)
        if !record.parentSpanID.isZero { writer.content(4, record.parentSpanID.bytes) }
        writer.string(5, record.name)
        writer.varint(6, UInt64(bitPattern: Int64(record.kind)))
        writer.fixed64(7, record.startTimeUnixNano)
        writer.fixed64(8, record.endTimeUnixNano)
        AttributeValueEncoder.keyValues(record.attributes, field: 9, to: &writer)
        writer.varint(10, UInt64(record.droppedAttributesCount))
        for event in record.events {
            writer.message(11) { writer in
                writer.fixed64(1, event.timeUnixNano)
                writer.string(2, event.name)
                AttributeValueEncoder.keyValues(event.attributes, field: 3, to: &writer)
                writer.varint(4, UInt64(event.droppedAttributesCount))
            }
        }
        writer.varint(12, UInt64(record.droppedEventsCount))
        for link in record.links {
            writer.message(13) { writer in
                writer.content(1, link.traceID.bytes)
                writer.content(2, link.spanID.bytes)
                writer.string(3, link.traceState)
                AttributeValueEncoder.keyValues(link.attributes, field: 4, to: &writer)
                writer.varint(5, UInt64(link.droppedAttributesCount))
                writer.fixed32(6, link.flags)
            }
        }
        writer.varint(14, UInt64(record.droppedLinksCount))
        if let status = record.status {
            writer.message(15) { writer in
                writer.string(2, status.message)
                writer.varint(3, UInt64(bitPattern: Int64(status.code)))
            }
        }
        writer.fixed32(16, record.flags)
    }
}
