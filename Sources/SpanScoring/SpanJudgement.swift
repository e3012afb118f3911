/// What is decided of spans, before it is written. Pure.

import EvaluationModel
import Metastore
import TraceModel
import TraceQuery

/// One rule over the spans of a unit: which are decided at once, and which have to be read.
struct UnitJudgement: Sendable {
    var decisions: RuleDecisions
    /// Rows to be read and queued, ascending.
    var admitted: [Int32] = []

    /// - Parameters:
    ///   - failed: of each span the part of the filter that fails first.
    ///   - since: spans that ended before are not the rule's, nanoseconds since 1970; nil: all are.
    init(
        _ rule: ScoreRuleID, _ examination: UnitExamination, failed: [Int?], _ filter: SpanFilter, _ admission: inout SpanAdmission,
        since: Int64?
    ) {
        decisions = RuleDecisions(rule: rule)
        var notMatchedCount = 0, sampledOutCount = 0
        for index in examination.rows.indices {
            if let since, examination.endTimes[index] < since { continue }
            let trace = examination.traceIDs[index], span = examination.spanIDs[index]
            if let part = failed[index] {
                notMatchedCount += 1
                if notMatchedCount <= ScoreRuleLimits.maximumListedCount {
                    decisions.listed.append(
                        NewScoreDecision(traceID: trace, spanID: span, decision: .notMatched, reason: filter.parts[part].reason))
                }
                continue
            }
            switch admission.decide(SamplingDraw(source: (rule.high, rule.low), trace: trace)) {
            case .admitted: admitted.append(examination.rows[index])
            case .refused(let decision, let reason):
                if decision == .sampledOut {
                    sampledOutCount += 1
                    if sampledOutCount > ScoreRuleLimits.maximumListedCount { continue }
                }
                decisions.listed.append(NewScoreDecision(traceID: trace, spanID: span, decision: decision, reason: reason))
            }
        }
        decisions.unlistedNotMatched = Int64(max(0, notMatchedCount - ScoreRuleLimits.maximumListedCount))
        decisions.unlistedSampledOut = Int64(max(0, sampledOutCount - ScoreRuleLimits.maximumListedCount))
    }
}

extension NewScoreDecision {
    /// A span that was admitted, as a job; skipped where it has not what its scorers look at.
    static func queued(_ span: SpanRecord, scorers: [ScorerSpecification]) -> NewScoreDecision {
        let id = ScoreDecisionID.make()
        do throws(ScoringPayload.Unfit) {
            let payload = try ScoringPayload(span, scorers: scorers).encoded(decision: id.uuid)
            return NewScoreDecision(
                id: id, traceID: span.traceID, spanID: span.spanID, decision: .queued, reason: "it waits for a worker", payload: payload)
        } catch {
            return NewScoreDecision(id: id, traceID: span.traceID, spanID: span.spanID, decision: .skipped, reason: error.reason)
        }
    }
}
