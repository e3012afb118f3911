import EvaluationModel

/// The verdict of a run at one target: each rule of the gate against what the run found.
///
/// A rule with an interval passes when the whole interval keeps the threshold, fails when the whole interval misses it, and otherwise lacks
/// evidence. At confidence 1 - α either wrong answer has a chance of about α/2. Where several rules weigh evidence, their failures are
/// read from intervals at 1 - α/(number of rules), so that the chance of failing a good run does not grow with the rules (Bonferroni);
/// passing needs all rules, which keeps its own error (intersection-union test: Berger, Technometrics 24 (1982)).
package struct VerdictCalculator: Sendable {
    package var gate: Gate
    /// Of the bootstrap: the same tallies and seed give the same verdict.
    package var seed: UInt64

    package init(gate: Gate, seed: UInt64 = 1) {
        self.gate = gate
        self.seed = seed
    }

    /// - Parameters:
    ///   - baseline: of the same suite's earlier run, if the run has one.
    ///   - early: what `EarlyStopping` decided, when that ended the run: its decisions stand.
    package func verdict(of run: RunTallies, baseline: RunTallies? = nil, early: EarlyStopping.Decision? = nil) -> Verdict {
        let counts = counts(of: run)
        let pairing = baseline.map { CasePairing(run: run.cases, baseline: $0.cases) }
        let data = RunData(run: run, counts: counts, pairing: pairing, baselineRepetitions: baseline?.repetitions ?? 1)
        let flaky = flakyCases(run.cases, baseline: tallies(byKey: baseline?.cases ?? []))

        var rules: [RuleResult] = [errorRate(data)]
        if gate.minimumPassRate != nil { rules.append(passRate(data)) }
        if gate.maximumRegression != nil { rules.append(regression(data)) }
        rules += gate.minimumMeans.map { mean($0, data) }
        if let limit = gate.maximumCostUSD { rules.append(cost(limit, data)) }
        if let limit = gate.maximumMeanLatencyMilliseconds { rules.append(latency(limit, data)) }
        if let early { rules = rules.map { $0.replaced(by: early.rules[$0.rule]) } }

        let result = early?.result ?? combined(rules)
        var verdict = Verdict(
            result: result, reasons: [], rules: rules, counts: counts, stoppedEarly: early != nil,
            flakyCases: Array(flaky.prefix(VerdictLimits.maximumFlakyCases)), pairing: pairing?.summary)
        verdict.counts.flakyCases = flaky.count
        verdict.reasons = reasons(for: verdict)
        return verdict
    }

    /// Too many errors leave nothing to be read from the other rules, but those that are broken for certain.
    private func combined(_ rules: [RuleResult]) -> VerdictResult {
        if rules[0].result == .notEnoughEvidence, !rules.contains(where: { $0.result == .fail && $0.interval == nil && !gate.strict }) {
            return .notEnoughEvidence
        }
        return .combining(rules.map(\.result))
    }

    private func reasons(for verdict: Verdict) -> [String] {
        let deciding = verdict.rules.filter { $0.result == verdict.result }
        let others = verdict.rules.filter { $0.result != verdict.result }
        var reasons = (deciding + others).filter { $0.rule != .maximumErrorRate || $0.result != .pass }.map(\.reason)
        if verdict.stoppedEarly {
            reasons.append("The run was ended early: looking after every cell, this verdict was certain enough.")
        }
        if let pairing = verdict.pairing, pairing.onlyInRun + pairing.onlyInBaseline > 0 {
            reasons.append(
                "Left out of the comparison: \(Wording.count(pairing.onlyInRun, "case")) that only this run has, "
                    + "\(Wording.count(pairing.onlyInBaseline, "case")) that only the baseline has.")
        }
        let flaky = verdict.counts.flakyCases
        if flaky > 0 {
            reasons.append("\(Wording.count(flaky, "case")) both passed and failed.")
        }
        return reasons
    }

    private func counts(of run: RunTallies) -> VerdictCounts {
        var counts = VerdictCounts()
        for tally in run.cases {
            counts.cases += 1
            counts.passed += tally.passed
            counts.failed += tally.failed
            counts.errored += tally.errored
            counts.pending += max(0, run.repetitions - tally.passed - tally.failed - tally.errored)
            switch gate.caseRequirement.status(passed: tally.passed, failed: tally.failed, repetitions: run.repetitions) {
            case .passed: counts.casesPassed += 1
            case .failed: counts.casesFailed += 1
            case .undecided: counts.casesUndecided += 1
            }
        }
        return counts
    }
}

/// What the rules read.
struct RunData {
    var run: RunTallies
    var counts: VerdictCounts
    var pairing: CasePairing?
    var baselineRepetitions: Int
}

extension RuleResult {
    /// The same rule as it was decided while the run went on.
    fileprivate func replaced(by early: EarlyStopping.RuleDecision?) -> RuleResult {
        guard let early else { return self }
        var rule = self
        rule.result = early.result
        rule.failureInterval = nil
        rule.more = nil
        if let interval = early.interval {
            rule.interval = interval
            rule.pValue = nil
            let estimate = estimate.map { Wording.number($0, digits: 4) } ?? "unknown"
            rule.reason =
                "\(self.rule.name) \(early.result == .pass ? "holds" : "does not hold"): estimate \(estimate), threshold "
                + "\(Wording.number(threshold, digits: 4)), interval that holds at every moment of the run "
                + "\(Wording.number(interval.lower, digits: 4)) to \(Wording.number(interval.upper, digits: 4))."
        }
        return rule
    }
}
