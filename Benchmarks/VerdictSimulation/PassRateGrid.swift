import Evaluation
import EvaluationModel
import SimulatedRuns

/// Coverage of the 95 % interval of a pass rate where cases * min(p, 1 - p) >= 5: within two points of 95 %.
///
/// With one trial a case, or with repetitions that always agree, the number of passes is binomial, and no interval can cover smoothly:
/// its coverage at one p is a saw-tooth. There the simulation is held to Wilson's own coverage, summed exactly, and rows whose exact
/// coverage lies beyond two points are shown.
enum PassRateGrid {
    static func run(runs: Int, _ random: inout SeededRandom) -> Int {
        print("\npass rate: cases repetitions p correlation | coverage, truth below, truth above")
        var broken = 0
        var rows = 0
        var lowest = 1.0
        var highest = 0.0
        for cases in [20, 50, 100, 300] {
            for repetitions in [1, 2, 3, 5, 10] {
                for rate in [0.5, 0.7, 0.8, 0.9, 0.95, 0.98] where Double(cases) * (1 - rate) >= 5 - 1e-9 {
                    for correlation in repetitions == 1 ? [0.3] : [0, 0.1, 0.3, 0.5, 0.8, 1] {
                        let truth = SimulatedCases(rate: rate, correlation: correlation)
                        let coverage = Coverage.ofPassRate(truth, cases: cases, repetitions: repetitions, runs: runs, &random)
                        let exact = repetitions == 1 || correlation == 1 ? exactCoverage(rate: rate, trials: cases) : nil
                        let noise = 3 * (0.05 * 0.95 / Double(runs)).squareRoot()
                        let fits = exact.map { abs(coverage.share - $0) <= 1.5 * noise } ?? (abs(coverage.share - 0.95) <= 0.02 + noise)
                        rows += 1
                        lowest = min(lowest, coverage.share)
                        highest = max(highest, coverage.share)
                        if !fits { broken += 1 }
                        let isSawTooth = exact.map { abs($0 - 0.95) > 0.02 } ?? false
                        if !fits || isSawTooth || abs(coverage.share - 0.95) > 0.02 {
                            print(
                                cases, repetitions, rate, correlation, "|", coverage.share, Double(coverage.below) / Double(runs),
                                Double(coverage.above) / Double(runs), exact.map { "exactly \($0)" } ?? "", fits ? "" : "BROKEN")
                        }
                    }
                }
            }
        }
        print("\(rows) rows, coverage \(lowest) to \(highest)")
        return broken
    }

    /// The chance that Wilson's interval of a binomial count holds the truth, summed over all counts.
    static func exactCoverage(rate: Double, trials: Int) -> Double {
        var sum = 0.0
        let quantile = NormalDistribution.quantile(0.975)
        for passed in 0...trials {
            let bounds = wilsonBounds(rate: Double(passed) / Double(trials), trials: Double(trials), quantile: quantile)
            if bounds.lower <= rate, rate <= bounds.upper {
                sum += BinomialDistribution.cumulative(passed, trials: trials, probability: rate)
                sum -= BinomialDistribution.cumulative(passed - 1, trials: trials, probability: rate)
            }
        }
        return sum
    }
}
