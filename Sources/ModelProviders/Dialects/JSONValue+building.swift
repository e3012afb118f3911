/// Request bodies as values: objects without their absent members, and merge patches over them.

import ByteCoding

extension JSONValue {
    /// An object of the members that are not nil. A JSON null is written as `.some(.null)`.
    static func members(_ members: (String, JSONValue?)...) -> JSONValue {
        .object(members.compactMap { key, value in value.map { JSONMember(key: key, value: $0) } })
    }

    static func string(_ text: String?) -> JSONValue? { text.map { .string($0) } }

    static func integer(_ value: Int?) -> JSONValue? { value.map { .integer(Int64($0)) } }

    static func double(_ value: Double?) -> JSONValue? { value.map { .double($0) } }

    /// Nil for an empty array: providers refuse some of those.
    static func unlessEmpty(_ elements: [JSONValue]) -> JSONValue? { elements.isEmpty ? nil : .array(elements) }

    /// RFC 7396: objects are merged, null takes a member out, everything else replaces.
    func merging(patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var members = objectValue ?? []
        for change in changes {
            let place = members.lastIndex { $0.key == change.key }
            if change.value.isNull {
                if let place { members.remove(at: place) }
            } else if let place {
                members[place].value = members[place].value.merging(patch: change.value)
            } else {
                members.append(JSONMember(key: change.key, value: JSONValue.null.merging(patch: change.value)))
            }
        }
        return .object(members)
    }

    /// The body's bytes with `extra` laid over it.
    ///
    /// Errors: `invalid` for an `extra` that is no object, or that changes what the reading of the answer depends on.
    func bytes(merging extra: JSONValue) throws(ProviderError) -> [UInt8] {
        guard case .object(let members) = extra else { throw ProviderError(.invalid, "the extra members are not an object") }
        if members.isEmpty { return bytes }
        for key in ["stream", "n", "background"] where extra[key] != nil {
            throw ProviderError(.invalid, "\(key) cannot be set by the extra members")
        }
        return merging(patch: extra).bytes
    }
}
