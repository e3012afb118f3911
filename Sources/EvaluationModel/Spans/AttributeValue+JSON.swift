/// Attribute values as JSON, for those who look for messages in them.

import ByteCoding
import TraceModel

extension AttributeValue {
    /// Arrays and maps as themselves; a text stays a text, whatever is in it; bytes and what JSON has not are null.
    package var jsonValue: JSONValue {
        switch self {
        case .string(let text): .string(text)
        case .bool(let flag): .bool(flag)
        case .int(let number): .integer(number)
        case .double(let number): number.isFinite ? .double(number) : .null
        case .array(let elements): .array(elements.map(\.jsonValue))
        case .keyValueList(let members): .object(members.map { JSONMember(key: $0.key, value: $0.value.jsonValue) })
        case .bytes, .empty: .null
        }
    }
}

extension JSONValue {
    /// A text that is JSON of an object or a list, as that; everything else as it is.
    var unpacked: JSONValue {
        guard case .string(let text) = self, let first = text.utf8.first(where: { $0 != 0x20 && $0 != 0x0a && $0 != 0x0d && $0 != 0x09 }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
            let value = try? JSONValue.parse(text, maximumDepth: TestCaseLimits.maximumDepth)
        else { return self }
        return value
    }
}
