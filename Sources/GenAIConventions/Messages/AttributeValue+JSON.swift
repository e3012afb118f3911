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
        guard case .string(let text) = self, let first = text.utf8.first(where: { !JSONValue.isSpace($0) }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
            let parsed = try? JSONValue.parse(text, maximumDepth: GenAILimits.maximumMessageDepth)
        else { return self }
        return parsed
    }

    /// As `unpacked`, and a text in JSON's quotes as the text it spells: MLflow and Langfuse write every value as JSON.
    var unquoted: JSONValue {
        guard case .string(let text) = self, text.utf8.first == UInt8(ascii: "\""),
            case .string(let inner)? = try? JSONValue.parse(text, maximumDepth: 1)
        else { return unpacked }
        return .string(inner)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }
}
