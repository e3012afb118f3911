import ByteCoding
import OTLP
import TraceModel

/// How an attribute value of any type stands as text in a Parquet map or among the payloads.
///
/// | tag | type | text |
/// |---|---|---|
/// | 0 | string | the string |
/// | 1 | bool | `true` or `false` |
/// | 2 | int | decimal |
/// | 3 | double | shortest decimal that reads back to the same number; `nan`, `inf`, `-inf` |
/// | 4 | bytes | base64 |
/// | 5 | array | plain JSON (`["a",1,1.5,true,null,{"k":"v"}]`; an integer has no point, a double always has one or an exponent) |
/// | 6 | key-value list | plain JSON object |
/// | 7 | empty | nothing |
/// | 8 | array or key-value list that plain JSON cannot give back (bytes, non-finite numbers, a key twice) | OTLP JSON `AnyValue` |
///
/// The tag stands beside the text wherever texts of several types meet. Tags are part of the format and never change.
enum StoredValue {
    static let otlpJSONTag: UInt8 = 8

    /// The text and tag of a value.
    static func encode(_ value: AttributeValue) -> (text: [UInt8], tag: UInt8) {
        switch value {
        case .string(let text): return (Array(text.utf8), AttributeType.string.rawValue)
        case .bool(let flag): return (Array((flag ? "true" : "false").utf8), AttributeType.bool.rawValue)
        case .int(let number): return (Array(String(number).utf8), AttributeType.int.rawValue)
        case .double(let number): return (Array("\(number)".utf8), AttributeType.double.rawValue)
        case .bytes(let bytes): return (Base64.encode(bytes), AttributeType.bytes.rawValue)
        case .empty: return ([], AttributeType.empty.rawValue)
        case .array:
            if let json = AttributeValueJSON.plainJSON(of: value) { return (json, AttributeType.array.rawValue) }
            return (AttributeValueJSON.otlpJSON(of: value), otlpJSONTag)
        case .keyValueList:
            if let json = AttributeValueJSON.plainJSON(of: value) { return (json, AttributeType.keyValueList.rawValue) }
            return (AttributeValueJSON.otlpJSON(of: value), otlpJSONTag)
        }
    }

    /// The value of a text and its tag.
    static func decode(_ text: UnsafeRawBufferPointer, tag: UInt8) throws(StoreError) -> AttributeValue {
        if tag == otlpJSONTag {
            guard let value = try? AttributeValueJSON.parseOTLPJSON(text) else { throw unreadable(tag) }
            return value
        }
        guard let type = AttributeType(rawValue: tag) else { throw unreadable(tag) }
        switch type {
        case .string: return .string(String(decoding: text, as: UTF8.self))
        case .bool: return .bool(text.first == UInt8(ascii: "t"))
        case .int:
            guard let number = Int64(String(decoding: text, as: UTF8.self)) else { throw unreadable(tag) }
            return .int(number)
        case .double:
            guard let number = Double(String(decoding: text, as: UTF8.self)) else { throw unreadable(tag) }
            return .double(number)
        case .bytes:
            guard let bytes = Base64.decode(text) else { throw unreadable(tag) }
            return .bytes(bytes)
        case .empty: return .empty
        case .array, .keyValueList:
            guard let value = try? AttributeValueJSON.parsePlainJSON(text) else { throw unreadable(tag) }
            return value
        }
    }

    private static func unreadable(_ tag: UInt8) -> StoreError {
        StoreError(.corrupt, "a stored attribute value of type \(tag) cannot be read")
    }
}
