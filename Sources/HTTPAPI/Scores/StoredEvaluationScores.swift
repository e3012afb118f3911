/// Scores of events, from ingest to the table of all scores.

import Ingest
import Metastore
import TraceModel

package struct StoredEvaluationScores: EvaluationScoreKeeper {
    private let scores: ScoreRepository

    package init(_ scores: ScoreRepository) { self.scores = scores }

    /// Whatever fails may pass: exporters throw away what gets any other answer.
    package func keep(_ scores: [EvaluationScore], of project: ProjectID) async throws(IngestError) {
        let reported = scores.map {
            ReportedScore(
                name: $0.name, value: $0.value, label: $0.label, reason: $0.reason, error: $0.error, traceID: $0.traceID,
                spanID: $0.spanID, timeUnixNano: $0.timeUnixNano, author: $0.author)
        }
        do {
            try await self.scores.keep(reported, in: project)
        } catch {
            throw IngestError(
                .unavailable, "the scores among the events cannot be stored now; try again", retryAfterSeconds: 2, cause: error)
        }
    }
}
