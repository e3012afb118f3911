import Evaluation
import EvaluationModel
import Testing

@Suite struct VerdictCalculatorTests {
    /// Cases "0", "1", ... with so many passes of so many repetitions each.
    private func run(_ passed: [Int], of repetitions: Int = 1) -> RunTallies {
        RunTallies(
            cases: passed.enumerated().map { CaseTally(key: "\($0.offset)", passed: $0.element, failed: repetitions - $0.element) },
            repetitions: repetitions)
    }

    private func result(_ gate: Gate, _ run: RunTallies, baseline: RunTallies? = nil) -> VerdictResult {
        VerdictCalculator(gate: gate).verdict(of: run, baseline: baseline).result
    }

    private func ones(_ count: Int, zeros: Int = 0) -> [Int] {
        Array(repeating: 1, count: count) + Array(repeating: 0, count: zeros)
    }

    @Test("a pass rate passes when its interval lies above the threshold, fails below it, and is open between")
    func passRate() throws {
        let gate = Gate(minimumPassRate: 0.9)
        #expect(result(gate, run(ones(97, zeros: 3))) == .pass)
        #expect(result(gate, run(ones(80, zeros: 20))) == .fail)
        #expect(result(gate, run(ones(92, zeros: 8))) == .notEnoughEvidence)
        #expect(result(gate, run([])) == .notEnoughEvidence)
    }

    @Test("what more cases would decide does decide, and one case in ten fewer does not")
    func moreCases() throws {
        let gate = Gate(minimumPassRate: 0.9)
        let rule = try #require(VerdictCalculator(gate: gate).verdict(of: run(ones(46, zeros: 4))).rules.last)
        let needed = 50 + (try #require(rule.more?.cases))
        func scaled(_ count: Int) -> VerdictResult {
            let failed = Int((0.08 * Double(count)).rounded(.down))
            return result(gate, run(ones(count - failed, zeros: failed)))
        }
        #expect(scaled(needed) == .pass && scaled(needed * 9 / 10) == .notEnoughEvidence)
        #expect(rule.more?.repetitionsPerCase == nil)
        #expect(rule.reason.contains("about \(needed - 50) more cases would decide"))
    }

    @Test("repetitions are advised where cases are alike, and cases where they differ")
    func moreRepetitions() throws {
        let gate = Gate(minimumPassRate: 0.8)
        let alike = run((0..<30).map { $0 % 2 == 0 ? 5 : 4 }.map { min($0, 5) } + (0..<10).map { _ in 3 }, of: 5)
        let rule = try #require(VerdictCalculator(gate: gate).verdict(of: alike).rules.last)
        if rule.result == .notEnoughEvidence { #expect(rule.more?.repetitionsPerCase != nil, "\(rule)") }

        let torn = run(Array(repeating: 5, count: 26) + Array(repeating: 0, count: 4), of: 5)
        let other = try #require(VerdictCalculator(gate: gate).verdict(of: torn).rules.last)
        #expect(other.result == .notEnoughEvidence && other.more?.repetitionsPerCase == nil && (other.more?.cases ?? 0) > 0)
        #expect(other.reason.contains("more repetitions cannot, as the cases differ too much"))

        let close = run((0..<40).map { [5, 4, 4, 3, 5][$0 % 5] }, of: 5)
        let third = try #require(VerdictCalculator(gate: Gate(minimumPassRate: 0.81)).verdict(of: close).rules.last)
        #expect(third.result == .notEnoughEvidence && third.more?.repetitionsPerCase != nil, "\(third)")
    }

    @Test("an estimate on the threshold is told that no amount decides")
    func onTheThreshold() throws {
        let rule = try #require(VerdictCalculator(gate: Gate(minimumPassRate: 0.9)).verdict(of: run(ones(90, zeros: 10))).rules.last)
        #expect(rule.more == nil && rule.reason.hasSuffix("too near the threshold for any amount of data to decide."))
    }

    @Test("a minimum of 100 % is a plain rule: one failure fails, one missing result leaves it open")
    func allMustPass() {
        let gate = Gate.standard(besideBaseline: false)
        #expect(result(gate, run(ones(3))) == .pass)
        #expect(result(gate, run(ones(3, zeros: 1))) == .fail)
        var errored = run(ones(99))
        errored.cases.append(CaseTally(key: "e", errored: 1))
        #expect(result(gate, errored) == .notEnoughEvidence)
        var pending = run(ones(3))
        pending.repetitions = 2
        #expect(result(gate, pending) == .notEnoughEvidence)
        // By cases: two of three are enough.
        #expect(result(Gate(casePasses: .majority, minimumPassRate: 1), run([2, 3, 2], of: 3)) == .pass)
        #expect(result(Gate(casePasses: .majority, minimumPassRate: 1), run([2, 3, 1], of: 3)) == .fail)
    }

    @Test("a strict gate compares the estimates as they are, once every cell has an outcome")
    func strict() {
        let gate = Gate(minimumPassRate: 0.9, strict: true)
        #expect(result(gate, run(ones(9, zeros: 1))) == .pass)
        #expect(result(gate, run(ones(8, zeros: 2))) == .fail)
        #expect(result(Gate(maximumRegression: 0, strict: true), run(ones(9, zeros: 1)), baseline: run(ones(9, zeros: 1))) == .pass)
        var pending = run(ones(9))
        pending.repetitions = 2
        #expect(result(gate, pending) == .notEnoughEvidence)
    }

    @Test("too many errored cells leave nothing to read, not even a failure")
    func errors() {
        var run = run(ones(50, zeros: 50))
        #expect(result(Gate(minimumPassRate: 0.9), run) == .fail)
        run.cases += (0..<10).map { CaseTally(key: "e\($0)", errored: 1) }
        #expect(result(Gate(minimumPassRate: 0.9), run) == .notEnoughEvidence)
        #expect(result(Gate(minimumPassRate: 0.9, maximumErrorRate: 0.1), run) == .fail)
        #expect(result(Gate(minimumPassRate: 1), run) == .fail)
    }

    @Test("a regression is judged over paired cases, and the others are named and left out")
    func regression() throws {
        let gate = Gate(maximumRegression: 0.05)
        let before = run(ones(180, zeros: 20))
        #expect(result(gate, before, baseline: before) == .pass)
        #expect(result(gate, run(ones(140, zeros: 60)), baseline: before) == .fail)
        #expect(result(gate, run(ones(172, zeros: 28)), baseline: before) == .notEnoughEvidence)
        #expect(result(gate, before) == .notEnoughEvidence)

        var after = before
        after.cases.append(CaseTally(key: "new", failed: 1))
        after.cases.removeFirst()
        let verdict = VerdictCalculator(gate: gate).verdict(of: after, baseline: before)
        #expect(verdict.pairing == Pairing(paired: 199, onlyInRun: 1, onlyInBaseline: 1, keysOnlyInRun: ["new"], keysOnlyInBaseline: ["0"]))
        #expect(verdict.rules.last?.estimate == 0 && verdict.rules.last?.pValue == 1)
        #expect(verdict.rules.last?.interval?.method == .tangoScore)
        #expect(verdict.reasons.contains { $0.hasPrefix("Left out of the comparison: 1 case that only this run has, 1 case") })
    }

    @Test("repetitions are compared clustered by case, the same way each time")
    func regressionWithRepetitions() throws {
        let before = run((0..<60).map { 3 - $0 % 2 }, of: 3)
        let after = run((0..<60).map { 3 - $0 % 3 }, of: 3)
        let calculator = VerdictCalculator(gate: Gate(maximumRegression: 0.3))
        let verdict = calculator.verdict(of: after, baseline: before)
        #expect(verdict.rules.last?.interval?.method == .bootstrapTClusteredByCase)
        #expect(verdict == calculator.verdict(of: after, baseline: before))
        #expect(verdict.result == .pass)
    }

    @Test("a named score is held to its least mean, on its own scale")
    func means() throws {
        func scored(_ values: [Double]) -> RunTallies {
            RunTallies(
                cases: values.enumerated().map { CaseTally(key: "\($0.offset)", passed: 1, scores: ["tone": ValueSums([$0.element])]) },
                repetitions: 1)
        }
        let unit = Gate(minimumMeans: [MeanRule(score: "tone", minimum: 0.7)])
        #expect(result(unit, scored((0..<60).map { 0.8 + Double($0 % 5) * 0.04 })) == .pass)
        #expect(result(unit, scored((0..<60).map { 0.4 + Double($0 % 5) * 0.04 })) == .fail)
        #expect(result(unit, scored([0.9, 0.8])) == .notEnoughEvidence)
        #expect(result(unit, run(ones(5))) == .notEnoughEvidence)
        // Five equal best scores are worth no more than five passes.
        #expect(result(unit, scored([1, 1, 1, 1, 1])) == .notEnoughEvidence)
        #expect(result(unit, scored(Array(repeating: 1, count: 50))) == .pass)
        let five = Gate(minimumMeans: [MeanRule(score: "tone", minimum: 3.5, lowest: 1, highest: 5)])
        #expect(result(five, scored((0..<60).map { Double(4 + $0 % 2) })) == .pass)
        let beyond = VerdictCalculator(gate: unit).verdict(of: scored((0..<60).map { Double(4 + $0 % 2) }))
        #expect(beyond.rules.last?.reason.contains("give the score's lowest and highest") == true)
        #expect(beyond.rules.last?.interval?.method == .studentTClusteredByCase)
    }

    @Test("cost and latency are facts of the run")
    func costAndLatency() {
        var run = run(ones(2))
        for index in run.cases.indices {
            run.cases[index].costUSD.add(0.5)
            run.cases[index].latencyMilliseconds.add(800)
        }
        #expect(result(Gate(maximumCostUSD: 1), run) == .pass)
        #expect(result(Gate(maximumCostUSD: 0.9), run) == .fail)
        #expect(result(Gate(maximumMeanLatencyMilliseconds: 799), run) == .fail)
        #expect(result(Gate(maximumMeanLatencyMilliseconds: 800), run) == .pass)
    }

    @Test("several rules share the error of failing: each must miss its threshold more clearly")
    func sharedError() throws {
        let alone = run(ones(92, zeros: 18))
        #expect(result(Gate(minimumPassRate: 0.9), alone) == .fail)
        let gate = Gate(minimumPassRate: 0.9, maximumRegression: 0.5)
        let verdict = VerdictCalculator(gate: gate).verdict(of: alone, baseline: alone)
        let rule = try #require(verdict.rules.first { $0.rule == .minimumPassRate })
        #expect(rule.failureInterval?.confidence == 0.975)
        #expect((rule.failureInterval?.upper ?? 0) > (rule.interval?.upper ?? 1))
    }

    @Test("flaky cases are named, the least predictable first, with what the baseline saw of them")
    func flaky() {
        let before = run([4, 4, 2, 0], of: 4)
        let verdict = VerdictCalculator(gate: Gate(minimumPassRate: 0.5)).verdict(of: run([3, 2, 4, 1], of: 4), baseline: before)
        #expect(
            verdict.flakyCases == [
                FlakyCase(key: "1", passed: 2, failed: 2, wasStable: true), FlakyCase(key: "0", passed: 3, failed: 1, wasStable: true),
                FlakyCase(key: "3", passed: 1, failed: 3, wasStable: true),
            ])
        #expect(verdict.counts.flakyCases == 3 && verdict.reasons.contains("3 cases both passed and failed."))
    }

    @Test("a sentence says what was found, held against what, and how sure")
    func sentences() {
        let verdict = VerdictCalculator(gate: Gate(minimumPassRate: 0.9)).verdict(of: run(ones(97, zeros: 3)))
        #expect(
            verdict.reasons == ["Pass rate 97 % of 100 trials, 95 % interval 91.5 % to 99 %: above the 90 % it must reach."])
    }

    @Test("the worked example of docs/verdict.md is what comes out")
    func workedExample() {
        let gate = Gate(minimumPassRate: 0.9)
        let passed = Array(repeating: 3, count: 102) + Array(repeating: 2, count: 12) + Array(repeating: 0, count: 6)
        let verdict = VerdictCalculator(gate: gate).verdict(of: run(passed, of: 3))
        #expect(
            verdict.reasons.first == "Pass rate 91.7 % of 360 trials, 95 % interval 86.5 % to 95 %: it could still be either side of the "
                + "90 % it must reach. At this estimate about 765 more cases would decide; more repetitions cannot, as the cases differ too "
                + "much from each other.")
        let mended = VerdictCalculator(gate: gate).verdict(
            of: run(Array(repeating: 3, count: 118) + Array(repeating: 0, count: 2), of: 3))
        #expect(
            mended.reasons == ["Pass rate 98.3 % of 360 trials, 95 % interval 94.1 % to 99.5 %: above the 90 % it must reach."])
    }
}
