import ByteCoding
import EvaluationModel
import Testing

@Suite struct GateTests {
    private func read(_ text: String, repetitions: Int? = nil) throws -> GateReading {
        Gate.read(try JSONValue.parse(text), repetitions: repetitions)
    }

    private func problems(_ text: String, repetitions: Int? = nil) throws -> [String] {
        guard case .invalid(let problems) = try read(text, repetitions: repetitions) else { return [] }
        return problems.map(\.field)
    }

    @Test("a gate with every field reads as it was written")
    func roundTrip() throws {
        let text = """
            {"case_passes": "majority", "minimum_pass_rate": 0.9, "maximum_regression": 0.02,
             "minimum_means": {"helpfulness": 0.7, "tone": {"minimum": 3.5, "lowest": 1, "highest": 5}}, "maximum_error_rate": 0.1,
             "maximum_cost_usd": 2, "maximum_mean_latency_ms": 1500, "confidence": 0.99, "strict": false, "stop_early": true}
            """
        let gate = Gate(
            casePasses: .majority, minimumPassRate: 0.9, maximumRegression: 0.02,
            minimumMeans: [
                MeanRule(score: "helpfulness", minimum: 0.7), MeanRule(score: "tone", minimum: 3.5, lowest: 1, highest: 5),
            ], maximumErrorRate: 0.1, maximumCostUSD: 2, maximumMeanLatencyMilliseconds: 1500, confidence: 0.99, stopEarly: true)
        #expect(try read(text) == .valid(gate))
        #expect(Gate.read(gate.json) == .valid(gate))
        #expect(gate.statisticalRuleCount == 4)
    }

    @Test("what is not given has its default, and null is not given")
    func defaults() throws {
        let expected = Gate(minimumPassRate: 1)
        #expect(try read(#"{"minimum_pass_rate": 1, "maximum_regression": null}"#) == .valid(expected))
        #expect(expected.confidence == 0.95 && expected.maximumErrorRate == 0.05 && !expected.stopEarly && !expected.strict)
    }

    @Test("every wrong field is named, not only the first")
    func everyProblemIsNamed() throws {
        let text = """
            {"case_passes": "most", "minimum_pass_rate": 1.2, "maximum_regression": -0.1, "maximum_error_rate": "few", "confidence": 1,
             "minimum_means": {"a": {"minimum": 6, "lowest": 1, "highest": 5}, "b": true, "c": {"minimum": 1, "lowest": 2, "highest": 2},
             "d": {"least": 1}}, "strict": "yes", "maximum_cost_usd": 0, "maximum_mean_latency_ms": -1, "min_pass_rate": 0.9}
            """
        #expect(
            try problems(text) == [
                "min_pass_rate", "case_passes", "minimum_pass_rate", "maximum_regression", "minimum_means.a.minimum", "minimum_means.b",
                "minimum_means.b.minimum", "minimum_means.c.highest", "minimum_means.d.least", "minimum_means.d.minimum",
                "minimum_means.d.minimum", "maximum_error_rate", "maximum_cost_usd", "maximum_mean_latency_ms", "confidence", "strict",
            ])
    }

    @Test("a gate without a rule, a gate that is no object and more repetitions than the run has are refused")
    func otherProblems() throws {
        #expect(try problems("{}") == [""])
        #expect(try problems("[]") == [""])
        #expect(try problems(#"{"case_passes": 4, "minimum_pass_rate": 1}"#, repetitions: 3) == ["case_passes"])
        #expect(try problems(#"{"case_passes": 0, "minimum_pass_rate": 1}"#) == ["case_passes"])
        #expect(
            try read(#"{"case_passes": 3, "minimum_pass_rate": 1}"#, repetitions: 3)
                == .valid(Gate(casePasses: .atLeast(3), minimumPassRate: 1)))
    }

    @Test(
        "a case passes with k of its n repetitions, and is open while that may still change",
        arguments: [
            (CaseRequirement.all, 3, 0, CaseStatus.passed), (.all, 2, 0, .undecided), (.all, 0, 1, .failed), (.any, 1, 0, .passed),
            (.any, 0, 2, .undecided), (.any, 0, 3, .failed), (.majority, 2, 0, .passed), (.majority, 1, 1, .undecided),
            (.majority, 0, 2, .failed), (.atLeast(2), 2, 1, .passed), (.atLeast(2), 1, 2, .failed),
        ])
    func caseStatus(requirement: CaseRequirement, passed: Int, failed: Int, status: CaseStatus) {
        #expect(requirement.status(passed: passed, failed: failed, repetitions: 3) == status)
    }

    @Test("the gate of a run that names none: nothing may fail, or five points against a baseline")
    func standardGates() {
        #expect(Gate.standard(besideBaseline: false) == Gate(minimumPassRate: 1))
        #expect(Gate.standard(besideBaseline: true) == Gate(maximumRegression: 0.05))
    }
}
