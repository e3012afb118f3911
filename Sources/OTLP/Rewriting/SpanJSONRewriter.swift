import ByteCoding
import TraceModel

/// Writes one span in OTLP's JSON anew, with only what a filter lets through: the members that the schema has, each filtered as
/// `TraceRequestRewriter` filters its field. The span may be as wrong as it likes as long as it is JSON: that is how the quarantine
/// gets it.
package struct SpanJSONRewriter<Filter: TelemetryFilter> {
    package private(set) var filter: Filter

    package init(filter: Filter) { self.filter = filter }

    /// Nil when the bytes are no JSON object, or nest too deep.
    package mutating func span(_ source: UnsafeRawBufferPointer) -> [UInt8]? {
        guard let value = try? JSONValue.parse(source, maximumDepth: OTLPLimits.maximumRecursionDepth), value.objectValue != nil else {
            return nil
        }
        return object(value, Self.spanMembers).bytes
    }

    /// What stands above spans, its objects and schema URLs filtered like a span's. Nil as with `span`.
    package mutating func owner(_ owner: SpanOwner) -> SpanOwner? {
        do {
            return SpanOwner(
                resource: try value(owner.resource, .object(Self.resourceMembers)),
                resourceSchemaURL: try value(owner.resourceSchemaURL, .text),
                scope: try value(owner.scope, .object(Self.scopeMembers)), scopeSchemaURL: try value(owner.scopeSchemaURL, .text))
        } catch {
            return nil
        }
    }

    private mutating func value(_ source: [UInt8]?, _ kind: Content) throws(JSONError) -> [UInt8]? {
        guard let source else { return nil }
        return content(try JSONValue.parse(source, maximumDepth: OTLPLimits.maximumRecursionDepth), kind).bytes
    }

    /// What a member of the schema holds.
    private enum Content {
        case scalar
        case text
        case identifier(digitCount: Int)
        case attributes
        case texts
        case objects([String: Content])
        case object([String: Content])
    }

    private static var spanMembers: [String: Content] {
        [
            "traceId": .identifier(digitCount: 32), "spanId": .identifier(digitCount: 16), "parentSpanId": .identifier(digitCount: 16),
            "traceState": .text, "name": .text, "kind": .scalar, "startTimeUnixNano": .scalar, "endTimeUnixNano": .scalar,
            "attributes": .attributes, "droppedAttributesCount": .scalar, "droppedEventsCount": .scalar, "droppedLinksCount": .scalar,
            "flags": .scalar, "status": .object(["message": .text, "code": .scalar]),
            "events": .objects(["timeUnixNano": .scalar, "name": .text, "attributes": .attributes, "droppedAttributesCount": .scalar]),
            "links": .objects([
                "traceId": .identifier(digitCount: 32), "spanId": .identifier(digitCount: 16), "traceState": .text, "flags": .scalar,
                "attributes": .attributes, "droppedAttributesCount": .scalar,
            ]),
        ]
    }

    private static var resourceMembers: [String: Content] {
        [
            "attributes": .attributes, "droppedAttributesCount": .scalar,
            "entityRefs": .objects(["schemaUrl": .text, "type": .text, "idKeys": .texts, "descriptionKeys": .texts]),
        ]
    }

    private static var scopeMembers: [String: Content] {
        ["name": .text, "version": .text, "attributes": .attributes, "droppedAttributesCount": .scalar]
    }

    /// Members that the schema does not have are left out.
    private mutating func object(_ value: JSONValue, _ schema: [String: Content]) -> JSONValue {
        guard let members = value.objectValue else { return leaf(value) }
        return .object(
            members.compactMap { member in
                schema[member.key].map { JSONMember(key: member.key, value: content(member.value, $0)) }
            })
    }

    private mutating func content(_ value: JSONValue, _ content: Content) -> JSONValue {
        switch content {
        case .scalar:
            // A number belongs here, as in protobuf, and so do its digits as a text.
            if value.isNumber { return value }
            if let text = value.stringValue, text.utf8.allSatisfy({ $0 &- 48 < 10 }) { return value }
            return leaf(value)
        case .text: return leaf(value)
        case .identifier(let digitCount):
            if let text = value.stringValue, text.utf8.count == digitCount, HexDigits.make(up: text) { return value }
            return leaf(value)
        case .attributes:
            guard let elements = value.arrayValue else { return leaf(value) }
            return .array(elements.compactMap { keyValue($0, below: nil) })
        case .texts:
            guard let elements = value.arrayValue else { return leaf(value) }
            return .array(elements.map { leaf($0) })
        case .object(let schema): return object(value, schema)
        case .objects(let schema):
            guard let elements = value.arrayValue else { return leaf(value) }
            return .array(elements.map { object($0, schema) })
        }
    }

    /// What stands where a text belongs. Texts are filtered, and so are numbers by the text they would be: a card's number without its
    /// quotes is one all the same. Of arrays and objects nothing is known, so nothing is kept.
    private mutating func leaf(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): masked(text).map { .string($0) } ?? .null
        case .integer, .double: number(value)
        case .null, .bool: value
        case .array: .array([])
        case .object: .object([])
        }
    }

    private mutating func number(_ value: JSONValue) -> JSONValue {
        let shown: String =
            switch value {
            case .integer(let integer): String(integer)
            case .double(let double): Int64(exactly: double).map { String($0) } ?? String(decoding: value.bytes, as: UTF8.self)
            default: ""
            }
        guard let masked = masked(shown) else { return .null }
        return masked == shown ? value : .string(masked)
    }

    /// Nil when the text is longer than may be kept.
    private mutating func masked(_ text: String) -> String? {
        guard text.utf8.count <= filter.maximumValueByteCount else {
            filter.foundLongValue()
            return nil
        }
        return Array(text.utf8).withUnsafeBytes { filter.replacement(of: $0) }.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    // MARK: Attributes

    private mutating func keyValue(_ value: JSONValue, below path: [UInt8]?) -> JSONValue? {
        guard value.objectValue != nil else { return leaf(value) }
        let key = Array((value["key"]?.stringValue ?? "").utf8)
        let memberPath = path.map { $0 + [UInt8(ascii: ".")] + key } ?? key
        let action = memberPath.withUnsafeBytes { filter.action(onPath: $0) }
        if action == .drop { return nil }
        let shownKey = key.withUnsafeBytes { filter.replacement(ofKey: $0) } ?? key
        var members = [JSONMember(key: "key", value: .string(String(decoding: shownKey, as: UTF8.self)))]
        if let content = value["value"] {
            if action == .digest {
                let digest = filter.digest(of: content)
                members.append(JSONMember(key: "value", value: .object([JSONMember(key: "stringValue", value: .string(digest))])))
            } else {
                guard let kept = anyValue(content, below: memberPath) else {
                    filter.foundLongValue()
                    return nil
                }
                members.append(JSONMember(key: "value", value: kept))
            }
        }
        return .object(members)
    }

    /// Nil when the value is longer than may be kept.
    private mutating func anyValue(_ value: JSONValue, below path: [UInt8]) -> JSONValue? {
        guard let members = value.objectValue else { return leaf(value) }
        var kept: [JSONMember] = []
        for member in members {
            switch member.key {
            case "stringValue":
                guard (member.value.stringValue?.utf8.count ?? 0) <= filter.maximumValueByteCount else { return nil }
                kept.append(JSONMember(key: member.key, value: leaf(member.value)))
            case "boolValue": kept.append(JSONMember(key: member.key, value: leaf(member.value)))
            case "doubleValue":
                // `NaN` and `Infinity` are texts that are numbers.
                let isNumber = member.value.isNumber || member.value.stringValue.map { Double($0) != nil } ?? false
                kept.append(JSONMember(key: member.key, value: isNumber ? member.value : leaf(member.value)))
            case "intValue": kept.append(integer(member.value))
            case "bytesValue":
                guard let bytes = member.value.stringValue.flatMap({ text in Array(text.utf8).withUnsafeBytes { Base64.decode($0) } })
                else { continue }
                guard bytes.count <= filter.maximumValueByteCount else { return nil }
                let isText = bytes.withUnsafeBytes { UTF8Text.isValid($0) }
                let shown = isText ? bytes.withUnsafeBytes { filter.replacement(of: $0) } ?? bytes : bytes
                kept.append(JSONMember(key: member.key, value: .string(String(decoding: Base64.encode(shown), as: UTF8.self))))
            case "arrayValue", "kvlistValue":
                let isArray = member.key == "arrayValue"
                guard let elements = member.value["values"]?.arrayValue else { continue }
                guard member.value.bytes.count <= filter.maximumValueByteCount else { return nil }
                var values: [JSONValue] = []
                for element in elements {
                    if isArray {
                        guard let kept = anyValue(element, below: path) else { return nil }
                        values.append(kept)
                    } else if let kept = keyValue(element, below: path) {
                        values.append(kept)
                    }
                }
                kept.append(JSONMember(key: member.key, value: .object([JSONMember(key: "values", value: .array(values))])))
            default: continue
            }
        }
        return .object(kept)
    }

    /// 64-bit integers are texts or numbers.
    private mutating func integer(_ value: JSONValue) -> JSONMember {
        let integer = value.integerValue ?? value.stringValue.flatMap { Int64($0) }
        guard let integer else { return JSONMember(key: "intValue", value: leaf(value)) }
        guard let replacement = filter.replacement(of: integer) else { return JSONMember(key: "intValue", value: .string(String(integer))) }
        return JSONMember(key: "stringValue", value: .string(String(decoding: replacement, as: UTF8.self)))
    }
}

extension JSONValue {
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .double: true
        default: false
        }
    }
}

private enum HexDigits {
    static func make(up text: String) -> Bool { text.utf8.allSatisfy { $0 &- 48 < 10 || ($0 | 0x20) &- 97 < 6 } }
}

extension TelemetryFilter {
    /// Of an `AnyValue` in JSON: equal to that of the same value in protobuf for texts and integers.
    fileprivate mutating func digest(of value: JSONValue) -> String {
        let bytes: [UInt8]
        if let text = value["stringValue"]?.stringValue {
            bytes = Array(text.utf8)
        } else if let integer = value["intValue"] {
            bytes = Array((integer.stringValue ?? integer.integerValue.map { String($0) } ?? "").utf8)
        } else if let raw = value["bytesValue"]?.stringValue.flatMap({ text in Array(text.utf8).withUnsafeBytes { Base64.decode($0) } }) {
            bytes = raw
        } else {
            bytes = value.bytes
        }
        return String(decoding: bytes.withUnsafeBytes { digest($0) }, as: UTF8.self)
    }
}
