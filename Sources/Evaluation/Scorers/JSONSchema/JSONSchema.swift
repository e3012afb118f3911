import ByteCoding
import EvaluationModel
import RegularExpressions

/// A JSON Schema (draft 2020-12), compiled: every subschema a node, every reference an index. `JSONSchemaValidation` holds values to it.
///
/// References reach anything in the document: by pointer, `$anchor`, `$dynamicAnchor` or embedded `$id`. References out of it are
/// refused: a scorer fetches nothing. Patterns are `RegularExpression`s, so they match in linear time and know no look-around.
package struct JSONSchema: Equatable, Sendable {
    var nodes: [JSONSchemaNode] = []
    let root: Int
    let assertFormats: Bool
    /// Whether any node asks which members or elements were evaluated: otherwise nobody keeps count.
    let tracksEvaluation: Bool

    /// Throws `ScoreError` for what is no schema, with the place in it.
    package init(_ schema: JSONValue, assertFormats: Bool = false) throws(ScoreError) {
        var compiler = JSONSchemaCompiler(schema)
        root = try compiler.compile()
        nodes = compiler.nodes
        self.assertFormats = assertFormats
        tracksEvaluation = nodes.contains { $0.unevaluatedProperties != nil || $0.unevaluatedItems != nil }
    }
}

/// One subschema. Other subschemas are indexes into `JSONSchema.nodes`.
struct JSONSchemaNode: Equatable, Sendable {
    enum ValueType: String, CaseIterable, Sendable { case null, boolean, object, array, number, string, integer }

    /// Where in the document, as a JSON pointer.
    var place = ""
    /// For a schema that is `true` or `false`.
    var constant: Bool?
    var reference: Int?
    /// `$dynamicRef`: followed to the anchor of that name in this document. (Which one counts differs from `$ref` only when
    /// several embedded `$id` resources have anchors of one name; the outermost does here.)
    var dynamicReference: Int?
    var types: Set<ValueType>?
    var enumeration: [JSONValue]?
    var constantValue: JSONValue?

    var maximum: Double?
    var exclusiveMaximum: Double?
    var minimum: Double?
    var exclusiveMinimum: Double?
    var multipleOf: JSONValue?

    var minimumLength: Int?
    var maximumLength: Int?
    var pattern: RegularExpression?
    var format: String?

    var prefixItems: [Int] = []
    var items: Int?
    var contains: Int?
    var minimumContains: Int?
    var maximumContains: Int?
    var minimumItems: Int?
    var maximumItems: Int?
    var uniqueItems = false
    var unevaluatedItems: Int?

    var properties: [String: Int] = [:]
    var patternProperties: [PatternProperty] = []
    var additionalProperties: Int?
    var propertyNames: Int?
    var minimumProperties: Int?
    var maximumProperties: Int?
    var required: [String] = []
    var dependentRequired: [String: [String]] = [:]
    var dependentSchemas: [String: Int] = [:]
    var unevaluatedProperties: Int?

    var allOf: [Int] = []
    var anyOf: [Int] = []
    var oneOf: [Int] = []
    var not: Int?
    var ifNode: Int?
    var thenNode: Int?
    var elseNode: Int?

    /// Whether any keyword of it says something of objects, beside references and combinations.
    var looksAtObjects: Bool {
        minimumProperties != nil || maximumProperties != nil || !required.isEmpty || !dependentRequired.isEmpty || !dependentSchemas.isEmpty
            || !properties.isEmpty || !patternProperties.isEmpty || additionalProperties != nil || propertyNames != nil
    }

    struct PatternProperty: Equatable, Sendable {
        var pattern: RegularExpression
        var node: Int
    }
}
