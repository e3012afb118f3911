/// A value that a JSON Schema admits: what a model with structured output gives. Knows the schemas that providers take, Gemini's with its
/// types in capitals too.

import ByteCoding

struct SchemaInstance {
    /// For strings.
    var text: String
    /// For numbers: where between their smallest and largest; 0 without these.
    var share: Double?
    /// For numbers without bounds of their own.
    var scale: (low: Double, high: Double) = (0, 1)
    /// For booleans.
    var truth = true
    /// For enumerations: the value that is like one of these, else by share, else the first.
    var choices: [String] = []

    private static let maximumDepth = 16

    func instance(of schema: JSONValue?) -> JSONValue {
        let schema = schema ?? [:]
        return instance(of: schema, root: schema, depth: 0)
    }

    private func instance(of schema: JSONValue, root: JSONValue, depth: Int) -> JSONValue {
        guard depth < Self.maximumDepth else { return .null }
        if let reference = schema["$ref"]?.stringValue {
            let target = reference.split(separator: "/").dropFirst().reduce(root) { $0[String($1)] ?? [:] }
            return instance(of: target, root: root, depth: depth + 1)
        }
        if let constant = schema["const"] { return constant }
        if let values = schema["enum"]?.arrayValue, !values.isEmpty { return choice(of: values) }
        for union in ["anyOf", "oneOf", "any_of"] {
            if let schemas = schema[union]?.arrayValue,
                let first = schemas.first(where: { $0["type"]?.stringValue?.lowercased() != "null" })
            {
                return instance(of: first, root: root, depth: depth + 1)
            }
        }
        if let first = schema["allOf"]?.arrayValue?.first { return instance(of: first, root: root, depth: depth + 1) }
        switch type(of: schema) {
        case "object":
            let members = schema["properties"]?.objectValue ?? []
            return .object(members.map { JSONMember(key: $0.key, value: instance(of: $0.value, root: root, depth: depth + 1)) })
        case "array":
            let count = max(0, schema["minItems"]?.integerValue ?? 0)
            return .array((0..<min(count, 1000)).map { _ in instance(of: schema["items"] ?? [:], root: root, depth: depth + 1) })
        case "boolean": return .bool(truth)
        case "integer": return .integer(Int64(number(schema).rounded()))
        case "number": return .double(number(schema))
        case "null": return .null
        default: return .string(text)
        }
    }

    private func type(of schema: JSONValue) -> String {
        let named = schema["type"]?.stringValue ?? schema["type"]?.arrayValue?.compactMap(\.stringValue).first { $0 != "null" }
        return named?.lowercased() ?? (schema["properties"] != nil ? "object" : "string")
    }

    private func number(_ schema: JSONValue) -> Double {
        let low = schema["minimum"]?.doubleValue, high = schema["maximum"]?.doubleValue
        guard let share else { return low ?? 0 }
        let range = (low: low ?? scale.low, high: high ?? max(scale.high, low ?? scale.high))
        return range.low + share * (range.high - range.low)
    }

    private func choice(of values: [JSONValue]) -> JSONValue {
        for choice in choices {
            if let like = values.first(where: { Self.isLike($0.stringValue ?? "", choice) }) { return like }
        }
        guard let share else { return values[0] }
        return values[min(values.count - 1, Int(share * Double(values.count)))]
    }

    /// `answer_a` and `A` are like `a`; `PASS` is like `pass`.
    private static func isLike(_ value: String, _ choice: String) -> Bool {
        let lowered = value.lowercased()
        return lowered == choice || lowered.hasSuffix("_" + choice) || lowered.hasSuffix(" " + choice)
    }
}
