/// `/api/v1/score-rules`: by which spans are scored as they come in.

import Access
import ByteCoding
import ContentReading
import EvaluationModel
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import SpanScoring
import TraceModel

struct ScoreRulesHandlers: Sendable {
    let rules: ScoreRuleRepository
    let scoring: SpanScoringService

    private static let members: Set<String> = [
        "name", "filter", "scorers", "sampling_rate", "enabled", "daily_cap_usd", "concurrency",
    ]

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/score-rules", one = root + "/{rule_id}"
        return [
            builder.operation(
                "createScoreRule", .post, root, .permission(.startRuns), body: .json, statuses: [201, 409], handler: createScoreRule),
            builder.operation(
                "listScoreRules", .get, root, .permission(.readScores), query: ["limit", "cursor", "include_archived"], statuses: [200],
                handler: listScoreRules),
            builder.operation("getScoreRule", .get, one, .permission(.readScores), statuses: [200], handler: getScoreRule),
            builder.operation(
                "updateScoreRule", .patch, one, .permission(.startRuns), body: .json, statuses: [200, 409], handler: updateScoreRule),
            builder.operation("archiveScoreRule", .delete, one, .permission(.startRuns), statuses: [204], handler: archiveScoreRule),
        ]
    }

    func createScoreRule(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(Self.members)
        let project = try request.project
        let new = NewScoreRule(
            name: try request.requiredText("name", maximumByteCount: 400), filter: try request.spanFilter(for: .rule) ?? Array("{}".utf8),
            scorers: try request.spanScorers(), samplingRate: try request.double("sampling_rate", in: 0...1) ?? 1,
            isEnabled: try request.bool("enabled") ?? true, dailyCapNanoUSD: try request.cap("daily_cap_usd"),
            concurrency: try request.scoringConcurrency() ?? ScoreRuleLimits.defaultConcurrency)
        let rule = try await rules.create(new, in: project, at: await scoring.newestPosition(of: project), audit: try request.audit)
        return .json(.created) { $0.scoreRule(rule) }
    }

    func listScoreRules(_ request: APIRequest) async throws -> Response {
        let page = try await rules.list(
            in: try request.project, includingArchived: try request.boolean("include_archived"), page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.scoreRule($1) }
    }

    func getScoreRule(_ request: APIRequest) async throws -> Response {
        guard let rule = try await rules.find(try Self.id(request), in: try request.project) else { throw Problem.notFound("score rule") }
        return .json { $0.scoreRule(rule) }
    }

    func updateScoreRule(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(Self.members)
        let project = try request.project
        var change = ScoreRuleChange()
        change.name = try request.text("name", maximumByteCount: 400)
        change.filter = try request.spanFilter(for: .rule)
        if let scorers = request.body["scorers"], !scorers.isNull { change.scorers = try request.spanScorers() }
        change.samplingRate = try request.double("sampling_rate", in: 0...1)
        change.isEnabled = try request.bool("enabled")
        if request.body["daily_cap_usd"] != nil { change.dailyCapNanoUSD = .some(try request.cap("daily_cap_usd")) }
        change.concurrency = try request.scoringConcurrency()
        let result = try await rules.update(
            try Self.id(request), in: project, change, at: await scoring.newestPosition(of: project), audit: try request.audit)
        switch result {
        case .updated(let rule): return .json { $0.scoreRule(rule) }
        case .notFound: throw Problem.notFound("score rule")
        case .archived: throw Problem(.conflict, "an archived score rule does not change", kind: "rule-state")
        case .tooManyEnabled: throw Problem(.conflict, ScoreRuleRepository.tooMany, kind: "too-many-rules")
        }
    }

    func archiveScoreRule(_ request: APIRequest) async throws -> Response {
        guard try await rules.archive(try Self.id(request), in: try request.project, audit: try request.audit) != nil else {
            throw Problem.notFound("score rule")
        }
        return .empty(.noContent)
    }

    private static func id(_ request: APIRequest) throws(Problem) -> ScoreRuleID {
        guard let id = ScoreRuleID(uuid: request.path("rule_id")) else { throw .notFound("score rule") }
        return id
    }
}

extension APIRequest {
    /// The filter as it was written, once it is known to be one; nil when there is none.
    func spanFilter(for purpose: SpanFilter.Purpose) throws -> [UInt8]? {
        guard let filter = body["filter"], !filter.isNull else { return nil }
        _ = try SpanFilter(json: filter, for: purpose)
        return filter.bytes
    }

    /// The scorers, each with a name.
    func spanScorers() throws(InvalidContent) -> [UInt8] { StoredSpanScorers.json(try StoredSpanScorers.read(json: body["scorers"])) }

    /// US dollars as nano-dollars.
    func cap(_ name: String) throws(Problem) -> Int64? { try double(name, in: 0.000_001...ScoreRuleLimits.maximumCap).map(\.nanoUSD) }

    func scoringConcurrency() throws(Problem) -> Int? {
        try integer("concurrency", in: 1...Int64(ScoreRuleLimits.maximumConcurrency)).map(Int.init)
    }
}

extension JSONWriter {
    mutating func scoreRule(_ rule: ScoreRule) {
        beginObject()
        member("id", rule.id.uuid)
        member("name", rule.name)
        member("filter", raw: rule.filter)
        member("scorers", raw: rule.scorers)
        member("sampling_rate", rule.samplingRate)
        member("enabled", rule.isEnabled)
        member("daily_cap_usd", rule.dailyCapNanoUSD.map { Double($0) / 1e9 })
        member("concurrency", rule.concurrency)
        key("today")
        beginObject()
        member("not_matched", rule.today.notMatched)
        member("sampled_out", rule.today.sampledOut)
        member("queued", rule.today.queued)
        member("skipped", rule.today.skipped)
        member("scored", rule.today.scored)
        member("failed", rule.today.failed)
        member("cost_usd", Double(rule.today.costNanoUSD) / 1e9)
        endObject()
        member("created_at", unixNano: rule.createdTimeUnixNano)
        member("updated_at", unixNano: rule.updatedTimeUnixNano)
        member("archived_at", unixNano: rule.archivedTimeUnixNano)
        endObject()
    }
}
