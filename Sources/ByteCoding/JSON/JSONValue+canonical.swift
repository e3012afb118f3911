/// One form for all ways to write the same value, to hash it by.

extension JSONValue {
    /// The members of every object in the order of their keys' bytes, and doubles without a fraction as integers.
    package var canonical: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.canonical))
        case .object(let members):
            .object(
                members.map { JSONMember(key: $0.key, value: $0.value.canonical) }
                    .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
        case .double(let value): Int64(exactly: value).map(JSONValue.integer) ?? self
        default: self
        }
    }
}
