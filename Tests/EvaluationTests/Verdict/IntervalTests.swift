import ByteCoding
import Evaluation
import EvaluationModel
import SeededRandom
import Testing

/// Against SciPy and statsmodels.
@Suite struct IntervalTests {
    @Test("one trial a case gives Wilson's interval to the digit")
    func wilson() throws {
        for row in try Reference.rows("wilson") where row[1] <= 1000 {
            let (passed, trials) = (Int(row[0]), Int(row[1]))
            let rates = [Double](repeating: 1, count: passed) + [Double](repeating: 0, count: trials - passed)
            let interval = try #require(PassRateEstimate(rates: rates, trialCount: trials)).interval(confidence: row[2])
            #expect(isClose(interval.lower, row[3], relative: 1e-9) && isClose(interval.upper, row[4], relative: 1e-9), "\(row)")
            #expect(interval.method == .wilson)
        }
        for row in try Reference.rows("wilson") {
            let quantile = NormalDistribution.quantile(1 - (1 - row[2]) / 2)
            let bounds = wilsonBounds(rate: row[0] / row[1], trials: row[1], quantile: quantile)
            #expect(isClose(bounds.lower, row[3], relative: 1e-9) && isClose(bounds.upper, row[4], relative: 1e-9), "\(row)")
        }
    }

    @Test("the order in which cases come changes no digit")
    func order() {
        let seed = TestSeed.next()
        var generator = SeededGenerator(seed: seed)
        for repetitions in [1, 3, 7] {
            var rates = (0..<30).map { _ in Double(Int.random(in: 0...repetitions, using: &generator)) / Double(repetitions) }
            let estimate = PassRateEstimate(rates: rates, trialCount: 30 * repetitions)
            for _ in 0..<100 {
                rates.shuffle(using: &generator)
                #expect(PassRateEstimate(rates: rates, trialCount: 30 * repetitions) == estimate, "SPANDREL_TEST_SEED=\(seed)")
            }
        }
    }

    @Test("the published interval of 81 in 263: 0.2553 to 0.3662 (Newcombe 1998, table I)")
    func published() {
        let bounds = wilsonBounds(rate: 81.0 / 263, trials: 263, quantile: NormalDistribution.quantile(0.975))
        #expect((bounds.lower * 10_000).rounded() == 2553 && (bounds.upper * 10_000).rounded() == 3662)
    }

    @Test("repetitions give statsmodels' cluster-robust error, as a Wilson interval and as Student's t")
    func clustered() throws {
        for row in try Reference.objects("clustered") {
            let repetitions = try #require(row["repetitions"]?.doubleValue)
            let rates = try #require(row["passed"]?.arrayValue).compactMap { $0.doubleValue.map { $0 / repetitions } }
            let estimate = try #require(PassRateEstimate(rates: rates, trialCount: rates.count * Int(repetitions)))
            func close(_ value: Double, _ name: String, _ relative: Double = 1e-9) -> Bool {
                row[name]?.doubleValue.map { isClose(value, $0, relative: relative) } ?? false
            }
            #expect(close(estimate.rate, "rate") && close(estimate.effectiveTrials, "effective_trials"))
            // The reference differentiates numerically.
            #expect(close(estimate.degrees, "degrees", 1e-5))
            let interval = estimate.interval(confidence: 0.95)
            #expect(close(interval.lower, "lower", 1e-6) && close(interval.upper, "upper", 1e-6))
            #expect(interval.method == .wilsonClusteredByCase)
            let mean = try #require(clusteredMeanInterval(caseMeans: rates, confidence: 0.95))
            #expect(close(mean.lower, "t_lower") && close(mean.upper, "t_upper"))
        }
    }

    @Test("all passed, all failed and all alike are worth no more than one trial a case")
    func degenerate() throws {
        for rate in [0.0, 0.5, 1.0] {
            let estimate = try #require(PassRateEstimate(rates: Array(repeating: rate, count: 40), trialCount: 400))
            #expect(estimate.effectiveTrials == 40)
        }
        let interval = try #require(PassRateEstimate(rates: Array(repeating: 1, count: 40), trialCount: 400)).interval(confidence: 0.95)
        #expect(interval.upper == 1 && interval.lower > 0.9 && interval.lower < 0.92)
        #expect(PassRateEstimate(rates: [], trialCount: 0) == nil)
        let one = try #require(PassRateEstimate(rates: [1], trialCount: 10)).interval(confidence: 0.95)
        #expect(one.lower < 0.25)
        let two = try #require(PassRateEstimate(rates: [0.6, 0.7], trialCount: 20)).interval(confidence: 0.95)
        #expect(two.lower < 0.1 && two.upper > 0.9)
    }

    @Test("a mean of equal values, or of one, has no interval")
    func noSpread() {
        #expect(clusteredMeanInterval(caseMeans: [3.1, 3.1, 3.1], confidence: 0.95) == nil)
        #expect(clusteredMeanInterval(caseMeans: [3.1], confidence: 0.95) == nil)
    }

    @Test("Tango's interval is that of the constrained likelihood, McNemar's test that of statsmodels")
    func paired() throws {
        for row in try Reference.rows("paired") {
            let interval = tangoInterval(gained: Int(row[0]), lost: Int(row[1]), pairs: Int(row[2]), confidence: 0.95)
            #expect(abs(interval.lower - row[3]) < 1e-6 && abs(interval.upper - row[4]) < 1e-6, "\(row) \(interval)")
            #expect(isClose(BinomialDistribution.mcNemarPValue(gained: Int(row[0]), lost: Int(row[1])), row[5], relative: 1e-9))
        }
    }

    @Test("pairs that all agree leave an interval around zero that shrinks with their number")
    func noDifference() {
        for count in [10, 100, 1000] {
            let interval = tangoInterval(gained: 0, lost: 0, pairs: count, confidence: 0.95)
            #expect(isClose(interval.upper, 3.841458820694124 / (Double(count) + 3.841458820694124), relative: 1e-6))
            #expect(isClose(interval.lower, -interval.upper, relative: 1e-6))
        }
    }

    @Test("the bootstrap agrees with NumPy's within its own noise, and with itself by its seed")
    func bootstrap() throws {
        var seedsThatMatter = 0
        for row in try Reference.objects("bootstrap") {
            let differences = try #require(row["differences"]?.arrayValue).compactMap { $0.doubleValue.map { $0 / 3 } }
            let interval = try #require(BootstrapInterval.interval(differences: differences, confidence: 0.95, seed: 7))
            let student = try #require(clusteredMeanInterval(caseMeans: differences, confidence: 0.95))
            let lower = min(try #require(row["lower"]?.doubleValue), student.lower)
            let upper = max(try #require(row["upper"]?.doubleValue), student.upper)
            #expect(interval.lower <= student.lower && interval.upper >= student.upper)
            #expect(abs(interval.lower - lower) < 0.06 * (upper - lower) && abs(interval.upper - upper) < 0.06 * (upper - lower))
            #expect(interval.method == .bootstrapTClusteredByCase)
            #expect(BootstrapInterval.interval(differences: differences, confidence: 0.95, seed: 7) == interval)
            if BootstrapInterval.interval(differences: differences, confidence: 0.95, seed: 8) != interval { seedsThatMatter += 1 }
        }
        // Where the draws reach farther than Student's t.
        #expect(seedsThatMatter > 0)
    }

    @Test("where few cases differ the interval does not rest on them alone")
    func fewDifferences() throws {
        let interval = try #require(
            BootstrapInterval.interval(differences: Array(repeating: 0, count: 50), confidence: 0.95, seed: 1))
        #expect(interval.method == .agrestiMin && interval.lower < -0.03 && interval.upper > 0.03)
        #expect(BootstrapInterval.interval(differences: [], confidence: 0.95, seed: 1) == nil)
    }
}
