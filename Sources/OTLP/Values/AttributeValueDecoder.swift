import TraceModel

/// Protobuf attribute values -> `AttributeValue`. For read paths and tests; ingestion stays with tags and bits.
///
/// Messages as in `AttributeMessageDecoder.swift`. Bad UTF-8 becomes U+FFFD. All functions throw `.malformedProtobuf`.
package enum AttributeValueDecoder {
    /// The content of an `AnyValue` message.
    package static func decodeAnyValue(_ bytes: UnsafeRawBufferPointer) throws(OTLPError) -> AttributeValue {
        try decoding("AnyValue") { () throws(SpanFault) in
            var value = AttributeValue.empty
            try anyValue(WireCursor(bytes, shift: 0), &value, depth: 0)
            return value
        }
    }

    /// The content of an `ArrayValue` message, as `SpanBatch` keeps arrays.
    package static func decodeArray(_ bytes: UnsafeRawBufferPointer) throws(OTLPError) -> AttributeValue {
        try decoding("ArrayValue") { () throws(SpanFault) in .array(try array(WireCursor(bytes, shift: 0), depth: 1)) }
    }

    /// The content of a `KeyValueList` message, as `SpanBatch` keeps maps.
    package static func decodeKeyValueList(_ bytes: UnsafeRawBufferPointer) throws(OTLPError) -> AttributeValue {
        try decoding("KeyValueList") { () throws(SpanFault) in .keyValueList(try keyValueList(WireCursor(bytes, shift: 0), depth: 1)) }
    }

    package static func decodeAnyValue(_ bytes: [UInt8]) throws(OTLPError) -> AttributeValue {
        try bytes.withUnsafeBufferPointer { buffer throws(OTLPError) in try decodeAnyValue(UnsafeRawBufferPointer(buffer)) }
    }

    package static func decodeArray(_ bytes: [UInt8]) throws(OTLPError) -> AttributeValue {
        try bytes.withUnsafeBufferPointer { buffer throws(OTLPError) in try decodeArray(UnsafeRawBufferPointer(buffer)) }
    }

    package static func decodeKeyValueList(_ bytes: [UInt8]) throws(OTLPError) -> AttributeValue {
        try bytes.withUnsafeBufferPointer { buffer throws(OTLPError) in try decodeKeyValueList(UnsafeRawBufferPointer(buffer)) }
    }

    /// The value of an attribute of a batch.
    package static func value(of attribute: SpanBatch.Attribute, in batch: SpanBatch) throws(OTLPError) -> AttributeValue {
        switch attribute.type {
        case .empty: return .empty
        case .bool: return .bool(attribute.bits != 0)
        case .int: return .int(Int64(bitPattern: attribute.bits))
        case .double: return .double(Double(bitPattern: attribute.bits))
        case .string: return .string(batch.text(attribute.range))
        case .bytes: return .bytes(Array(batch.bytes[attribute.range.indices]))
        case .array, .keyValueList:
            let range = attribute.range.indices
            return try batch.bytes.withUnsafeBufferPointer { bytes throws(OTLPError) in
                let list = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[range])
                return attribute.type == .array ? try decodeArray(list) : try decodeKeyValueList(list)
            }
        }
    }

    /// Runs a decoder of this room and names the message that could not be read.
    static func decoding<Value>(_ message: StaticString, _ body: () throws(SpanFault) -> Value) throws(OTLPError) -> Value {
        do {
            return try body()
        } catch {
            throw OTLPError(.malformedProtobuf, "the bytes are no \(message) message: \(error.reason.explanation)")
        }
    }

    // MARK: Messages

    /// Reads an `AnyValue` over `value`: as messages merge, lists of the same type are joined and everything else is replaced.
    static func anyValue(_ message: WireCursor, _ value: inout AttributeValue, depth: Int) throws(SpanFault) {
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2: value = .string(text(try cursor.message()))
            case 2 << 3 | 0: value = .bool(try cursor.varint() != 0)
            case 3 << 3 | 0: value = .int(Int64(bitPattern: try cursor.varint()))
            case 4 << 3 | 1: value = .double(Double(bitPattern: try cursor.fixed64()))
            case 5 << 3 | 2:
                let elements = try array(try cursor.message(), depth: depth + 1)
                if case .array(let earlier) = value { value = .array(earlier + elements) } else { value = .array(elements) }
            case 6 << 3 | 2:
                let members = try keyValueList(try cursor.message(), depth: depth + 1)
                if case .keyValueList(let earlier) = value {
                    value = .keyValueList(earlier + members)
                } else {
                    value = .keyValueList(members)
                }
            case 7 << 3 | 2: value = .bytes(bytes(try cursor.message()))
            case 8 << 3 | 0:
                _ = try cursor.varint()
                value = .empty
            default: try cursor.skip(tag, known: 1...8)
            }
        }
    }

    private static func array(_ message: WireCursor, depth: Int) throws(SpanFault) -> [AttributeValue] {
        var elements: [AttributeValue] = []
        try forEachElement(message, depth: depth) { element throws(SpanFault) in
            var value = AttributeValue.empty
            try anyValue(element, &value, depth: depth)
            elements.append(value)
        }
        return elements
    }

    private static func keyValueList(_ message: WireCursor, depth: Int) throws(SpanFault) -> [KeyValue] {
        var members: [KeyValue] = []
        try forEachElement(message, depth: depth) { element throws(SpanFault) in members.append(try keyValue(element, depth: depth)) }
        return members
    }

    static func keyValue(_ message: WireCursor, depth: Int) throws(SpanFault) -> KeyValue {
        var cursor = message
        var member = KeyValue("", .empty)
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2: member.key = text(try cursor.message())
            case 2 << 3 | 2: try anyValue(try cursor.message(), &member.value, depth: depth)
            default: try cursor.skip(tag, known: 1...2)
            }
        }
        return member
    }

    /// The elements of a list are its field 1.
    private static func forEachElement(
        _ message: WireCursor, depth: Int, _ body: (WireCursor) throws(SpanFault) -> Void
    ) throws(SpanFault) {
        if depth > OTLPLimits.maximumRecursionDepth { throw SpanFault(.nestingTooDeep) }
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            if tag == 1 << 3 | 2 { try body(try cursor.message()) } else { try cursor.skip(tag, known: 1...1) }
        }
    }

    static func text(_ message: WireCursor) -> String {
        String(decoding: UnsafeRawBufferPointer(start: message.pointer, count: message.count), as: UTF8.self)
    }

    static func bytes(_ message: WireCursor) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: message.pointer, count: message.count))
    }
}
