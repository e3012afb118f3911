import SeededRandom
import Testing

@testable import RegularExpressions

@Suite("Finding matches")
struct RegularExpressionFinderTests {
    private func found(_ pattern: String, _ text: String, steps: Int = 1 << 30) throws -> [String]? {
        var finder = RegularExpressionFinder(try RegularExpression(pattern))
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBytes { finder.find($0, maximumStepCount: steps) }?.map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test(
        "the leftmost match, of those the longest, then the next",
        arguments: [
            ("a+", "baab a", ["aa", "a"]), ("ab|abc", "abcab", ["abc", "ab"]), ("x*", "axx", ["xx"]), ("^a", "aa", ["a"]),
            ("a$", "aa", ["a"]),
            ("^$", "", []), ("é+", "aéé", ["éé"]), ("b", "aaa", []), ("a.c", "abcabc", ["abc", "abc"]), ("^abc$", "abc", ["abc"]),
        ])
    func places(_ pattern: String, _ text: String, _ expected: [String]) throws {
        #expect(try found(pattern, text) == expected)
    }

    @Test("gives up when the steps do not suffice, in the search as in the finding")
    func steps() throws {
        let text = String(repeating: "a", count: 4_000)
        #expect(try found("a*b|c", text + "c", steps: 100_000) == nil)
        #expect(try found("a*b|c", text + "c") == ["c"])
        #expect(try found("a[ab]{200}c", String(repeating: "ab", count: 5000), steps: 1000) == nil)
    }

    @Test("random patterns find what a plain search finds")
    func random() throws {
        let seed = TestSeed.next()
        var g = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let node = PlainRegularExpression.random(&g, depth: 0)
            let text = (0..<Int.random(in: 0...8, using: &g)).map { _ in g.chance(50) ? "a" : "b" }.joined()
            var expected: [String] = []
            var start = 0
            let letters = Array(text)
            while start < letters.count {
                if let end = node.ends(letters, from: [start]).max(), end > start {
                    expected.append(String(letters[start..<end]))
                    start = end
                } else {
                    start += 1
                }
            }
            #expect(try found(node.pattern, text) == expected, "SPANDREL_TEST_SEED=\(seed): \(node.pattern) in \(text)")
        }
    }
}
