import SeededRandom
import Testing

@testable import KnowledgeModel

@Suite struct MarkdownBlocksTests {
    /// Headings as "level words", other blocks as their kind and their text.
    private func outline(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        func words(_ range: Range<Int>) -> String { String(decoding: bytes[MarkdownLine.trimmed(bytes, range)], as: UTF8.self) }
        return MarkdownBlocks(bytes).blocks.map { block in
            switch block.kind {
            case .heading(let level, let text): "\(level) \(words(text))"
            case .code: "code \(words(block.range))"
            case .table(let head): "table \(words(head))"
            case .text: "text \(words(block.range))"
            }
        }
    }

    private func headings(_ text: String) -> [String] {
        outline(text).filter { $0.first?.isNumber == true }
    }

    @Test(
        "headings are what CommonMark says they are",
        arguments: [
            ("# a", ["1 a"]), ("###### a ######  ", ["6 a"]), ("####### a", []), ("#a", []), ("#", ["1 "]), ("## ##", ["2 "]),
            ("   # a", ["1 a"]), ("    # a", []), ("\t# a", []), ("\\# a", []), ("# a#", ["1 a#"]), ("#\ta", ["1 a"]),
            ("# a \\#", ["1 a \\#"]),
            ("a\n===", ["1 a"]), ("a\nb\n---", ["2 a\nb"]), ("a\n\n---", []), ("a\n = =", []), ("---\na\n---", ["2 a"]),
            ("a\n   ---  ", ["2 a"]),
            ("a\n    ---", []), ("> a\n---", []), ("- a\n---", []), ("- a\n===", []), ("> # a", []), ("- # a", []), ("- a\n  # b", []),
            ("- a\n# b", ["1 b"]), ("- a\n\n  # b\n\n# c", ["1 c"]), ("1. a\n\n   # b", []), ("1. a\n\n# b", ["1 b"]),
            ("- a\n\n  b\n\nc\n===", ["1 c"]), ("a\n# b\nc\n# d", ["1 b", "1 d"]), ("# a\r\n# b\r\n", ["1 a", "1 b"]),
            ("***\n# a", ["1 a"]),
            ("text\n2. a\n# b", ["1 b"]), ("a | b\n--- | ---\n# c", ["1 c"]), ("| a |\n|---|\n| b |\n\nc\n---", ["2 c"]),
        ] as [(String, [String])])
    func headings(text: String, expected: [String]) { #expect(headings(text) == expected) }

    @Test(
        "what stands in code and raw HTML is no heading",
        arguments: [
            ("```\n# a\n```\n# b", ["1 b"]), ("~~~ sh\n# a\n```\n# a\n~~~~\n# b", ["1 b"]), ("````\n```\n# a\n````\n# b", ["1 b"]),
            ("```\n# a", []), ("``` a`b\n# c", ["1 c"]), ("``\n# a", ["1 a"]), ("    ```\n# a", ["1 a"]),
            ("   ```\n# a\n   ```\n# b", ["1 b"]),
            ("- a\n  ```\n  # b\n  ```\n\n# c", ["1 c"]), ("- ```\n  # b\n  ```\n# c", ["1 c"]), ("- ```\n# b", ["1 b"]),
            ("- a\n  - b\n    ```\n    # c\n    ```\n# d", ["1 d"]), ("<!--\n# a\n-->\n# b", ["1 b"]), ("<!-- a -->\n# b", ["1 b"]),
            ("<pre>\n\n# a\n\n</pre>\n# b", ["1 b"]), ("<SCRIPT>\n# a\n</script>\n# b", ["1 b"]), ("<div>\n# a\n\n# b", ["1 b"]),
            ("</details>\n# a\n\n# b", ["1 b"]), ("<prefix>\n# a", ["1 a"]), ("<https://example.org>\n# a", ["1 a"]),
        ] as [(String, [String])])
    func raw(text: String, expected: [String]) { #expect(headings(text) == expected) }

    @Test("blocks are told apart") func blocks() {
        let text = """

            one
            two
            - three
              four
            - five
              - six

            seven
            | a | b |
            |---|---|
            | c | d |

            ```
            e

            f
            ```
            eight
            """
        #expect(
            outline(text) == [
                "text one\ntwo", "text - three\n  four", "text - five", "text - six", "text seven", "table | a | b |\n|---|---|",
                "code ```\ne\n\nf\n```", "text eight",
            ])
    }

    @Test("a table has as many cells in its head as below it")
    func tables() {
        #expect(outline("a | b\n|---|") == ["text a | b\n|---|"])
        #expect(outline("a \\| b\n|---|") == ["table a \\| b\n|---|"])
        #expect(outline("  \n\na | b\n---|---") == ["table a | b\n---|---"], "blank lines above it are no block")
    }

    @Test("blocks follow each other without gaps and hold all of the text, whatever it is") func coverage() {
        let seed = TestSeed.next()
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let bytes = Array(RandomMarkdown.text(pieces: 12, &generator).utf8)
            var end = 0
            for block in MarkdownBlocks(bytes).blocks {
                #expect(block.range.lowerBound == end, "SPANDREL_TEST_SEED=\(seed)")
                #expect(!MarkdownLine.trimmed(bytes, block.range).isEmpty, "SPANDREL_TEST_SEED=\(seed)")
                end = block.range.upperBound
            }
            #expect(end == bytes.count || MarkdownLine.trimmed(bytes, bytes.indices).isEmpty, "SPANDREL_TEST_SEED=\(seed)")
        }
    }
}
