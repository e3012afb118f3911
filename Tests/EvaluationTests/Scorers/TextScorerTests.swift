import Evaluation
import EvaluationModel
import SeededRandom
import Testing

@Suite("Scorers of text")
struct TextScorerTests {
    @Test(
        "exact says whether the output is the expected text",
        arguments: [
            (#"{"kind":"exact","value":"Paris"}"#, "Paris", true), (#"{"kind":"exact","value":"Paris"}"#, "paris", false),
            (#"{"kind":"exact","value":"Paris"}"#, " Paris\n", false), (#"{"kind":"exact","value":"Paris","trim":true}"#, " Paris\n", true),
            (#"{"kind":"exact","value":"PARIS","ignore_case":true}"#, "pariS", true), (#"{"kind":"exact","value":""}"#, "", true),
            (#"{"kind":"exact","value":"é"}"#, "e\u{301}", true), (#"{"kind":"exact","value":4}"#, "4.0", true),
            (#"{"kind":"exact","value":4}"#, "four", false), (#"{"kind":"exact","value":{"a":1,"b":2}}"#, #"{"b":2,"a":1}"#, true),
            (#"{"kind":"exact","value":null}"#, "null", true), (#"{"kind":"exact","value":"a","negated":true}"#, "b", true),
        ])
    func exact(_ scorer: String, _ output: String, _ passes: Bool) async throws {
        let score = try await ScorerTesting.score(scorer, output)
        #expect(score.passed == passes, "\(score.reason)")
        #expect(score.error == nil)
    }

    @Test("exact takes the case's expected value when it has none, and without either has an error, no zero")
    func expectedValue() async throws {
        #expect(try await ScorerTesting.score(#"{"kind":"exact"}"#, "Paris", expected: #""Paris""#).passed == true)
        let score = try await ScorerTesting.score(#"{"kind":"exact"}"#, "Paris")
        #expect(score.error?.code == .missing)
        #expect(score.passed == nil && score.value == nil)
    }

    @Test("a pattern that needs new work for every byte of a long output is an error of its scorer, not minutes of the worker's")
    func slowPattern() async throws {
        var random = SeededGenerator(seed: 7)
        let output = String(
            decoding: (0..<100_000).map { _ in random.next() & 1 == 0 ? UInt8(ascii: "a") : UInt8(ascii: "b") }, as: UTF8.self)
        let score = try await ScorerTesting.score(#"{"kind":"regex","pattern":"a(a|b){200}c"}"#, output)
        #expect(score.error?.code == .limit && score.passed == nil)
        // Long outputs alone are no reason.
        #expect(try await ScorerTesting.score(#"{"kind":"regex","pattern":"b+c"}"#, output).passed == false)
    }

    @Test("the reason shows both values, and says when only white space differs")
    func reasons() async throws {
        let score = try await ScorerTesting.score(#"{"kind":"exact","value":"Paris"}"#, "Paris\n")
        #expect(score.reason == #"expected "Paris", got "Paris\n"; only white space at the ends differs"#)
        let long = try await ScorerTesting.score(#"{"kind":"exact","value":"Paris"}"#, String(repeating: "x\u{7}", count: 100_000))
        #expect(long.reason.utf8.count < 1000)
        #expect(!long.reason.contains("\u{7}"))
    }

    @Test(
        "contains looks for all, any and none",
        arguments: [
            (#"{"kind":"contains","all":["a","b"]}"#, "b a", true), (#"{"kind":"contains","all":["a","b"]}"#, "a", false),
            (#"{"kind":"contains","any":["x","b"]}"#, "abc", true), (#"{"kind":"contains","any":["x","y"]}"#, "abc", false),
            (#"{"kind":"contains","none":["x"]}"#, "abc", true), (#"{"kind":"contains","none":["b"]}"#, "abc", false),
            (#"{"kind":"contains","all":"PARIS","ignore_case":true}"#, "in paris", true),
            (#"{"kind":"contains","all":["aab"]}"#, "aaab", true),
            (#"{"kind":"contains","all":["a"],"any":["b"],"none":["c"]}"#, "abc", false),
            (#"{"kind":"contains"}"#, "it is Paris.", true), (#"{"kind":"contains"}"#, "it is Rome.", false),
            (#"{"kind":"contains","all":["x"],"negated":true}"#, "abc", true),
        ])
    func contains(_ scorer: String, _ output: String, _ passes: Bool) async throws {
        let score = try await ScorerTesting.score(scorer, output, expected: #""Paris""#)
        #expect(score.passed == passes, "\(score.reason)")
    }

    @Test("contains names what is missing and what must not be there")
    func containsReasons() async throws {
        let score = try await ScorerTesting.score(#"{"kind":"contains","all":["a","b","c"],"none":["x"]}"#, "a x")
        #expect(score.reason == #"the output lacks "b", "c"; the output has "x", which it must not; it is "a x""#)
        #expect(try await ScorerTesting.score(#"{"kind":"contains"}"#, "a", expected: "7").error?.code == .missing)
    }

    @Test("searching takes linear time for texts made to be slow")
    func hostileNeedle() async throws {
        let needle = String(repeating: "a", count: 30_000) + "b"
        let output = String(repeating: "a", count: 2_000_000)
        let start = ContinuousClock.now
        #expect(try await ScorerTesting.score(#"{"kind":"contains","all":["\#(needle)"]}"#, output).passed == false)
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test(
        "regex matches anywhere unless anchored",
        arguments: [
            (#"{"kind":"regex","pattern":"[0-9]{4}"}"#, "in 1998", true), (#"{"kind":"regex","pattern":"^[0-9]{4}$"}"#, "in 1998", false),
            (#"{"kind":"regex","pattern":"PARIS","ignore_case":true}"#, "paris", true), (#"{"kind":"regex","pattern":"a|b"}"#, "", false),
        ])
    func regex(_ scorer: String, _ output: String, _ passes: Bool) async throws {
        #expect(try await ScorerTesting.score(scorer, output).passed == passes)
    }

    @Test("a pattern that cannot be used is the scorer's error, with the reason; the output is not to blame")
    func badPattern() async throws {
        for pattern in ["(", "(?=a)", #"(a)\\1"#] {
            let score = try await ScorerTesting.score(#"{"kind":"regex","pattern":"\#(pattern)"}"#, "a")
            #expect(score.error?.code == .invalidScorer)
            #expect(score.passed == nil)
        }
    }

    @Test("a pattern that would take other engines for ever takes linear time")
    func hostilePattern() async throws {
        let start = ContinuousClock.now
        let score = try await ScorerTesting.score(#"{"kind":"regex","pattern":"^(a+)+$"}"#, String(repeating: "a", count: 1_000_000) + "!")
        #expect(score.passed == false)
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("an output larger than scorers look at is an error")
    func hugeOutput() async throws {
        let output = String(repeating: "a", count: EvaluationLimits.maximumOutputByteCount + 1)
        #expect(try await ScorerTesting.score(#"{"kind":"exact","value":"a"}"#, output).error?.code == .limit)
    }
}
