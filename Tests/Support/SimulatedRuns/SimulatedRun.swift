import Evaluation
import EvaluationModel
import Glibc

/// Runs drawn from a known truth: how hard a case is follows a Beta distribution, its repetitions are independent given that. What
/// the tests of coverage and of wrong verdicts, and `Benchmarks/VerdictSimulation`, count on.
package struct SimulatedCases: Sendable {
    /// The mean pass rate over cases.
    package var rate: Double
    /// Correlation of two repetitions of a case: 0 all cases alike, 1 each case always or never passes.
    package var correlation: Double

    package init(rate: Double, correlation: Double) {
        self.rate = rate
        self.correlation = correlation
    }

    /// The chance that a repetition of one case, newly drawn, passes. Beta(rate k, (1 - rate) k) with k = 1/correlation - 1.
    package func difficulty(_ random: inout SeededRandom) -> Double {
        if correlation <= 0 { return rate }
        if correlation >= 1 { return random.unit() < rate ? 1 : 0 }
        let k = 1 / correlation - 1
        return beta(rate * k, (1 - rate) * k, &random)
    }

    /// How many of the repetitions of a newly drawn case pass.
    package func passed(of repetitions: Int, _ random: inout SeededRandom) -> Int {
        draws(of: repetitions, at: difficulty(&random), &random)
    }
}

/// Binomial by counting.
package func draws(of trials: Int, at probability: Double, _ random: inout SeededRandom) -> Int {
    var passed = 0
    var left = trials
    while left > 0 {
        if random.unit() < probability { passed &+= 1 }
        left &-= 1
    }
    return passed
}

/// Jöhnk's generator in logarithms for two small shapes (Devroye 1986, chapter IX.3), else two gammas.
private func beta(_ a: Double, _ b: Double, _ random: inout SeededRandom) -> Double {
    if a <= 1, b <= 1 {
        while true {
            let x = log(1 - random.unit()) / a
            let y = log(1 - random.unit()) / b
            let top = max(x, y)
            let sum = top + log(exp(x - top) + exp(y - top))
            if sum <= 0 { return exp(x - sum) }
        }
    }
    let x = gamma(a, &random)
    return x / (x + gamma(b, &random))
}

/// Marsaglia and Tsang, ACM TOMS 26 (2000); shapes below 1 by their boost.
private func gamma(_ shape: Double, _ random: inout SeededRandom) -> Double {
    if shape < 1 { return gamma(shape + 1, &random) * pow(1 - random.unit(), 1 / shape) }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
        let x = (-2 * log(1 - random.unit())).squareRoot() * cos(2 * .pi * random.unit())
        let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
        if v > 0, log(1 - random.unit()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
    }
}
