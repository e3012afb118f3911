import ByteCoding
import TraceModel

/// Reads `KeyValue` objects of OTLP/JSON into the columns' form. Text without escapes stays where it is in the body; lists are
/// re-encoded as protobuf into the appendix.
extension SpanJSONDecoder {
    mutating func attribute(_ reader: inout OTLPJSONReader) throws(SpanFault) -> SpanBatch.Attribute {
        var attribute = SpanBatch.Attribute(keyIndex: 0, type: .empty, bits: 0)
        var name: JSONString?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if reader.matches(key, "key") {
                name = try reader.string()
            } else if reader.matches(key, "value") {
                try anyValue(&reader, &attribute)
            } else {
                try reader.skipValue()
            }
        }
        attribute.keyIndex = try keyIndex(name, reader)
        return attribute
    }

    mutating func nestedAttributes(_ reader: inout OTLPJSONReader, count: inout UInt32) throws(SpanFault) {
        try reader.beginArray()
        while try reader.nextElement() {
            if Int(count) >= builder.limits.maximumAttributeCount
                || builder.batch.nestedAttributes.count >= builder.limits.maximumElementCount
            {
                throw SpanFault(.tooManyAttributes)
            }
            let attribute = try attribute(&reader)
            builder.batch.nestedAttributes.append(attribute)
            count += 1
        }
    }

    /// Reads a string as a range of the batch.
    mutating func text(_ reader: inout OTLPJSONReader) throws(SpanFault) -> ByteRange {
        let string = try reader.string()
        return try text(string, reader)
    }

    /// A string that was read already, as a range of the batch.
    mutating func text(_ string: JSONString, _ reader: OTLPJSONReader) throws(SpanFault) -> ByteRange {
        if string.hasEscapes { return try decodedText(string, reader) }
        let range = ByteRange(offset: string.start, length: string.count)
        if string.isASCII, string.count <= builder.limits.maximumValueByteCount { return range }
        return try builder.text(WireCursor(reader.scanner.raw(string), shift: 0).base, range)
    }

    /// Decodes a string into the appendix and looks at it there.
    private mutating func decodedText(_ string: JSONString, _ reader: OTLPJSONReader) throws(SpanFault) -> ByteRange {
        let start = builder.appendix.count
        let hadHalfPair = reader.scanner.appendContent(of: string, to: &builder.appendix)
        let count = builder.appendix.count - start
        if count > builder.limits.maximumValueByteCount { throw SpanFault(.valueTooLarge) }
        let isValid =
            string.isASCII
            || builder.appendix.withUnsafeBytes { UTF8Text.isValid(UnsafeRawBufferPointer(rebasing: $0[start...])) }
        if isValid {
            if hadHalfPair { builder.batch.replacedStringCount += 1 }
            return ByteRange(offset: builder.body.count + start, length: count)
        }
        let content = Array(builder.appendix[start...])
        builder.appendix.removeLast(count)
        return content.withUnsafeBytes { builder.repaired($0) }
    }

    private mutating func keyIndex(_ key: JSONString?, _ reader: OTLPJSONReader) throws(SpanFault) -> UInt32 {
        guard let key else { return try builder.keyIndex(WireCursor(builder.body, shift: 0).base, offset: 0, count: 0) }
        if key.hasEscapes {
            let (content, wasReplaced) = reader.content(of: key)
            if wasReplaced { builder.batch.replacedStringCount += 1 }
            return try builder.keyIndex(of: content)
        }
        return try builder.keyIndex(
            WireCursor(reader.scanner.raw(key), shift: 0).base, offset: key.start, count: key.count)
    }

    /// Reads an `AnyValue` object.
    mutating func anyValue(_ reader: inout OTLPJSONReader, _ attribute: inout SpanBatch.Attribute) throws(SpanFault) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if reader.matches(key, "stringValue") {
                attribute.bits = try text(&reader).packed
                attribute.type = .string
            } else if reader.matches(key, "intValue") {
                attribute.bits = UInt64(bitPattern: try reader.int64())
                attribute.type = .int
            } else if reader.matches(key, "boolValue") {
                attribute.bits = try reader.bool() ? 1 : 0
                attribute.type = .bool
            } else if reader.matches(key, "doubleValue") {
                attribute.bits = try reader.double().bitPattern
                attribute.type = .double
            } else if reader.matches(key, "bytesValue") {
                attribute.bits = try value(try reader.base64()).packed
                attribute.type = .bytes
            } else if reader.matches(key, "arrayValue") {
                attribute.bits = try list(.array, &reader)
                attribute.type = .array
            } else if reader.matches(key, "kvlistValue") {
                attribute.bits = try list(.keyValueList, &reader)
                attribute.type = .keyValueList
            } else {
                try reader.skipValue()
            }
        }
    }

    private mutating func list(_ type: AttributeType, _ reader: inout OTLPJSONReader) throws(SpanFault) -> UInt64 {
        let replacedBefore = reader.replacedStringCount
        let list = try reader.list(type, depth: 1, maximumDepth: builder.limits.nestingDepth)
        builder.batch.replacedStringCount += reader.replacedStringCount - replacedBefore
        return try value(AttributeValueEncoder.encodeList(list) ?? []).packed
    }

    private mutating func value(_ bytes: [UInt8]) throws(SpanFault) -> ByteRange {
        if bytes.count > builder.limits.maximumValueByteCount { throw SpanFault(.valueTooLarge) }
        return builder.append(bytes)
    }
}
