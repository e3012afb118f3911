import ByteCoding
import Evaluation
import EvaluationModel

/// Short ways to score one output.
enum ScorerTesting {
    static func scorer(_ text: String) throws -> ScorerSpecification {
        try ScorerSpecification.list(json: JSONValue.parse("[\(text)]"))[0]
    }

    static func input(_ output: CaseOutput, expected: String? = nil, baseline: CaseOutput? = nil) throws -> ScorerInput {
        let value = try expected.map { try JSONValue.parse($0) }
        return ScorerInput(
            content: TestCaseContent(key: "case", input: .text("What is asked?"), expected: value), output: output, baseline: baseline)
    }

    /// `expected` is JSON.
    static func score(_ scorer: String, _ output: CaseOutput, expected: String? = nil) async throws -> Score {
        try await ScorerRunner(scorers: [Self.scorer(scorer)]).run(input(output, expected: expected)).scores[0]
    }

    static func score(_ scorer: String, _ output: String, expected: String? = nil) async throws -> Score {
        try await score(scorer, CaseOutput(text: output), expected: expected)
    }
}
