/// What a run came to at one target, and why.
package struct Verdict: Equatable, Sendable {
    package var result: VerdictResult
    /// Sentences, the deciding ones first.
    package var reasons: [String]
    package var rules: [RuleResult]
    package var counts: VerdictCounts
    /// Whether the run was ended by its rule for stopping early.
    package var stoppedEarly: Bool
    /// The flakiest first, at most `VerdictLimits.maximumFlakyCases`.
    package var flakyCases: [FlakyCase]
    /// Nil for a run without a baseline.
    package var pairing: Pairing?

    package init(
        result: VerdictResult, reasons: [String], rules: [RuleResult], counts: VerdictCounts, stoppedEarly: Bool,
        flakyCases: [FlakyCase], pairing: Pairing?
    ) {
        self.result = result
        self.reasons = reasons
        self.rules = rules
        self.counts = counts
        self.stoppedEarly = stoppedEarly
        self.flakyCases = flakyCases
        self.pairing = pairing
    }
}

package enum VerdictResult: String, CaseIterable, Sendable {
    case pass, fail
    case notEnoughEvidence = "not_enough_evidence"

    /// Of several rules, or several targets: one failure fails all, and all must pass to pass.
    package static func combining(_ results: some Sequence<VerdictResult>) -> VerdictResult {
        var combined = VerdictResult.pass
        for result in results {
            if result == .fail { return .fail }
            if result == .notEnoughEvidence { combined = .notEnoughEvidence }
        }
        return combined
    }
}

package struct VerdictCounts: Equatable, Sendable {
    package var cases = 0
    package var casesPassed = 0
    package var casesFailed = 0
    /// Cases whose repetitions are missing or errored to an extent that leaves them open.
    package var casesUndecided = 0
    package var passed = 0
    package var failed = 0
    package var errored = 0
    /// Cells without an outcome.
    package var pending = 0
    /// All flaky cases, listed or not.
    package var flakyCases = 0

    package init() {}
}

/// One rule of the gate.
package struct RuleResult: Equatable, Sendable {
    package var rule: Rule
    package var result: VerdictResult
    /// The number that the rule holds against the threshold; nil when nothing was measured.
    package var estimate: Double?
    package var threshold: Double
    /// Nil for rules that need no statistics.
    package var interval: Interval?
    /// The interval a failure is read from, when several rules share the error of a wrong failure.
    package var failureInterval: Interval?
    /// Of McNemar's exact test that nothing changed; for paired cases with one trial each.
    package var pValue: Double?
    package var more: MoreData?
    package var reason: String

    package init(
        rule: Rule, result: VerdictResult, estimate: Double?, threshold: Double, interval: Interval? = nil,
        failureInterval: Interval? = nil, pValue: Double? = nil, more: MoreData? = nil, reason: String
    ) {
        self.rule = rule
        self.result = result
        self.estimate = estimate
        self.threshold = threshold
        self.interval = interval
        self.failureInterval = failureInterval
        self.pValue = pValue
        self.more = more
        self.reason = reason
    }

    package enum Rule: Hashable, Sendable {
        case minimumPassRate, maximumRegression, maximumErrorRate, maximumCost, maximumMeanLatency
        case minimumMean(score: String)
    }
}

/// What would decide a rule if the estimate stayed where it is. Either field may be nil: that way leads nowhere, or nobody can tell yet.
package struct MoreData: Equatable, Sendable {
    /// For every case, beside those it has.
    package var repetitionsPerCase: Int?
    /// Beside those of the suite, with as many repetitions.
    package var cases: Int?

    package init(repetitionsPerCase: Int? = nil, cases: Int? = nil) {
        self.repetitionsPerCase = repetitionsPerCase
        self.cases = cases
    }
}

/// A case that both passed and failed.
package struct FlakyCase: Equatable, Sendable {
    package var key: String
    package var passed: Int
    package var failed: Int
    /// Whether the baseline saw it without flaking; nil when it saw it less than twice.
    package var wasStable: Bool?

    package init(key: String, passed: Int, failed: Int, wasStable: Bool? = nil) {
        self.key = key
        self.passed = passed
        self.failed = failed
        self.wasStable = wasStable
    }
}

/// How the cases of a run found those of its baseline. Cases without a partner are left out of the comparison.
package struct Pairing: Equatable, Sendable {
    package var paired: Int
    package var onlyInRun: Int
    package var onlyInBaseline: Int
    /// At most `VerdictLimits.maximumUnpairedCases` of each.
    package var keysOnlyInRun: [String]
    package var keysOnlyInBaseline: [String]

    package init(paired: Int, onlyInRun: Int, onlyInBaseline: Int, keysOnlyInRun: [String], keysOnlyInBaseline: [String]) {
        self.paired = paired
        self.onlyInRun = onlyInRun
        self.onlyInBaseline = onlyInBaseline
        self.keysOnlyInRun = keysOnlyInRun
        self.keysOnlyInBaseline = keysOnlyInBaseline
    }
}
