import EvaluationModel

/// The interval of a pass rate: Wilson's score interval, with the number of independent cases that the repetitions are worth in the
/// place of the number of trials.
///
/// The rate is the mean over cases of each case's own rate y_i: every case counts the same. Repetitions of one case are alike, so they
/// are not independent trials; cases are. With m cases, mean p and the variance of the case rates
///
///     V = sum (y_i - p)² / (m (m - 1))                   cluster-robust variance of the mean (Miller 2024, arXiv:2411.00640, section 2.2)
///     n = m · (p (1 - p) + V) / (m V)                    effective number of trials; p (1 - p) + V is unbiased for P (1 - P)
///     p ∈ (p + q²/2n ± q sqrt(p (1 - p)/n + q²/4n²)) / (1 + q²/n)        Wilson, JASA 22 (1927); Brown, Cai, DasGupta (2001), eq. 4
///
/// The effective number in Wilson's interval is the proposal of Korn and Graubard, Survey Methodology 24 (1998), which Dean and
/// Pagano, Journal of Survey Statistics and Methodology 3 (2015), find to cover best for clustered proportions. q is Student's t at
/// degrees of freedom by Satterthwaite's rule d = 2 / Var(log D), D = V m / (p (1 - p)) being what is estimated beside p. By the delta
/// method Var(log D) = sum u_i² / m² with
///
///     u_i = ((y_i - p)² - s²) / s² - (1 - 2 p)(y_i - p) / (p (1 - p)),      s² = mean (y_i - p)²
///
/// With one trial a case, y_i is 0 or 1: then n = m, every u_i is 0, q is the normal quantile and this is Wilson's interval to the digit.
/// Where all cases pass, or all fail, or all have the same rate, nothing is known of how alike repetitions are: n = m, the least they can
/// be worth. Below ten cases the spread of the cases is hardly known either: n is at most the number of trials, d at most m - 1.
package struct PassRateEstimate: Equatable, Sendable {
    /// The mean over cases.
    package var rate: Double
    package var caseCount: Int
    package var trialCount: Int
    /// Independent trials that the data are worth.
    package var effectiveTrials: Double
    /// Degrees of freedom of the Student t quantile; infinite for the normal one.
    package var degrees: Double

    /// Nil without a case.
    ///
    /// - Parameters:
    ///   - rates: of each case, 0 to 1.
    ///   - trialCount: of all cases together.
    package init?(rates: [Double], trialCount: Int) {
        guard !rates.isEmpty else { return nil }
        // Rounding depends on the order of a sum: two runs with the same rates have the same interval, in whatever order their cases were done.
        let rates = rates.sorted()
        let count = Double(rates.count)
        var sum = 0.0
        for rate in rates { sum += rate }
        let mean = min(1, max(0, sum / count))
        rate = mean
        caseCount = rates.count
        self.trialCount = trialCount
        effectiveTrials = count
        degrees = .infinity

        var squares = 0.0
        for rate in rates { squares += (rate - mean) * (rate - mean) }
        let spread = squares / count
        let product = mean * (1 - mean)
        guard rates.count > 1, product > 0, spread > 1e-12 else { return }
        let variance = squares / (count * (count - 1))
        effectiveTrials = max(count, (product + variance) / variance)

        var influence = 0.0
        let slope = (1 - 2 * mean) / product
        for rate in rates {
            let deviation = rate - mean
            let term = (deviation * deviation - spread) / spread - slope * deviation
            influence += term * term
        }
        let variance2 = influence / (count * count)
        if variance2 > 1e-12 { degrees = max(1, 2 / variance2) }
        // Rates of 0 and 1 alone have the spread p (1 - p), which leaves nothing to be estimated beside p.
        if rates.count < PassRateEstimate.fewCases, spread < product * (1 - 1e-9) {
            effectiveTrials = min(effectiveTrials, Double(max(trialCount, rates.count)))
            degrees = min(degrees, count - 1)
        }
    }

    /// Below this many cases the spread between them is hardly known.
    package static let fewCases = 10

    package func interval(confidence: Double) -> Interval {
        let upperTail = 1 - (1 - confidence) / 2
        let quantile =
            degrees.isFinite ? StudentT.quantile(upperTail, degrees: degrees) : NormalDistribution.quantile(upperTail)
        let bounds = wilsonBounds(rate: rate, trials: effectiveTrials, quantile: quantile)
        return Interval(
            lower: bounds.lower, upper: bounds.upper, confidence: confidence,
            method: trialCount > caseCount ? .wilsonClusteredByCase : .wilson)
    }
}

/// Wilson's score interval of a proportion; see `PassRateEstimate`. The ends are exactly 0 and 1 where the rate is.
package func wilsonBounds(rate: Double, trials: Double, quantile: Double) -> (lower: Double, upper: Double) {
    let square = quantile * quantile / trials
    let centre = (rate + square / 2) / (1 + square)
    let half = quantile / (1 + square) * (rate * (1 - rate) / trials + square / (4 * trials)).squareRoot()
    return (rate == 0 ? 0 : max(0, centre - half), rate == 1 ? 1 : min(1, centre + half))
}
