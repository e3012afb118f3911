/// The verdict of a run, from what is stored: the same rows give the same verdict, whoever works it out and however often the run was
/// interrupted.

import ByteCoding
import ContentReading
import Evaluation
import EvaluationModel
import Metastore

package struct RunConclusion: Sendable {
    /// A target's cases, and those of the baseline that it is compared with.
    package struct Target: Sendable {
        package let name: String
        package var tallies: RunTallies
        package let baseline: RunTallies?
    }

    let runs: RunRepository

    package init(runs: RunRepository) { self.runs = runs }

    /// JSON text of the verdict, with one for each target; the reason in words. Throws MetastoreError, `InvalidContent`.
    func verdict(of run: RunRecord, early: [Int: EarlyStopping.Decision] = [:]) async throws -> (json: [UInt8], reason: String) {
        let specification = try RunSpecification(json: try JSONValue.parse(run.specification))
        var targets = try await self.targets(of: run)
        if run.counts.doneCount < run.counts.cellCount {
            // What was never done is missing from the run, not from its suite.
            let keys = try await runs.caseOrder(of: run, specification)
            for index in targets.indices {
                let known = Set(targets[index].tallies.cases.map(\.key))
                targets[index].tallies.cases += keys.filter { !known.contains($0) }.map { CaseTally(key: $0) }
            }
        }
        let gate = try Self.gate(specification, besideBaseline: run.baselineRunID != nil)
        let calculator = VerdictCalculator(gate: gate, seed: run.id.low)
        let verdicts = targets.enumerated().map { index, target in
            (name: target.name, verdict: calculator.verdict(of: target.tallies, baseline: target.baseline, early: early[index]))
        }
        let result = VerdictResult.combining(verdicts.map(\.verdict.result))
        var members = [JSONMember(key: "result", value: .string(result.rawValue))]
        members.append(
            JSONMember(
                key: "targets",
                value: .array(
                    verdicts.map { name, verdict in
                        guard case .object(let rest) = verdict.json else { return verdict.json }
                        return .object([JSONMember(key: "target", value: .string(name))] + rest)
                    })))
        if run.counts.doneCount < run.counts.cellCount, early.isEmpty {
            members.append(JSONMember(key: "is_partial", value: .bool(true)))
        }
        let deciding = verdicts.first { $0.verdict.result == result }
        return (JSONValue.object(members).bytes, deciding?.verdict.reasons.first ?? "")
    }

    static func gate(_ specification: RunSpecification, besideBaseline: Bool) throws(InvalidContent) -> Gate {
        guard let json = specification.gate else { return .standard(besideBaseline: besideBaseline) }
        switch Gate.read(json, repetitions: specification.repetitions) {
        case .valid(let gate): return gate
        case .invalid(let problems): throw InvalidContent(problems.map { ContentProblem(path: "gate.\($0.field)", message: $0.message) })
        }
    }

    /// As they stand now, in the order of the specification. Throws MetastoreError, `InvalidContent`.
    package func targets(of run: RunRecord) async throws -> [Target] {
        let specification = try RunSpecification(json: try JSONValue.parse(run.specification))
        let tallies = try await self.tallies(of: run.id, specification)
        var baseline: [String: RunTallies] = [:]
        if let other = run.baselineRunID, let record = try await runs.find(other) {
            let otherSpecification = try RunSpecification(json: try JSONValue.parse(record.specification))
            let otherTallies = try await self.tallies(of: other, otherSpecification)
            for (index, target) in otherSpecification.targets.enumerated() { baseline[target.name] = otherTallies[index] }
        }
        return specification.targets.enumerated().map { index, target in
            // A run of one target is compared with a baseline of one target, whatever they are called.
            let before = baseline[target.name] ?? (specification.targets.count == 1 && baseline.count == 1 ? baseline.values.first : nil)
            return Target(name: target.name, tallies: tallies[index], baseline: before)
        }
    }

    /// By target, the cases in the order in which they came in.
    func tallies(of run: RunID, _ specification: RunSpecification) async throws -> [RunTallies] {
        struct Place: Hashable {
            let target: Int
            let key: String
        }
        var scores: [Place: [String: ValueSums]] = [:]
        for score in try await runs.scoreTallies(of: run) {
            scores[Place(target: score.target, key: score.key), default: [:]][score.name] = ValueSums(
                count: score.count, sum: score.sum, sumOfSquares: score.sumOfSquares)
        }
        var result = specification.targets.map { _ in RunTallies(cases: [], repetitions: specification.repetitions) }
        for tally in try await runs.tallies(of: run) where result.indices.contains(tally.target) {
            let count = tally.passedCount + tally.failedCount + tally.erroredCount
            result[tally.target].cases.append(
                CaseTally(
                    key: tally.key, passed: tally.passedCount, failed: tally.failedCount, errored: tally.erroredCount,
                    scores: scores[Place(target: tally.target, key: tally.key)] ?? [:],
                    costUSD: ValueSums(count: count, sum: Double(tally.costNanoUSD) / 1e9),
                    latencyMilliseconds: ValueSums(count: count, sum: Double(tally.durationNano) / 1e6)))
        }
        return result
    }
}
