import Evaluation
import EvaluationModel
import Foundation
import SimulatedRuns
import Testing

/// A few rows of `Benchmarks/VerdictSimulation`, with fewer runs: that the promises hold is seen there, that they were not broken here.
@Suite struct SimulationTests {
    /// `SPANDREL_TEST_SEED` replays a run.
    static let seed = ProcessInfo.processInfo.environment["SPANDREL_TEST_SEED"].flatMap(UInt64.init) ?? 4

    @Test(
        "the interval of a pass rate covers 95 % within two points and the noise of 2,000 runs",
        arguments: [(60, 1, 0.8, 0.3), (60, 3, 0.8, 0.3), (50, 5, 0.9, 0.0), (60, 3, 0.7, 0.8)])
    func passRate(cases: Int, repetitions: Int, rate: Double, correlation: Double) {
        print("seed \(Self.seed)")
        var random = SeededRandom(seed: Self.seed)
        let coverage = Coverage.ofPassRate(
            SimulatedCases(rate: rate, correlation: correlation), cases: cases, repetitions: repetitions, runs: 2_000, &random)
        #expect(abs(coverage.share - 0.95) <= 0.02 + 0.015, "\(coverage)")
    }

    @Test(
        "so does the interval of a paired difference", arguments: [(60, 1, 0.8, 0.9, 2_000), (40, 3, 0.8, 0.9, 200)])
    func difference(cases: Int, repetitions: Int, rate: Double, factor: Double, runs: Int) {
        print("seed \(Self.seed)")
        var random = SeededRandom(seed: Self.seed)
        let coverage = Coverage.ofDifference(
            SimulatedCases(rate: rate, correlation: 0.3), factor: factor, redrawn: 0, cases: cases, repetitions: repetitions, runs: runs,
            bootstrapDraws: 199, &random)
        #expect(abs(coverage.share - 0.95) <= 0.02 + 3 * (0.0475 / Double(runs)).squareRoot(), "\(coverage)")
    }

    @Test(
        "at the threshold itself, looked at after every cell, wrong verdicts stay at 5 % within the noise of 300 runs",
        arguments: [(60, 1, 0.3), (40, 3, 0.0), (40, 3, 0.5), (40, 3, 1.0)])
    func wrongVerdicts(cases: Int, repetitions: Int, correlation: Double) {
        print("seed \(Self.seed)")
        var random = SeededRandom(seed: Self.seed)
        let verdicts = EarlyVerdicts.simulate(
            gate: Gate(minimumPassRate: 0.8), SimulatedCases(rate: 0.8, correlation: correlation), cases: cases, repetitions: repetitions,
            runs: 300, &random)
        #expect(verdicts.share(.pass, early: true) + verdicts.share(.fail, early: true) <= 0.05 + 0.038, "\(verdicts)")
        #expect(max(verdicts.share(.pass, early: false), verdicts.share(.fail, early: false)) <= 0.05 + 0.038, "\(verdicts)")
    }

    @Test("far from the threshold most cells are saved, and the verdict is the right one")
    func saved() {
        print("seed \(Self.seed)")
        var random = SeededRandom(seed: Self.seed)
        let verdicts = EarlyVerdicts.simulate(
            gate: Gate(minimumPassRate: 0.8), SimulatedCases(rate: 0.5, correlation: 0.3), cases: 100, repetitions: 2, runs: 100, &random)
        #expect(verdicts.saved > 0.6 && verdicts.share(.fail, early: false) == 1, "\(verdicts)")
    }
}
