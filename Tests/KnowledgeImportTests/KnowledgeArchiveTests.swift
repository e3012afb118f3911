import ByteCoding
import Glibc
import KnowledgeModel
import SeededRandom
import Testing

@testable import KnowledgeImport

@Suite struct KnowledgeArchiveTests {
    private func archive(_ files: [(path: String, text: String)]) throws -> [UInt8] {
        try ZipWriter.archive(files.map { ($0.path, Array($0.text.utf8)) })
    }

    @Test("a folder of Markdown: keys from paths, titles from headings, both from front matter where it says them")
    func folder() throws {
        let result = try KnowledgeArchive.read(
            archive([
                ("refunds/policy.md", "# Refunds #\n\nText."), ("setext.md", "```\n# no\n```\nUnder\nlined\n=====\n"), ("plain.md", "Text"),
                ("head.md", "---\r\ntitle: From the head\r\ntags: [a, b, a]\r\nkey: other/key\r\n---\r\nText\r\n"), ("image.png", "no"),
                (".hidden/x.md", "no"),
            ]))
        #expect(result.entries.map(\.key) == ["refunds/policy", "setext", "plain", "other/key"])
        #expect(result.entries.map(\.content.title) == ["Refunds", "lined", "plain", "From the head"])
        #expect(result.entries[3].content.tags == ["a", "b"])
        #expect(result.entries[3].content.body == .article(Article(markdown: "Text\n")))
        #expect(result.problems.map(\.message) == ["2 files are neither Markdown nor in openapi/; they were left out"])
    }

    @Test("front matter that cannot be read is a problem with its file and line")
    func badFrontMatter() throws {
        let result = try KnowledgeArchive.read(
            archive([
                ("a.md", "---\ntitle: x\ntags: [a\n---\n"), ("b.md", "---\nkey: 7\n---\n"), ("c.md", "caf\u{e9}"), ("d.md", "---\nno end"),
            ]))
        #expect(result.entries.map(\.key) == ["c", "d"])
        #expect(result.problems.map(\.place.file) == ["a.md", "b.md"])
        #expect(result.problems[1].place.line == 2)
    }

    @Test(
        "names that lead out of the folder are not taken",
        arguments: ["../a.md", "/a.md", "a/../../b.md", "a//b.md", "./a.md", "C:a.md", "a\\b.md"])
    func badNames(path: String) throws {
        let result = try KnowledgeArchive.read(archive([(path, "x"), ("good.md", "x")]))
        #expect(result.entries.map(\.key) == ["good"])
        #expect(result.problems.count == 1)
    }

    @Test("keys that no entry may have are not taken, from whichever file they come")
    func badKeys() throws {
        let document = #"{"openapi": "3.1.0", "paths": {"/a/../b": {"get": {}}, "/c ": {"get": {}}, "/d": {"get": {}}}}"#
        let result = try KnowledgeArchive.read(
            archive([("a.md", "---\nkey: ../b\n---\n"), ("b .md", "x"), ("openapi/d.json", document), ("good.md", "x")]))
        #expect(result.entries.map(\.key) == ["api/d/GET /d", "good"])
        #expect(result.problems.map(\.place.file) == ["a.md", "b .md", "openapi/d.json", "openapi/d.json"])
        #expect(result.problems[0].message == "no part of a key between slashes is . or ..")
    }

    @Test("keys that look the same and have other bytes are two; the same bytes are one")
    func keyBytes() throws {
        func file(_ key: String) -> String { "---\ntitle: T\nkey: \"\(key)\"\n---\nx\n" }
        let result = try KnowledgeArchive.read(
            archive([("a.md", file("caf\u{e9}")), ("b.md", file("cafe\u{301}")), ("c.md", file("cafe\u{301}"))]))
        #expect(result.entries.map { EntryKey($0.key) } == ["caf\u{e9}", "cafe\u{301}"].map(EntryKey.init))
        #expect(result.problems.map(\.place.file) == ["c.md"])
    }

    @Test("what is packed smaller than text can be is not unpacked")
    func bomb() throws {
        let result = try KnowledgeArchive.read(archive([("zeros.md", String(repeating: "0", count: 1 << 20)), ("good.md", "x")]))
        #expect(result.entries.map(\.key) == ["good"])
        #expect(result.problems.first?.message.contains("packed to less than") == true)
    }

    @Test("damaged archives are refused or give what can be read")
    func damage() throws {
        let bytes = try archive([("a.md", "# A\n\ntext of some length, so that there is something to pack"), ("b/c.md", "# B")])
        #expect(throws: KnowledgeImportError.self) { try KnowledgeArchive.read([]) }
        #expect(throws: KnowledgeImportError.self) { try KnowledgeArchive.read(Array("no archive".utf8)) }
        var random = SeededGenerator(seed: 11)
        for _ in 0..<2000 {
            var damaged = bytes
            for _ in 0...Int(random.next() % 3) {
                damaged[Int(random.next() % UInt64(damaged.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            if random.next() % 5 == 0 { damaged.removeLast(Int(random.next() % UInt64(damaged.count))) }
            if let result = try? KnowledgeArchive.read(damaged) { #expect(result.entries.count <= 2) }
        }
    }

    @Test("what is written is read back the same, whatever the keys, titles and contents", arguments: 0..<6)
    func roundTrip(round: Int) throws {
        var random = SeededGenerator(seed: UInt64(round) &* 31 &+ 5)
        var entries: [String: KnowledgeEntry] = [:]
        for _ in 0..<60 {
            let entry = RandomEntries.entry(&random)
            entries[entry.key] = entry
        }
        let bytes = try KnowledgeArchive.write(entries.values.shuffled(using: &random))
        let result = try KnowledgeArchive.read(bytes)
        #expect(result.problems == [])
        #expect(result.entries.count == entries.count)
        for entry in result.entries { #expect(entries[entry.key] == entry, "\(entry.key)") }
        #expect(try KnowledgeArchive.write(Array(entries.values)) == bytes)
    }

    @Test("the documents and files of an archive have one budget, and what is beyond it is left out with the reason")
    func oneBudget() throws {
        let schema = #"{"type": "object", "description": "\#(String(repeating: "x", count: 2_000))"}"#
        let reference = ##"{"$ref": "#/components/schemas/A"}"##
        let response = #"{"200": {"description": "", "content": {"a/b": {"schema": \#(reference)}}}}"#
        let paths = (0..<10).map { #""/p\#($0)": {"get": {"responses": \#(response)}}"# }.joined(separator: ", ")
        let document = #"{"openapi": "3.1.0", "paths": {\#(paths)}, "components": {"schemas": {"A": \#(schema)}}}"#
        let documents: [(path: String, text: String)] = (0..<3).map { ("openapi/d\($0).json", document) }
        let bytes = try archive(documents + [("long.md", String(repeating: "y", count: 5_000))])
        #expect(try KnowledgeArchive.read(bytes).entries.count == 31)
        // A document alone has room in it; the second does not.
        let short = try KnowledgeArchive.read(bytes, within: ImportBudget(byteCount: 30_000))
        #expect((11..<20).contains(short.entries.count))
        #expect(short.problems.count == 31 - short.entries.count)
        #expect(short.problems.allSatisfy { $0.message == ImportBudget.bytesAreSpent })
        #expect(short.problems.last?.place.file == "long.md")
        // Each operation looks at one schema.
        let visits = try KnowledgeArchive.read(bytes, within: ImportBudget(visitCount: 15))
        #expect(visits.entries.count == 16 && visits.problems.count == 15)
        #expect(visits.problems.allSatisfy { $0.message == ImportBudget.visitsAreSpent })
        let operations = try KnowledgeArchive.read(bytes, within: ImportBudget(operationCount: 25))
        #expect(operations.entries.count == 26 && operations.problems.map(\.message) == ["only 100000 operations of an upload are taken"])
    }

    @Test("what aliases stand for counts as if it were written out, in files and in what an exported document says of itself")
    func aliases() throws {
        let columns = (0..<100).map { "    - {name: c\($0), type: t, description: *a}\n" }.joined()
        let text = String(repeating: "z", count: 1_000)
        let table = "---\nkind: table\nx: &a \(text)\ntable:\n  name: t\n  columns:\n\(columns)---\n"
        let operations = (0..<20).map { "  /p\($0): {get: {x-spandrel: {details: {a: *a, b: *a, c: *a}}}}\n" }.joined()
        let document = "openapi: 3.1.0\nx: &a \(text)\npaths:\n\(operations)"
        let result = try KnowledgeArchive.read(archive([("openapi/d.yaml", document)]), within: ImportBudget(byteCount: 20_000))
        #expect(result.entries.count == 6)
        let tables = try archive([("t.md", table), ("u.md", "u")])
        #expect(try KnowledgeArchive.read(tables).entries.count == 2)
        let short = try KnowledgeArchive.read(tables, within: ImportBudget(byteCount: 20_000))
        #expect(short.entries.isEmpty && short.problems.map(\.message) == [ImportBudget.bytesAreSpent, ImportBudget.bytesAreSpent])
    }

    @Test("thousands of keys that become one path take no longer than others")
    func onePath() throws {
        let prefix = String(repeating: "k", count: 220)
        let entries = (0..<3_000).map { number in
            KnowledgeEntry(
                key: "\(prefix)\(number)", content: KnowledgeContent(title: "t", body: .article(Article(markdown: "x"))))
        }
        // Of this thread alone, whatever else the machine does: one pass takes less than a second of it, one for each key ten.
        func seconds() -> Int {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return time.tv_sec
        }
        let start = seconds()
        let zip = try ZipReader(KnowledgeArchive.write(entries))
        #expect(seconds() - start < 6)
        #expect(Set(zip.files.map(\.path)).count == entries.count)
        #expect(zip.files.contains { $0.path.hasSuffix("~3000.md") })
    }

    @Test("an imported document comes back the same and as OpenAPI 3.1 at its own paths")
    func importedDocument() throws {
        let imported = try OpenAPIDocument.read(Array(OpenAPIDocumentTests.pets.utf8), named: "pets")
        let zip = try ZipReader(KnowledgeArchive.write(imported.entries))
        let file = try #require(zip.files.first)
        #expect(file.path == "openapi/pets.json")
        let document = try JSONValue.parse(zip.read(file))
        #expect(document["openapi"] == .string("3.1.0"))
        #expect(document["paths"]?["/pets/{id}"]?["get"]?["operationId"] == .string("getPet"))
        #expect(document["paths"]?["/pets/{id}"]?["get"]?["x-spandrel"] == nil)
    }
}

/// Entries of all kinds, also such as nobody would write.
enum RandomEntries {
    private static let words = [
        "a", "Refunds", "refunds", "..", ".x", "x.", "über", "a:b", "con/nul", "  ", "---", "# x", "日本", "true", "- 1", "\"", "'", "a\\b",
        "🙂", "%2e",
    ]

    private static func word(_ random: inout SeededGenerator) -> String { words[Int(random.next() % UInt64(words.count))] }

    private static func text(_ random: inout SeededGenerator, lines: Bool = true) -> String {
        var text = ""
        for _ in 0..<Int(random.next() % 6) { text += word(&random) + (lines && random.next() % 3 == 0 ? "\n" : " ") }
        return text
    }

    static func entry(_ random: inout SeededGenerator) -> KnowledgeEntry {
        var key = word(&random) + "/" + text(&random, lines: false) + word(&random)
        if random.next() % 2 == 0 || KnowledgeEntry.problem(ofKey: key) != nil { key = "k\(random.next() % 1000)" }
        var title = ImportedText.heading(text(&random), maximumByteCount: 1024)
        if title.isEmpty { title = "t" }
        var tags: [String] = []
        for _ in 0..<Int(random.next() % 3) {
            let tag = ImportedText.heading(word(&random), maximumByteCount: 128)
            if !tag.isEmpty, !tags.contains(tag) { tags.append(tag) }
        }
        let body: KnowledgeBody
        switch random.next() % 3 {
        case 0: body = .article(Article(markdown: text(&random)))
        case 1: body = .table(table(&random))
        default:
            let operation = operation(&random)
            if random.next() % 2 == 0 { key = OperationReader.key(of: operation) }
            body = .operation(operation)
        }
        return KnowledgeEntry(key: key, content: KnowledgeContent(title: title, tags: tags, body: body))
    }

    private static func table(_ random: inout SeededGenerator) -> TableDescription {
        var table = TableDescription(
            schema: random.next() % 2 == 0 ? word(&random) : nil, name: "n" + word(&random), description: text(&random))
        for number in 0..<Int(random.next() % 5) {
            table.columns.append(
                .init(
                    name: "c\(number)\(word(&random))", type: word(&random), isNullable: random.next() % 2 == 0,
                    defaultValue: random.next() % 2 == 0 ? text(&random) : nil, description: text(&random)))
        }
        if let first = table.columns.first?.name { table.primaryKey = [first] }
        if random.next() % 2 == 0 { table.uniqueKeys = [["a", word(&random)], ["b"]] }
        if random.next() % 2 == 0 {
            table.foreignKeys = [.init(columns: ["a"], table: word(&random), references: random.next() % 2 == 0 ? ["b"] : [])]
        }
        return table
    }

    private static func operation(_ random: inout SeededGenerator) -> APIOperation {
        let details: [String] = [
            "{}", ##"{"parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}], "security": []}"##,
            ##"{"responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Node"}}}}}, "components": {"schemas": {"Node": {"properties": {"next": {"$ref": "#/components/schemas/Node"}}}}}}"##,
            ##"{"responses": {"200": {"description": "other", "content": {"a/b": {"schema": {"$ref": "#/components/schemas/Node"}}}}}, "components": {"schemas": {"Node": {"items": {"$ref": "#/components/schemas/Node"}}}}}"##,
            ##"{"requestBody": 5, "servers": [], "unknown": {"$ref": "nowhere"}}"##,
            ##"{"parameters": [{"$ref": "#/components/parameters/P"}], "components": {"parameters": {"P": {"name": "p"}}}}"##,
        ]
        let methods = ["GET", "POST", "PATCH", "QUERY"]
        return APIOperation(
            method: methods[Int(random.next() % 4)], path: (random.next() % 4 == 0 ? "" : "/") + "p\(random.next() % 8)/{id}",
            operationID: random.next() % 2 == 0 ? "op\(random.next() % 100)" : nil,
            document: random.next() % 3 == 0 ? nil : "doc " + word(&random), summary: text(&random, lines: false),
            description: text(&random),
            isDeprecated: random.next() % 2 == 0,
            details: (try? JSONValue.parse(details[Int(random.next() % UInt64(details.count))])) ?? .object([]))
    }
}
