import ByteCoding
import ContentReading
import EvaluationModel
import RegularExpressions

/// Turns a schema document into nodes. First the subschemas with an `$id` or an anchor are found; then nodes are made from the root on,
/// each place of the document once, so that references in circles end.
struct JSONSchemaCompiler {
    private let document: JSONValue
    private(set) var nodes: [JSONSchemaNode] = []
    private var nodesByPlace: [String: Int] = [:]
    private var names = JSONSchemaNames()
    private var depth = 0

    init(_ document: JSONValue) { self.document = document }

    mutating func compile() throws(ScoreError) -> Int {
        names = try JSONSchemaNames(of: document)
        return try node(document, at: "", base: names.rootBase)
    }

    static func invalid(_ place: String, _ message: String) -> ScoreError {
        ScoreError(.invalidScorer, "the schema cannot be used: \(message)\(place.isEmpty ? "" : " (at \(place.cut(toByteCount: 256)))")")
    }

    /// The node for the subschema at `place`; `base` is the `$id` it stands under.
    private mutating func node(_ schema: JSONValue, at place: String, base outerBase: String) throws(ScoreError) -> Int {
        if let known = nodesByPlace[place] { return known }
        guard nodes.count < EvaluationLimits.maximumSchemaNodeCount else {
            throw Self.invalid(place, "it has more than \(EvaluationLimits.maximumSchemaNodeCount) subschemas")
        }
        guard depth < EvaluationLimits.maximumSchemaDepth else { throw Self.invalid(place, "its subschemas nest too deeply") }
        depth += 1
        defer { depth -= 1 }
        let index = nodes.count
        nodes.append(JSONSchemaNode(place: place))
        nodesByPlace[place] = index
        switch schema {
        case .bool(let flag): nodes[index].constant = flag
        case .object:
            let reader = JSONSchemaReader(schema: schema, place: place)
            var node = JSONSchemaNode(place: place)
            try reader.readAssertions(into: &node)
            let base = names.base(at: place) ?? outerBase
            try readReferences(reader, base, &node)
            try readArrays(reader, base, &node)
            try readObjects(reader, base, &node)
            try readCombinations(reader, base, &node)
            nodes[index] = node
        default: throw Self.invalid(place, "a schema is an object or a boolean, not \(schema.kindName)")
        }
        return index
    }

    private mutating func child(_ reader: JSONSchemaReader, _ keyword: String, _ base: String) throws(ScoreError) -> Int? {
        guard let schema = reader.schema[keyword] else { return nil }
        return try node(schema, at: "\(reader.place)/\(keyword)", base: base)
    }

    private mutating func children(_ reader: JSONSchemaReader, _ keyword: String, _ base: String) throws(ScoreError) -> [Int] {
        guard let value = reader.schema[keyword] else { return [] }
        guard case .array(let schemas) = value, !schemas.isEmpty else {
            throw Self.invalid("\(reader.place)/\(keyword)", "a list of schemas is due here")
        }
        var indexes: [Int] = []
        for (index, schema) in schemas.enumerated() {
            indexes.append(try node(schema, at: "\(reader.place)/\(keyword)/\(index)", base: base))
        }
        return indexes
    }

    private mutating func named(_ reader: JSONSchemaReader, _ keyword: String, _ base: String) throws(ScoreError) -> [(String, Int)] {
        guard let value = reader.schema[keyword] else { return [] }
        guard case .object(let members) = value else {
            throw Self.invalid("\(reader.place)/\(keyword)", "an object of schemas is due here")
        }
        var found: [(String, Int)] = []
        for member in members {
            let place = "\(reader.place)/\(keyword)/\(JSONSchemaNames.escaped(member.key))"
            found.append((member.key, try node(member.value, at: place, base: base)))
        }
        return found
    }

    private mutating func readReferences(_ reader: JSONSchemaReader, _ base: String, _ node: inout JSONSchemaNode) throws(ScoreError) {
        if let reference = try reader.text("$ref") { node.reference = try target(reference, base, reader.place) }
        if let reference = try reader.text("$dynamicRef") { node.dynamicReference = try target(reference, base, reader.place) }
    }

    private mutating func target(_ reference: String, _ base: String, _ place: String) throws(ScoreError) -> Int {
        guard let (targetPlace, targetBase) = names.place(of: reference, base: base) else {
            throw Self.invalid(place, "the reference \(quoted(reference)) leads out of the document or nowhere")
        }
        if let known = nodesByPlace[targetPlace] { return known }
        guard let schema = JSONSchemaNames.value(at: targetPlace, in: document) else {
            throw Self.invalid(place, "the reference \(quoted(reference)) leads nowhere")
        }
        return try node(schema, at: targetPlace, base: names.base(above: targetPlace) ?? targetBase)
    }

    private mutating func readArrays(_ reader: JSONSchemaReader, _ base: String, _ node: inout JSONSchemaNode) throws(ScoreError) {
        node.prefixItems = try children(reader, "prefixItems", base)
        node.items = try child(reader, "items", base)
        node.contains = try child(reader, "contains", base)
        node.unevaluatedItems = try child(reader, "unevaluatedItems", base)
    }

    private mutating func readObjects(_ reader: JSONSchemaReader, _ base: String, _ node: inout JSONSchemaNode) throws(ScoreError) {
        for (key, index) in try named(reader, "properties", base) { node.properties[key] = index }
        for (pattern, index) in try named(reader, "patternProperties", base) {
            let place = "\(reader.place)/patternProperties"
            node.patternProperties.append(.init(pattern: try JSONSchemaReader.expression(pattern, at: place), node: index))
        }
        for (key, index) in try named(reader, "dependentSchemas", base) { node.dependentSchemas[key] = index }
        node.additionalProperties = try child(reader, "additionalProperties", base)
        node.propertyNames = try child(reader, "propertyNames", base)
        node.unevaluatedProperties = try child(reader, "unevaluatedProperties", base)
    }

    private mutating func readCombinations(_ reader: JSONSchemaReader, _ base: String, _ node: inout JSONSchemaNode) throws(ScoreError) {
        node.allOf = try children(reader, "allOf", base)
        node.anyOf = try children(reader, "anyOf", base)
        node.oneOf = try children(reader, "oneOf", base)
        node.not = try child(reader, "not", base)
        node.ifNode = try child(reader, "if", base)
        node.thenNode = try child(reader, "then", base)
        node.elseNode = try child(reader, "else", base)
    }
}
