import ByteCoding

/// The bracket form of a filter: `filter[duration_ms][_gt]=100&filter[_or][0][status]=error` -> the same `Filter`.
///
/// Brackets become the nesting of the JSON form: names are members, numbers under `_and`, `_or`, `_in` and the like are
/// positions; a list may also be one value with commas, or the same parameter again with `[]`. Values have no type in a
/// URL: a field's own type decides, and an attribute's value is compared both as the text and as the number it spells.
package enum FilterParameters {
    /// Names and values are percent-decoded. Parameters not called `filter` or `filter[...]` are passed over.
    package static func parse(_ parameters: [(name: String, value: String)]) throws(QueryError) -> Filter {
        var parts: [Filter] = []
        var root = Node()
        var byteCount = 0
        for (name, value) in parameters where name == "filter" || name.hasPrefix("filter[") {
            byteCount += name.utf8.count + value.utf8.count
            guard byteCount <= QueryLimits.maximumFilterByteCount else { throw FilterParser.tooLong("filter") }
            if name == "filter" {
                parts.append(try FilterParser.parse(text: value))
            } else {
                try root.insert(value, at: try keys(of: name)[...], name)
            }
        }
        guard root.values.isEmpty else { throw .malformed("filter[]", "is no parameter of the form filter[field][operator]") }
        if !root.members.isEmpty {
            parts.append(try FilterParser.parseChecked(root.json(under: ""), path: "filter", areValuesUntyped: true))
        }
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    /// `filter[a][b]` -> a, b.
    private static func keys(of name: String) throws(QueryError) -> [String] {
        var keys: [String] = []
        var rest = name.dropFirst("filter".count)
        while let first = rest.first {
            guard first == "[", let end = rest.firstIndex(of: "]") else {
                throw .malformed(name, "is no parameter of the form filter[field][operator]")
            }
            keys.append(String(rest[rest.index(after: rest.startIndex)..<end]))
            rest = rest[rest.index(after: end)...]
        }
        // Field, operator and position below every level of nesting; the parser checks the depth itself.
        guard keys.count <= 3 * QueryLimits.maximumFilterDepth else {
            throw .malformed(name, "nests at most \(QueryLimits.maximumFilterDepth) deep")
        }
        return keys
    }

    private static let listOperators: Set<String> = ["_in", "_not_in", "_nin", "_between"]

    /// The tree of one or more parameters before it is JSON.
    private struct Node {
        var members: [(key: String, node: Node)] = []
        var values: [String] = []

        mutating func insert(_ value: String, at path: ArraySlice<String>, _ name: String) throws(QueryError) {
            guard let key = path.first, !(path.count == 1 && key.isEmpty) else {
                guard members.isEmpty else { throw .malformed(name, "has both a value and operators") }
                values.append(value)
                return
            }
            guard values.isEmpty else { throw .malformed(name, "has both a value and operators") }
            if let index = members.firstIndex(where: { $0.key == key }) {
                try members[index].node.insert(value, at: path.dropFirst(), name)
            } else {
                var node = Node()
                try node.insert(value, at: path.dropFirst(), name)
                members.append((key, node))
            }
        }

        func json(under key: String) -> JSONValue {
            if FilterParameters.listOperators.contains(key) {
                let all = values + members.flatMap(\.node.values)
                let elements = all.count == 1 ? all[0].split(separator: ",", omittingEmptySubsequences: true).map(String.init) : all
                return .array(elements.map(JSONValue.string))
            }
            if members.isEmpty {
                // Twice the same condition can only mean both.
                return values.count == 1 ? .string(values[0]) : .array(values.map(JSONValue.string))
            }
            if key == "_and" || key == "_or" {
                let ordered = members.sorted { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }
                return .array(ordered.map { $0.node.json(under: "") })
            }
            return .object(members.map { JSONMember(key: $0.key, value: $0.node.json(under: $0.key)) })
        }
    }
}
