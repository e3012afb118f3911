import Evaluation
import EvaluationModel
import Testing

@Suite struct EarlyStoppingTests {
    private func stopping(
        _ gate: Gate, cases: Int, repetitions: Int = 1, baseline: RunTallies? = nil, mayStop: Bool = true
    ) -> EarlyStopping {
        var gate = gate
        gate.stopEarly = mayStop
        return EarlyStopping(gate: gate, caseKeys: (0..<cases).map(String.init), repetitions: repetitions, baseline: baseline)
    }

    private func cell(_ position: Int, _ outcome: CellResult.Outcome, repetition: Int = 0, cost: Double = 0) -> CellResult {
        CellResult(position: position, repetition: repetition, outcome: outcome, costUSD: cost)
    }

    @Test("a run that only passes ends long before its last case, and its verdict says so")
    func endsEarly() throws {
        let gate = Gate(minimumPassRate: 0.9)
        var stopping = stopping(gate, cases: 1000)
        var count = 0
        while stopping.decision == nil, count < 1000 {
            stopping.record(cell(count, .passed))
            count += 1
        }
        let decision = try #require(stopping.decision)
        #expect(decision.result == .pass && count > 35 && count < 100)
        let tallies = (0..<1000).map { CaseTally(key: "\($0)", passed: $0 < count ? 1 : 0) }
        let verdict = VerdictCalculator(gate: gate).verdict(of: RunTallies(cases: tallies, repetitions: 1), early: decision)
        #expect(verdict.result == .pass && verdict.stoppedEarly && verdict.counts.pending == 1000 - count)
        let rule = try #require(verdict.rules.last)
        #expect(rule.interval?.method == .confidenceSequence && (rule.interval?.lower ?? 0) >= 0.9 && rule.interval?.upper == 1)
    }

    @Test("outcomes wait for those leased before them: any order of arrival gives the same decision")
    func order() {
        var random = SeededRandom(seed: 5)
        let outcomes = (0..<300).map { cell($0, random.unit() < 0.7 ? .passed : .failed) }
        var first = stopping(Gate(minimumPassRate: 0.9), cases: 300)
        for outcome in outcomes { first.record(outcome) }
        var second = stopping(Gate(minimumPassRate: 0.9), cases: 300)
        for outcome in outcomes.shuffled(using: &random) { second.record(outcome) }
        #expect(first.decision?.result == .fail && second.decision == first.decision)
        var early = stopping(Gate(minimumPassRate: 0.9), cases: 300)
        for outcome in outcomes.dropFirst() { early.record(outcome) }
        #expect(early.decision == nil)
    }

    @Test("an outcome counts once, errored ones not at all, and places beyond the run not either")
    func strangers() {
        var stopping = stopping(Gate(minimumPassRate: 0.5), cases: 400)
        for _ in 0..<500 { stopping.record(cell(0, .passed)) }
        for position in 0..<20 { stopping.record(cell(position + 400, .passed)) }
        #expect(stopping.decision == nil)
        for position in 1..<400 { stopping.record(cell(position, .errored)) }
        #expect(stopping.decision == nil)
    }

    @Test("a rule that allows no failure ends the run at the first")
    func plainRules() {
        var all = stopping(Gate(minimumPassRate: 1), cases: 10)
        all.record(cell(7, .failed))
        #expect(all.decision?.result == .fail)
        var majority = stopping(Gate(casePasses: .majority, minimumPassRate: 1), cases: 10, repetitions: 3)
        majority.record(cell(7, .failed))
        #expect(majority.decision == nil)
        majority.record(cell(7, .failed, repetition: 1))
        #expect(majority.decision?.result == .fail)
        var passing = stopping(Gate(minimumPassRate: 1), cases: 500)
        for position in 0..<500 { passing.record(cell(position, .passed)) }
        #expect(passing.decision == nil)
        var dear = stopping(Gate(maximumCostUSD: 1), cases: 10)
        dear.record(cell(3, .passed, cost: 0.6))
        dear.record(cell(2, .passed, cost: 0.6))
        #expect(dear.decision?.result == .fail)
    }

    @Test("a gate that is strict or forbids it, and a comparison without baseline, never pass a run early")
    func neverEarly() {
        for gate in [
            Gate(minimumPassRate: 0.5, strict: true), Gate(maximumRegression: 0.1),
            Gate(minimumPassRate: 0.5, maximumMeanLatencyMilliseconds: 100),
        ] {
            var stopping = stopping(gate, cases: 300)
            for position in 0..<300 { stopping.record(cell(position, .passed)) }
            #expect(stopping.decision == nil, "\(gate)")
        }
        var whole = stopping(Gate(minimumPassRate: 0.5), cases: 300, mayStop: false)
        for position in 0..<300 { whole.record(cell(position, .passed)) }
        #expect(whole.decision == nil)
    }

    @Test("a comparison ends early over paired cases, a named score on its scale")
    func otherRules() {
        let before = RunTallies(cases: (0..<400).map { CaseTally(key: "\($0)", passed: 1) }, repetitions: 1)
        var worse = stopping(Gate(maximumRegression: 0.05), cases: 400, baseline: before)
        for position in 0..<400 { worse.record(cell(position, position % 3 == 0 ? .failed : .passed)) }
        #expect(worse.decision?.result == .fail)
        var scored = stopping(Gate(minimumMeans: [MeanRule(score: "tone", minimum: 3, lowest: 1, highest: 5)]), cases: 400)
        for position in 0..<100 {
            scored.record(CellResult(position: position, repetition: 0, outcome: .passed, scores: ["tone": Double(4 + position % 2)]))
        }
        #expect(scored.decision?.result == .pass)
        var beyond = stopping(Gate(minimumMeans: [MeanRule(score: "tone", minimum: 0.5)]), cases: 400)
        for position in 0..<100 {
            beyond.record(CellResult(position: position, repetition: 0, outcome: .passed, scores: ["tone": 4]))
        }
        #expect(beyond.decision == nil)
    }

    @Test("the capital of a bet is that of the formula, and the sequence holds what it has not excluded")
    func betting() {
        // One λ of the grid after the other, over 1, 1, 0 at m = 0.5.
        let observations = [1.0, 1, 0]
        let capital = [0.95, 0.7, 0.5, 0.33, 0.22, 0.14, 0.09, 0.055, 0.033, 0.019, 0.01, 0.004].map { (1 + $0) * (1 + $0) * (1 - $0) }
        let mean = capital.reduce(0, +) / 12
        var barely = BettingTest(mean: 0.5, aboveError: 1 / mean * 1.000001, belowError: 0.01)
        var hardly = BettingTest(mean: 0.5, aboveError: 1 / mean * 0.7, belowError: 0.01)
        for observation in observations {
            barely.add(observation)
            hardly.add(observation)
        }
        #expect(barely.isAbove && !barely.isBelow && !hardly.isBelow)
        var random = SeededRandom(seed: 3)
        let values = (0..<400).map { _ in random.unit() < 0.7 ? 1.0 : 0.0 }
        let ends = BettingTest.confidenceSequence(values, aboveError: 0.025, belowError: 0.025)
        #expect(ends.lower > 0.6 && ends.lower < 0.7 && ends.upper > 0.7 && ends.upper < 0.8)
    }

    @Test("100,000 cases take no more memory or time for a cell than a few")
    func manyCases() {
        var stopping = stopping(Gate(minimumPassRate: 0.7), cases: 100_000)
        var random = SeededRandom(seed: 9)
        for position in 0..<20_000 { stopping.record(cell(position, random.unit() < 0.7 ? .passed : .failed)) }
        #expect(stopping.decision == nil)
    }
}
