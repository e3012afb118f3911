import ByteCoding
import EvaluationModel
import RegularExpressions

/// Reads the keywords of one schema object that hold no subschemas, and refuses values they cannot have.
struct JSONSchemaReader {
    let schema: JSONValue
    let place: String

    func text(_ keyword: String) throws(ScoreError) -> String? {
        guard let value = schema[keyword] else { return nil }
        guard case .string(let text) = value else { throw invalid(keyword, "a text is due here") }
        return text
    }

    func invalid(_ keyword: String, _ message: String) -> ScoreError { JSONSchemaCompiler.invalid("\(place)/\(keyword)", message) }

    private func number(_ keyword: String) throws(ScoreError) -> Double? {
        guard let value = schema[keyword] else { return nil }
        guard let number = value.doubleValue else { throw invalid(keyword, "a number is due here") }
        return number
    }

    private func count(_ keyword: String) throws(ScoreError) -> Int? {
        guard let number = try number(keyword) else { return nil }
        guard number >= 0, let count = Int(exactly: number) else { throw invalid(keyword, "a whole number from 0 on is due here") }
        return count
    }

    private func texts(_ value: JSONValue, _ keyword: String) throws(ScoreError) -> [String] {
        guard case .array(let elements) = value else { throw invalid(keyword, "a list of texts is due here") }
        var texts: [String] = []
        for element in elements {
            guard case .string(let text) = element else { throw invalid(keyword, "a list of texts is due here") }
            texts.append(text)
        }
        return texts
    }

    static func expression(_ pattern: String, at place: String) throws(ScoreError) -> RegularExpression {
        do {
            return try RegularExpression(pattern)
        } catch {
            throw JSONSchemaCompiler.invalid(place, "the pattern \(quoted(pattern)) cannot be used: \(error)")
        }
    }

    func readAssertions(into node: inout JSONSchemaNode) throws(ScoreError) {
        if let value = schema["type"] {
            var types: Set<JSONSchemaNode.ValueType> = []
            for name in try { () throws(ScoreError) in
                if case .string(let name) = value { [name] } else { try texts(value, "type") }
            }() {
                guard let type = JSONSchemaNode.ValueType(rawValue: name) else { throw invalid("type", "\(quoted(name)) is no type") }
                types.insert(type)
            }
            node.types = types
        }
        if let value = schema["enum"] {
            guard case .array(let values) = value else { throw invalid("enum", "a list is due here") }
            node.enumeration = values
        }
        node.constantValue = schema["const"]
        try readNumbers(into: &node)
        node.minimumLength = try count("minLength")
        node.maximumLength = try count("maxLength")
        if let pattern = try text("pattern") { node.pattern = try Self.expression(pattern, at: "\(place)/pattern") }
        node.format = try text("format")
        node.minimumContains = try count("minContains")
        node.maximumContains = try count("maxContains")
        node.minimumItems = try count("minItems")
        node.maximumItems = try count("maxItems")
        if let value = schema["uniqueItems"] {
            guard case .bool(let flag) = value else { throw invalid("uniqueItems", "true or false is due here") }
            node.uniqueItems = flag
        }
        node.minimumProperties = try count("minProperties")
        node.maximumProperties = try count("maxProperties")
        if let value = schema["required"] { node.required = try texts(value, "required") }
        if let value = schema["dependentRequired"] {
            guard case .object(let members) = value else { throw invalid("dependentRequired", "an object is due here") }
            for member in members { node.dependentRequired[member.key] = try texts(member.value, "dependentRequired") }
        }
    }

    private func readNumbers(into node: inout JSONSchemaNode) throws(ScoreError) {
        node.maximum = try number("maximum")
        node.exclusiveMaximum = try number("exclusiveMaximum")
        node.minimum = try number("minimum")
        node.exclusiveMinimum = try number("exclusiveMinimum")
        if let divisor = try number("multipleOf") {
            guard divisor > 0 else { throw invalid("multipleOf", "a number above 0 is due here") }
            node.multipleOf = schema["multipleOf"]
        }
    }
}
