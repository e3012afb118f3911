/// The attributes of one span, event or resource, asked for by several keys of which the first that says something counts; each answer names
/// the keys it came from. Of a key that was sent twice the first counts.

import ByteCoding
import TraceModel

struct SpanAttributes {
    private let attributes: [KeyValue]
    private var values: [String: AttributeValue] = [:]
    /// What stands before a key where it is named as an origin.
    private let name: String

    init(_ attributes: [KeyValue], name: String = "") {
        self.attributes = attributes
        self.name = name
        for attribute in attributes where values[attribute.key] == nil { values[attribute.key] = attribute.value }
    }

    /// A text that is not empty, out of JSON's quotes where it stands in them.
    func text(_ keys: [String]) -> (value: String, origins: [String])? {
        first(keys) { if case .string(let text) = $0.jsonValue.unquoted { text } else { nil } }
    }

    /// A text as it stands, also where it is JSON: the template of an answer's form often is.
    func plainText(_ keys: [String]) -> (value: String, origins: [String])? {
        first(keys) { if case .string(let text) = $0 { text } else { nil } }
    }

    private func first(_ keys: [String], _ read: (AttributeValue) -> String?) -> (value: String, origins: [String])? {
        for key in keys {
            if let text = values[key].flatMap(read), !text.isEmpty { return (text, [name + key]) }
        }
        return nil
    }

    /// Whatever it is, JSON in a text as that.
    func value(_ key: String) -> (value: JSONValue, origins: [String])? {
        guard let value = values[key]?.jsonValue.unquoted, !value.isNull, value != .string("") else { return nil }
        return (value, [name + key])
    }

    /// A finite number from 0.
    func number(_ key: String) -> Double? {
        let value: Double? =
            switch values[key] {
            case .double(let number)?: number
            case .int(let number)?: Double(number)
            case .string(let text)?: Double(text)
            default: nil
            }
        return value.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }

    /// Members of objects, and attributes below a prefix by the rest of their key. Of a name that occurs twice the first.
    func members(whole: [String], prefixes: [String]) -> (value: [JSONMember], origins: [String])? {
        var found: [JSONMember] = [], names = Set<String>(), origins: [String] = []
        func add(_ member: String, _ value: JSONValue, from key: String) {
            guard !value.isNull, names.insert(member).inserted else { return }
            found.append(JSONMember(key: member, value: value))
            if origins.last != name + key { origins.append(name + key) }
        }
        for attribute in attributes {
            if whole.contains(attribute.key), case .object(let members) = attribute.value.jsonValue.unquoted {
                for member in members { add(member.key, member.value, from: attribute.key) }
            } else if let prefix = prefixes.first(where: { attribute.key.utf8.starts(with: $0.utf8) }),
                let member = attribute.key.text(behind: prefix), !member.isEmpty
            {
                // The model is a field of its own.
                if prefix != "gen_ai.request." || member != "model" { add(member, attribute.value.jsonValue.unquoted, from: attribute.key) }
            }
        }
        return found.isEmpty ? nil : (found, origins)
    }
}
