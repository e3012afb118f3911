import Evaluation
import EvaluationModel

/// What came of many simulated runs of one kind.
package struct Coverage: Equatable, Sendable {
    package var runs = 0
    package var covered = 0
    /// Truth below the interval, and above it.
    package var below = 0
    package var above = 0

    package init() {}

    package mutating func add(_ interval: Interval?, truth: Double) {
        runs += 1
        guard let interval else { return }
        // The ends are doubles: a truth that is an end is inside.
        if truth < interval.lower - 1e-12 { below += 1 } else if truth > interval.upper + 1e-12 { above += 1 } else { covered += 1 }
    }

    package var share: Double { Double(covered) / Double(runs) }

    /// Of pass rates: `runs` runs of so many cases and repetitions.
    package static func ofPassRate(
        _ truth: SimulatedCases, cases: Int, repetitions: Int, runs: Int, confidence: Double = 0.95, _ random: inout SeededRandom
    ) -> Coverage {
        var coverage = Coverage()
        var rates = [Double](repeating: 0, count: cases)
        for _ in 0..<runs {
            for index in rates.indices { rates[index] = Double(truth.passed(of: repetitions, &random)) / Double(repetitions) }
            let estimate = PassRateEstimate(rates: rates, trialCount: cases * repetitions)
            coverage.add(estimate?.interval(confidence: confidence), truth: truth.rate)
        }
        return coverage
    }

    /// Of paired differences: the baseline's cases as `truth`; the run's case passes with the baseline's own chance times
    /// `factor`, or, with probability `redrawn`, with that of another case.
    package static func ofDifference(
        _ truth: SimulatedCases, factor: Double, redrawn: Double, cases: Int, repetitions: Int, runs: Int, bootstrapDraws: Int,
        _ random: inout SeededRandom
    ) -> Coverage {
        var coverage = Coverage()
        var differences = [Double](repeating: 0, count: cases)
        for _ in 0..<runs {
            for index in differences.indices {
                let before = truth.difficulty(&random)
                let after = (random.unit() < redrawn ? truth.difficulty(&random) : before) * factor
                let change = draws(of: repetitions, at: after, &random) - draws(of: repetitions, at: before, &random)
                differences[index] = Double(change) / Double(repetitions)
            }
            let interval =
                repetitions == 1
                ? PairedDifference(differences, hasOneTrialEach: true)?.interval(confidence: 0.95, seed: random.next())
                : BootstrapInterval.interval(differences: differences, confidence: 0.95, seed: random.next(), draws: bootstrapDraws)
            coverage.add(interval, truth: truth.rate * (factor - 1))
        }
        return coverage
    }
}

/// What stopping early made of many simulated runs.
package struct EarlyVerdicts: Equatable, Sendable {
    package var runs = 0
    package var early: [VerdictResult: Int] = [:]
    /// Runs ended early or not, by their verdict.
    package var final: [VerdictResult: Int] = [:]
    package var cells = 0
    package var plannedCells = 0

    package init() {}

    package func share(_ result: VerdictResult, early isEarly: Bool) -> Double {
        Double((isEarly ? early : final)[result] ?? 0) / Double(runs)
    }

    /// Share of the cells that were not needed.
    package var saved: Double { 1 - Double(cells) / Double(max(1, plannedCells)) }

    /// Runs looked at after every cell, in the order of leasing.
    ///
    /// - Parameter baseline: with one, the gate compares with a baseline drawn beside it: the run's chances are the baseline's times
    ///   `factor`.
    package static func simulate(
        gate: Gate, _ truth: SimulatedCases, factor: Double? = nil, cases: Int, repetitions: Int, runs: Int, _ random: inout SeededRandom
    ) -> EarlyVerdicts {
        var gate = gate
        gate.stopEarly = true
        var verdicts = EarlyVerdicts()
        let keys = (0..<cases).map(String.init)
        for _ in 0..<runs {
            let before = keys.map { _ in truth.difficulty(&random) }
            let after = before.map { $0 * (factor ?? 1) }
            let baseline = factor.map { _ in
                RunTallies(
                    cases: keys.indices.map { index in
                        let passed = draws(of: repetitions, at: before[index], &random)
                        return CaseTally(key: keys[index], passed: passed, failed: repetitions - passed)
                    }, repetitions: repetitions)
            }
            var tallies = keys.map { CaseTally(key: $0) }
            var stopping = EarlyStopping(gate: gate, caseKeys: keys, repetitions: repetitions, baseline: baseline)
            var cells = 0
            for cell in 0..<cases * repetitions where stopping.decision == nil {
                let position = cell % cases
                let passes = random.unit() < after[position]
                if passes { tallies[position].passed += 1 } else { tallies[position].failed += 1 }
                stopping.record(CellResult(position: position, repetition: cell / cases, outcome: passes ? .passed : .failed))
                cells += 1
            }
            let verdict = VerdictCalculator(gate: gate, seed: random.next()).verdict(
                of: RunTallies(cases: tallies, repetitions: repetitions), baseline: baseline, early: stopping.decision)
            verdicts.runs += 1
            verdicts.cells += cells
            verdicts.plannedCells += cases * repetitions
            if let early = stopping.decision { verdicts.early[early.result, default: 0] += 1 }
            verdicts.final[verdict.result, default: 0] += 1
        }
        return verdicts
    }
}
