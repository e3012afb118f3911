import Glibc

/// The regularised incomplete beta function I_x(a, b), which is the distribution function of Beta(a, b), and its inverse. Student's t and
/// the binomial tails are read from it.
package enum BetaDistribution {
    /// I_x(a, b) for a, b > 0: the continued fraction of DLMF 8.17.22, evaluated by Lentz's method, taken at the side of the mean on which it
    /// converges fast (DLMF 8.17.4). About 13 digits.
    package static func cumulative(_ x: Double, a: Double, b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        let logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)
        if x < (a + 1) / (a + b + 2) { return min(1, exp(logFront) * fraction(x, a, b) / a) }
        return max(0, 1 - exp(logFront) * fraction(1 - x, b, a) / b)
    }

    /// The x with I_x(a, b) = p: bisection, which is slow, certain and seldom asked for.
    package static func quantile(_ p: Double, a: Double, b: Double) -> Double {
        if p <= 0 { return 0 }
        if p >= 1 { return 1 }
        var low = 0.0
        var high = 1.0
        while true {
            let middle = low + (high - low) / 2
            if middle <= low || middle >= high || high - low < 1e-16 * high { return middle }
            if cumulative(middle, a: a, b: b) < p { low = middle } else { high = middle }
        }
    }

    /// log Γ(x) for x > 0, from libm; the reentrant form, since `lgamma` writes a global.
    package static func logGamma(_ x: Double) -> Double {
        var sign: Int32 = 0
        return lgamma_r(x, &sign)
    }

    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / away(1 - (a + b) * x / (a + 1))
        var result = d
        // Converges within O(sqrt(max(a, b))) steps.
        for step in 1...100_000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / away(1 + even * d)
            c = away(1 + even / c)
            result *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / away(1 + odd * d)
            c = away(1 + odd / c)
            let change = d * c
            result *= change
            if abs(change - 1) < 1e-16 { break }
        }
        return result
    }
}
