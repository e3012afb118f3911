import ByteCoding
import SeededRandom
import Testing

@testable import KnowledgeModel

@Suite struct KnowledgeDifferenceTests {
    private func article(_ markdown: String, title: String = "T", tags: [String] = []) -> KnowledgeContent {
        KnowledgeContent(title: title, tags: tags, body: .article(Article(markdown: markdown)))
    }

    private func unified(_ old: String, _ new: String) -> String { KnowledgeDifference(from: article(old), to: article(new)).unified }

    @Test("lines are told as diff -u tells them") func lines() {
        let old = (1...20).map { "line \($0)\n" }.joined()
        let new = old.replacing("line 2\n", with: "").replacing("line 8\n", with: "line 8\nnew\n").replacing("line 19\n", with: "changed\n")
        #expect(
            unified(old, new) == """
                @@ -1,11 +1,11 @@
                 line 1
                -line 2
                 line 3
                 line 4
                 line 5
                 line 6
                 line 7
                 line 8
                +new
                 line 9
                 line 10
                 line 11
                @@ -16,5 +16,5 @@
                 line 16
                 line 17
                 line 18
                -line 19
                +changed
                 line 20

                """)
        #expect(unified(old, old) == "")
    }

    @Test("a last line without a line feed is another line than one with it") func lineFeeds() {
        #expect(unified("a\nb", "a\nb\n") == "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n")
        #expect(unified("", "a\n") == "@@ -0,0 +1 @@\n+a\n")
        #expect(unified("a\n", "") == "@@ -1 +0,0 @@\n-a\n")
    }

    @Test("letters that look the same are told apart by their bytes") func bytes() {
        #expect(unified("\u{e9}\n", "e\u{301}\n") == "@@ -1 +1 @@\n-\u{e9}\n+e\u{301}\n")
    }

    @Test("applying the lines to the old text makes the new one, whatever they are") func roundTrip() {
        let seed = TestSeed.next()
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let old = RandomMarkdown.text(pieces: 6, &generator)
            let lines = TextLines.lines(of: old)
            var edited = lines.map(String.init)
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                let place = Int.random(in: 0...edited.count, using: &generator)
                if generator.chance(60) || place == edited.count { edited.insert("new\n", at: place) } else { edited.remove(at: place) }
            }
            let new = edited.joined()
            var result: [String] = [], line = 0
            for difference in LineDifference.differences(from: old, to: new) {
                result += lines[line..<difference.oldOffset].map(String.init)
                #expect(result.count == difference.newOffset, "SPANDREL_TEST_SEED=\(seed)")
                for change in difference.lines where change.kind != .removed {
                    result.append(change.text + (change.hasLineFeed ? "\n" : ""))
                }
                line = difference.oldOffset + difference.oldCount
            }
            result += lines[line...].map(String.init)
            #expect(result.joined().utf8.elementsEqual(new.utf8), "SPANDREL_TEST_SEED=\(seed)")
        }
    }

    @Test("fields are told with their paths, columns by their names") func fields() throws {
        let old = try KnowledgeEntry(json: JSONValue.parse(KnowledgeEntryTests.table)).content
        guard case .table(var table) = old.body else { return }
        table.columns[0].type = "uuid"
        table.columns.append(.init(name: "note", type: "text"))
        table.columns.remove(at: 1)
        table.uniqueKeys = []
        let new = KnowledgeContent(title: "Orders", tags: ["sales", "b"], body: .table(table))
        #expect(
            KnowledgeDifference(from: old, to: new).fields == [
                FieldDifference(path: "tags", old: .array([.string("sales")]), new: .array([.string("sales"), .string("b")])),
                FieldDifference(path: #"content.columns["id"].type"#, old: .string("bigint"), new: .string("uuid")),
                FieldDifference(
                    path: #"content.columns["note"]"#, old: nil,
                    new: try JSONValue.parse(#"{"name": "note", "type": "text", "is_nullable": true}"#)),
                FieldDifference(
                    path: #"content.columns["number"]"#,
                    old: try JSONValue.parse(#"{"name": "number", "type": "text", "is_nullable": false}"#), new: nil),
                FieldDifference(path: "content.unique_keys", old: .array([.array([.string("number")])]), new: nil),
            ])
    }

    @Test("parameters are told by where they stand and their names, another order of columns as one difference") func namedParts() throws {
        func differences(_ old: String, _ new: String) throws -> [String] {
            FieldDifference.differences(from: try JSONValue.parse(old), to: try JSONValue.parse(new)).map(\.path)
        }
        #expect(
            try differences(
                #"{"p": [{"name": "id", "in": "path", "a": 1}, {"name": "id", "in": "query"}]}"#,
                #"{"p": [{"name": "id", "in": "path", "a": 2}, {"name": "id", "in": "query"}]}"#) == [#"p["path id"].a"#])
        #expect(try differences(#"[{"name": "a"}, {"name": "b"}]"#, #"[{"name": "b"}, {"name": "a"}]"#) == [""])
        #expect(try differences(#"{"a": 1, "b": 2.0}"#, #"{"b": 2, "a": 1}"#) == [])
        #expect(try differences(#"[1, 2]"#, #"[1, 3]"#) == [""])
    }

    @Test("an entry that comes or goes is different in all its fields") func addedAndRemoved() {
        let added = KnowledgeDifference(from: nil, to: article("a\n"))
        #expect(added.fields.map(\.path) == ["title", "kind", "tags"])
        #expect(added.unified == "@@ -0,0 +1 @@\n+a\n")
        let removed = KnowledgeDifference(from: article("a\n"), to: nil)
        #expect(removed.fields.allSatisfy { $0.new == nil })
        #expect(KnowledgeDifference(from: nil, to: nil).isEmpty)
        #expect(KnowledgeDifference(from: article("a"), to: article("a")).isEmpty)
    }

    @Test("what became of an entry is told by its hashes") func changes() {
        let one = article("a").hash, other = article("b").hash
        #expect(KnowledgeChange(from: nil, to: one) == .added)
        #expect(KnowledgeChange(from: one, to: nil) == .removed)
        #expect(KnowledgeChange(from: one, to: other) == .changed)
        #expect(KnowledgeChange(from: one, to: one) == nil)
        #expect(KnowledgeChange(from: nil, to: nil) == nil)
    }
}
