import ByteCoding
import Testing

@testable import provider_stand_in

/// Verdicts that a test can foretell.
@Suite struct JudgeVerdictTests {
    private func verdict(_ judging: Directive.Judging, _ prompt: String, scale: (Double, Double) = (0, 1)) -> JudgeVerdict {
        JudgeVerdict(judging, prompt: prompt, tags: nil, scale: scale, threshold: 0.5, drawn: nil)
    }

    @Test("a mark in the answer is its quality, wherever else marks stand")
    func marks() {
        #expect(verdict(.compare, "quality=0.1 <answer>x quality=0.8</answer> <expected>x</expected>").score == 0.8)
    }

    @Test("an answer equal to the expected one has the full score")
    func equalTexts() {
        #expect(verdict(.compare, "<output>the sky is blue</output><reference>the sky is blue</reference>").score > 0.9999)
        #expect(!verdict(.compare, "<output>a cat</output><reference>the sky is blue</reference>").passes)
    }

    @Test("of two answers the better wins in either order, and a biased judge takes the first")
    func pairs() {
        let good = "quality=0.9", bad = "quality=0.2"
        func winner(_ judging: Directive.Judging, _ a: String, _ b: String) -> JudgeVerdict.Winner? {
            verdict(judging, "<answer_a>\(a)</answer_a><answer_b>\(b)</answer_b>").winner
        }
        #expect(winner(.pairwise, good, bad) == .a)
        #expect(winner(.pairwise, bad, good) == .b)
        #expect(winner(.pairwise, good, good) == .tie)
        #expect(winner(.first, bad, good) == .a)
    }

    @Test("a verdict takes the shape of the schema")
    func shapes() {
        let schema: JSONValue = [
            "type": "object",
            "properties": [
                "score": ["type": "integer", "minimum": 1, "maximum": 5], "verdict": ["enum": ["FAIL", "PASS"]], "ok": ["type": "BOOLEAN"],
                "notes": ["type": "array", "items": ["type": "string"]],
            ],
        ]
        #expect(
            verdict(.compare, "quality=0.75").instance(of: schema) == ["score": 4, "verdict": "PASS", "ok": true, "notes": []])
        #expect(verdict(.compare, "quality=0.5", scale: (0, 10)).instance(of: nil)["score"] == .double(5))
    }
}
