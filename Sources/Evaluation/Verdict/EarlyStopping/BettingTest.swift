import EvaluationModel

/// A test of a mean that may be looked at after every observation: two players bet against "the mean is at most m" and "the mean is at
/// least m", and a player who has multiplied the stake by 1/α has shown the claim wrong.
///
/// Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting", JRSS B 86 (2024), arXiv:2010.09686. For
/// observations x in [0, 1] with mean μ, given the past, the capital
///
///     K⁺ = product of (1 + λ (x_i - m)),  0 <= λ < 1/m          K⁻ = product of (1 - λ (x_i - m)),  0 <= λ < 1/(1 - m)
///
/// is a nonnegative supermartingale from 1 when μ <= m, and when μ >= m (their section 4, "capital process"), so by Ville's
/// inequality P(K ever reaches 1/α) <= α. The mean of such capitals at several fixed λ is one again; that is what stands here: a grid
/// of bets from nearly all of the stake down to thousandths, so that the best of them wins whatever the distance and the variance, at
/// the price of log(grid) in the exponent. Nothing is assumed of the distribution but its ends. O(grid) an observation.
package struct BettingTest: Sendable {
    /// The shares of the largest admissible bet. The smallest serves differences of a point or two over 100,000 cases.
    static let shares: [Double] = [0.95, 0.7, 0.5, 0.33, 0.22, 0.14, 0.09, 0.055, 0.033, 0.019, 0.01, 0.004]

    /// m, strictly between 0 and 1.
    package let mean: Double
    /// Error allowed for saying "above m", and for saying "below m", when it is not so.
    package let aboveError: Double
    package let belowError: Double
    package private(set) var isAbove = false
    package private(set) var isBelow = false

    private let upward: [Double]
    private let downward: [Double]
    private var capitalAbove: [Double]
    private var capitalBelow: [Double]

    package init(mean: Double, aboveError: Double, belowError: Double) {
        self.mean = mean
        self.aboveError = aboveError
        self.belowError = belowError
        upward = Self.shares.map { $0 / mean }
        downward = Self.shares.map { $0 / (1 - mean) }
        capitalAbove = Array(repeating: 1 / Double(Self.shares.count), count: Self.shares.count)
        capitalBelow = capitalAbove
    }

    /// - Parameter observation: 0 to 1; its mean given all before it is μ.
    package mutating func add(_ observation: Double) {
        let distance = observation - mean
        var above = 0.0
        var below = 0.0
        for index in Self.shares.indices {
            capitalAbove[index] *= 1 + upward[index] * distance
            capitalBelow[index] *= 1 - downward[index] * distance
            above += capitalAbove[index]
            below += capitalBelow[index]
        }
        if above * aboveError >= 1 { isAbove = true }
        if below * belowError >= 1 { isBelow = true }
    }

    /// The means that the observations, looked at after each one, have not excluded: a confidence sequence (their theorem 3). Found by
    /// bisection, O(log(1/precision)) passes: for the end of a run, not for every look.
    package static func confidenceSequence(_ observations: [Double], aboveError: Double, belowError: Double) -> (
        lower: Double, upper: Double
    ) {
        func excludes(_ mean: Double, above: Bool) -> Bool {
            var test = BettingTest(mean: mean, aboveError: aboveError, belowError: belowError)
            for observation in observations {
                test.add(observation)
                if above ? test.isAbove : test.isBelow { return true }
            }
            return false
        }
        /// The edge of the excluded means at the end given by `above`.
        func edge(above: Bool) -> Double {
            var excluded = above ? 0.0 : 1.0
            var kept = above ? 1.0 : 0.0
            while abs(kept - excluded) > 1e-6 {
                let middle = (excluded + kept) / 2
                if excludes(middle, above: above) { excluded = middle } else { kept = middle }
            }
            return excluded
        }
        return (edge(above: true), edge(above: false))
    }
}
