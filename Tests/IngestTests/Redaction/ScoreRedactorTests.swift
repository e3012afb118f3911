import Testing

@testable import Ingest

@Suite("Redaction of scores") struct ScoreRedactorTests {
    private static func redacted(_ score: ScoreContent, _ rules: String) throws -> (score: ScoreContent, counts: RedactionCounts) {
        let program = RedactionProgram(try RedactionRules(json: Array(rules.utf8)), salt: Array("a salt of sixteen".utf8))
        var redactor = ScoreRedactor(program)
        return (redactor.redact(score), redactor.counts)
    }

    private static let email = #"{"patterns":[{"builtin":"email"},{"builtin":"card"}]}"#
    private static let score = ScoreContent(
        name: "of ada@example.com", value: 0.5, passed: true, label: "ada@example.com", reason: "Card 4111 1111 1111 1111.",
        externalID: "score-1")

    @Test("patterns reach its name, its label and its reason; what they do not find stays as it is")
    func patterns() throws {
        let (shown, counts) = try Self.redacted(Self.score, Self.email)
        var expected = Self.score
        (expected.name, expected.label, expected.reason) = ("of [email]", "[email]", "Card [card].")
        #expect(shown == expected && counts.byKind == [.email: 2, .card: 1])
        let clean = ScoreContent(name: "tone", value: 4_012_888, label: "kind", reason: "Warm.\nVery.", externalID: "x")
        #expect(try Self.redacted(clean, Self.email).score == clean)
    }

    @Test("rules on keys hold under the names of the event that reports a score")
    func keys() throws {
        let rules = #"{"keys":[{"glob":"gen_ai.evaluation.explanation","action":"drop"},{"glob":"*.score.label","action":"hash"}]}"#
        let shown = try Self.redacted(Self.score, rules).score
        #expect(shown.reason == "" && shown.label?.hasPrefix("hash:") == true && shown.name == Self.score.name && shown.value == 0.5)
        let all = try Self.redacted(Self.score, #"{"keys":[{"glob":"gen_ai.evaluation.*","action":"drop"}]}"#).score
        #expect(all == ScoreContent(name: "[redacted]", passed: true, externalID: "score-1"))
    }

    @Test("metadata only keeps no explanation and no long text")
    func metadataOnly() throws {
        let shown = try Self.redacted(Self.score, #"{"mode":"metadata_only"}"#).score
        #expect(shown.reason == "" && shown.label == Self.score.label && shown.name == Self.score.name)
    }

    @Test("of a score that says only what may not be told it is told that it did: a number that is a card's among them")
    func nothingLeft() throws {
        let card = try Self.redacted(ScoreContent(name: "n", value: 4_012_888_888_881_881), Self.email).score
        #expect(card == ScoreContent(name: "n", label: "[redacted]"))
        let dropped = #"{"keys":[{"glob":"*.value","action":"hash"},{"glob":"*.label","action":"drop"}]}"#
        #expect(try Self.redacted(ScoreContent(name: "n", value: 1), dropped).score == ScoreContent(name: "n", label: "[redacted]"))
        #expect(try Self.redacted(ScoreContent(name: "n", label: "l"), dropped).score == ScoreContent(name: "n", label: "[redacted]"))
        #expect(
            try Self.redacted(ScoreContent(name: "n", value: 1, passed: false), dropped).score == ScoreContent(name: "n", passed: false))
    }

    @Test("an id with something in it becomes its hash, so that it stays one of its own; others stay")
    func ids() throws {
        func id(_ text: String) throws -> String? {
            try Self.redacted(ScoreContent(name: "n", value: 1, externalID: text), Self.email).score.externalID
        }
        let first = try id("ada@example.com"), second = try id("grace@example.com")
        #expect(first?.hasPrefix("hash:") == true && first != second)
        #expect(try id("ada@example.com") == first)
        #expect(try id("a-score") == "a-score")
    }

    @Test("masks that are longer than what they hide, empty or of several lines still make a score that can be stored")
    func masks() throws {
        let text = Array(repeating: "a@b.io", count: 14).joined(separator: " ")
        let long = #"{"patterns":[{"builtin":"email","replacement":"\#(String(repeating: "m", count: 60))"}]}"#
        let shown = try Self.redacted(ScoreContent(name: text, label: text, reason: text), long).score
        #expect(shown.name.count == 100 && shown.label?.count == 200 && shown.reason.count == 14 * 61 - 1)
        let empty = #"{"patterns":[{"builtin":"email","replacement":""}]}"#
        #expect(
            try Self.redacted(ScoreContent(name: "a@b.io", label: "a@b.io", reason: "a@b.io"), empty).score
                == ScoreContent(name: "[redacted]", label: "[redacted]"))
        let lines = #"{"patterns":[{"builtin":"email","replacement":"x\ny"}]}"#
        #expect(try Self.redacted(ScoreContent(name: "a@b.io", value: 1), lines).score.name == "x y")
    }
}
