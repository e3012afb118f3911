import ByteCoding
import TraceModel

/// Attribute values as JSON text, in two forms.
///
/// Plain: what a person or another tool expects, `["a", 1, 2.5, {"k": null}]`. Doubles always have a point or an exponent, so
/// that they and integers read back as what they were; null is the empty value. Bytes, NaN, infinities and maps with equal keys
/// have no plain form that reads back.
///
/// OTLP: `{"arrayValue": {"values": [{"stringValue": "a"}, ...]}}`. Any value has this form.
package enum AttributeValueJSON {
    /// The plain form; nil when it would not read back as the same value.
    package static func plainJSON(of value: AttributeValue) -> [UInt8]? {
        var writer = JSONWriter()
        return writePlain(value, to: &writer) ? writer.bytes : nil
    }

    package static func otlpJSON(of value: AttributeValue) -> [UInt8] {
        var writer = JSONWriter()
        writeOTLP(value, to: &writer)
        return writer.bytes
    }

    package static func parsePlainJSON(_ text: UnsafeRawBufferPointer) throws(OTLPError) -> AttributeValue {
        do {
            var scanner = JSONScanner(text, maximumDepth: OTLPLimits.maximumRecursionDepth)
            let value = try readPlain(&scanner)
            try scanner.finish()
            return value
        } catch {
            throw OTLPError(.malformedJSON, "the text is no attribute value: \(error.message)", byteOffset: error.byteOffset)
        }
    }

    package static func parseOTLPJSON(_ text: UnsafeRawBufferPointer) throws(OTLPError) -> AttributeValue {
        var reader = OTLPJSONReader(JSONScanner(text, maximumDepth: OTLPLimits.maximumJSONDepth))
        do {
            let value = try reader.anyValue(depth: 0, maximumDepth: OTLPLimits.maximumRecursionDepth)
            var rest = reader.scanner
            guard (try? rest.finish()) != nil else { throw SpanFault.malformed }
            return value
        } catch {
            throw OTLPError(.malformedJSON, "the text is no AnyValue in OTLP's JSON", byteOffset: reader.scanner.offset)
        }
    }

    package static func parsePlainJSON(_ text: [UInt8]) throws(OTLPError) -> AttributeValue {
        try text.withUnsafeBufferPointer { buffer throws(OTLPError) in try parsePlainJSON(UnsafeRawBufferPointer(buffer)) }
    }

    package static func parseOTLPJSON(_ text: [UInt8]) throws(OTLPError) -> AttributeValue {
        try text.withUnsafeBufferPointer { buffer throws(OTLPError) in try parseOTLPJSON(UnsafeRawBufferPointer(buffer)) }
    }

    // MARK: Writing

    /// False when there is no plain form; what was written by then is of no use.
    private static func writePlain(_ value: AttributeValue, to writer: inout JSONWriter) -> Bool {
        switch value {
        case .empty: writer.null()
        case .string(let text): writer.string(text)
        case .bool(let value): writer.bool(value)
        case .int(let value): writer.integer(value)
        case .double(let value):
            guard value.isFinite else { return false }
            writer.double(value)
        case .bytes: return false
        case .array(let elements):
            writer.beginArray()
            for element in elements where !writePlain(element, to: &writer) { return false }
            writer.endArray()
        case .keyValueList(let members):
            guard Set(members.map(\.key)).count == members.count else { return false }
            writer.beginObject()
            for member in members {
                writer.key(member.key)
                guard writePlain(member.value, to: &writer) else { return false }
            }
            writer.endObject()
        }
        return true
    }

    /// Writes an `AnyValue` object.
    static func writeOTLP(_ value: AttributeValue, to writer: inout JSONWriter) {
        writer.beginObject()
        switch value {
        case .empty: break
        case .string(let text): writer.member("stringValue", text)
        case .bool(let value): writer.member("boolValue", value)
        case .int(let value):
            writer.key("intValue")
            writer.quotedInteger(value)
        case .double(let value):
            writer.key("doubleValue")
            writer.otlpDouble(value)
        case .bytes(let bytes):
            writer.key("bytesValue")
            Base64.encode(bytes).withUnsafeBytes { writer.string(utf8: $0) }
        case .array(let elements):
            writer.key("arrayValue")
            writer.beginObject()
            writer.key("values")
            writer.beginArray()
            for element in elements { writeOTLP(element, to: &writer) }
            writer.endArray()
            writer.endObject()
        case .keyValueList(let members):
            writer.key("kvlistValue")
            writer.beginObject()
            writer.key("values")
            writeOTLP(members, to: &writer)
            writer.endObject()
        }
        writer.endObject()
    }

    /// Writes an array of `KeyValue` objects.
    static func writeOTLP(_ members: [KeyValue], to writer: inout JSONWriter) {
        writer.beginArray()
        for member in members {
            writer.beginObject()
            writer.member("key", member.key)
            writer.key("value")
            writeOTLP(member.value, to: &writer)
            writer.endObject()
        }
        writer.endArray()
    }

    // MARK: Reading

    private static func readPlain(_ scanner: inout JSONScanner) throws(JSONError) -> AttributeValue {
        switch try scanner.peek() {
        case .null:
            try scanner.null()
            return .empty
        case .bool: return .bool(try scanner.bool())
        case .string: return .string(scanner.text(of: try scanner.string()))
        case .number:
            let number = try scanner.number()
            if let integer = scanner.int64(number) { return .int(integer) }
            guard let double = scanner.double(number) else {
                throw JSONError("the number is beyond the range of doubles", byteOffset: number.start)
            }
            return .double(double)
        case .array:
            var elements: [AttributeValue] = []
            try scanner.beginArray()
            while try scanner.nextElement() { elements.append(try readPlain(&scanner)) }
            return .array(elements)
        case .object:
            var members: [KeyValue] = []
            try scanner.beginObject()
            while let key = try scanner.nextKey() { members.append(KeyValue(scanner.text(of: key), try readPlain(&scanner))) }
            return .keyValueList(members)
        }
    }
}
