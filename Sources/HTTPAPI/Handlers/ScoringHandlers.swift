/// `/api/v1/scores/backfill` and `/api/v1/score-decisions`: scorers over what is stored, and the ledger of what was decided.

import Access
import ByteCoding
import EvaluationModel
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import SpanScoring
import TraceModel
import TraceQuery

struct ScoringHandlers: Sendable {
    let backfills: ScoreBackfillRepository
    let decisions: ScoreDecisionRepository
    let tasks: TaskRepository
    let scoring: SpanScoringService

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "startBackfill", .post, "/api/v1/scores/backfill", .permission(.startRuns), body: .json, statuses: [202],
                handler: startBackfill),
            builder.operation(
                "listScoreDecisions", .get, "/api/v1/score-decisions", .permission(.readScores),
                query: ["rule_id", "task_id", "trace_id", "decision", "limit", "cursor"], statuses: [200], handler: listScoreDecisions),
        ]
    }

    func startBackfill(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["filter", "scorers", "from", "to", "maximum_spans", "sampling_rate", "cap_usd", "concurrency"])
        let project = try request.project
        let from = try Self.time("from", request), to = try Self.time("to", request)
        if let from, let to, from > to { throw Problem.unprocessable("to", "lies before from") }
        let new = NewScoreBackfill(
            filter: try request.spanFilter(for: .backfill) ?? Array("{}".utf8), scorers: try request.spanScorers(),
            samplingRate: try request.double("sampling_rate", in: 0...1) ?? 1, from: from, to: to,
            maximumSpanCount: try request.integer("maximum_spans", in: 1...Int64(ScoreRuleLimits.maximumBackfillSpanCount)).map(Int.init)
                ?? ScoreRuleLimits.defaultBackfillSpanCount,
            capNanoUSD: try request.cap("cap_usd"),
            concurrency: try request.scoringConcurrency() ?? ScoreRuleLimits.defaultConcurrency, node: scoring.node)
        let id = try await backfills.create(new, in: project, audit: try request.audit)
        guard let task = try await tasks.find(id, in: project) else { throw Problem.notFound("task") }
        return .json(.accepted) { $0.task(task) }
    }

    func listScoreDecisions(_ request: APIRequest) async throws -> Response {
        var filter = ScoreDecisionFilter()
        filter.ruleID = try Self.parameter("rule_id", "must be a score rule's id", request) { ScoreRuleID(uuid: $0) }
        filter.taskID = try Self.parameter("task_id", "must be a task's id", request) { TaskID(uuid: $0) }
        filter.traceID = try Self.parameter("trace_id", "must be 32 hexadecimal digits", request) { TraceID(hex: $0) }
        filter.decision = try Self.parameter(
            "decision", "must be one of \(ScoreDecision.allCases.map(\.rawValue).joined(separator: ", "))", request
        ) { ScoreDecision(rawValue: $0) }
        let page = try await decisions.list(in: try request.project, filter, page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.scoreDecision($1) }
    }

    private static func time(_ name: String, _ request: APIRequest) throws(Problem) -> Int64? {
        guard let text = try request.text(name, maximumByteCount: 64) else { return nil }
        guard let time = TimeText.unixNano(text) else { throw .unprocessable(name, "must be a time as RFC 3339 has it") }
        return time
    }

    private static func parameter<Value>(
        _ name: String, _ rule: String, _ request: APIRequest, _ read: (String) -> Value?
    ) throws(Problem) -> Value? {
        guard let text = request.query[name] else { return nil }
        guard let value = read(text) else { throw .invalid(name, rule) }
        return value
    }
}

extension JSONWriter {
    mutating func scoreDecision(_ decision: ScoreDecisionRecord) {
        beginObject()
        member("id", decision.id.uuid)
        member("rule_id", decision.ruleID?.uuid)
        member("task_id", decision.taskID?.uuid)
        member("trace_id", decision.traceID.hex)
        member("span_id", decision.spanID.hex)
        member("decision", decision.decision.rawValue)
        member("reason", decision.reason)
        member("attempt_count", decision.attemptCount)
        member("cost_usd", Double(decision.costNanoUSD) / 1e9)
        member("created_at", unixNano: decision.createdTimeUnixNano)
        member("updated_at", unixNano: decision.updatedTimeUnixNano)
        endObject()
    }
}
