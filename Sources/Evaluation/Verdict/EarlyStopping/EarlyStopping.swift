import EvaluationModel

/// Says after any number of cells whether a run may end. Looking after every cell costs nothing: the chance that a run is ever ended with
/// the wrong verdict is at most half of 1 - confidence, and the verdict at the end of a run spends the other half.
///
/// Wrong verdicts are of one kind for any one truth: a bad target can only be passed wrongly, a good one only failed wrongly. To pass, all
/// rules must pass, of which at least one is wrong: its error alone (intersection-union test, Berger 1982). To fail, one wrong rule is
/// enough: they share the error (Bonferroni). Each side adds at most α/2 here to at most α/2 at the end.
///
/// The cells must come in the order in which they were leased: a cell that finishes before its predecessors waits for them, since the
/// quick ones are no random sample. Feed the outcomes of a run again after a restart: the same outcomes give the same decision, in any
/// order of arrival. O(rules) a cell, a few numbers a case.
package struct EarlyStopping: Sendable {
    /// The end of a run before its end.
    package struct Decision: Equatable, Sendable {
        package var result: VerdictResult
        /// The rules that were decided.
        package var rules: [RuleResult.Rule: RuleDecision]
    }

    package struct RuleDecision: Equatable, Sendable {
        package var result: VerdictResult
        /// Nil for a rule without statistics.
        package var interval: Interval?
    }

    /// Nil until the run may end; then it stays.
    package private(set) var decision: Decision?

    private let gate: Gate
    private let caseCount: Int
    private let repetitions: Int
    /// By position; nil for a case without a partner.
    private let baseline: [Double?]
    private var rules: [SequentialRule]
    private var cases: [CaseProgress]
    private var waiting: [Int: CellResult] = [:]
    private var nextCell = 0
    private var cellCount = 0
    private var erroredCount = 0
    private var costUSD = 0.0
    /// By position, of the cells that arrived, in whatever order.
    private var failureCounts: [Int32]

    /// - Parameters:
    ///   - caseKeys: in the order of leasing.
    ///   - baseline: nil without one.
    package init(gate: Gate, caseKeys: [String], repetitions: Int, baseline: RunTallies?) {
        self.gate = gate
        caseCount = caseKeys.count
        self.repetitions = repetitions
        let before = baseline.map { tallies(byKey: $0.cases) } ?? [:]
        self.baseline = caseKeys.map { key in before[key].flatMap { gate.value(of: $0, repetitions: baseline?.repetitions ?? 1) } }
        rules = Self.rules(of: gate, repetitions: repetitions, hasBaseline: baseline != nil)
        cases = Array(repeating: CaseProgress(), count: caseKeys.count)
        failureCounts = Array(repeating: 0, count: caseKeys.count)
    }

    /// Takes a cell's counted outcome. One that was taken before, or whose place is beyond the run, is left aside.
    package mutating func record(_ cell: CellResult) {
        guard cell.position >= 0, cell.position < caseCount, cell.repetition >= 0, cell.repetition < repetitions else { return }
        let place = cell.repetition * caseCount + cell.position
        guard place >= nextCell, waiting.updateValue(cell, forKey: place) == nil else { return }
        cellCount += 1
        if cell.outcome == .errored { erroredCount += 1 }
        if cell.outcome == .failed { failureCounts[cell.position] += 1 }
        costUSD += cell.costUSD
        while let next = waiting.removeValue(forKey: nextCell) {
            nextCell += 1
            take(next)
        }
        if decision == nil { decide(after: cell) }
    }

    private mutating func take(_ cell: CellResult) {
        cases[cell.position].add(cell)
        guard decision == nil else { return }
        let progress = cases[cell.position]
        for index in rules.indices {
            rules[index].add(value(of: progress, at: cell.position, rule: rules[index].rule), round: cell.repetition)
        }
    }

    private func value(of progress: CaseProgress, at position: Int, rule: RuleResult.Rule) -> Double? {
        switch rule {
        case .minimumPassRate: gate.value(of: progress.tally, repetitions: repetitions)
        case .maximumRegression:
            baseline[position].flatMap { before in gate.value(of: progress.tally, repetitions: repetitions).map { $0 - before } }
        case .minimumMean(let score): progress.tally.scores[score]?.mean
        case .maximumErrorRate, .maximumCost, .maximumMeanLatency: nil
        }
    }

    private mutating func decide(after cell: CellResult) {
        guard gate.stopEarly else { return }
        var decided: [RuleResult.Rule: RuleDecision] = [:]
        if let limit = gate.maximumCostUSD, costUSD > limit { decided[.maximumCost] = RuleDecision(result: .fail, interval: nil) }
        if gate.minimumPassRate == 1, cell.outcome == .failed, failsForCertain(cell) {
            decided[.minimumPassRate] = RuleDecision(result: .fail, interval: nil)
        }
        for rule in rules where rule.result != .notEnoughEvidence {
            decided[rule.rule] = RuleDecision(result: rule.result, interval: rule.interval)
        }
        if decided.values.contains(where: { $0.result == .fail }) {
            guard hasFewErrors || decided.values.contains(where: { $0.result == .fail && $0.interval == nil }) else { return }
            decision = Decision(result: .fail, rules: decided)
        } else if !rules.isEmpty, decided.count == rules.count, canPassEarly, hasFewErrors {
            decision = Decision(result: .pass, rules: decided)
        }
    }

    /// Whether a rule that allows no failure is broken already.
    private func failsForCertain(_ cell: CellResult) -> Bool {
        let status = gate.caseRequirement.status(passed: 0, failed: Int(failureCounts[cell.position]), repetitions: repetitions)
        return !gate.countsCases || status == .failed
    }

    /// Rules that only the last cell can satisfy keep a run going.
    private var canPassEarly: Bool {
        gate.minimumPassRate != 1 && gate.maximumMeanLatencyMilliseconds == nil && !gate.strict
    }

    private var hasFewErrors: Bool { Double(erroredCount) <= gate.maximumErrorRate * Double(cellCount) }

    private static func rules(of gate: Gate, repetitions: Int, hasBaseline: Bool) -> [SequentialRule] {
        guard gate.stopEarly, !gate.strict else { return [] }
        let passError = (1 - gate.confidence) / 2
        let failError = passError / Double(max(1, gate.statisticalRuleCount))
        func rule(_ rule: RuleResult.Rule, _ lowest: Double, _ highest: Double, _ threshold: Double, ofCases: Bool) -> SequentialRule {
            SequentialRule(
                rule: rule, lowest: lowest, highest: highest, threshold: threshold, lastRoundOnly: ofCases, passError: passError,
                failError: failError, rounds: repetitions)
        }
        var rules: [SequentialRule] = []
        if let minimum = gate.minimumPassRate, minimum < 1 {
            rules.append(rule(.minimumPassRate, 0, 1, minimum, ofCases: gate.countsCases))
        }
        // Without a baseline the rule stays undecided, and the run goes to its end.
        if let regression = gate.maximumRegression {
            rules.append(rule(.maximumRegression, -1, 1, -regression, ofCases: gate.countsCases || !hasBaseline))
        }
        for mean in gate.minimumMeans {
            rules.append(rule(.minimumMean(score: mean.score), mean.lowest, mean.highest, mean.minimum, ofCases: false))
        }
        return rules
    }
}

/// The counted outcome of one cell, as early stopping needs it.
package struct CellResult: Equatable, Sendable {
    package enum Outcome: String, Equatable, Sendable { case passed, failed, errored }

    /// Of the case in the order of leasing, from 0.
    package var position: Int
    /// From 0.
    package var repetition: Int
    package var outcome: Outcome
    package var scores: [String: Double]
    package var costUSD: Double

    package init(position: Int, repetition: Int, outcome: Outcome, scores: [String: Double] = [:], costUSD: Double = 0) {
        self.position = position
        self.repetition = repetition
        self.outcome = outcome
        self.scores = scores
        self.costUSD = costUSD
    }
}

/// What early stopping holds of a case.
private struct CaseProgress: Sendable {
    private(set) var tally = CaseTally(key: "")

    mutating func add(_ cell: CellResult) {
        switch cell.outcome {
        case .passed: tally.passed += 1
        case .failed: tally.failed += 1
        case .errored: tally.errored += 1
        }
        for (name, value) in cell.scores { tally.scores[name, default: ValueSums()].add(value) }
    }
}

extension Gate {
    /// What a case brings to the pass rate: the share of its trials that passed, or 1 or 0 by the rule of k of n; nil while it has neither.
    package func value(of tally: CaseTally, repetitions: Int) -> Double? {
        guard countsCases else { return tally.passRate }
        switch caseRequirement.status(passed: tally.passed, failed: tally.failed, repetitions: repetitions) {
        case .passed: return 1
        case .failed: return 0
        case .undecided: return nil
        }
    }
}
