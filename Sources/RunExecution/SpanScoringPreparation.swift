/// Makes scorers of rules and backfills ready: compiled, with the project's models. Keeps the newest.

import ByteCoding
import ContentReading
import Evaluation
import EvaluationModel
import Metastore
import TraceModel

actor SpanScoringPreparation {
    private struct Key: Hashable {
        let project: ProjectID
        let scorers: [UInt8]
    }

    private struct Entry {
        let runner: Task<ScorerRunner, any Error>
        let until: ContinuousClock.Instant
    }

    private let resources: RunResources
    private var entries: [Key: Entry] = [:]

    init(_ resources: RunResources) { self.resources = resources }

    /// Throws `CellFault`, `InvalidContent`, MetastoreError.
    func scorers(of span: LeasedSpan) async throws -> ScorerRunner {
        let key = Key(project: span.projectID, scorers: span.scorers), now = ContinuousClock.now
        if let known = entries[key], known.until > now { return try await known.runner.value }
        // Whichever is there may go: it is made again in a moment.
        if entries.count >= RunExecutionLimits.preparedScorersCount { entries.removeAll(keepingCapacity: true) }
        let resources = resources
        let task = Task {
            let scorers = try StoredSpanScorers.read(json: try JSONValue.parse(key.scorers))
            let models = try await ProjectModels(of: key.project, resources)
            return ScorerRunner(scorers: scorers, judge: models, embedding: models)
        }
        entries[key] = Entry(runner: task, until: now + .seconds(RunExecutionLimits.preparedModelsSeconds))
        do { return try await task.value } catch {
            entries[key] = nil
            throw error
        }
    }
}
