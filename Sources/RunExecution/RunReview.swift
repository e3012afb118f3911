/// Looks at a run in the middle of it: when the results so far decide already, the rest is not asked for.

import ByteCoding
import ContentReading
import Evaluation
import EvaluationModel
import Metastore

struct RunReview: Sendable {
    let runs: RunRepository

    /// `job`: the order to look; results that it read and that are to be done again take it away. Throws MetastoreError, `InvalidContent`.
    func endIfDecided(_ run: RunRecord, by job: RunControlJob) async throws {
        let specification = try RunSpecification(json: try JSONValue.parse(run.specification))
        let conclusion = RunConclusion(runs: runs)
        var baseline: [String: RunTallies] = [:]
        if let other = run.baselineRunID, let record = try await runs.find(other) {
            let before = try RunSpecification(json: try JSONValue.parse(record.specification))
            let tallies = try await conclusion.tallies(of: other, before)
            for (target, tallies) in zip(before.targets, tallies) { baseline[target.name] = tallies }
        }
        let gate = try RunConclusion.gate(specification, besideBaseline: !baseline.isEmpty)
        guard gate.stopEarly else { return }
        let keys = try await runs.caseOrder(of: run, specification)
        let positions = Dictionary(keys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var decisions: [Int: EarlyStopping.Decision] = [:]
        for (index, target) in specification.targets.enumerated() {
            let before = baseline[target.name] ?? (specification.targets.count == 1 && baseline.count == 1 ? baseline.values.first : nil)
            var rule = EarlyStopping(gate: gate, caseKeys: keys, repetitions: specification.repetitions, baseline: before)
            for cell in try await runs.results(of: run.id, target: index) {
                guard let position = positions[cell.key] else { continue }
                let outcome: CellResult.Outcome =
                    switch cell.result {
                    case .passed: .passed
                    case .failed: .failed
                    case .errored: .errored
                    }
                rule.record(
                    CellResult(
                        position: position, repetition: cell.repetition - 1, outcome: outcome, scores: cell.scores,
                        costUSD: Double(cell.costNanoUSD) / 1e9))
            }
            // One target that is open keeps the run going.
            guard let decision = rule.decision else { return }
            decisions[index] = decision
        }
        let (verdict, reason) = try await conclusion.verdict(of: run, early: decisions)
        try await runs.conclude(run.id, verdict: verdict, reason: reason, by: job)
    }
}
