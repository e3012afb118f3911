import ByteCoding
import TraceModel

/// Members of attributes that hold an object, as one of OTLP's maps or as JSON in a string, and texts in JSON's quotes.
///
/// A member comes back as an attribute, so that it is read as one; only a text with escapes is copied, decoded, to the batch's
/// appendix. What is no object, or broken before the member is found, has none.
enum MemberReader {
    /// The member at a path: the names from the outside in.
    static func member(_ path: [[UInt8]], of attribute: SpanBatch.Attribute, _ batch: inout SpanBatch) -> SpanBatch.Attribute? {
        switch attribute.type {
        case .string:
            guard attribute.range.count <= GenAILimits.maximumMemberTextLength else { return nil }
            return materialized(batch.bytes.withUnsafeBytes { json(path, attribute, $0) }, &batch)
        case .keyValueList:
            guard let found = batch.bytes.withUnsafeBytes({ structured(path[...], attribute, $0) }) else { return nil }
            return found
        case .bool, .int, .double, .bytes, .array, .empty:
            return nil
        }
    }

    /// A text in JSON's quotes as the text it spells; any other value as it is.
    static func unquoted(_ attribute: SpanBatch.Attribute, _ batch: inout SpanBatch) -> SpanBatch.Attribute {
        guard attribute.type == .string, attribute.range.count >= 2, batch.bytes[attribute.range.start] == UInt8(ascii: "\""),
            attribute.range.count <= GenAILimits.maximumMemberTextLength
        else { return attribute }
        return materialized(batch.bytes.withUnsafeBytes { json([], attribute, $0) }, &batch) ?? attribute
    }

    /// The sum of an object's amounts, whatever their names, without a total that stands among them; nil where it has none.
    static func sum(of attribute: SpanBatch.Attribute, _ values: ValueReader, _ batch: SpanBatch) -> Double? {
        guard attribute.type == .keyValueList || attribute.range.count <= GenAILimits.maximumMemberTextLength else { return nil }
        let members: [(isTotal: Bool, value: SpanBatch.Attribute)] =
            switch attribute.type {
            case .string: batch.bytes.withUnsafeBytes { jsonMembers(attribute, $0) }
            case .keyValueList: batch.bytes.withUnsafeBytes { structuredMembers(attribute, $0) }
            case .bool, .int, .double, .bytes, .array, .empty: []
            }
        var sum: Double?
        for member in members where !member.isTotal {
            if let amount = values.amount(member.value, batch) { sum = (sum ?? 0) + amount }
        }
        return sum.flatMap { $0.isFinite ? $0 : nil }
    }

    private static let total = Array("total".utf8)

    /// The numbers and plain texts among an object's members, up to where it is broken.
    private static func jsonMembers(
        _ attribute: SpanBatch.Attribute, _ bytes: UnsafeRawBufferPointer
    ) -> [(isTotal: Bool, value: SpanBatch.Attribute)] {
        var members: [(isTotal: Bool, value: SpanBatch.Attribute)] = []
        let start = attribute.range.start
        var scanner = JSONScanner(
            UnsafeRawBufferPointer(rebasing: bytes[attribute.range.indices]), maximumDepth: GenAILimits.maximumMemberDepth)
        do throws(JSONError) {
            guard try scanner.peek() == .object else { return [] }
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                let isTotal = scanner.raw(key).starts(with: total)
                func add(_ type: AttributeType, _ bits: UInt64) {
                    members.append((isTotal, SpanBatch.Attribute(keyIndex: attribute.keyIndex, type: type, bits: bits)))
                }
                switch try scanner.peek() {
                case .number:
                    if let number = JSONBytes.double(scanner.raw(try scanner.number())) { add(.double, number.bitPattern) }
                case .string:
                    let text = try scanner.string()
                    if !text.hasEscapes { add(.string, ByteRange(offset: start + text.start, length: text.count).packed) }
                default: try scanner.skipValue()
                }
            }
        } catch {
            // Of a broken object nobody knows what is missing.
            return []
        }
        return members
    }

    private static func structuredMembers(
        _ attribute: SpanBatch.Attribute, _ bytes: UnsafeRawBufferPointer
    ) -> [(isTotal: Bool, value: SpanBatch.Attribute)] {
        var members: [(isTotal: Bool, value: SpanBatch.Attribute)] = []
        var list = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[attribute.range.indices]))
        while let entry = list.nextProtobufField() {
            guard entry.number == 1, entry.isLengthDelimited else { continue }
            let start = attribute.range.start + entry.start
            var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[start..<start + entry.count]))
            var isTotal = false
            var value: SpanBatch.Attribute?
            while let member = reader.nextProtobufField() {
                guard member.isLengthDelimited else { continue }
                let range = start + member.start..<start + member.start + member.count
                if member.number == 1 { isTotal = bytes[range].starts(with: total) }
                if member.number == 2 { value = anyValue(range, attribute.keyIndex, bytes) }
            }
            if let value, isText(value, bytes) { members.append((isTotal, value)) }
        }
        return members
    }

    /// What the scanner found, before the batch may be written to.
    private enum Found {
        case value(SpanBatch.Attribute)
        case decoded([UInt8], keyIndex: UInt32)
    }

    private static func materialized(_ found: Found?, _ batch: inout SpanBatch) -> SpanBatch.Attribute? {
        switch found {
        case nil: nil
        case .value(let attribute): attribute
        case .decoded(let text, let keyIndex):
            SpanBatch.Attribute(keyIndex: keyIndex, type: .string, bits: batch.append(text).packed)
        }
    }

    private static func json(_ path: [[UInt8]], _ attribute: SpanBatch.Attribute, _ bytes: UnsafeRawBufferPointer) -> Found? {
        let start = attribute.range.start
        var scanner = JSONScanner(
            UnsafeRawBufferPointer(rebasing: bytes[attribute.range.indices]), maximumDepth: GenAILimits.maximumMemberDepth)
        do throws(JSONError) {
            for name in path {
                guard try scanner.peek() == .object else { return nil }
                try scanner.beginObject()
                var isFound = false
                while !isFound, let key = try scanner.nextKey() {
                    if !key.hasEscapes, scanner.raw(key).elementsEqual(name) { isFound = true } else { try scanner.skipValue() }
                }
                guard isFound else { return nil }
            }
            func value(_ type: AttributeType, _ bits: UInt64) -> Found {
                .value(SpanBatch.Attribute(keyIndex: attribute.keyIndex, type: type, bits: bits))
            }
            switch try scanner.peek() {
            case .null: return nil
            case .bool: return value(.bool, try scanner.bool() ? 1 : 0)
            case .number:
                let number = try scanner.number()
                if number.isInteger, let integer = JSONBytes.int64(scanner.raw(number)) { return value(.int, UInt64(bitPattern: integer)) }
                return JSONBytes.double(scanner.raw(number)).map { value(.double, $0.bitPattern) }
            case .string:
                let text = try scanner.string()
                if !text.hasEscapes {
                    return value(.string, ByteRange(offset: start + text.start, length: text.count).packed)
                }
                var content: [UInt8] = []
                scanner.appendContent(of: text, to: &content)

                return .decoded(Array(String(decoding: content, as: UTF8.self).utf8), keyIndex: attribute.keyIndex)
            case .object, .array:
                scanner.skipWhitespace()
                let first = scanner.offset
                try scanner.skipValue()
                return value(.string, ByteRange(offset: start + first, length: scanner.offset - first).packed)
            }
        } catch {
            return nil
        }
    }

    /// `KeyValueList` has its entries in field 1; an entry its key in field 1 and its value, an `AnyValue`, in field 2.
    private static func structured(
        _ path: ArraySlice<[UInt8]>, _ attribute: SpanBatch.Attribute, _ bytes: UnsafeRawBufferPointer
    ) -> SpanBatch.Attribute? {
        guard let name = path.first, attribute.type == .keyValueList else {
            return path.isEmpty && isText(attribute, bytes) ? attribute : nil
        }
        var list = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[attribute.range.indices]))
        while let entry = list.nextProtobufField() {
            guard entry.number == 1, entry.isLengthDelimited else { continue }
            let start = attribute.range.start + entry.start
            var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[start..<start + entry.count]))
            var isNamed = false
            var value: SpanBatch.Attribute?
            while let member = reader.nextProtobufField() {
                guard member.isLengthDelimited else { continue }
                let range = start + member.start..<start + member.start + member.count
                if member.number == 1 { isNamed = bytes[range].elementsEqual(name) }
                if member.number == 2 { value = anyValue(range, attribute.keyIndex, bytes) }
            }
            if isNamed, let value { return structured(path.dropFirst(), value, bytes) }
        }
        return nil
    }

    /// `AnyValue`: 1 text, 2 flag, 3 integer, 4 double, 5 array, 6 map, 7 bytes.
    private static func anyValue(_ range: Range<Int>, _ keyIndex: UInt32, _ bytes: UnsafeRawBufferPointer) -> SpanBatch.Attribute? {
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[range]))
        var found: SpanBatch.Attribute?
        while let field = reader.nextProtobufField() {
            let content = ByteRange(offset: range.lowerBound + field.start, length: field.count)
            let made: (AttributeType, UInt64)? =
                switch (field.number, field.isLengthDelimited) {
                case (1, true): (.string, content.packed)
                case (2, false): (.bool, field.bits == 0 ? 0 : 1)
                case (3, false): (.int, field.bits)
                case (4, false): (.double, field.bits)
                case (5, true): (.array, content.packed)
                case (6, true): (.keyValueList, content.packed)
                case (7, true): (.bytes, content.packed)
                default: nil
                }
            if let made { found = SpanBatch.Attribute(keyIndex: keyIndex, type: made.0, bits: made.1) }
        }
        return found
    }

    /// Texts inside maps are not checked when a batch is decoded: one that is no UTF-8 is absent.
    private static func isText(_ attribute: SpanBatch.Attribute, _ bytes: UnsafeRawBufferPointer) -> Bool {
        attribute.type != .string || String(validating: bytes[attribute.range.indices], as: UTF8.self) != nil
    }
}

/// A field of a protobuf message: where its content lies in the reader's bytes, or its bits.
struct ProtobufField {
    var number: UInt64
    var isLengthDelimited = false
    var start = 0
    var count = 0
    /// Of the other wire types.
    var bits: UInt64 = 0
}

extension ByteReader {
    /// The next field; nil at the end or when the bytes are no protobuf message.
    mutating func nextProtobufField() -> ProtobufField? {
        guard !isAtEnd else { return nil }
        do throws(ByteCodingError) {
            let tag = try varint()
            var field = ProtobufField(number: tag >> 3)
            switch tag & 7 {
            case 0: field.bits = try varint()
            case 1: field.bits = try integer(UInt64.self)
            case 5: field.bits = UInt64(try integer(UInt32.self))
            case 2:
                let content = try lengthPrefixed()
                field.isLengthDelimited = true
                field.start = offset - content.count
                field.count = content.count
            default: return nil
            }
            return field
        } catch {
            return nil
        }
    }
}
