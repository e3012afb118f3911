import Evaluation
import EvaluationModel
import SeededRandom
import Testing

@testable import Evaluation

@Suite("Scorers of numbers, distances and limits")
struct FigureScorerTests {
    @Test(
        "numeric compares the last number of the output within the tolerance",
        arguments: [
            (#"{"kind":"numeric","value":42}"#, "42", true), (#"{"kind":"numeric","value":42}"#, "The answer is 42.", true),
            (#"{"kind":"numeric","value":42}"#, "6 x 7 = 42", true), (#"{"kind":"numeric","value":42}"#, "42 or 43", false),
            (#"{"kind":"numeric","value":1234.5}"#, "$1,234.50", true), (#"{"kind":"numeric","value":-3}"#, "x = -3", true),
            (#"{"kind":"numeric","value":4}"#, "3-4", true), (#"{"kind":"numeric","value":1e9}"#, "1e9", true),
            (#"{"kind":"numeric","value":0.2,"absolute":0.1}"#, "0.3", true),
            (#"{"kind":"numeric","value":0.2,"absolute":0.1}"#, "0.31", false),
            (#"{"kind":"numeric","value":100,"relative":0.05}"#, "104.9", true),
            (#"{"kind":"numeric","value":-100,"relative":0.05}"#, "-106", false),
            (#"{"kind":"numeric","value":2}"#, "H2O", false), (#"{"kind":"numeric","value":2}"#, "nothing", false),
            (#"{"kind":"numeric","value":0.5}"#, "about .5", true), (#"{"kind":"numeric","value":50}"#, "50%", true),
            (#"{"kind":"numeric"}"#, "7", true), (#"{"kind":"numeric","value":12}"#, "1,2", false),
        ])
    func numeric(_ scorer: String, _ output: String, _ passes: Bool) async throws {
        let score = try await ScorerTesting.score(scorer, output, expected: #""7 apples""#)
        #expect(score.passed == passes, "\(score.reason)")
    }

    @Test("an expected value that is no number is an error")
    func noNumber() async throws {
        #expect(try await ScorerTesting.score(#"{"kind":"numeric"}"#, "7", expected: #""seven""#).error?.code == .missing)
        #expect(try await ScorerTesting.score(#"{"kind":"numeric"}"#, "7", expected: "[7]").error?.code == .missing)
    }

    @Test(
        "edit distance is Levenshtein's",
        arguments: [
            ("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("flaw", "lawn", 2), ("é", "e", 1),
            ("ab", "ba", 2),
        ])
    func distances(_ a: String, _ b: String, _ distance: Int) {
        #expect(EditDistance.between(Array(a.unicodeScalars), Array(b.unicodeScalars)) == distance)
    }

    @Test("random texts, longer than a machine word too, have the distance that the plain table gives")
    func randomDistances() {
        let seed = TestSeed.next()
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let lengths = (0..<2).map { _ in Int.random(in: 0...(generator.chance(30) ? 300 : 20), using: &generator) }
            let letters = Array("abcdé".unicodeScalars).prefix(Int.random(in: 1...5, using: &generator))
            let texts = lengths.map { length in (0..<length).map { _ in letters.randomElement(using: &generator) ?? "a" } }
            #expect(EditDistance.between(texts[0], texts[1]) == Self.plain(texts[0], texts[1]), "SPANDREL_TEST_SEED=\(seed)")
        }
    }

    private static func plain(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (x == y ? 0 : 1))
                diagonal = row[j + 1]
                row[j + 1] = next
            }
        }
        return row[b.count]
    }

    @Test("edit distance passes by similarity or by the number of edits, and refuses texts that are too long")
    func editDistanceScores() async throws {
        let near = try await ScorerTesting.score(#"{"kind":"edit_distance","value":"kitten","threshold":0.5}"#, "sitting")
        #expect(near.passed == true)
        #expect(near.value == 1 - 3.0 / 7)
        #expect(near.reason == "similarity 0.5714: 3 edits from the expected text of 6 characters; at least 0.5 is asked for")
        #expect(try await ScorerTesting.score(#"{"kind":"edit_distance","value":"kitten","threshold":0.6}"#, "sitting").passed == false)
        #expect(try await ScorerTesting.score(#"{"kind":"edit_distance","value":"kitten","maximum_distance":3}"#, "sitting").passed == true)
        #expect(
            try await ScorerTesting.score(#"{"kind":"edit_distance","value":"kitten","maximum_distance":2}"#, "sitting").passed == false)
        #expect(try await ScorerTesting.score(#"{"kind":"edit_distance","value":"","threshold":1}"#, "").passed == true)
        let measured = try await ScorerTesting.score(#"{"kind":"edit_distance","value":"a","required":false}"#, "b")
        #expect(measured.passed == nil && measured.value == 0)
        let long = String(repeating: "x", count: EvaluationLimits.maximumEditDistanceLength + 1)
        #expect(try await ScorerTesting.score(#"{"kind":"edit_distance","value":"a","threshold":1}"#, long).error?.code == .limit)
    }

    @Test("latency, tokens and cost are held to their limits; what is not known is an error")
    func limits() async throws {
        let output = CaseOutput(text: "", latencyMilliseconds: 812.34, inputTokenCount: 100, outputTokenCount: 20, cost: 0.002)
        let unknown = CaseOutput(text: "")
        for (scorer, passes) in [
            (#"{"kind":"latency","maximum_ms":1000}"#, true), (#"{"kind":"latency","maximum_ms":800}"#, false),
            (#"{"kind":"tokens","maximum_total":120}"#, true), (#"{"kind":"tokens","maximum_total":119}"#, false),
            (#"{"kind":"tokens","maximum_input":100,"maximum_output":19}"#, false), (#"{"kind":"tokens","maximum_output":20}"#, true),
            (#"{"kind":"cost","maximum_usd":0.002}"#, true), (#"{"kind":"cost","maximum_usd":0.001}"#, false),
        ] {
            let score = try await ScorerTesting.score(scorer, output)
            #expect(score.passed == passes, "\(scorer): \(score.reason)")
            #expect(try await ScorerTesting.score(scorer, unknown).error?.code == .missing)
        }
        #expect(
            try await ScorerTesting.score(#"{"kind":"latency","maximum_ms":1000}"#, output).reason == "it took 812.3 ms of at most 1000 ms")
    }
}
