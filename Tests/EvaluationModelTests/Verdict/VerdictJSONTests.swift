import ByteCoding
import EvaluationModel
import Testing

@Suite struct VerdictJSONTests {
    private var verdict: Verdict {
        var counts = VerdictCounts()
        counts.cases = 3
        counts.passed = 7
        counts.failed = 2
        counts.flakyCases = 1
        let interval = Interval(lower: 0.5, upper: 0.9, confidence: 0.95, method: .wilsonClusteredByCase)
        return Verdict(
            result: .notEnoughEvidence, reasons: ["Too few."],
            rules: [
                RuleResult(
                    rule: .minimumMean(score: "tone"), result: .notEnoughEvidence, estimate: 0.75, threshold: 0.5, interval: interval,
                    failureInterval: interval, pValue: 0.25, more: MoreData(repetitionsPerCase: nil, cases: 12), reason: "Too few."),
                RuleResult(rule: .maximumCost, result: .pass, estimate: nil, threshold: 2, reason: "Cheap."),
            ], counts: counts, stoppedEarly: true,
            flakyCases: [FlakyCase(key: "a", passed: 1, failed: 2, wasStable: true), FlakyCase(key: "b", passed: 1, failed: 2)],
            pairing: Pairing(paired: 2, onlyInRun: 1, onlyInBaseline: 1, keysOnlyInRun: ["c"], keysOnlyInBaseline: ["d"]))
    }

    @Test("a verdict is read as it was written")
    func roundTrip() throws {
        let text = String(decoding: verdict.json.bytes, as: UTF8.self)
        #expect(Verdict(json: try JSONValue.parse(text)) == verdict)
        var alone = verdict
        alone.pairing = nil
        #expect(Verdict(json: alone.json) == alone)
    }

    @Test("what is no verdict is not read as one")
    func refused() throws {
        #expect(Verdict(json: try JSONValue.parse(#"{"result": "maybe"}"#)) == nil)
        #expect(Verdict(json: .null) == nil)
    }

    @Test("rules and methods keep their names in JSON")
    func names() {
        let rules = verdict.json["rules"]?.arrayValue ?? []
        #expect(rules.compactMap { $0["rule"]?.stringValue } == ["minimum_means", "maximum_cost_usd"])
        #expect(rules.first?["score"]?.stringValue == "tone")
        #expect(rules.first?["more_cases"]?.integerValue == 12)
        #expect(rules.first?["interval"]?["method"]?.stringValue == "wilson_clustered_by_case")
    }

    @Test("results combine: one failure fails all, and all must pass to pass")
    func combining() {
        #expect(VerdictResult.combining([.pass, .notEnoughEvidence, .fail]) == .fail)
        #expect(VerdictResult.combining([.pass, .notEnoughEvidence]) == .notEnoughEvidence)
        #expect(VerdictResult.combining([.pass, .pass]) == .pass)
    }

    @Test("sums know their mean and their variance")
    func sums() {
        let sums = ValueSums([1, 2, 4])
        #expect(sums.mean == 7.0 / 3)
        #expect(abs((sums.variance ?? 0) - 7.0 / 3) < 1e-12)
        #expect(ValueSums().mean == nil && ValueSums([1]).variance == nil)
    }
}
