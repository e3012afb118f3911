import SeededRandom
import Testing

@testable import RegularExpressions

@Suite("Regular expressions")
struct RegularExpressionTests {
    private func matches(_ pattern: String, _ text: String) throws -> Bool {
        var matcher = RegularExpressionMatcher(try RegularExpression(pattern))
        return Array(text.utf8).withUnsafeBytes { matcher.matches($0) }
    }

    @Test(
        "patterns match what they say",
        arguments: [
            ("abc", "xabcx", true), ("abc", "xabx", false), ("", "", true), ("^abc$", "abc", true), ("^abc$", "abcd", false),
            ("^abc", "zabc", false),
            ("a.c", "a\nc", false), ("a.c", "aéc", true), ("[a-c]+x", "zzbcx", true), ("[^a-c]x", "bx", false), ("[^a]", "é", true),
            ("\\d{3}", "ab123", true), ("\\d{3}", "ab12", false), ("^\\d{2,3}$", "1234", false), ("^\\d{2,}$", "1234", true),
            ("colou?r", "color", true),
            ("(foo|bar)+baz", "foobarbaz", true), ("(?:foo|bar)$", "xbar", true), ("(?i)TIMEOUT", "a TimeOut b", true),
            ("TIMEOUT", "timeout", false),
            ("\\w+@\\w+\\.com", "me ada@x.com", true), ("\\s", "a b", true), ("\\S", "  ", false), ("[\\d_]+$", "a_1", true),
            ("\\u{e9}", "caf\u{e9}", true),
            ("\\x41", "A", true), ("é{2}", "éé", true), ("[à-ü]", "é", true), ("[à-ü]", "e", false), ("^$", "", true), ("^$", "a", false),
            ("$^", "", true), ("$^", "abc", false), ("a|", "zzz", true), ("^(a|b)*$", "abba", true), ("^(a*)*$", "aab", false),
            ("a{0}b", "b", true),
            ("x*", "", true), ("[]a]", "]", true), ("a{,2}", "a{,2}", true), ("😀+", "a😀😀", true), ("^.$", "😀", true), ("a+?b", "aab", true),
        ])
    func meaning(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try matches(pattern, text) == expected)
    }

    @Test(
        "what is not supported or wrong is refused with its place",
        arguments: [
            "(", ")", "a)", "[a", "*a", "a**", "a{3,2}", "a{257}", "\\1", "\\b", "(?=a)", "(?<n>a)", "\\", "[z-a]", "\\xZZ", "a++",
            "[a-\\d]",
            String(repeating: "(", count: 40) + String(repeating: ")", count: 40), "((((a{200}){200}){200}){200})",
            String(repeating: "a", count: 1025),
        ])
    func refusals(_ pattern: String) {
        let error = #expect(throws: RegularExpressionError.self) { try RegularExpression(pattern) }
        #expect(error?.message.isEmpty == false)
    }

    @Test("nested empty groups compile at once")
    func emptyGroups() throws {
        let pattern = "(((((){256}){256}){256}){256}){256}a"
        #expect(try matches(pattern, "a"))
    }

    @Test(
        "patterns that explode elsewhere take a bounded number of steps a byte",
        arguments: [
            "(a+)+$", "(a|aa)+$", "^(a|a)*$", "(.*)*x$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y", "a{0,100}a{0,100}a{0,100}b",
        ])
    func catastrophes(_ pattern: String) throws {
        // A backtracking matcher needs 2^20,000 steps for most of these: that the test ends is the assertion.
        #expect(try !matches(pattern, String(repeating: "a", count: 20_000) + "!"))
    }

    @Test("forgetting its states does not change a match")
    func stateLimit() throws {
        // The last sixteen bytes decide: up to 2^16 sets of states, far over the limit of what is kept.
        let pattern = "a[ab]{15}$"
        let seed = TestSeed.next()
        var g = SeededGenerator(seed: seed)
        var matcher = RegularExpressionMatcher(try RegularExpression(pattern))
        for _ in 0..<5 {
            let text = (0..<2000).map { _ in g.chance(50) ? UInt8(ascii: "a") : UInt8(ascii: "b") }
            #expect(text.withUnsafeBytes { matcher.matches($0) } == (text[text.count - 16] == UInt8(ascii: "a")), "seed \(seed)")
        }
    }

    @Test("a pattern that needs a new state for every byte ends when it may not go on")
    func exhaustion() throws {
        var matcher = RegularExpressionMatcher(try RegularExpression("a[ab]{200}c"), mayGoOn: { false })
        var g = SeededGenerator(seed: 1)
        let text = (0..<100_000).map { _ in g.chance(50) ? UInt8(ascii: "a") : UInt8(ascii: "b") }
        #expect(!(text + Array("c".utf8)).withUnsafeBytes { matcher.matches($0) })
    }

    @Test("random patterns of a, b and operators agree with a plain matcher")
    func randomPatterns() throws {
        let seed = TestSeed.next()
        var g = SeededGenerator(seed: seed)
        for _ in 0..<800 {
            let node = PlainRegularExpression.random(&g, depth: 0)
            let expression = "^(" + node.pattern + ")$"
            let text = (0..<Int.random(in: 0...7, using: &g)).map { _ in g.chance(50) ? "a" : "b" }.joined()
            #expect(
                try matches(expression, text) == node.ends(Array(text), from: [0]).contains(text.count),
                "seed \(seed): \(expression) on \(text)")
        }
    }
}

/// The meaning of a pattern as sets of positions.
indirect enum PlainRegularExpression {
    case letter(Character), any, sequence([Self]), either(Self, Self), star(Self), optional(Self)

    static func random(_ g: inout SeededGenerator, depth: Int) -> Self {
        switch Int.random(in: 0...(depth < 4 ? 6 : 2), using: &g) {
        case 0: .letter("a")
        case 1: .letter("b")
        case 2: .any
        case 3: .sequence((0..<Int.random(in: 0...3, using: &g)).map { _ in random(&g, depth: depth + 1) })
        case 4: .either(random(&g, depth: depth + 1), random(&g, depth: depth + 1))
        case 5: .star(random(&g, depth: depth + 1))
        default: .optional(random(&g, depth: depth + 1))
        }
    }

    var pattern: String {
        switch self {
        case .letter(let letter): String(letter)
        case .any: "."
        case .sequence(let parts): parts.map { "(" + $0.pattern + ")" }.joined()
        case .either(let a, let b): "(" + a.pattern + "|" + b.pattern + ")"
        case .star(let inner): "(" + inner.pattern + ")*"
        case .optional(let inner): "(" + inner.pattern + ")?"
        }
    }

    func ends(_ text: [Character], from starts: Set<Int>) -> Set<Int> {
        switch self {
        case .letter(let letter): return Set(starts.filter { $0 < text.count && text[$0] == letter }.map { $0 + 1 })
        case .any: return Set(starts.filter { $0 < text.count }.map { $0 + 1 })
        case .sequence(let parts): return parts.reduce(starts) { $1.ends(text, from: $0) }
        case .either(let a, let b): return a.ends(text, from: starts).union(b.ends(text, from: starts))
        case .optional(let inner): return starts.union(inner.ends(text, from: starts))
        case .star(let inner):
            var all = starts
            while true {
                let more = all.union(inner.ends(text, from: all))
                if more == all { return all }
                all = more
            }
        }
    }
}
