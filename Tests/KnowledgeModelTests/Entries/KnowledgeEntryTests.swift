import ByteCoding
import ContentReading
import Testing

@testable import KnowledgeModel

@Suite("Entries as JSON") struct KnowledgeEntryTests {
    static let article =
        #"{"key":"refunds/policy","title":"Refunds","kind":"article","tags":["billing"],"content":{"markdown":"\#\\nWe do."}}"#
    static let operation = """
        {"key":"petstore/GET /pets/{id}","title":"Get a pet","kind":"operation","tags":[],"content":{"method":"GET","path":"/pets/{id}",\
        "operation_id":"getPet","document":"petstore","summary":"A pet","description":"By its id.","is_deprecated":true,"details":\
        {"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"integer"}}],"responses":{"200":{"description":"It."}}}}}
        """
    static let table = """
        {"key":"db/public.orders","title":"Orders","kind":"table","tags":["sales"],"content":{"schema":"public","name":"orders",\
        "description":"One row per order.","columns":[{"name":"id","type":"bigint","is_nullable":false,"description":"Ascending."},\
        {"name":"number","type":"text","is_nullable":false},{"name":"customer_id","type":"bigint","is_nullable":true,"default":"0"}],\
        "primary_key":["id"],"unique_keys":[["number"]],"foreign_keys":[{"columns":["customer_id"],"table":"public.customers",\
        "references":["id"]}]}}
        """

    private func problems(_ text: String) throws -> [String] {
        do {
            _ = try KnowledgeEntry(json: JSONValue.parse(text))
            return []
        } catch let error as InvalidContent {
            return error.problems.map(\.path)
        }
    }

    @Test("an entry of each kind is read and written the same", arguments: [article, operation, table])
    func roundTrip(text: String) throws {
        let entry = try KnowledgeEntry(json: JSONValue.parse(text))
        #expect(String(decoding: entry.json.bytes, as: UTF8.self) == text)
        #expect(try KnowledgeEntry(json: entry.json) == entry)
        #expect(try KnowledgeContent(json: entry.content.json) == entry.content)
        #expect(try entry.content.validated() == entry.content)
        #expect(try KnowledgeEntry(json: entry.json).content.hash == entry.content.hash)
    }

    @Test("a body tells its kind") func kinds() throws {
        let kinds = try [Self.article, Self.operation, Self.table].map { try KnowledgeEntry(json: JSONValue.parse($0)).content.body.kind }
        #expect(kinds == KnowledgeKind.allCases)
    }

    @Test("what is absent, null or as it is by default reads alike, and has the same hash") func defaults() throws {
        let short = try KnowledgeContent(
            json: JSONValue.parse(#"{"title": "T", "kind": "operation", "content": {"method": "get", "path": "/"}}"#))
        let long = try KnowledgeContent(
            json: JSONValue.parse(
                """
                {"content": {"path": "/", "method": "GET", "is_deprecated": false, "operation_id": null, "summary": "", "details": {}},
                 "tags": [], "kind": "operation", "title": "T"}
                """))
        #expect(short == long)
        #expect(short.hash == long.hash)
        let tagged = try KnowledgeContent(
            json: JSONValue.parse(#"{"title": "T", "kind": "operation", "tags": ["a", "a"], "content": {"method": "get", "path": "/"}}"#))
        #expect(tagged.tags == ["a"])
        #expect(tagged.hash != short.hash)
    }

    @Test("lines end in a line feed, whatever they ended in") func lineEnds() throws {
        let content = try KnowledgeContent(
            json: JSONValue.parse(#"{"title": "T", "kind": "article", "content": {"markdown": "a\r\nb\rc\n\r\nd\r"}}"#))
        #expect(content.markdown == "a\nb\nc\n\nd\n")
    }

    @Test(
        "every problem is named with its path",
        arguments: [
            ("[]", [""]), ("{}", ["key", "title", "kind", "content"]),
            (
                #"{"key": "a", "title": "T", "kind": "article", "content": {"markdown": "", "html": ""}, "more": 1}"#,
                ["content.html", "more"]
            ),
            (#"{"key": "a", "title": "T", "kind": "article", "content": {}}"#, ["content.markdown"]),
            (#"{"key": "a", "title": "T", "kind": "page", "content": {}}"#, ["kind"]),
            (#"{"key": "a", "title": "a\nb", "kind": "article", "tags": ["", "x"], "content": {"markdown": ""}}"#, ["title", "tags[0]"]),
            (
                #"{"key": "a", "title": "T", "kind": "operation", "content": {"method": "G T", "details": {"paths": {}, "responses": []}}}"#,
                ["content.method", "content.path", "content.details.responses", "content.details.paths"]
            ),
            (
                #"{"key": "a", "title": "T", "kind": "table", "content": {"name": "t", "columns": [{"name": "a"}, {"name": "a"}, {"type": "x"}], "#
                    + #""primary_key": ["b"], "unique_keys": [[]], "foreign_keys": [{"columns": ["a"], "table": "u", "references": ["x", "y"]}]}}"#,
                [
                    "content.columns[2].name", "content.columns", "content.primary_key[0]", "content.unique_keys[0]",
                    "content.foreign_keys[0].references",
                ]
            ),
        ] as [(String, [String])])
    func everyProblem(text: String, paths: [String]) throws { #expect(try problems(text) == paths) }

    @Test(
        "keys are paths that lead nowhere else",
        arguments: [
            ("a", true), ("a/b c/{d}", true), ("petstore/GET /", true), ("...", true), ("", false), ("..", false), ("a/../b", false),
            ("./a", false), (" a", false), ("a ", false), ("a\nb", false), ("a\u{85}b", false), ("a\u{2028}b", false),
            (String(repeating: "k", count: 512), true), (String(repeating: "k", count: 513), false),
        ])
    func keys(key: String, isRight: Bool) { #expect((KnowledgeEntry.problem(ofKey: key) == nil) == isRight) }

    @Test("an entry has a size and a depth") func limits() throws {
        func content(_ markdown: String) -> KnowledgeContent { KnowledgeContent(title: "T", body: .article(Article(markdown: markdown))) }
        let overhead = content("").json.bytes.count
        let largest = content(String(repeating: "a", count: KnowledgeLimits.maximumContentByteCount - overhead))
        #expect(try largest.validated() == largest)
        let larger = content(String(repeating: "a", count: KnowledgeLimits.maximumContentByteCount - overhead + 1))
        #expect(throws: InvalidContent.self) { try larger.validated() }
        let deep = String(repeating: #"{"a":"#, count: 70) + "1" + String(repeating: "}", count: 70)
        #expect(
            try problems(
                #"{"key": "a", "title": "T", "kind": "operation", "content": {"method": "GET", "path": "/", "details": \#(deep)}}"#)
                == [""])
    }

    @Test("a hash is read as it is written") func hashes() throws {
        let hash = KnowledgeHash(of: "abc".utf8)
        #expect(hash.hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(KnowledgeHash(hex: hash.hex.uppercased()) == hash)
        #expect(KnowledgeHash(bytes: hash.bytes) == hash)
        #expect(KnowledgeHash(hex: String(hash.hex.dropLast())) == nil)
        #expect(KnowledgeHash(hex: String(hash.hex.dropLast()) + "g") == nil)
        #expect(KnowledgeHash(bytes: []) == nil)
    }
}
