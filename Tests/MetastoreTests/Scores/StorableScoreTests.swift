import ByteCoding
import EvaluationModel
import Testing

@testable import Metastore

@Suite("Scores are made to fit")
struct StorableScoreTests {
    private func stored(_ score: Score) -> StorableScore { StorableScore(score) }

    @Test("a score as scorers give it is stored as it is")
    func plain() {
        let score = stored(
            Score(
                name: "judge", origin: .scorer(.judge), value: 0.5, passed: true, label: "good", reason: "because",
                details: .object([JSONMember(key: "a", value: .integer(1))]),
                usage: ScorerUsage(model: "openai/gpt", cost: 0.000_000_001_5)))
        #expect(score.name == "judge" && score.value == 0.5 && score.passed == true && score.label == "good" && score.error == nil)
        #expect(score.reason == "because" && score.kind == "judge" && score.model == "openai/gpt" && score.details == #"{"a":1}"#)
        #expect(score.costNanoUSD == 2, "never less than it was")
    }

    @Test(
        "values no number can square are cut, those that are none are left out",
        arguments: [
            (1e151, 1e150), (-Double.infinity, -1e150), (Double.greatestFiniteMagnitude, 1e150), (-0.0, -0.0), (1e150, 1e150),
        ])
    func values(_ given: Double, _ kept: Double) {
        #expect(stored(Score(name: "a", origin: .scorer(.numeric), value: given, reason: "r")).value == kept)
        #expect(stored(Score(name: "a", origin: .scorer(.numeric), value: .nan, passed: true, reason: "r")).value == nil)
    }

    @Test("a scorer that said nothing has failed, and an error always has words")
    func errors() {
        #expect(stored(Score(name: "a", origin: .scorer(.exact), reason: "r")).error != nil)
        #expect(stored(Score(name: "a", origin: .scorer(.exact), value: .nan, reason: "r")).error != nil)
        #expect(stored(Score(name: "a", origin: .scorer(.exact), label: "", reason: "r")).error != nil)
        #expect(stored(Score(name: "a", origin: .scorer(.judge), label: "x", reason: "r")).error == nil)
        let failed = stored(Score(name: "a", origin: .scorer(.judge), error: ScoreError(.limit, "")))
        #expect(failed.error == "the scorer failed" && failed.value == nil && failed.passed == nil)
    }

    @Test("names have no control characters and are never empty; no text has U+0000")
    func texts() {
        #expect(stored(Score(name: "a\u{0}\n\u{85}\u{2028}b", origin: .scorer(.exact), passed: true, reason: "x\0")).name == "a    b")
        #expect(stored(Score(name: "", origin: .scorer(.jsonEqual), passed: true, reason: "x")).name == "json_equal")
        #expect(stored(Score(name: String(repeating: "é", count: 300), origin: .person, passed: true, reason: "x")).name.count == 100)
        let score = stored(Score(name: "a", origin: .person, passed: true, label: "\0b", reason: "x\0y"))
        #expect(score.reason == "x\u{fffd}y" && score.label == "\u{fffd}b")
    }
}
