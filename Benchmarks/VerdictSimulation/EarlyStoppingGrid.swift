import Evaluation
import EvaluationModel
import SimulatedRuns

/// Verdicts of runs that are looked at after every cell. At the threshold itself either verdict may be the wrong one: ending early, and
/// early or at the end together, each may come to at most 5 %. Away from it: how many cells are saved.
enum EarlyStoppingGrid {
    static func run(runs: Int, _ random: inout SeededRandom) -> Int {
        print("\nlooking after every cell: cases repetitions p correlation | early pass, early fail | pass, fail in all | cells saved")
        var broken = 0
        let gate = Gate(minimumPassRate: 0.9)
        let comparing = Gate(maximumRegression: 0.05)
        for (cases, repetitions) in [(100, 1), (100, 3), (500, 1), (500, 3)] {
            for correlation in [0, 0.3, 0.7, 1] where repetitions > 1 || correlation == 0.3 {
                for rate in [0.9, 0.7, 0.8, 0.85, 0.95, 0.98, 0.99] {
                    let truth = SimulatedCases(rate: rate, correlation: correlation)
                    let verdicts = EarlyVerdicts.simulate(
                        gate: gate, truth, cases: cases, repetitions: repetitions, runs: runs, &random)
                    broken += show("", verdicts, cases, repetitions, rate, correlation, atBoundary: rate == 0.9, isGood: rate >= 0.9)
                }
                // 0.05 below 0.8 is the boundary of the comparison.
                for factor in [0.75 / 0.8, 1, 0.8] {
                    let truth = SimulatedCases(rate: 0.8, correlation: correlation)
                    let verdicts = EarlyVerdicts.simulate(
                        gate: comparing, truth, factor: factor, cases: cases, repetitions: repetitions, runs: max(runs / 10, 100), &random)
                    let atBoundary = factor > 0.9 && factor < 1
                    broken += show(
                        "against a baseline of 0.8:", verdicts, cases, repetitions, 0.8 * factor, correlation, atBoundary: atBoundary,
                        isGood: factor > 0.9)
                }
            }
        }
        return broken
    }

    private static func show(
        _ label: String, _ verdicts: EarlyVerdicts, _ cases: Int, _ repetitions: Int, _ rate: Double, _ correlation: Double,
        atBoundary: Bool, isGood: Bool
    ) -> Int {
        let early = (verdicts.share(.pass, early: true), verdicts.share(.fail, early: true))
        let all = (verdicts.share(.pass, early: false), verdicts.share(.fail, early: false))
        let noise = 3 * (0.05 * 0.95 / Double(verdicts.runs)).squareRoot()
        let wrong = atBoundary ? max(all.0, all.1, early.0 + early.1) : isGood ? all.1 : all.0
        let fits = wrong <= 0.05 + noise
        print(
            label, cases, repetitions, rate, correlation, "|", early.0, early.1, "|", all.0, all.1, "|", verdicts.saved,
            fits ? "" : "BROKEN")
        return fits ? 0 : 1
    }
}
