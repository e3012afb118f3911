import EvaluationModel

/// How much more data would decide a rule if the estimate stayed where it is.
///
/// A mean over m cases with r repetitions each has variance (B + W/r) / m: B between cases, W within a case. Repetitions shrink W only, so
/// no number of them gets below B/m; cases shrink both (variance components: Searle, Casella and McCulloch, 1992, chapter 3).
package struct SampleSize: Equatable, Sendable {
    package var caseCount: Int
    package var repetitions: Int
    /// B + W/r as estimated: the variance of one case's mean.
    package var caseVariance: Double
    /// W/r, of the repetitions that can be added to; nil with one repetition, which cannot tell the two apart.
    package var withinVariance: Double?

    package init(caseCount: Int, repetitions: Int, caseVariance: Double, withinVariance: Double?) {
        self.caseCount = caseCount
        self.repetitions = repetitions
        self.caseVariance = caseVariance
        self.withinVariance = withinVariance
    }

    /// More repetitions than this many times those there are is no advice.
    static let maximumFactor = 20.0

    /// What brings the variance of the mean down to `target`; nil when nothing does, or what is there suffices.
    package func more(toReach target: Double) -> MoreData? {
        guard target > 0, caseVariance > 0 else { return nil }
        let needed = caseVariance / target
        guard needed.isFinite, needed < 1e9 else { return nil }
        let cases = Int(needed.rounded(.up)) - caseCount
        guard cases > 0 else { return nil }
        return MoreData(repetitionsPerCase: repetitionsPerCase(toReach: target), cases: cases)
    }

    private func repetitionsPerCase(toReach target: Double) -> Int? {
        guard let withinVariance, withinVariance > 0 else { return nil }
        let between = max(0, caseVariance - withinVariance)
        let room = target * Double(caseCount) - between
        guard room > 0 else { return nil }
        let factor = withinVariance / room
        guard factor <= Self.maximumFactor else { return nil }
        return max(1, Int((Double(repetitions) * factor).rounded(.up)) - repetitions)
    }
}

/// The trials after which Wilson's interval around `rate` leaves `threshold` out: it does exactly when (rate - threshold)² exceeds
/// q² threshold (1 - threshold) / n. Nil when they are equal.
package func wilsonTrialsNeeded(rate: Double, threshold: Double, quantile: Double) -> Double? {
    let distance = rate - threshold
    guard distance != 0 else { return nil }
    return quantile * quantile * threshold * (1 - threshold) / (distance * distance)
}

/// The mean over cases of the variance of the mean of a case's trials, p (1 - p) / (n - 1), unbiased; over cases with two trials and
/// more. Nil without such a case.
package func withinCaseVariance(_ cases: some Sequence<CaseTally>) -> Double? {
    var sum = 0.0
    var count = 0
    for tally in cases where tally.trials > 1 {
        let rate = Double(tally.passed) / Double(tally.trials)
        sum += rate * (1 - rate) / Double(tally.trials - 1)
        count += 1
    }
    return count > 0 ? sum / Double(count) : nil
}
