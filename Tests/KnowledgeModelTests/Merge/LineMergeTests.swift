import SeededRandom
import Testing

@testable import KnowledgeModel

@Suite struct LineMergeTests {
    /// Texts of one letter a line.
    private func merge(_ base: String, _ ours: String, _ theirs: String) -> String? {
        func text(_ letters: String) -> String { letters.map { "\($0)\n" }.joined() }
        return LineMerge.merge(base: text(base), ours: text(ours), theirs: text(theirs))?.filter { $0 != "\n" }
    }

    @Test(
        "texts merge where their changes are apart",
        arguments: [
            ("abcde", "abcde", "abcde", "abcde"), ("abcde", "aXcde", "abcde", "aXcde"), ("abcde", "abcde", "abcXe", "abcXe"),
            ("abcde", "aXcde", "abcYe", "aXcYe"), ("abcde", "aXcde", "aXcde", "aXcde"), ("abcde", "aXcde", "aYcde", nil),
            // Side by side, nobody can tell what belongs together.
            ("abcde", "aXcde", "abYde", nil), ("abcde", "Xabcde", "abcdeY", "XabcdeY"), ("abcde", "acde", "abcd", "acd"),
            ("abcde", "acde", "aXcde", nil), ("abcde", "abXcde", "abYcde", nil), ("abcde", "abXcde", "abXcde", "abXcde"),
            ("abcde", "", "abcde", ""), ("abcde", "", "abcdX", nil), ("", "a", "b", nil), ("", "ab", "ab", "ab"), ("", "", "x", "x"),
            ("abcde", "aXcdeZ", "aXcde", "aXcdeZ"), ("abc", "abcd", "abcd", "abcd"), ("abcdef", "bcdef", "abcde", "bcde"),
        ] as [(String, String, String, String?)])
    func table(base: String, ours: String, theirs: String, expected: String?) {
        #expect(merge(base, ours, theirs) == expected)
        #expect(merge(base, theirs, ours) == expected)
    }

    @Test("random texts: one side's change is taken, both sides' apart are both there, and sides may be exchanged") func random() {
        let seed = TestSeed.next()
        var generator = SeededGenerator(seed: seed)
        func edited(_ lines: [String], _ places: Range<Int>, _ mark: String) -> [String] {
            var lines = lines
            for place in places where generator.chance(20) { lines[place] = "\(mark)\(place)\n" }
            return lines
        }
        for _ in 0..<500 {
            let base = (0..<40).map { _ in "\(Int.random(in: 0...60, using: &generator))\n" }
            let ours = edited(base, 0..<18, "our"), theirs = edited(base, 22..<40, "their")
            let expected = Array(ours[..<20] + theirs[20...]).joined()
            let texts = (base.joined(), ours.joined(), theirs.joined())
            #expect(LineMerge.merge(base: texts.0, ours: texts.1, theirs: texts.0) == texts.1, "SPANDREL_TEST_SEED=\(seed)")
            #expect(LineMerge.merge(base: texts.0, ours: texts.1, theirs: texts.1) == texts.1, "SPANDREL_TEST_SEED=\(seed)")
            let merged = LineMerge.merge(base: texts.0, ours: texts.1, theirs: texts.2)
            // Where lines repeat, another pairing may hold changes to be side by side; it never holds them to be something else.
            #expect(merged == nil || merged == expected, "SPANDREL_TEST_SEED=\(seed)")
            #expect(LineMerge.merge(base: texts.0, ours: texts.2, theirs: texts.1) == merged, "SPANDREL_TEST_SEED=\(seed)")
            let unique = base.enumerated().map { "\($0) \($1)" }
            let apart = (edited(unique, 0..<18, "our"), edited(unique, 22..<40, "their"))
            #expect(
                LineMerge.merge(base: unique.joined(), ours: apart.0.joined(), theirs: apart.1.joined())
                    == Array(apart.0[..<20] + apart.1[20...]).joined(), "SPANDREL_TEST_SEED=\(seed)")
        }
    }

    @Test("last lines without a line feed are lines") func lineFeeds() {
        #expect(LineMerge.merge(base: "a\nb\nc", ours: "X\nb\nc", theirs: "a\nb\nc\n") == "X\nb\nc\n")
        #expect(LineMerge.merge(base: "a", ours: "a\n", theirs: "b") == nil)
    }
}
