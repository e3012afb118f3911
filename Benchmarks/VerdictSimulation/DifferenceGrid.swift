import Evaluation
import EvaluationModel
import SimulatedRuns

/// Coverage of the 95 % interval of a paired difference where cases * min(p, 1 - p) >= 5: never more than two points under, and within
/// two points where at least ten cases are expected to differ. Fewer differences cannot be covered by exactly 95 %, only by more.
enum DifferenceGrid {
    /// Fewer than a verdict takes, so that the grid ends: the bootstrap's own noise then shows as lost coverage, never as gained.
    static let bootstrapDraws = 399

    static func run(runs: Int, _ random: inout SeededRandom) -> Int {
        print("\ndifference: cases repetitions p correlation factor redrawn | coverage, truth below, truth above, cases that differ")
        var broken = 0
        var rows = 0
        var lowest = 1.0
        var highest = 0.0
        for cases in [50, 100, 300] {
            for repetitions in [1, 3, 10] {
                for (rate, factor) in [(0.5, 1), (0.8, 1), (0.8, 0.9), (0.9, 1), (0.9, 0.95)] where Double(cases) * (1 - rate) >= 5 - 1e-9 {
                    for (correlation, redrawn) in [(0, 0), (0.3, 0), (0.7, 0), (0.7, 0.2), (1, 0.3)] {
                        let truth = SimulatedCases(rate: rate, correlation: correlation)
                        let count = repetitions == 1 ? runs : runs / 5
                        let coverage = Coverage.ofDifference(
                            truth, factor: factor, redrawn: redrawn, cases: cases, repetitions: repetitions, runs: count,
                            bootstrapDraws: bootstrapDraws, &random)
                        let differing = expectedDifferences(truth, factor, redrawn, repetitions, &random) * Double(cases)
                        let noise = 3 * (0.05 * 0.95 / Double(count)).squareRoot()
                        let fits = coverage.share >= 0.93 - noise && (differing < 10 || coverage.share <= 0.97 + noise)
                        rows += 1
                        lowest = min(lowest, coverage.share)
                        highest = max(highest, coverage.share)
                        if !fits { broken += 1 }
                        if !fits || abs(coverage.share - 0.95) > 0.02 {
                            print(
                                cases, repetitions, rate, correlation, factor, redrawn, "|", coverage.share,
                                Double(coverage.below) / Double(count), Double(coverage.above) / Double(count), differing,
                                fits ? "" : "BROKEN")
                        }
                    }
                }
            }
        }
        print("\(rows) rows, coverage \(lowest) to \(highest)")
        return broken
    }

    /// Share of cases whose rates differ, small differences beside large ones counting little (`BootstrapInterval.effectiveCount`), from
    /// 20,000 cases.
    static func expectedDifferences(
        _ truth: SimulatedCases, _ factor: Double, _ redrawn: Double, _ repetitions: Int, _ random: inout SeededRandom
    ) -> Double {
        var differences: [Double] = []
        for _ in 0..<20_000 {
            let before = truth.difficulty(&random)
            let after = (random.unit() < redrawn ? truth.difficulty(&random) : before) * factor
            let change = draws(of: repetitions, at: after, &random) - draws(of: repetitions, at: before, &random)
            differences.append(Double(change) / Double(repetitions))
        }
        return BootstrapInterval.effectiveCount(differences) / 20_000
    }
}
