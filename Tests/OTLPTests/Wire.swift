import TraceModel

/// Writes protobuf for tests, apart from the room's own writer: messages are built inside out from arrays.
enum Wire {
    static func varint(_ value: UInt64) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7f) | 0x80] + varint(value >> 7)
    }

    static func tag(_ field: Int, _ wireType: Int) -> [UInt8] { varint(UInt64(field * 8 + wireType)) }
    static func integer(_ field: Int, _ value: UInt64) -> [UInt8] { tag(field, 0) + varint(value) }
    static func fixed64(_ field: Int, _ value: UInt64) -> [UInt8] {
        tag(field, 1) + (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    static func fixed32(_ field: Int, _ value: UInt32) -> [UInt8] {
        tag(field, 5) + (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    static func bytes(_ field: Int, _ content: [UInt8]) -> [UInt8] { tag(field, 2) + varint(UInt64(content.count)) + content }
    static func string(_ field: Int, _ text: String) -> [UInt8] { bytes(field, Array(text.utf8)) }

    // MARK: OTLP

    static let traceID: [UInt8] = Array(1...16)
    static let spanID: [UInt8] = Array(1...8)

    static func request(_ resourceSpans: [UInt8]...) -> [UInt8] { resourceSpans.flatMap { bytes(1, $0) } }

    /// A request with one resource, one scope and these spans.
    static func request(spans: [[UInt8]]) -> [UInt8] {
        request(
            bytes(1, keyValue(1, "service.name", string(1, "shop")))
                + bytes(2, bytes(1, string(1, "tests")) + spans.flatMap { bytes(2, $0) }))
    }

    /// A span with the fields every span needs, and whatever else.
    static func span(_ fields: [UInt8] = []) -> [UInt8] { ids() + string(5, "GET /") + fixed64(7, 100) + fixed64(8, 250) + fields }

    static func ids(trace: [UInt8] = traceID, span: [UInt8] = spanID) -> [UInt8] { bytes(1, trace) + bytes(2, span) }

    /// A `KeyValue` field; `value` is the content of its `AnyValue`.
    static func keyValue(_ field: Int, _ key: String, _ value: [UInt8]) -> [UInt8] {
        bytes(field, (key.isEmpty ? [] : string(1, key)) + bytes(2, value))
    }

    static func anyValue(_ value: AttributeValue) -> [UInt8] {
        switch value {
        case .string(let text): string(1, text)
        case .bool(let value): integer(2, value ? 1 : 0)
        case .int(let value): integer(3, UInt64(bitPattern: value))
        case .double(let value): fixed64(4, value.bitPattern)
        case .array(let elements): bytes(5, elements.flatMap { bytes(1, anyValue($0)) })
        case .keyValueList(let members): bytes(6, members.flatMap { keyValue(1, $0.key, anyValue($0.value)) })
        case .bytes(let content): bytes(7, content)
        case .empty: []
        }
    }

    /// A string in so many arrays.
    static func nested(_ depth: Int) -> AttributeValue { (0..<depth).reduce(.string("x")) { value, _ in .array([value]) } }

    static func attributes(_ field: Int, _ members: [KeyValue]) -> [UInt8] {
        members.flatMap { keyValue(field, $0.key, anyValue($0.value)) }
    }

    /// A record as a `Span` message, fields with default values left out.
    static func span(_ record: SpanRecord) -> [UInt8] {
        var fields = ids(trace: record.traceID.bytes, span: record.spanID.bytes)
        if !record.traceState.isEmpty { fields += string(3, record.traceState) }
        if !record.parentSpanID.isZero { fields += bytes(4, record.parentSpanID.bytes) }
        fields += string(5, record.name) + integer(6, UInt64(bitPattern: Int64(record.kind)))
        fields += fixed64(7, record.startTimeUnixNano) + fixed64(8, record.endTimeUnixNano)
        fields += attributes(9, record.attributes) + integer(10, UInt64(record.droppedAttributesCount))
        for event in record.events {
            fields += bytes(
                11,
                fixed64(1, event.timeUnixNano) + string(2, event.name) + attributes(3, event.attributes)
                    + integer(4, UInt64(event.droppedAttributesCount)))
        }
        fields += integer(12, UInt64(record.droppedEventsCount))
        for link in record.links {
            fields += bytes(
                13,
                ids(trace: link.traceID.bytes, span: link.spanID.bytes) + string(3, link.traceState) + attributes(4, link.attributes)
                    + integer(5, UInt64(link.droppedAttributesCount)) + fixed32(6, link.flags))
        }
        fields += integer(14, UInt64(record.droppedLinksCount))
        if let status = record.status {
            fields += bytes(15, string(2, status.message) + integer(3, UInt64(bitPattern: Int64(status.code))))
        }
        return fields + fixed32(16, record.flags)
    }
}
