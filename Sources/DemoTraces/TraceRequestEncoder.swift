import ByteCoding
import TraceModel

/// Writes spans as an OTLP `ExportTraceServiceRequest` in protobuf, as an exporter would.
///
/// Message and field numbers (opentelemetry-proto 1.x, trace/v1/trace.proto and common/v1/common.proto):
///
///     ExportTraceServiceRequest  resource_spans 1
///     ResourceSpans              resource 1, scope_spans 2
///     ScopeSpans                 scope 1, spans 2
///     Span                       trace_id 1, span_id 2, parent_span_id 4, name 5, kind 6, start_time_unix_nano 7 (fixed64),
///                                end_time_unix_nano 8 (fixed64), attributes 9, events 11, status 15, flags 16 (fixed32)
///     Span.Event                 time_unix_nano 1 (fixed64), name 2, attributes 3
///     Status                     message 2, code 3
///     KeyValue                   key 1, value 2
///     AnyValue                   string 1, bool 2, int 3, double 4 (fixed64), array 5, kvlist 6, bytes 7
///     ArrayValue, KeyValueList   values 1
enum TraceRequestEncoder {
    /// Spans of equal resource and scope stand together, in the order of their first appearance.
    static func encode(_ spans: [SpanRecord]) -> [UInt8] {
        struct Origin: Hashable {
            var resource: SpanRecord.Resource
            var scope: SpanRecord.Scope
        }
        var order: [Origin] = []
        var groups: [Origin: [SpanRecord]] = [:]
        for span in spans {
            let origin = Origin(resource: span.resource, scope: span.scope)
            if groups[origin] == nil { order.append(origin) }
            groups[origin, default: []].append(span)
        }
        var request = ProtobufWriter()
        for origin in order {
            request.message(1) { resourceSpans in
                if let encoded = origin.resource.encoded { resourceSpans.bytes(1, encoded) }
                resourceSpans.message(2) { scopeSpans in
                    if let encoded = origin.scope.encoded { scopeSpans.bytes(1, encoded) }
                    for span in groups[origin] ?? [] { scopeSpans.message(2) { write(span, to: &$0) } }
                }
            }
        }
        return request.content.bytes
    }

    /// A `Resource` message.
    static func resource(_ attributes: [KeyValue]) -> [UInt8] {
        var writer = ProtobufWriter()
        for attribute in attributes { writer.message(1) { write(attribute, to: &$0) } }
        return writer.content.bytes
    }

    /// An `InstrumentationScope` message: name 1, version 2.
    static func scope(name: String, version: String) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.string(1, name)
        writer.string(2, version)
        return writer.content.bytes
    }

    private static func write(_ span: SpanRecord, to writer: inout ProtobufWriter) {
        writer.bytes(1, span.traceID.bytes)
        writer.bytes(2, span.spanID.bytes)
        if !span.parentSpanID.isZero { writer.bytes(4, span.parentSpanID.bytes) }
        writer.string(5, span.name)
        writer.varint(6, UInt64(max(0, span.kind)))
        writer.fixed64(7, span.startTimeUnixNano)
        writer.fixed64(8, span.endTimeUnixNano)
        for attribute in span.attributes { writer.message(9) { write(attribute, to: &$0) } }
        for event in span.events {
            writer.message(11) { message in
                message.fixed64(1, event.timeUnixNano)
                message.string(2, event.name)
                for attribute in event.attributes { message.message(3) { write(attribute, to: &$0) } }
            }
        }
        if let status = span.status {
            writer.message(15) { message in
                if !status.message.isEmpty { message.string(2, status.message) }
                message.varint(3, UInt64(max(0, status.code)))
            }
        }
        writer.fixed32(16, span.flags)
    }

    private static func write(_ attribute: KeyValue, to writer: inout ProtobufWriter) {
        writer.string(1, attribute.key)
        writer.message(2) { write(attribute.value, to: &$0) }
    }

    private static func write(_ value: AttributeValue, to writer: inout ProtobufWriter) {
        switch value {
        case .string(let string): writer.string(1, string)
        case .bool(let bool): writer.varint(2, bool ? 1 : 0)
        case .int(let int): writer.varint(3, UInt64(bitPattern: int))
        case .double(let double): writer.fixed64(4, double.bitPattern)
        case .array(let values):
            writer.message(5) { array in for element in values { array.message(1) { write(element, to: &$0) } } }
        case .keyValueList(let entries):
            writer.message(6) { list in for entry in entries { list.message(1) { write(entry, to: &$0) } } }
        case .bytes(let bytes): writer.bytes(7, bytes)
        case .empty: break
        }
    }
}

/// Fields of a protobuf message: a varint tag (number << 3 | wire type) before each value.
private struct ProtobufWriter {
    var content = ByteWriter()

    mutating func varint(_ field: Int, _ value: UInt64) {
        content.varint(field << 3)
        content.varint(value)
    }

    mutating func fixed64(_ field: Int, _ value: UInt64) {
        content.varint(field << 3 | 1)
        content.integer(value)
    }

    mutating func fixed32(_ field: Int, _ value: UInt32) {
        content.varint(field << 3 | 5)
        content.integer(value)
    }

    mutating func bytes(_ field: Int, _ value: [UInt8]) {
        content.varint(field << 3 | 2)
        content.lengthPrefixed(value)
    }

    mutating func string(_ field: Int, _ value: String) {
        content.varint(field << 3 | 2)
        content.lengthPrefixed(value)
    }

    mutating func message(_ field: Int, _ write: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        write(&inner)
        bytes(field, inner.content.bytes)
    }
}
