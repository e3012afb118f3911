import ByteCoding
import KnowledgeModel
import SeededRandom
import Testing

@testable import KnowledgeImport

/// Documents made to take time or memory, or not what they say: clear results or clear errors.
@Suite struct HostileDocumentTests {
    private func read(_ text: String) throws -> ImportedKnowledge { try OpenAPIDocument.read(Array(text.utf8), named: "d") }

    private func refusal(_ bytes: [UInt8]) -> String {
        do {
            _ = try OpenAPIDocument.read(bytes, named: "d")
            return "none"
        } catch { return error.description }
    }

    private func document(paths: String, schemas: String) -> String {
        #"{"openapi": "3.1.0", "paths": {\#(paths)}, "components": {"schemas": {\#(schemas)}}}"#
    }

    private func get(_ schema: String) -> String {
        #"{"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": \#(schema)}}}}}}"#
    }

    private func reference(_ name: String) -> String { ##"{"$ref": "#/components/schemas/\##(name)"}"## }

    @Test("references that multiply are left where they stand: the operation is small, and takes no time")
    func referenceTree() throws {
        // Each schema has ten of the next: 10^30 in all.
        var schemas = (0..<30).map { level in
            let next = reference("S\(level + 1)")
            let members = (0..<10).map { "\"m\($0)\": \(next)" }.joined(separator: ", ")
            return "\"S\(level)\": {\"type\": \"object\", \"properties\": {\(members)}}"
        }
        schemas.append("\"S30\": {\"type\": \"string\"}")
        let paths = "\"/a\": \(get(reference("S0"))), \"/b\": \(get(reference("S30")))"
        let start = ContinuousClock.now
        let result = try read(document(paths: paths, schemas: schemas.joined(separator: ", ")))
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(result.problems.isEmpty)
        #expect(result.entries.count == 2)
        guard case .operation(let operation) = result.entries[0].content.body else { return }
        #expect(operation.details.bytes.count <= KnowledgeImportLimits.maximumInlinedByteCount)
        #expect(operation.details["components"]?["schemas"]?["S0"] != nil)
        // Small ones stand in place of their references also here.
        #expect(operation.details["components"]?["schemas"]?["S29"] == nil)
    }

    @Test("chains of references as long as the document are followed without recursion")
    func longChain() throws {
        let count = 20_000
        var schemas = (0..<count).map { "\"S\($0)\": \(reference("S\($0 + 1)"))" }
        schemas.append("\"S\(count)\": {\"type\": \"string\"}")
        let result = try read(document(paths: "\"/a\": \(get(reference("S0")))", schemas: schemas.joined(separator: ", ")))
        #expect(result.problems.isEmpty)
        guard case .operation(let operation) = try #require(result.entries.first).content.body else { return }
        #expect(
            operation.details["responses"]?["200"]?["content"]?["application/json"]?["schema"]
                == .object([JSONMember(key: "type", value: .string("string"))]))
    }

    @Test("schemas nested deeper than an entry may be keep references")
    func deepSchemas() throws {
        var schemas = (0..<100).map { "\"S\($0)\": {\"type\": \"object\", \"properties\": {\"p\": \(reference("S\($0 + 1)"))}}" }
        schemas.append("\"S100\": {\"type\": \"string\"}")
        let result = try read(document(paths: "\"/a\": \(get(reference("S0")))", schemas: schemas.joined(separator: ", ")))
        #expect(result.problems.isEmpty)
        guard case .operation(let operation) = try #require(result.entries.first).content.body else { return }
        var measure = Measure()
        measure.add(operation.details, level: 0)
        #expect(measure.depth <= KnowledgeImportLimits.maximumDetailsDepth)
    }

    @Test("an operation too large in any form is a problem that names its size, and costs no other")
    func tooLarge() throws {
        let text = String(repeating: "x", count: 2 << 20)
        let result = try read(
            document(
                paths: "\"/a\": \(get(reference("Large"))), \"/b\": {\"get\": {}}", schemas: "\"Large\": {\"description\": \"\(text)\"}"))
        #expect(result.entries.map(\.key) == ["api/d/GET /b"])
        let problem = try #require(result.problems.first)
        #expect(problem.place.pointer == "/paths/~1a/get")
        #expect(problem.message.hasPrefix("the operation has 2097"))
    }

    @Test("a description of pages is taken, one of a book is a problem that names its size")
    func longDescriptions() throws {
        func get(_ byteCount: Int) -> String { "{\"get\": {\"description\": \"\(String(repeating: "x", count: byteCount))\"}}" }
        let result = try read(document(paths: "\"/a\": \(get(60_000)), \"/b\": \(get(70_000))", schemas: ""))
        #expect(result.entries.map(\.key) == ["api/d/GET /a"])
        #expect(result.problems.map(\.place.pointer) == ["/paths/~1b/get"])
        #expect(result.problems.first?.message.hasPrefix("summary and description have 70") == true)
    }

    @Test("aliases that multiply are refused with their line")
    func billionLaughs() {
        var lines = ["openapi: 3.1.0", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
        for level in 1..<12 {
            lines.append("a\(level): &a\(level) [\((0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ", "))]")
        }
        let refusal = refusal(Array(lines.joined(separator: "\n").utf8))
        #expect(refusal.contains("aliases stand for more than"))
        #expect(refusal.contains("line 7"))
    }

    @Test("references that lead nowhere, to other documents or in a circle are problems with their places")
    func badReferences() throws {
        let result = try read(
            """
            openapi: 3.0.0
            paths:
              /a:
                get:
                  parameters:
                    - $ref: '#/components/parameters/None'
                    - {name: q, in: query, schema: {$ref: 'other.yaml#/Q'}}
                  responses:
                    200: {$ref: '#/components/responses/Loop'}
              /b: {$ref: 'https://example.test/b.yaml'}
              /c: {get: {responses: {200: {description: fine}}}}
            components:
              responses:
                Loop: {$ref: '#/components/responses/Pool'}
                Pool: {$ref: '#/components/responses/Loop'}
            """)
        #expect(result.entries.map(\.key) == ["api/d/GET /a", "api/d/GET /c"])
        let places = result.problems.map { "\($0.place.pointer ?? "") \($0.place.line ?? 0)" }
        #expect(places.contains("/paths/~1a/get/parameters/0/$ref 6"))
        #expect(places.contains("/paths/~1a/get/parameters/1/schema/$ref 7"))
        #expect(places.contains("/paths/~1b/$ref 10"))
        #expect(result.problems.contains { $0.message == "this reference leads back to itself" })
        #expect(result.problems.filter { $0.severity == .error }.count == 1)
    }

    @Test("an error is listed however many warnings came before it, and all are counted")
    func manyWarnings() throws {
        let limit = KnowledgeImportLimits.maximumProblemCount
        let members = (0..<2 * limit).map { "\"m\($0)\": \(reference("None\($0)"))" }.joined(separator: ", ")
        let result = try read(
            document(paths: "\"/a\": \(get(reference("A"))), \"/b\": {\"get\": 1}", schemas: "\"A\": {\"properties\": {\(members)}}"))
        #expect(result.problems.count == limit && result.omittedProblemCount == limit + 1)
        #expect(result.problems.last?.severity == .error && result.problems.last?.place.pointer == "/paths/~1b/get")
    }

    @Test("of keys that stand twice the first counts, with a problem, in JSON and in YAML")
    func repeatedKeys() throws {
        let json = try read("{\"openapi\": \"3.1.0\", \"paths\": {\"/a\": {\"get\": {\"summary\": \"one\",\n\"summary\": \"two\"}}}}")
        let yaml = try read("openapi: 3.1.0\npaths:\n  /a:\n    get:\n      summary: one\n      summary: two\n")
        for (result, line) in [(json, 2), (yaml, 6)] {
            #expect(result.entries.map(\.content.title) == ["one"])
            #expect(result.problems.map(\.place.line) == [line])
        }
    }

    @Test("other encodings, other documents and broken text are refused with the reason")
    func refusals() {
        let utf16: [UInt8] = [0xff, 0xfe, UInt8(ascii: "{"), 0, UInt8(ascii: "}"), 0]
        #expect(refusal(utf16) == "line 1, column 1: the text is in UTF-16; UTF-8 is read")
        #expect(refusal([0, UInt8(ascii: "{")]).contains("UTF-16"))
        #expect(refusal(Array("openapi: 3.1.0\ninfo: caf".utf8) + [0xe9]).hasPrefix("line 2, column 10: the text is not UTF-8"))
        #expect(refusal([]) == "the document is empty")
        #expect(refusal(Array("{\"swagger\": \"2.0\"}".utf8)).contains("Swagger 2.0"))
        #expect(refusal(Array("asyncapi: 3.0.0".utf8)).contains("no OpenAPI document"))
        #expect(refusal(Array("openapi: 3.2.0".utf8)) == "/openapi, line 1, column 10: OpenAPI 3.0 and 3.1 are read, not '3.2.0'")
        #expect(refusal(Array("{\"openapi\": \"3.1.0\",\n \"paths\": ]".utf8)).hasPrefix("line 2, column"))
        #expect(refusal(Array("[1, 2]".utf8)).contains("an OpenAPI document is an object"))
        #expect(refusal(Array(repeating: UInt8(ascii: "["), count: 100_000)).contains("deeper"))
        #expect(refusal([UInt8](repeating: 0x20, count: (32 << 20) + 1)).contains("at most"))
    }

    @Test("a byte-order mark in front of UTF-8 is no harm")
    func byteOrderMark() throws {
        let result = try OpenAPIDocument.read(
            [0xef, 0xbb, 0xbf] + Array("{\"openapi\": \"3.1.0\", \"paths\": {\"/a\": {\"get\": {}}}}".utf8), named: nil)
        #expect(result.entries.map(\.key) == ["api/GET /a"])
    }

    @Test("random damage never brings the reader down", arguments: 0..<4)
    func damage(round: Int) {
        var random = SeededGenerator(seed: UInt64(round) &* 7919 &+ 17)
        let source = Array(OpenAPIDocumentTests.pets.utf8)
        for _ in 0..<300 {
            var bytes = source
            for _ in 0...Int(random.next() % 4) {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: place)
                default:
                    bytes.insert(contentsOf: source[min(place, source.count)..<min(source.count, place + 20)], at: min(place, bytes.count))
                }
            }
            if let result = try? OpenAPIDocument.read(bytes, named: "d") { #expect(result.entries.count <= 50) }
        }
    }
}
