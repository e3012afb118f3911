/// Header fields in their order, looked up without regard to case. Their values hold keys and tokens: no description shows one.

import ByteCoding

package struct CurlHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral, CustomStringConvertible {
    package struct Field: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    package private(set) var fields: [Field] = []

    package init() {}

    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { append(name, value) }
    }

    /// The first value; nil when there is none.
    package subscript(name: String) -> String? {
        get { fields.first { Self.isSame($0.name, name) }?.value }
        set {
            fields.removeAll { Self.isSame($0.name, name) }
            if let newValue { append(name, newValue) }
        }
    }

    package mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    package mutating func keep(_ names: Set<String>) {
        fields.removeAll { !names.contains($0.name.lowercased()) }
    }

    package var description: String { "headers: " + fields.map(\.name).joined(separator: ", ") }

    /// The name of a field that cannot be sent.
    package var unsendable: String? { fields.first { HTTPFieldRules.fault(name: $0.name, value: $0.value) != nil }?.name }

    private static func isSame(_ a: String, _ b: String) -> Bool { a.lowercased() == b.lowercased() }
}
