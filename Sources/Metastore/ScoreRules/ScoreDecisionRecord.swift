/// A line of the ledger, and what one is made from.

import EvaluationModel
import PostgresClient
import TraceModel

package struct ScoreDecisionID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct ScoreDecisionRecord: Sendable, Equatable {
    package let id: ScoreDecisionID
    /// Who decided: a rule or a backfill.
    package let ruleID: ScoreRuleID?
    package let taskID: TaskID?
    package let traceID: TraceID
    package let spanID: SpanID
    package let decision: ScoreDecision
    package let reason: String
    package let attemptCount: Int
    package let costNanoUSD: Int64
    package let createdTimeUnixNano: Int64
    package let updatedTimeUnixNano: Int64

    static let columns = """
        id, rule_id, task_id, trace_id, span_id, decision, reason, attempt_count, cost_nano_usd, created_at, updated_at
        """

    init(_ row: PostgresRow) throws(PostgresError) {
        id = try row.decode("id")
        ruleID = try row.decodeIfPresent("rule_id")
        taskID = try row.decodeIfPresent("task_id")
        traceID = try row.decode("trace_id")
        spanID = try row.decode("span_id")
        let name: String = try row.decode("decision")
        guard let decision = ScoreDecision(rawValue: name) else { throw PostgresError(.decoding, "\(name) is no decision") }
        self.decision = decision
        reason = try row.decode("reason")
        attemptCount = try row.decode("attempt_count")
        costNanoUSD = try row.decode("cost_nano_usd")
        createdTimeUnixNano = try row.unixNano("created_at")
        updatedTimeUnixNano = try row.unixNano("updated_at")
    }
}

/// What the server decided of a span.
package struct NewScoreDecision: Sendable {
    package let id: ScoreDecisionID
    package let traceID: TraceID
    package let spanID: SpanID
    package let decision: ScoreDecision
    package let reason: String
    /// JSON text: what a worker needs to score it; of a queued one only.
    package let payload: [UInt8]?

    package init(
        id: ScoreDecisionID = .make(), traceID: TraceID, spanID: SpanID, decision: ScoreDecision, reason: String, payload: [UInt8]? = nil
    ) {
        self.id = id
        self.traceID = traceID
        self.spanID = spanID
        self.decision = decision
        self.reason = String(reason.withoutNUL.prefix(ScoreRuleLimits.maximumReasonCharacterCount))
        self.payload = payload
    }
}

/// What one rule decided of the spans of one look.
package struct RuleDecisions: Sendable {
    package let rule: ScoreRuleID
    package var listed: [NewScoreDecision] = []
    /// Counted only: more of them than are worth a line each.
    package var unlistedNotMatched: Int64 = 0
    package var unlistedSampledOut: Int64 = 0

    package init(rule: ScoreRuleID) { self.rule = rule }
}

/// Which decisions a list shows; all of what is given must hold.
package struct ScoreDecisionFilter: Sendable, Equatable {
    package var ruleID: ScoreRuleID?
    package var taskID: TaskID?
    package var traceID: TraceID?
    package var decision: ScoreDecision?

    package init(ruleID: ScoreRuleID? = nil, taskID: TaskID? = nil, traceID: TraceID? = nil, decision: ScoreDecision? = nil) {
        self.ruleID = ruleID
        self.taskID = taskID
        self.traceID = traceID
        self.decision = decision
    }
}
