/// Student's t distribution, also with a fraction of degrees of freedom.
package enum StudentT {
    /// P(T <= t) at `degrees` > 0 of freedom (DLMF 8.17 through the incomplete beta function).
    package static func cumulative(_ t: Double, degrees: Double) -> Double {
        let tail = 0.5 * BetaDistribution.cumulative(degrees / (degrees + t * t), a: degrees / 2, b: 0.5)
        return t > 0 ? 1 - tail : tail
    }

    /// The t with P(T <= t) = p, for 0.5 <= p < 1. Above 200 degrees the expansion of Abramowitz and Stegun 26.7.5 around the normal
    /// quantile, whose error there is under 1e-9; below, the inverse of the incomplete beta function.
    package static func quantile(_ p: Double, degrees: Double) -> Double {
        if p == 0.5 { return 0 }
        guard degrees < 200 else { return expansion(NormalDistribution.quantile(p), degrees) }
        // For t > 0: 2 (1 - p) = I_x(v/2, 1/2) with x = v / (v + t²). The complement keeps the digits of small t.
        let y = BetaDistribution.quantile(2 * p - 1, a: 0.5, b: degrees / 2)
        return (degrees * y / (1 - y)).squareRoot()
    }

    private static func expansion(_ z: Double, _ degrees: Double) -> Double {
        guard degrees.isFinite else { return z }
        let z2 = z * z
        let g1 = z * (z2 + 1) / 4
        let g2 = z * ((5 * z2 + 16) * z2 + 3) / 96
        let g3 = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384
        let g4 = z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160
        return z + (g1 + (g2 + (g3 + g4 / degrees) / degrees) / degrees) / degrees
    }
}
