import ByteCoding

/// An operation of an HTTP API.
///
///     {"method": "GET", "path": "/pets/{id}", "operation_id": "getPet", "document": "petstore", "summary": "...", "description": "...",
///      "is_deprecated": false, "details": {"parameters": [...], "requestBody": {...}, "responses": {...}}}
package struct APIOperation: Sendable, Equatable {
    /// In upper case.
    package var method: String
    /// As the document has it, with `{parameters}`.
    package var path: String
    package var operationID: String?
    /// Which document it came from, by the name it was uploaded under; nil: written by hand.
    package var document: String?
    package var summary: String
    /// Markdown.
    package var description: String
    package var isDeprecated: Bool
    /// An object: the members `parameters`, `requestBody`, `responses`, `security`, `servers`, `components` as OpenAPI 3.1 has them, those
    /// there are. References are resolved, but those to schemas that contain themselves and, in a large operation, to large ones: what is left
    /// points to `components.schemas`, `{"$ref": "#/components/schemas/Node"}`, which holds those schemas and no other. The schemes that
    /// `security` names are in `components.securitySchemes`.
    package var details: JSONValue

    package init(
        method: String, path: String, operationID: String? = nil, document: String? = nil, summary: String = "", description: String = "",
        isDeprecated: Bool = false, details: JSONValue = .object([])
    ) {
        self.method = method
        self.path = path
        self.operationID = operationID
        self.document = document
        self.summary = summary
        self.description = description
        self.isDeprecated = isDeprecated
        self.details = details
    }
}
