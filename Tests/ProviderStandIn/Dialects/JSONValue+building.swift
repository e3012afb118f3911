/// JSON written as Swift literals: answers read here as they read on the wire.

import ByteCoding

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { JSONMember(key: $0.0, value: $0.1) })
    }

    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(nilLiteral: ()) { self = .null }

    static func count(_ value: Int) -> JSONValue { .integer(Int64(value)) }

    /// The text, or null.
    static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }

    /// An object with more members at its end.
    func with(_ members: [(String, JSONValue)]) -> JSONValue {
        .object((objectValue ?? []) + members.map { JSONMember(key: $0.0, value: $0.1) })
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}
