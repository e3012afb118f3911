import EvaluationModel

/// The interval of the difference of two paired proportions, one trial on each side: Tango's score interval.
///
/// Of n pairs, b failed before and pass now, c passed before and fail now. The interval holds every difference d whose score statistic
///
///     z(d) = (b - c - n d) / sqrt(n (2 q + d (1 - d)))
///
/// is at most the normal quantile, q being the constrained maximum-likelihood estimate of the chance of a loss: the larger root of
/// 2 n q² + (-b - c + (2 n - b + c) d) q - c d (1 - d) = 0. Tango, "Equivalence test and confidence interval for the difference in
/// proportions for the paired-sample design", Statistics in Medicine 17 (1998), eq. 6 to 9. Fagerland, Lydersen and Laake, Statistics in
/// Medicine 33 (2014), recommend it. Its ends are found by bisection.
package func tangoInterval(gained b: Int, lost c: Int, pairs n: Int, confidence: Double) -> Interval {
    let quantile = NormalDistribution.quantile(1 - (1 - confidence) / 2)
    let estimate = Double(b - c) / Double(n)
    func isInside(_ difference: Double) -> Bool {
        abs(tangoStatistic(gained: Double(b), lost: Double(c), pairs: Double(n), difference: difference)) <= quantile
    }
    func end(from inside: Double, to outside: Double) -> Double {
        if isInside(outside) { return outside }
        var inside = inside
        var outside = outside
        for _ in 0..<60 {
            let middle = (inside + outside) / 2
            if isInside(middle) { inside = middle } else { outside = middle }
        }
        return inside
    }
    return Interval(
        lower: end(from: estimate, to: -1), upper: end(from: estimate, to: 1), confidence: confidence, method: .tangoScore)
}

/// z(d) of `tangoInterval`.
package func tangoStatistic(gained b: Double, lost c: Double, pairs n: Double, difference d: Double) -> Double {
    let linear = -b - c + (2 * n - b + c) * d
    let constant = -c * d * (1 - d)
    let root = (max(0, linear * linear - 8 * n * constant).squareRoot() - linear) / (4 * n)
    let variance = n * (2 * root + d * (1 - d))
    let score = b - c - n * d
    if abs(score) < 1e-12 { return 0 }
    return variance > 1e-15 ? score / variance.squareRoot() : (score > 0 ? .infinity : -.infinity)
}
