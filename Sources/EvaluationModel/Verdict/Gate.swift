/// What a run must show to pass. Each rule that is given must hold; a gate without any is not valid.
package struct Gate: Equatable, Sendable {
    /// When given, cases are counted instead of repetitions, each passing by this rule. When not, every repetition counts, and a case is
    /// shown as passed when all its repetitions passed.
    package var casePasses: CaseRequirement?
    /// Above 0, at most 1. Exactly 1 is a plain rule: nothing may fail, and no statistics are asked.
    package var minimumPassRate: Double?
    /// How far the pass rate may lie under the baseline's: 0.02 for two points. From 0, below 1.
    package var maximumRegression: Double?
    package var minimumMeans: [MeanRule]
    /// Largest share of errored cells, 0 to 1: above it a run shows nothing.
    package var maximumErrorRate: Double
    /// What the whole run may cost at this target, in US dollars.
    package var maximumCostUSD: Double?
    package var maximumMeanLatencyMilliseconds: Double?
    /// Of the intervals a verdict rests on.
    package var confidence: Double
    /// Compares the estimates as they are: no intervals, never "not enough evidence" for want of data.
    package var strict: Bool
    /// Whether a run may end as soon as its verdict is certain enough. Off unless asked for: cases without an outcome have no partner when
    /// the run becomes a baseline.
    package var stopEarly: Bool

    package init(
        casePasses: CaseRequirement? = nil, minimumPassRate: Double? = nil, maximumRegression: Double? = nil,
        minimumMeans: [MeanRule] = [], maximumErrorRate: Double = Gate.defaultMaximumErrorRate, maximumCostUSD: Double? = nil,
        maximumMeanLatencyMilliseconds: Double? = nil, confidence: Double = Gate.defaultConfidence, strict: Bool = false,
        stopEarly: Bool = false
    ) {
        self.casePasses = casePasses
        self.minimumPassRate = minimumPassRate
        self.maximumRegression = maximumRegression
        self.minimumMeans = minimumMeans
        self.maximumErrorRate = maximumErrorRate
        self.maximumCostUSD = maximumCostUSD
        self.maximumMeanLatencyMilliseconds = maximumMeanLatencyMilliseconds
        self.confidence = confidence
        self.strict = strict
        self.stopEarly = stopEarly
    }

    package static let defaultConfidence = 0.95
    package static let defaultMaximumErrorRate = 0.05

    /// The gate of a run that names none: nothing may fail, as with any test runner; beside a baseline, no more than five points worse
    /// than it.
    package static func standard(besideBaseline: Bool) -> Gate {
        besideBaseline ? Gate(maximumRegression: 0.05) : Gate(minimumPassRate: 1)
    }

    /// How a case is shown.
    package var caseRequirement: CaseRequirement { casePasses ?? .all }
    /// Whether the pass rate is that of cases and not of repetitions.
    package var countsCases: Bool { casePasses != nil }

    package var hasRule: Bool {
        minimumPassRate != nil || maximumRegression != nil || !minimumMeans.isEmpty || maximumCostUSD != nil
            || maximumMeanLatencyMilliseconds != nil
    }

    /// The rules that weigh evidence. Each may wrongly fail a good run, so they share that error between them.
    package var statisticalRuleCount: Int {
        if strict { return 0 }
        return (minimumPassRate.map { $0 < 1 ? 1 : 0 } ?? 0) + (maximumRegression == nil ? 0 : 1) + minimumMeans.count
    }
}

/// The least mean of a named numeric score.
package struct MeanRule: Equatable, Sendable {
    package var score: String
    package var minimum: Double
    /// The ends of the score's scale; 0 and 1 unless given. They are what makes a small sample of equal scores worth something.
    package var lowest: Double
    package var highest: Double

    package init(score: String, minimum: Double, lowest: Double = 0, highest: Double = 1) {
        self.score = score
        self.minimum = minimum
        self.lowest = lowest
        self.highest = highest
    }
}
