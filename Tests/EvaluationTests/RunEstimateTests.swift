import ByteCoding
import EvaluationModel
import Testing

@testable import Evaluation

@Suite("Estimates of what runs take")
struct RunEstimateTests {
    private func specification(_ targets: String) throws -> RunSpecification {
        try RunSpecification(json: try JSONValue.parse(Array(#"{"repetitions":2,"targets":[\#(targets)]}"#.utf8)))
    }

    private func model(_ name: String, maximum: Int) -> String {
        #"{"name":"\#(name)","kind":"model","provider":"openai","model":"\#(name)","system":"1234","prompt":"12345678","#
            + #""parameters":{"max_output_tokens":\#(maximum)}}"#
    }

    @Test("questions are as long as cases and prompts, answers as before and no longer than allowed; what has no price has no cost")
    func tokens() throws {
        let given = try specification(
            [model("a", maximum: 50), model("b", maximum: 5_000), #"{"name":"c","kind":"exec"}"#].joined(separator: ","))
        let estimate = RunEstimate(given, caseCount: 10, inputByteCount: 400, meanOutputTokens: 100) { _, model, input, output in
            model == "a" ? Double(input + output) : nil
        }
        #expect(estimate.cellCount == 60 && estimate.isFromHistory)
        // 800 bytes of cases, 12 of texts for each of 20 cells.
        #expect(estimate.targets.map(\.inputTokens) == [260, 260, nil])
        #expect(estimate.targets.map(\.outputTokens) == [1_000, 2_000, nil])
        #expect(estimate.targets.map(\.cost) == [1_260, nil, nil] && estimate.cost == 1_260)
        let first = RunEstimate(given, caseCount: 1, inputByteCount: 4, meanOutputTokens: nil) { _, _, _, _ in nil }
        #expect(first.targets[1].outputTokens == 2 * 256 && !first.isFromHistory)
        #expect(RunEstimate(given, caseCount: 0, inputByteCount: 0, meanOutputTokens: nil) { _, _, _, _ in 0 }.cost == 0)
    }
}
