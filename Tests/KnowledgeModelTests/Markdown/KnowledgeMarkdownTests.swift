import ByteCoding
import Testing

@testable import KnowledgeModel

@Suite("Contents as Markdown") struct KnowledgeMarkdownTests {
    @Test("an operation is written out for readers") func operation() throws {
        let details = try JSONValue.parse(
            """
            {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "format": "int64"},
                             "description": "Which\\npet | whose."},
                            {"name": "depth", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}],
             "requestBody": {"required": true, "description": "## Body\\nthe pet",
               "content": {"application/json": {"schema": {"type": "object", "required": ["name"], "properties": {
                 "name": {"type": "string", "description": "What it is called", "maxLength": 10},
                 "kind": {"type": "string", "enum": ["cat", "dog"], "default": "cat"},
                 "owner": {"anyOf": [{"type": "object", "properties": {"age": {"type": "integer"}}}, {"type": "null"}]},
                 "friends": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}}}}}},
             "responses": {"200": {"description": "It.", "content": {"application/json": {"schema": {"type": "string"}},
                                                                     "text/plain": {"schema": {"type": "string"}}}},
                           "404": {"description": "None."}},
             "security": [{"oauth": ["read"], "key": []}, {}], "servers": [{"url": "https://pets.example"}],
             "components": {"schemas": {"Pet": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Pet"}}}}}}
            """)
        let operation = APIOperation(
            method: "PUT", path: "/pets/{id}", operationID: "putPet", document: "pets", summary: "Put a pet",
            description: "# Use\nAs follows.", isDeprecated: true, details: details)
        #expect(
            operation.markdown == """
                # PUT /pets/{id}

                **Deprecated.**

                Put a pet

                ## Use

                As follows.

                - operation: `putPet`
                - document: pets
                - server: `https://pets.example`
                - security: `oauth` (read) and `key` or none

                ## Parameters

                | name | in | type | required | description |
                |---|---|---|---|---|
                | `id` | path | integer (int64) | yes | Which pet \\| whose. |
                | `depth` | query | array of string | no |  |

                ## Request body

                Required.

                #### Body

                the pet

                `application/json`

                - object
                  - `name`: string, required, maxLength `10`: What it is called
                  - `kind`: string, one of `"cat"`, `"dog"`, default `"cat"`
                  - `owner`: object or null
                    - (any of): object
                      - `age`: integer
                  - `friends`: array of Pet

                ## Responses

                ### 200

                It.

                `application/json`, `text/plain`

                - string

                ### 404

                None.

                ## Schemas

                ### Pet

                - object
                  - `next`: Pet

                """)
    }

    @Test("a table is written out for readers") func table() throws {
        let entry = try KnowledgeEntry(json: JSONValue.parse(KnowledgeEntryTests.table))
        #expect(
            entry.content.markdown == """
                # public.orders

                One row per order.

                | column | type | null | default | description |
                |---|---|---|---|---|
                | `id` | bigint | no |  | Ascending. |
                | `number` | text | no |  |  |
                | `customer_id` | bigint | yes | `0` |  |

                - primary key: `id`
                - unique: `number`
                - foreign key: `customer_id` -> `public.customers` (`id`)

                """)
    }

    @Test("an article is its own Markdown") func article() {
        #expect(KnowledgeContent(title: "T", body: .article(Article(markdown: "a\n\n"))).markdown == "a\n\n")
    }

    @Test("texts from elsewhere do not break out of where they are put") func escapes() {
        #expect(MarkdownText.cell(" a\n\tb | c ") == "a b \\| c")
        #expect(MarkdownText.cell("") == "")
        #expect(MarkdownText.code("a`b") == "`` a`b ``")
        #expect(
            MarkdownText.below(2, "# A\ntext\n\nB\n===\n```\n# c\n```\n###### D") == "### A\n\ntext\n\n### B\n\n```\n# c\n```\n###### D")
        #expect(MarkdownText.below(2, " \n") == "")
    }

    @Test("a schema that nests without end is written to a depth") func depth() throws {
        let schema = String(repeating: #"{"type": "object", "properties": {"a": "#, count: 40) + "{}" + String(repeating: "}}", count: 40)
        #expect(SchemaOutline(try JSONValue.parse(schema)).lines.count == 13)
    }
}
