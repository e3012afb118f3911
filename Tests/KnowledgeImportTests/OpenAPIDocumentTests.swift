import ByteCoding
import KnowledgeModel
import Testing

@testable import KnowledgeImport

@Suite struct OpenAPIDocumentTests {
    private func read(_ text: String) throws -> ImportedKnowledge { try OpenAPIDocument.read(Array(text.utf8), named: "pets") }

    private func operation(_ result: ImportedKnowledge, _ key: String) throws -> APIOperation {
        let entry = try #require(result.entries.first { $0.key == key })
        guard case .operation(let operation) = entry.content.body else { throw KnowledgeImportError("no operation") }
        return operation
    }

    private func json(_ text: String) throws -> JSONValue { try JSONValue.parse(text) }

    static let pets = """
        openapi: 3.0.3
        info: {title: Pets, version: "1"}
        servers: [{url: https://example.test}]
        paths:
          /pets/{id}:
            parameters:
              - {name: id, in: path, required: true, schema: {type: integer}}
              - $ref: '#/components/parameters/Verbose'
            get:
              operationId: getPet
              summary: One pet
              tags: [pets]
              responses:
                200:
                  description: OK
                  content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
            delete:
              parameters: [{name: verbose, in: query, schema: {type: string}}]
              deprecated: true
        components:
          parameters:
            Verbose: {name: verbose, in: query, schema: {type: boolean, nullable: true}}
          schemas:
            Pet: {type: object, properties: {name: {type: string}, kind: {$ref: '#/components/schemas/Kind'}}}
            Kind: {type: string, enum: [cat, dog]}
        """

    @Test("an operation is whole in itself: references are resolved, and what its path and the document say of it is taken over")
    func operationIsWhole() throws {
        let result = try read(Self.pets)
        #expect(result.problems.isEmpty)
        #expect(result.entries.map(\.key) == ["api/pets/GET /pets/{id}", "api/pets/DELETE /pets/{id}"])
        #expect(result.entries.map(\.content.title) == ["One pet", "DELETE /pets/{id}"])
        let get = try operation(result, "api/pets/GET /pets/{id}")
        #expect(result.entries[0].content.tags == ["pets"])
        #expect(get.operationID == "getPet")
        #expect(
            try get.details
                == json(
                    """
                    {"parameters": [
                      {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}},
                      {"name": "verbose", "in": "query", "schema": {"type": ["boolean", "null"]}}],
                     "responses": {"200": {"description": "OK", "content": {"application/json": {"schema":
                      {"type": "object", "properties": {"name": {"type": "string"}, "kind": {"type": "string", "enum": ["cat", "dog"]}}}}}}},
                     "servers": [{"url": "https://example.test"}]}
                    """))
        let delete = try operation(result, "api/pets/DELETE /pets/{id}")
        #expect(delete.isDeprecated)
        #expect(delete.details["parameters"]?.arrayValue?.count == 2)
        #expect(delete.details["parameters"]?.arrayValue?.last?["schema"]?["type"] == .string("string"))
    }

    @Test("of two paths that differ in their Unicode normal form alone the second is left out, and that is an error at its place")
    func normalForms() throws {
        let composed = "/caf\u{e9}", decomposed = "/cafe\u{301}"
        let json = """
            {"openapi": "3.1.0", "paths": {
            "\(composed)": {"get": {"summary": "first"}},
            "\(decomposed)": {"get": {"summary": "second"}},
            "/other": {"get": {}}, "/other": {"put": {}}}}
            """
        let many = json.replacing("{\n\"/caf", with: "{" + (0..<9).map { "\"/p\($0)\": {}, " }.joined() + "\n\"/caf")
        let yaml = """
            openapi: 3.1.0
            paths:
              \(composed): {get: {summary: first}}
              \(decomposed): {get: {summary: second}}
              /other: {get: {}}
              /other: {put: {}}
            """
        for (text, pointer, line) in [(json, "/paths/~1cafe\u{301}", 3), (many, "/paths/~1cafe\u{301}", 3), (yaml, nil, 4)] {
            let result = try read(text)
            #expect(
                result.entries.map { Array($0.key.utf8) } == ["api/pets/GET \(composed)", "api/pets/GET /other"].map { Array($0.utf8) })
            let errors = result.problems.filter { $0.severity == .error }
            #expect(errors.count == 1 && errors[0].message.contains("normal form") && errors[0].message.contains("left out"))
            #expect(errors.first?.place.line == line)
            #expect(errors.first?.place.pointer.map { Array($0.utf8) } == pointer.map { Array($0.utf8) })
            #expect(result.problems.count { $0.severity == .warning } == 1, "a plain repetition is none")
        }
    }

    @Test("schemas that contain themselves end as references into the operation's components")
    func recursionEnds() throws {
        let result = try read(
            """
            {"openapi": "3.1.0", "paths": {"/nodes": {"get": {"responses": {"200": {"description": "", "content":
              {"application/json": {"schema": {"$ref": "#/components/schemas/Node"}}}}}}}},
             "components": {"schemas": {
              "Node": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Edge"}, "label": {"$ref": "#/components/schemas/Label"}}},
              "Edge": {"type": "object", "properties": {"to": {"$ref": "#/components/schemas/Node", "description": "there"}}},
              "Label": {"type": "string"}}}}
            """)
        #expect(result.problems.isEmpty)
        let operation = try operation(result, "api/pets/GET /nodes")
        #expect(
            try operation.details["components"]
                == json(
                    """
                    {"schemas": {
                      "Edge": {"type": "object", "properties": {"to": {"$ref": "#/components/schemas/Node", "description": "there"}}},
                      "Node": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Edge"}, "label": {"type": "string"}}}}}
                    """))
    }
}
