import Testing

@testable import KnowledgeModel

@Suite struct KnowledgeChunkerTests {
    private func chunks(_ markdown: String, title: String = "T") -> [KnowledgeChunk] {
        KnowledgeChunker.chunks(of: KnowledgeContent(title: title, body: .article(Article(markdown: markdown))))
    }

    /// So many words of one token and a quarter each.
    private func prose(_ count: Int, _ word: String = "word") -> String {
        (0..<count).map { "\(word)\($0)" }.joined(separator: " ")
    }

    @Test("each section is a chunk that knows its headings") func sections() {
        let body = prose(40)
        let chunks = chunks("\(body)\n# A\n\n\(body)\n## B\n\(body)\n\nC\n---\n\(body)\n# D\n\(body)\n")
        #expect(chunks.map(\.headingPath) == [[], ["A"], ["A", "B"], ["A", "C"], ["D"]])
        #expect(chunks.allSatisfy { $0.text == body })
        #expect(chunks.map(\.position) == [0, 1, 2, 3, 4])
    }

    @Test("small neighbours share a chunk, whose path is what they have in common") func smallSections() {
        #expect(
            chunks("# A\n## B\nb\n## C\nc\n").map { [$0.headingPath.joined(separator: "/"), $0.text] } == [["A", "## B\nb\n## C\nc"]])
        #expect(chunks("# A\n## B\nb\n# C\n## D\nd\n").map(\.text) == ["# A\n## B\nb\n# C\n## D\nd"])
        #expect(chunks("# A\n## B\nb\n# C\n## D\nd\n").map(\.headingPath) == [[]])
        // The heading A stands above a chunk of its own: a path without it would be wrong for b.
        let body = prose(60)
        let apart = chunks("# A\n\(body)\n## B\nb\n# C\nc\n")
        #expect(apart.map(\.headingPath) == [["A"], ["A", "B"], ["C"]])
    }

    @Test("a heading that says nothing more is a text") func bareHeadings() {
        #expect(chunks("# A\n## B\n## C\n\(prose(60))").map(\.text) == ["## B", prose(60)])
        #expect(chunks("# A").map(\.text) == ["# A"])
        #expect(chunks("A\n=").map(\.headingPath) == [["A"]])
    }

    @Test("there is always a chunk", arguments: ["", " \n\n", "#", "##\n\n#\n"])
    func never(markdown: String) {
        #expect(chunks(markdown, title: "Title").map(\.text) == ["Title"])
        #expect(chunks(markdown).allSatisfy { $0.tokenCount >= 1 })
    }

    @Test("a heading too long for a path is kept whole in the text") func longHeading() {
        let heading = String(repeating: "é", count: 200)
        let chunks = chunks("# \(heading)\n\(prose(60))")
        #expect(chunks.map(\.headingPath) == [[String(repeating: "é", count: 128)]])
        #expect(chunks[0].text.hasPrefix("# \(heading)\n"))
    }

    @Test("a long section is cut between paragraphs, and repeats the last sentence") func overlap() {
        let first = prose(120, "one") + ". The last sentence.", second = prose(150, "two")
        let chunks = chunks("# A\n\n\(first)\n\n\(second)")
        #expect(chunks.map(\.headingPath) == [["A"], ["A"]])
        #expect(chunks[0].text == first)
        #expect(chunks[1].text == "The last sentence.\n\n\(second)")
    }

    @Test("a table that is too long has its head in each chunk, and code its fences") func repeated() {
        let rows = (0..<100).map { "| \($0) | \(prose(6)) |" }
        let table = chunks("# A\n\n| n | words |\n|---|---|\n" + rows.joined(separator: "\n") + "\n")
        #expect(table.count > 2)
        #expect(table.allSatisfy { $0.text.hasPrefix("| n | words |\n|---|---|\n| ") && $0.tokenCount <= 400 })
        #expect(table.flatMap { $0.text.split(separator: "\n").dropFirst(2).map(String.init) } == rows)
        let lines = (0..<200).map { "call(\($0))" }
        let code = chunks("```swift\n" + lines.joined(separator: "\n") + "\n```\n")
        #expect(code.count == 2)
        #expect(code.allSatisfy { $0.text.hasPrefix("```swift\n") && $0.text.hasSuffix("\n```") && $0.tokenCount <= 400 })
        #expect(code.flatMap { $0.text.split(separator: "\n").dropFirst().dropLast().map(String.init) } == lines)
    }

    @Test("code and tables that fit stay whole") func whole() {
        let code = "```\n" + (0..<40).map { "line \($0)" }.joined(separator: "\n\n") + "\n```"
        let chunks = chunks("\(prose(150))\n\n\(code)\n\n\(prose(150))")
        #expect(chunks.contains { $0.text.contains(code) })
    }

    @Test("what describes one operation is one chunk, if it is short") func operations() {
        let operation = APIOperation(method: "GET", path: "/pets", summary: "Lists pets.")
        let content = KnowledgeContent(title: "Pets", body: .operation(operation))
        #expect(KnowledgeChunker.chunks(of: content).map(\.text) == ["# GET /pets\n\nLists pets."])
        let long = KnowledgeContent(
            title: "Pets", body: .operation(APIOperation(method: "GET", path: "/pets", description: prose(2000))))
        let chunks = KnowledgeChunker.chunks(of: long)
        #expect(chunks.count > 4)
        #expect(chunks.allSatisfy { $0.headingPath == ["GET /pets"] })
    }

    @Test("what is embedded says the title and the headings once") func embedded() {
        let chunk = KnowledgeChunk(position: 0, title: "Refunds", headingPath: ["Refunds", "Late"], text: "No.", tokenCount: 1)
        #expect(chunk.embeddedText == "Refunds\nLate\n\nNo.")
        #expect(chunk.embeddedHash == KnowledgeHash(of: chunk.embeddedText.utf8))
        var other = chunk
        other.headingPath = ["Late"]
        #expect(other.embeddedHash == chunk.embeddedHash)
        other.title = "Returns"
        #expect(other.embeddedText == "Returns\nLate\n\nNo.")
    }

    @Test(
        "tokens are estimated by characters",
        arguments: [
            ("", 0), ("a", 1), ("The quick brown fox", 5), ("漢字", 2), ("🦜", 2), ("1234", 2), (String(repeating: "#", count: 10), 6),
        ])
    func tokens(text: String, count: Int) { #expect(TokenEstimate.tokenCount(of: text) == count) }
}
