/// Scores of events, from ingest to the table of all scores.

import Ingest
import Logging
import Metastore
import TraceModel

package struct StoredEvaluationScores: EvaluationScoreKeeper {
    private let scores: ScoreRepository
    private let logger: Logger

    package init(_ scores: ScoreRepository, logger: Logger) {
        self.scores = scores
        self.logger = logger
    }

    /// What may pass is told as such: exporters throw away what gets any other answer. A score that PostgreSQL will never take is told to the
    /// operator alone: it is an event of its span all the same, and its request would come again for ever.
    package func keep(_ scores: [EvaluationScore], of project: ProjectID) async throws(IngestError) {
        let reported = scores.map {
            ReportedScore(
                name: $0.name, value: $0.value, label: $0.label, reason: $0.reason, error: $0.error, traceID: $0.traceID,
                spanID: $0.spanID, timeUnixNano: $0.timeUnixNano, author: $0.author)
        }
        guard try await !keeps(reported, of: project) else { return }
        // One of them spoils the others' statement.
        var lostCount = 0
        for score in reported where try await !keeps([score], of: project) { lostCount += 1 }
        logger.error(
            "scores among events cannot be stored; their events are",
            metadata: ["project_id": "\(project.uuid)", "score_count": "\(lostCount)", "trace_id": "\(reported[0].traceID.hex)"])
    }

    /// False: they will never be. Errors: `unavailable`.
    private func keeps(_ scores: [ReportedScore], of project: ProjectID) async throws(IngestError) -> Bool {
        do throws(MetastoreError) {
            try await self.scores.keep(scores, in: project)
            return true
        } catch {
            switch error.code {
            case .invalid, .notFound, .conflict, .internal:
                return false
            case .unavailable, .tooMany, .cancelled, .schema:
                throw IngestError(
                    .unavailable, "the scores among the events cannot be stored now; try again", retryAfterSeconds: 2, cause: error)
            }
        }
    }
}
