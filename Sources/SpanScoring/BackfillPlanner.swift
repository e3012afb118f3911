/// Finds the spans of backfills, page by page, newest first; each page's decisions are written with the place to go on from.

import ByteCoding
import ContentReading
import EvaluationModel
import Logging
import Metastore
import SpanStore
import TraceModel
import TraceQuery

struct BackfillPlanner: Sendable {
    let store: SpanStore
    let executor: QueryExecutor
    let backfills: ScoreBackfillRepository
    let logger: Logger

    /// A page of every backfill that is not planned yet; true: there is more to do at once. Throws MetastoreError, `CancellationError`.
    func planSome() async throws -> Bool {
        var isMore = false
        for backfill in try await backfills.unplanned(node: store.identity) {
            do {
                isMore = try await planPage(of: backfill) || isMore
            } catch let error as QueryError {
                if error.code == .cancelled { throw CancellationError() }
                logger.warning("a backfill cannot be planned", metadata: ["task": "\(backfill.id.uuid)", "error": "\(error.message)"])
                try await backfills.fail(backfill.id, reason: error.description)
            } catch let error as InvalidContent {
                try await backfills.fail(backfill.id, reason: error.description)
            } catch let error as JSONError {
                try await backfills.fail(backfill.id, reason: "the stored request cannot be read: \(error)")
            }
        }
        return isMore
    }

    private func planPage(of backfill: ScoreBackfill) async throws -> Bool {
        let filter = try SpanFilter(json: try JSONValue.parse(backfill.filter), for: .backfill)
        let scorers = try StoredSpanScorers.read(json: try JSONValue.parse(backfill.scorers))
        let left = backfill.maximumSpanCount - Int(backfill.matchedCount)
        guard left > 0 else { return try await backfills.record([], of: backfill.id, next: nil) }
        let request = QueryRequest(
            .spans([.traceID, .spanID]), filter: filter.whole, from: backfill.from, to: backfill.to,
            order: [OrderTerm(.field(.startTime), isDescending: true)], limit: min(left, SpanScoringLimits.pageSpanCount),
            cursor: backfill.cursor, timeMilliseconds: QueryLimits.maximumTimeMilliseconds)
        let page = try await executor.locate(request, in: store.snapshot(of: backfill.projectID))
        var admission = SpanAdmission(samplingRate: backfill.samplingRate, isCapSpent: backfill.isCapSpent, room: .max)
        var decisions: [NewScoreDecision] = [], admitted: [SpanLocation] = []
        for span in page.spans {
            switch admission.decide(SamplingDraw(source: (backfill.id.high, backfill.id.low), trace: span.traceID)) {
            case .admitted: admitted.append(span)
            case .refused(let decision, let reason):
                decisions.append(NewScoreDecision(traceID: span.traceID, spanID: span.spanID, decision: decision, reason: reason))
            }
        }
        for span in try await executor.records(of: admitted, on: page) { decisions.append(.queued(span, scorers: scorers)) }
        let next = page.spans.count < left ? page.nextCursor : nil
        return try await backfills.record(decisions, of: backfill.id, next: next)
    }
}
