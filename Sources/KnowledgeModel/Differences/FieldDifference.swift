/// A place in the JSON of an entry where two versions differ.

import ByteCoding
import ContentReading

package struct FieldDifference: Sendable, Equatable {
    /// Members from the top, as problems have them; elements of lists that have names by these: `content.columns["id"].type`.
    package var path: String
    /// nil: not there.
    package var old: JSONValue?
    package var new: JSONValue?

    package init(path: String, old: JSONValue?, new: JSONValue?) {
        self.path = path
        self.old = old
        self.new = new
    }

    /// Numbers that are written differently are the same, and so are members in another order.
    package static func differences(from old: JSONValue, to new: JSONValue) -> [FieldDifference] {
        var differences: [FieldDifference] = []
        compare(old, new, "", &differences)
        return differences
    }

    private static func compare(_ old: JSONValue?, _ new: JSONValue?, _ path: String, _ differences: inout [FieldDifference]) {
        if let oldParts = old.flatMap(NamedParts.init), let newParts = new.flatMap(NamedParts.init), oldParts.isList == newParts.isList {
            for name in newParts.names {
                compare(oldParts[name], newParts[name], newParts.path(path, name), &differences)
            }
            for name in oldParts.names where newParts[name] == nil {
                differences.append(FieldDifference(path: oldParts.path(path, name), old: oldParts[name], new: nil))
            }
            if oldParts.isList, oldParts.names != newParts.names, Set(oldParts.names) == Set(newParts.names) {
                differences.append(FieldDifference(path: path, old: oldParts.nameList, new: newParts.nameList))
            }
        } else if old?.canonical.bytes != new?.canonical.bytes {
            differences.append(FieldDifference(path: path, old: old, new: new))
        }
    }
}

/// A JSON value whose parts have names: an object, or a list of objects that each have a name of their own (columns, parameters).
struct NamedParts {
    let isList: Bool
    /// In their order.
    let names: [String]
    private let parts: [String: JSONValue]

    /// Nil for any other value. A list without elements has no parts.
    init?(_ value: JSONValue) {
        switch value {
        case .object(let members):
            isList = false
            names = members.map(\.key)
            parts = Dictionary(members.map { ($0.key, $0.value) }) { $1 }
        case .array(let elements):
            var names: [String] = [], parts: [String: JSONValue] = [:]
            for element in elements {
                guard case .object = element, case .string(var name)? = element["name"] else { return nil }
                // Parameters of an operation are told apart by where they stand as well.
                if case .string(let place)? = element["in"] { name = "\(place) \(name)" }
                guard parts.updateValue(element, forKey: name) == nil else { return nil }
                names.append(name)
            }
            isList = true
            self.names = names
            self.parts = parts
        default: return nil
        }
    }

    subscript(name: String) -> JSONValue? { parts[name] }

    /// The path of a part; names of elements are quoted, so that none looks like an index.
    func path(_ path: String, _ name: String) -> String {
        guard isList else { return ObjectReader.join(path, name) }
        return "\(path)[\(String(decoding: JSONValue.string(name).bytes, as: UTF8.self))]"
    }

    var nameList: JSONValue { .array(names.map(JSONValue.string)) }
}
