/// `/api/v1/scores`: judgements of people and applications beside those of scorers. A score is written once and never changed; who thinks
/// otherwise writes another.

import Access
import ByteCoding
import EvaluationModel
import HTTPServer
import HTTPTypes
import Hummingbird
import Ingest
import Metastore
import TraceModel

struct ScoresHandlers: Sendable {
    let scores: ScoreRepository
    let ingestor: Ingestor

    private static let maximumNameByteCount = 100, maximumLabelByteCount = 200
    /// Bytes of a reason: what a person writes into a box.
    private static let maximumReasonByteCount = 20_000

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/scores"
        return [
            builder.operation(
                "createScore", .post, root, .permission(.writeScores), body: .json, statuses: [201], handler: createScore),
            builder.operation(
                "listScores", .get, root, .permission(.readScores),
                query: ["trace_id", "span_id", "outcome_id", "name", "source", "limit", "cursor"], statuses: [200], handler: listScores),
        ]
    }

    func createScore(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["name", "value", "passed", "label", "reason", "outcome_id", "trace_id", "span_id"])
        let name = try request.requiredText("name", maximumByteCount: Self.maximumNameByteCount)
        let limit = MetastoreLimits.maximumScoreMagnitude
        let value = try request.double("value", in: -limit...limit), passed = try request.bool("passed")
        let label = try request.text("label", maximumByteCount: Self.maximumLabelByteCount)
        guard value != nil || passed != nil || label != nil else {
            throw Problem.unprocessable("value", "is missing: a score has a value, passed or a label")
        }
        let principal = try request.principal
        var source = ScoreRecord.Source.application
        if case .user = principal.caller { source = .person }
        let project = try request.project, subject = try Self.subject(request)
        let reason = try request.text("reason", maximumByteCount: Self.maximumReasonByteCount) ?? ""
        let content = ScoreContent(name: name, value: value, passed: passed, label: label, reason: reason)
        // What is stored, written into the audit log and answered is what the project's redaction rules leave.
        let shown = try await ingestor.redact([content], of: project)[0]
        let new = NewScore(
            name: shown.name, source: source, value: shown.value, passed: shown.passed, label: shown.label, reason: shown.reason,
            subject: subject, author: principal.name)
        guard let score = try await scores.create(new, in: project, audit: try request.audit) else {
            throw Problem.unprocessable("outcome_id", "the project has no such outcome")
        }
        return .json(.created) { $0.score(score) }
    }

    /// A trace may still be on its way: whether it is there is not asked.
    private static func subject(_ request: APIRequest) throws(Problem) -> NewScore.Subject {
        let texts = (
            outcome: try request.text("outcome_id", maximumByteCount: 64), trace: try request.text("trace_id", maximumByteCount: 64),
            span: try request.text("span_id", maximumByteCount: 64)
        )
        switch texts {
        case (let outcome?, nil, nil):
            guard let id = OutcomeID(uuid: outcome) else { throw .unprocessable("outcome_id", "the project has no such outcome") }
            return .outcome(id)
        case (nil, let trace?, let span):
            guard let traceID = TraceID(hex: trace), !traceID.isZero else {
                throw .unprocessable("trace_id", "must be 32 hexadecimal digits that are not all zero")
            }
            guard let span else { return .trace(traceID, nil) }
            guard let spanID = SpanID(hex: span), !spanID.isZero else {
                throw .unprocessable("span_id", "must be 16 hexadecimal digits that are not all zero")
            }
            return .trace(traceID, spanID)
        default:
            throw .unprocessable(
                texts.outcome == nil ? "trace_id" : "outcome_id", "a score is of an outcome, or of a trace, or of a span of one")
        }
    }

    func listScores(_ request: APIRequest) async throws -> Response {
        var filter = ScoreFilter(name: request.query["name"])
        if let text = request.query["trace_id"] {
            guard let id = TraceID(hex: text) else { throw Problem.invalid("trace_id", "must be 32 hexadecimal digits") }
            filter.traceID = id
        }
        if let text = request.query["span_id"] {
            guard let id = SpanID(hex: text) else { throw Problem.invalid("span_id", "must be 16 hexadecimal digits") }
            guard filter.traceID != nil else { throw Problem.invalid("span_id", "needs the trace_id beside it") }
            filter.spanID = id
        }
        if let text = request.query["outcome_id"] {
            guard let id = OutcomeID(uuid: text) else { throw Problem.invalid("outcome_id", "must be an outcome's id") }
            filter.outcomeID = id
        }
        if let text = request.query["source"] {
            guard let source = ScoreRecord.Source(rawValue: text) else {
                throw Problem.invalid("source", "must be scorer, person or application")
            }
            filter.source = source
        }
        guard filter.name?.utf8.contains(0) != true else { throw Problem.invalid("name", "must not hold the character U+0000") }
        let page = try await scores.list(in: try request.project, filter: filter, page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.score($1) }
    }
}

extension JSONWriter {
    mutating func score(_ score: ScoreRecord) {
        beginObject()
        member("id", score.id.uuid)
        member("name", score.name)
        member("source", score.source.rawValue)
        member("value", score.value)
        key("passed")
        if let passed = score.passed { bool(passed) } else { null() }
        member("label", score.label)
        member("reason", score.reason)
        member("error", score.error)
        member("kind", score.kind)
        member("model", score.model)
        member("outcome_id", score.outcomeID?.uuid)
        member("trace_id", score.traceID?.hex)
        member("span_id", score.spanID?.hex)
        member("author", score.author)
        member("created_at", unixNano: score.createdTimeUnixNano)
        endObject()
    }

    /// JSON text as it is; null when absent.
    mutating func member(_ name: String, json: [UInt8]?) {
        key(name)
        if let json { raw(json) } else { null() }
    }
}
