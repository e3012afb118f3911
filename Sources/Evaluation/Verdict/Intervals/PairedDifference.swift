import EvaluationModel

/// How far the pass rate of a run lies above its baseline's: the mean over paired cases of the difference of their rates, with an interval.
/// Cases are drawn as pairs, so what makes a case hard cancels out.
///
/// With one trial on both sides the interval is Tango's and McNemar's exact test stands beside it; with more it is clustered by case.
package struct PairedDifference: Equatable, Sendable {
    package var estimate: Double
    /// Of each case, -1 to 1.
    package var differences: [Double]
    /// Cases that did better, and worse, than in the baseline.
    package var gained: Int
    package var lost: Int
    package var hasOneTrialEach: Bool

    /// Nil without a pair.
    ///
    /// - Parameter hasOneTrialEach: whether every difference is -1, 0 or 1 because each side is one trial, or one case by k of n.
    package init?(_ differences: [Double], hasOneTrialEach: Bool) {
        guard !differences.isEmpty else { return nil }
        self.differences = differences
        self.hasOneTrialEach = hasOneTrialEach
        estimate = differences.reduce(0, +) / Double(differences.count)
        gained = differences.count { $0 > 0 }
        lost = differences.count { $0 < 0 }
    }

    package func interval(confidence: Double, seed: UInt64) -> Interval? {
        if hasOneTrialEach { return tangoInterval(gained: gained, lost: lost, pairs: differences.count, confidence: confidence) }
        return BootstrapInterval.interval(differences: differences, confidence: confidence, seed: seed)
    }

    /// Of McNemar's exact test; nil unless every case has one trial on both sides.
    package var pValue: Double? { hasOneTrialEach ? BinomialDistribution.mcNemarPValue(gained: gained, lost: lost) : nil }

    /// What would show the difference to be above or below the threshold. Only the run can be repeated; the baseline is what it is.
    ///
    /// - Parameter withinVariance: of the mean of the run's trials of a case; nil when repetitions cannot be judged.
    package func more(toReach threshold: Double, quantile: Double, repetitions: Int, withinVariance: Double?) -> MoreData? {
        let count = differences.count
        guard estimate != threshold else { return nil }
        if hasOneTrialEach {
            // The score statistic grows with the root of the number of pairs.
            let statistic = tangoStatistic(gained: Double(gained), lost: Double(lost), pairs: Double(count), difference: threshold)
            guard statistic.isFinite, statistic != 0 else { return nil }
            return SampleSize(caseCount: count, repetitions: repetitions, caseVariance: 1, withinVariance: nil)
                .more(toReach: statistic * statistic / (quantile * quantile) / Double(count))
        }
        let distance = (estimate - threshold) / quantile
        // Two cases more, half a win and half a loss each, where few differ: see `BootstrapInterval`.
        let spread = meanAndStandardError(differences)?.standardError ?? 0
        let pseudo = BootstrapInterval.effectiveCount(differences) < BootstrapInterval.fewDifferences ? 1 / Double(count) : 0
        return SampleSize(
            caseCount: count, repetitions: repetitions, caseVariance: spread * spread * Double(count) + pseudo,
            withinVariance: pseudo == 0 ? withinVariance : nil
        ).more(toReach: distance * distance)
    }
}

extension CasePairing.Pair {
    var hasOneTrialEach: Bool { run.trials == 1 && baseline.trials == 1 }
}
