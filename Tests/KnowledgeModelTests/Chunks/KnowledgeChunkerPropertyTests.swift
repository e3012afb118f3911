import SeededRandom
import Testing

@testable import KnowledgeModel

/// What holds of the chunks of every text, over random Markdown and over texts made to be slow.
@Suite struct KnowledgeChunkerPropertyTests {
    /// A heading and where its lines are.
    private struct Heading {
        var level: Int
        var text: String
        var range: Range<Int>
    }

    @Test("nothing is lost, the order is kept, limits hold and heading paths are right, whatever the text") func properties() throws {
        let seed = TestSeed.next()
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<120 {
            let text = RandomMarkdown.text(pieces: 14, &generator)
            try check(text, "SPANDREL_TEST_SEED=\(seed)")
        }
    }

    /// Also of texts that other people wrote.
    private func check(_ text: String, _ comment: Comment) throws {
        let bytes = Array(text.utf8)
        let pieces = ChunkPieces(bytes).pieces
        let chunks = KnowledgeChunker.chunks(of: KnowledgeContent(title: "T", body: .article(Article(markdown: text))))
        #expect(chunks.count == max(pieces.count, 1), comment)
        #expect(chunks.map(\.position) == Array(chunks.indices), comment)
        for chunk in chunks {
            #expect(1...KnowledgeLimits.maximumChunkTokenCount ~= chunk.tokenCount, comment)
            #expect(1...8192 ~= chunk.text.utf8.count, comment)
            #expect(chunk.headingPath.allSatisfy { $0.utf8.count <= KnowledgeLimits.maximumHeadingByteCount && !$0.isEmpty }, comment)
        }
        checkRanges(bytes, pieces, comment)
        checkPaths(bytes, pieces, comment)
        for (piece, chunk) in zip(pieces, chunks) {
            let said = String(decoding: bytes[MarkdownLine.trimmed(bytes, piece.range)], as: UTF8.self)
            #expect(chunk.text.utf8.elementsEqual(said.utf8) || chunk.text.contains(said), comment)
        }
    }

    /// Pieces rise; between them are only white space and headings that are in the path of the next piece; overlaps are short.
    private func checkRanges(_ bytes: [UInt8], _ pieces: [ChunkPiece], _ comment: Comment) {
        let headings = headings(bytes)
        var end = 0
        for piece in pieces {
            #expect(piece.range.lowerBound >= end, comment)
            var gap = end..<piece.range.lowerBound
            for heading in headings where gap.contains(heading.range.lowerBound) {
                #expect(MarkdownLine.trimmed(bytes, gap.lowerBound..<heading.range.lowerBound).isEmpty, comment)
                #expect(heading.text.isEmpty || piece.path.contains(heading.text), "\(heading.text) is lost; \(comment)")
                gap = heading.range.upperBound..<max(gap.upperBound, heading.range.upperBound)
            }
            #expect(MarkdownLine.trimmed(bytes, gap).isEmpty, comment)
            let overlap = bytes[piece.range.lowerBound - piece.overlapCount..<piece.range.lowerBound]
            #expect(TokenEstimate.weight(of: overlap) <= ChunkPieces.overlapWeight, comment)
            end = piece.range.upperBound
        }
        let rest = headings.filter { $0.range.lowerBound >= end }
        #expect(rest.allSatisfy { $0.text.isEmpty }, comment)
        if rest.isEmpty { #expect(MarkdownLine.trimmed(bytes, end..<bytes.count).isEmpty, comment) }
    }

    /// The path of a piece and the headings within it are the headings above each of its blocks.
    private func checkPaths(_ bytes: [UInt8], _ pieces: [ChunkPiece], _ comment: Comment) {
        var stack: [Heading] = [], index = 0
        for block in MarkdownBlocks(bytes).blocks {
            if case .heading(let level, let words) = block.kind {
                stack.removeAll { $0.level >= level }
                let text = ChunkSections.pathText(bytes[words])
                if !text.isEmpty { stack.append(Heading(level: level, text: text, range: block.range)) }
                continue
            }
            while index < pieces.count, pieces[index].range.upperBound <= block.range.lowerBound { index += 1 }
            var inside = index
            while inside < pieces.count, pieces[inside].range.lowerBound < block.range.upperBound {
                let piece = pieces[inside]
                #expect(stack.map(\.text).starts(with: piece.path), comment)
                for heading in stack.dropFirst(piece.path.count) {
                    #expect(piece.range.contains(heading.range.lowerBound), comment)
                }
                inside += 1
            }
        }
    }

    private func headings(_ bytes: [UInt8]) -> [Heading] {
        MarkdownBlocks(bytes).blocks.compactMap { block in
            guard case .heading(let level, let words) = block.kind else { return nil }
            return Heading(level: level, text: ChunkSections.pathText(bytes[words]), range: block.range)
        }
    }

    @Test("random documents of known sections have their headings above every word") func knownSections() {
        let seed = TestSeed.next()
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<40 {
            var text = "", expected: [String: [String]] = [:], stack: [(level: Int, text: String)] = []
            for section in 0..<Int.random(in: 1...30, using: &generator) {
                let level = Int.random(in: 1...4, using: &generator)
                stack.removeAll { $0.level >= level }
                stack.append((level, "heading\(section)"))
                text +=
                    level < 3 && generator.chance(30)
                    ? "heading\(section)\n\(level == 1 ? "===" : "---")\n" : String(repeating: "#", count: level) + " heading\(section)\n"
                for paragraph in 0..<Int.random(in: 0...4, using: &generator) {
                    let words = (0..<Int.random(in: 1...300, using: &generator)).map { "w\(section)-\(paragraph)-\($0)" }
                    for word in words { expected[word] = stack.map(\.text) }
                    text += words.joined(separator: " ") + "\n\n"
                }
            }
            let content = KnowledgeContent(title: "T", body: .article(Article(markdown: text)))
            var seen: Set<String> = []
            for chunk in KnowledgeChunker.chunks(of: content) {
                var path = chunk.headingPath
                for line in chunk.text.split(separator: "\n") {
                    // Headings within the chunk replace those of the path below the ones that stay.
                    if let heading = line.split(separator: " ").last, heading.hasPrefix("heading") {
                        path.append(String(heading))
                    }
                    for word in line.split(separator: " ") where word.hasPrefix("w") {
                        let above = expected[String(word)] ?? []
                        #expect(above.starts(with: chunk.headingPath), "SPANDREL_TEST_SEED=\(seed)")
                        #expect(above.allSatisfy(path.contains), "SPANDREL_TEST_SEED=\(seed)")
                        seen.insert(String(word))
                    }
                }
            }
            #expect(seen.count == expected.count, "SPANDREL_TEST_SEED=\(seed)")
        }
    }

    @Test(
        "texts that are made to be slow take no longer than others", .timeLimit(.minutes(1)),
        arguments: [
            "# ", "#\n", "# a\n", "# a\n## b\nx\n", "a", " ", "\n", "- ", "-", "- a\n", "1. ", "> ", ">", "|", "| a |\n|---|\n",
            "|---|\n", "```\n", "~~~\n```\n", "a\n===\n", "a\n", ". ", "<!--", "<!--\n", "<pre>\n", "\u{301}", "漢", "🦜", "\t", "* * ",
            "~", "_", "\\|", "a|", "=\n", "\r", "\u{0}", "[", "((", "a. ",
        ])
    func hostile(unit: String) { chunk(unit, byteCount: 1 << 15) }

    @Test("so it is with a mebibyte", .timeLimit(.minutes(1)), arguments: ["#", "`", "# a\nx\n"])
    func hostileMebibyte(unit: String) { chunk(unit, byteCount: 1 << 20) }

    private func chunk(_ unit: String, byteCount: Int) {
        let text = String(repeating: unit, count: byteCount / unit.utf8.count)
        let chunks = KnowledgeChunker.chunks(of: KnowledgeContent(title: "T", body: .article(Article(markdown: text))))
        #expect(chunks.allSatisfy { 1...KnowledgeLimits.maximumChunkTokenCount ~= $0.tokenCount && $0.text.utf8.count <= 8192 })
        // A byte weighs at most 0.6 tokens; two neighbours have 40 at least.
        #expect(chunks.count <= 2 * byteCount * 6 / 10 / KnowledgeLimits.smallChunkTokenCount)
    }
}
