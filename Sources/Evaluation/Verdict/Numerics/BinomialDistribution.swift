/// Tails of the binomial distribution, and what is exact because of them.
package enum BinomialDistribution {
    /// P(X <= k) for X ~ Binomial(n, p): 1 - I_p(k + 1, n - k) (DLMF 8.17.5).
    package static func cumulative(_ k: Int, trials n: Int, probability p: Double) -> Double {
        if k < 0 { return 0 }
        if k >= n { return 1 }
        return BetaDistribution.cumulative(1 - p, a: Double(n - k), b: Double(k + 1))
    }

    /// McNemar's exact test, two-sided: of the pairs that differ, given their number, each side is Binomial(b + c, 1/2) when nothing
    /// changed. McNemar, Psychometrika 12 (1947); the conditional form in Agresti, "Categorical Data Analysis", 10.1.
    ///
    /// - Parameters:
    ///   - gained: cases that failed before and pass now.
    ///   - lost: cases that passed before and fail now.
    package static func mcNemarPValue(gained: Int, lost: Int) -> Double {
        min(1, 2 * cumulative(min(gained, lost), trials: gained + lost, probability: 0.5))
    }

    /// The exact interval of Clopper and Pearson, Biometrika 26 (1934): never covers less than it says, often more.
    package static func clopperPearson(successes k: Int, trials n: Int, confidence: Double) -> (lower: Double, upper: Double) {
        let tail = (1 - confidence) / 2
        let lower = k == 0 ? 0 : BetaDistribution.quantile(tail, a: Double(k), b: Double(n - k + 1))
        let upper = k == n ? 1 : BetaDistribution.quantile(1 - tail, a: Double(k + 1), b: Double(n - k))
        return (lower, upper)
    }
}
