import Evaluation
import Testing

/// Against SciPy.
@Suite struct NumericsTests {
    @Test("the normal distribution and its quantiles")
    func normal() throws {
        for row in try Reference.rows("normal_quantile") {
            #expect(isClose(NormalDistribution.quantile(row[0]), row[1], relative: 1e-11), "\(row)")
        }
        for row in try Reference.rows("normal_cumulative") {
            #expect(isClose(NormalDistribution.cumulative(row[0]), row[1], relative: 1e-11, absolute: 0), "\(row)")
        }
        #expect(NormalDistribution.quantile(0) == -.infinity && NormalDistribution.quantile(1) == .infinity)
        #expect(NormalDistribution.quantile(2).isNaN)
    }

    @Test("the gamma and the incomplete beta function and its inverse")
    func beta() throws {
        for row in try Reference.rows("log_gamma") { #expect(isClose(BetaDistribution.logGamma(row[0]), row[1]), "\(row)") }
        for row in try Reference.rows("beta_cumulative") {
            #expect(isClose(BetaDistribution.cumulative(row[0], a: row[1], b: row[2]), row[3], relative: 1e-9), "\(row)")
        }
        for row in try Reference.rows("beta_quantile") {
            #expect(isClose(BetaDistribution.quantile(row[0], a: row[1], b: row[2]), row[3], relative: 1e-9), "\(row)")
        }
    }

    @Test("Student's t, also with a fraction of degrees of freedom")
    func studentT() throws {
        for row in try Reference.rows("student_t_cumulative") {
            #expect(isClose(StudentT.cumulative(row[0], degrees: row[1]), row[2], relative: 1e-8), "\(row)")
        }
        for row in try Reference.rows("student_t_quantile") {
            #expect(isClose(StudentT.quantile(row[0], degrees: row[1]), row[2], relative: 1e-8), "\(row)")
        }
    }

    @Test("binomial tails and the exact interval of Clopper and Pearson")
    func binomial() throws {
        for row in try Reference.rows("binomial_cumulative") {
            let value = BinomialDistribution.cumulative(Int(row[0]), trials: Int(row[1]), probability: row[2])
            #expect(isClose(value, row[3], relative: 1e-9), "\(row)")
        }
        for row in try Reference.rows("clopper_pearson") {
            let interval = BinomialDistribution.clopperPearson(successes: Int(row[0]), trials: Int(row[1]), confidence: row[2])
            #expect(isClose(interval.lower, row[3], relative: 1e-8) && isClose(interval.upper, row[4], relative: 1e-8), "\(row)")
        }
    }
}
