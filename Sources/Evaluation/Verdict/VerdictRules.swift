import EvaluationModel

/// The rules of a gate, each as a function from a run's data to its result.
extension VerdictCalculator {
    func errorRate(_ data: RunData) -> RuleResult {
        let counts = data.counts
        let settled = counts.passed + counts.failed + counts.errored
        let share = settled > 0 ? Double(counts.errored) / Double(settled) : nil
        let few = share.map { $0 <= gate.maximumErrorRate } ?? true
        let cells = "\(counts.errored) of \(Wording.count(settled, "cell")) errored"
        return RuleResult(
            rule: .maximumErrorRate, result: few ? .pass : .notEnoughEvidence, estimate: share, threshold: gate.maximumErrorRate,
            reason: few
                ? "\(cells), of which \(Wording.percent(gate.maximumErrorRate)) may."
                : "\(cells), more than \(Wording.percent(gate.maximumErrorRate)): an errored cell says nothing of its case.")
    }

    func passRate(_ data: RunData) -> RuleResult {
        let threshold = gate.minimumPassRate ?? 1
        let rates = data.run.cases.compactMap { gate.value(of: $0, repetitions: data.run.repetitions) }
        let trials = gate.countsCases ? rates.count : data.counts.passed + data.counts.failed
        let noun = gate.countsCases ? "case" : "trial"
        guard let estimate = PassRateEstimate(rates: rates, trialCount: trials) else {
            return nothing(.minimumPassRate, threshold, "No \(noun) has passed or failed.")
        }
        if threshold == 1 { return allMustPass(data, rate: estimate.rate) }
        let what = "Pass rate \(Wording.percent(estimate.rate)) of \(Wording.count(trials, noun))"
        if gate.strict {
            return plain(.minimumPassRate, estimate.rate, threshold, "\(what) against at least \(Wording.percent(threshold))", data)
        }
        return judge(
            .minimumPassRate, estimate: estimate.rate, threshold: threshold, what: what,
            against: "the \(Wording.percent(threshold)) it must reach", say: Wording.percent, data: data,
            interval: { estimate.interval(confidence: $0) },
            more: { quantile in
                guard let needed = wilsonTrialsNeeded(rate: estimate.rate, threshold: threshold, quantile: quantile) else { return nil }
                // In units of p (1 - p), in which a case is worth effectiveTrials / caseCount trials.
                let perCase = Double(estimate.caseCount) / estimate.effectiveTrials
                let binomial = estimate.rate * (1 - estimate.rate)
                let within = gate.countsCases || binomial == 0 ? nil : withinCaseVariance(data.run.cases).map { $0 / binomial }
                return sampleSize(data, caseCount: estimate.caseCount, perCase, within).more(toReach: 1 / needed)
            })
    }

    func regression(_ data: RunData) -> RuleResult {
        let threshold = -(gate.maximumRegression ?? 0)
        guard let pairing = data.pairing else {
            return nothing(.maximumRegression, threshold, "maximum_regression has no baseline to compare with.")
        }
        let runRepetitions = data.run.repetitions
        // Both sides by the same rule of k of n, each with its own n.
        let pairs = pairing.pairs.compactMap { pair -> (CasePairing.Pair, Double)? in
            guard let after = gate.value(of: pair.run, repetitions: runRepetitions),
                let before = gate.value(of: pair.baseline, repetitions: data.baselineRepetitions)
            else { return nil }
            return (pair, after - before)
        }
        guard let difference = PairedDifference(pairs.map(\.1), hasOneTrialEach: gate.countsCases || pairs.allSatisfy(\.0.hasOneTrialEach))
        else {
            return nothing(.maximumRegression, threshold, "No case has a result both in this run and in the baseline.")
        }
        let what =
            "Pass rate \(Wording.points(difference.estimate)) against the baseline over \(Wording.count(difference.differences.count, "paired case"))"
        if gate.strict {
            return plain(
                .maximumRegression, difference.estimate, threshold, "\(what), of which \(Wording.points(threshold)) are allowed", data)
        }
        var result = judge(
            .maximumRegression, estimate: difference.estimate, threshold: threshold, what: what,
            against: "the \(Wording.points(threshold)) that are allowed", say: Wording.points, data: data,
            interval: { difference.interval(confidence: $0, seed: seed) },
            more: { quantile in
                let within = gate.countsCases ? nil : withinCaseVariance(pairs.map(\.0.run))
                return difference.more(toReach: threshold, quantile: quantile, repetitions: runRepetitions, withinVariance: within)
            })
        result.pValue = difference.pValue
        return result
    }

    func mean(_ rule: MeanRule, _ data: RunData) -> RuleResult {
        let name = RuleResult.Rule.minimumMean(score: rule.score)
        let sums = data.run.cases.compactMap { $0.scores[rule.score] }.filter { $0.count > 0 }
        let means = sums.compactMap(\.mean)
        guard !means.isEmpty else { return nothing(name, rule.minimum, "No cell has the score \(rule.score).") }
        let mean = means.reduce(0, +) / Double(means.count)
        let say = { Wording.number($0, digits: 4) }
        let what = "Mean \(rule.score) \(say(mean)) over \(Wording.count(means.count, "case"))"
        if gate.strict { return plain(name, mean, rule.minimum, "\(what) against at least \(say(rule.minimum))", data) }

        let width = rule.highest - rule.lowest
        let isOnScale = means.allSatisfy { $0 >= rule.lowest && $0 <= rule.highest }
        let count = sums.reduce(0) { $0 + $1.count }
        let scaled = isOnScale ? PassRateEstimate(rates: means.map { ($0 - rule.lowest) / width }, trialCount: count) : nil
        let within = sums.compactMap { sum in sum.variance.map { $0 / Double(sum.count) } }
        let withinVariance = within.isEmpty ? nil : within.reduce(0, +) / Double(within.count)
        var result = judge(
            name, estimate: mean, threshold: rule.minimum, what: what, against: "the \(say(rule.minimum)) it must reach", say: say,
            data: data,
            interval: { confidence in
                guard let scaled else { return clusteredMeanInterval(caseMeans: means, confidence: confidence) }
                var interval = scaled.interval(confidence: confidence)
                interval.lower = rule.lowest + width * interval.lower
                interval.upper = rule.lowest + width * interval.upper
                return interval
            },
            more: { quantile in
                let distance = (mean - rule.minimum) / quantile
                if let scaled {
                    let threshold = (rule.minimum - rule.lowest) / width
                    guard let needed = wilsonTrialsNeeded(rate: scaled.rate, threshold: threshold, quantile: quantile) else { return nil }
                    let product = scaled.rate * (1 - scaled.rate) * width * width
                    let perCase = Double(scaled.caseCount) / scaled.effectiveTrials
                    return sampleSize(data, caseCount: means.count, perCase, product > 0 ? withinVariance.map { $0 / product } : nil)
                        .more(toReach: 1 / needed)
                }
                guard let (_, error) = meanAndStandardError(means) else { return nil }
                return sampleSize(data, caseCount: means.count, error * error * Double(means.count), withinVariance)
                    .more(toReach: distance * distance)
            })
        if !isOnScale {
            result.reason +=
                " Scores lie outside \(say(rule.lowest)) to \(say(rule.highest)): give the score's lowest and highest in the gate."
        }
        return result
    }

    func cost(_ limit: Double, _ data: RunData) -> RuleResult {
        let total = data.run.cases.reduce(0) { $0 + $1.costUSD.sum }
        return RuleResult(
            rule: .maximumCost, result: total <= limit ? .pass : .fail, estimate: total, threshold: limit,
            reason: "The run cost \(Wording.number(total, digits: 4)) US dollars, of which \(Wording.number(limit, digits: 4)) are allowed."
        )
    }

    func latency(_ limit: Double, _ data: RunData) -> RuleResult {
        let sum = data.run.cases.reduce(0) { $0 + $1.latencyMilliseconds.sum }
        let count = data.run.cases.reduce(0) { $0 + $1.latencyMilliseconds.count }
        guard count > 0 else { return nothing(.maximumMeanLatency, limit, "No cell has a latency.") }
        let mean = sum / Double(count)
        let pending = data.counts.pending
        let missing = pending > 0 ? "; \(Wording.count(pending, "cell")) without an outcome" : ""
        return RuleResult(
            rule: .maximumMeanLatency, result: mean > limit ? .fail : pending > 0 ? .notEnoughEvidence : .pass, estimate: mean,
            threshold: limit,
            reason:
                "Mean latency \(Wording.number(mean, digits: 0)) ms, of which \(Wording.number(limit, digits: 0)) are allowed\(missing).")
    }

    /// A minimum of 100 %: one failure fails, and nothing may be missing.
    private func allMustPass(_ data: RunData, rate: Double) -> RuleResult {
        let counts = data.counts
        let (failed, missing) =
            gate.countsCases ? (counts.casesFailed, counts.casesUndecided) : (counts.failed, counts.errored + counts.pending)
        let noun = gate.countsCases ? "case" : "cell"
        let result: VerdictResult = failed > 0 ? .fail : missing > 0 ? .notEnoughEvidence : .pass
        let reason =
            switch result {
            case .fail: "\(Wording.count(failed, noun)) failed, and none may."
            case .notEnoughEvidence: "\(Wording.count(missing, noun)) did not get a result, and all must pass."
            case .pass: gate.countsCases ? "All cases passed." : "All cells passed."
            }
        return RuleResult(rule: .minimumPassRate, result: result, estimate: rate, threshold: 1, reason: reason)
    }

    /// Estimates compared as they are, once all cells have an outcome.
    private func plain(_ rule: RuleResult.Rule, _ estimate: Double, _ threshold: Double, _ what: String, _ data: RunData) -> RuleResult {
        let pending = data.counts.pending
        // A sum of thirds may miss the number it means by a rounding.
        let result: VerdictResult = pending > 0 ? .notEnoughEvidence : estimate >= threshold - 1e-12 ? .pass : .fail
        let reason = pending > 0 ? "\(what); \(Wording.count(pending, "cell")) without an outcome." : "\(what), compared as they are."
        return RuleResult(rule: rule, result: result, estimate: estimate, threshold: threshold, reason: reason)
    }

    private func nothing(_ rule: RuleResult.Rule, _ threshold: Double, _ reason: String) -> RuleResult {
        RuleResult(rule: rule, result: .notEnoughEvidence, estimate: nil, threshold: threshold, reason: reason)
    }

    private func sampleSize(_ data: RunData, caseCount: Int, _ caseVariance: Double, _ withinVariance: Double?) -> SampleSize {
        SampleSize(
            caseCount: caseCount, repetitions: data.run.repetitions, caseVariance: caseVariance, withinVariance: withinVariance)
    }

    /// Reads a rule's result from its intervals.
    ///
    /// - Parameters:
    ///   - against: the threshold in words.
    ///   - interval: at a confidence; nil when the data give none.
    ///   - more: what would decide, at a quantile of the estimate's distribution.
    private func judge(
        _ rule: RuleResult.Rule, estimate: Double, threshold: Double, what: String, against: String, say: (Double) -> String,
        data: RunData, interval: (Double) -> Interval?, more: (Double) -> MoreData?
    ) -> RuleResult {
        guard let passing = interval(gate.confidence) else {
            return RuleResult(
                rule: rule, result: .notEnoughEvidence, estimate: estimate, threshold: threshold,
                reason: "\(what): too few different values for an interval.")
        }
        let error = (1 - gate.confidence) / Double(max(1, gate.statisticalRuleCount))
        let failing = gate.statisticalRuleCount > 1 ? interval(1 - error) : nil
        let result: VerdictResult =
            passing.lower >= threshold ? .pass : (failing ?? passing).upper < threshold ? .fail : .notEnoughEvidence
        var outcome = RuleResult(
            rule: rule, result: result, estimate: estimate, threshold: threshold, interval: passing, failureInterval: failing,
            reason: "\(what), \(Wording.interval(passing, say)): ")
        switch result {
        case .pass: outcome.reason += "above \(against)."
        case .fail: outcome.reason += "below \(against)."
        case .notEnoughEvidence:
            let tail = (estimate >= threshold ? 1 - gate.confidence : error) / 2
            outcome.more = more(NormalDistribution.quantile(1 - tail))
            outcome.reason +=
                "it could still be either side of \(against). "
                + Wording.more(outcome.more, repetitions: data.run.repetitions, countsCases: gate.countsCases)
        }
        return outcome
    }
}
