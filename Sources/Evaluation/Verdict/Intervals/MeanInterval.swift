import EvaluationModel

/// The interval of a mean over cases of numbers without known ends: Student's t with the cluster-robust standard error, m - 1 degrees of
/// freedom for m cases (Miller 2024, arXiv:2411.00640, section 2.2).
///
/// - Returns: Nil below two cases, and where all cases are equal: such data say nothing of how far others may lie.
package func clusteredMeanInterval(caseMeans: [Double], confidence: Double) -> Interval? {
    guard let (mean, standardError) = meanAndStandardError(caseMeans), standardError > 0 else { return nil }
    let half = StudentT.quantile(1 - (1 - confidence) / 2, degrees: Double(caseMeans.count - 1)) * standardError
    return Interval(lower: mean - half, upper: mean + half, confidence: confidence, method: .studentTClusteredByCase)
}

/// The mean of the values and sqrt(sum (x_i - mean)² / (m (m - 1))); nil below two values.
package func meanAndStandardError(_ values: [Double]) -> (mean: Double, standardError: Double)? {
    guard values.count > 1 else { return nil }
    let count = Double(values.count)
    var sum = 0.0
    for value in values { sum += value }
    let mean = sum / count
    var squares = 0.0
    for value in values { squares += (value - mean) * (value - mean) }
    // Rounding must not make a spread out of equal values.
    guard squares > 1e-24 * count * max(1, mean * mean) else { return (mean, 0) }
    return (mean, (squares / (count * (count - 1))).squareRoot())
}
