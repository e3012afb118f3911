/// A JSON Schema as a nested list that people and models read: type, members, what each means.

import ByteCoding

struct SchemaOutline {
    private(set) var lines: [String] = []
    /// Deeper members are not written out: a line's indentation stays short whatever the schema.
    private static let maximumDepth = 12

    init(_ schema: JSONValue) { append("", schema, isRequired: nil, depth: 0) }

    /// At least one line.
    var markdown: String { lines.joined(separator: "\n") }

    private mutating func append(_ name: String, _ schema: JSONValue, isRequired: Bool?, depth: Int) {
        let type = MarkdownText.cell(Self.type(of: schema))
        var words = name.isEmpty ? type : "\(name): \(type)"
        if isRequired == true { words += ", required" }
        if schema["deprecated"] == .bool(true) { words += ", deprecated" }
        if schema["readOnly"] == .bool(true) { words += ", read only" }
        if schema["writeOnly"] == .bool(true) { words += ", write only" }
        for fact in Self.facts(of: schema) { words += ", \(fact)" }
        if let text = schema["description"]?.stringValue ?? schema["title"]?.stringValue, !text.isEmpty {
            words += ": \(MarkdownText.cell(text))"
        }
        lines.append(String(repeating: "  ", count: depth) + "- " + words)
        guard depth < Self.maximumDepth else { return }
        appendMembers(of: schema, depth: depth + 1)
    }

    private mutating func appendMembers(of schema: JSONValue, depth: Int) {
        let required = Set((schema["required"]?.arrayValue ?? []).compactMap(\.stringValue))
        for member in schema["properties"]?.objectValue ?? [] {
            append(MarkdownText.code(member.key), member.value, isRequired: required.contains(member.key), depth: depth)
        }
        if let values = schema["additionalProperties"], case .object = values {
            append("(any other name)", values, isRequired: nil, depth: depth)
        }
        if let items = schema["items"], Self.hasMembers(items) { append("(each)", items, isRequired: nil, depth: depth) }
        for (key, title) in [("allOf", "(and)"), ("anyOf", "(any of)"), ("oneOf", "(one of)")] {
            for part in schema[key]?.arrayValue ?? [] where part["type"] != .string("null") {
                append(title, part, isRequired: nil, depth: depth)
            }
        }
    }

    /// Whether more is to be said of a schema than its type.
    private static func hasMembers(_ schema: JSONValue) -> Bool {
        ["properties", "items", "allOf", "anyOf", "oneOf", "description", "enum", "additionalProperties"].contains { schema[$0] != nil }
    }

    /// In a few words: `integer (int64)`, `array of string`, `Node`.
    static func type(of schema: JSONValue, depth: Int = 3) -> String {
        if let reference = schema["$ref"]?.stringValue { return reference.split(separator: "/").last.map(String.init) ?? reference }
        var names: [String] = []
        switch schema["type"] {
        case .string(let name)?: names = [name]
        case .array(let list)?: names = list.compactMap(\.stringValue)
        default: break
        }
        if schema["nullable"] == .bool(true) { names.append("null") }
        if names.isEmpty {
            if schema["properties"] != nil { names = ["object"] }
            if let parts = (schema["anyOf"] ?? schema["oneOf"])?.arrayValue, depth > 0 {
                names = parts.prefix(8).map { type(of: $0, depth: depth - 1) }
            }
        }
        if names.isEmpty { return "any" }
        var text = names.joined(separator: " or ")
        if names.first == "array", let items = schema["items"], depth > 0 { text += " of \(type(of: items, depth: depth - 1))" }
        if let format = schema["format"]?.stringValue { text += " (\(format))" }
        return text
    }

    /// Constraints in the words of JSON Schema.
    private static func facts(of schema: JSONValue) -> [String] {
        var facts: [String] = []
        if let values = schema["enum"]?.arrayValue { facts.append("one of \(values.map(code).joined(separator: ", "))") }
        for key in ["const", "default", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"]
            + ["pattern", "minItems", "maxItems"]
        {
            if let value = schema[key] { facts.append("\(key) \(code(value))") }
        }
        return facts
    }

    private static func code(_ value: JSONValue) -> String { MarkdownText.code(String(decoding: value.bytes, as: UTF8.self)) }
}
