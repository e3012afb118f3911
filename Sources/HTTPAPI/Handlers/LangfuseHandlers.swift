/// `/api/public`: what Langfuse's SDKs ask for beside `/api/public/otel/v1/traces`. Its names and shapes are Langfuse's; who may do what,
/// limits and errors are those of every operation.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Ingest
import Metastore
import OTLP
import SpanStore
import TraceModel
import TraceQuery

struct LangfuseHandlers: Sendable {
    let metastore: Metastore
    let ingestor: Ingestor
    let store: SpanStore
    let reader: SpanReader

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/public"
        return [
            Route("getLangfuseHealth", .get, root + "/health", statuses: [200]) { _, _ in getLangfuseHealth() },
            builder.operation(
                "listLangfuseProjects", .get, root + "/projects", .permission(.ingestSpans), statuses: [200],
                handler: listLangfuseProjects),
            builder.operation(
                "ingestLangfuseEvents", .post, root + "/ingestion", .permission(.ingestSpans), body: .jsonOfAnyText,
                maximumBodyByteCount: APILimits.maximumLangfuseBatchByteCount, isExport: true, statuses: [207],
                handler: ingestLangfuseEvents),
            builder.operation(
                "createLangfuseScores", .post, root + "/scores", .permission(.writeScores), body: .jsonOfAnyText,
                statuses: [200, 207, 409],
                handler: createLangfuseScores),
        ]
    }

    func getLangfuseHealth() -> Response {
        .json { writer in
            writer.beginObject()
            writer.member("status", "OK")
            writer.member("version", Self.version)
            writer.endObject()
        }
    }

    /// Of the API that is spoken here: the newest that Langfuse's SDKs 3 and 4 ask for.
    private static let version = "3.0.0"

    /// The key's own project, in the shape by which `auth_check` knows that a key is good.
    func listLangfuseProjects(_ request: APIRequest) async throws -> Response {
        let organizationID = try request.principal.organizationID
        guard let project = try await metastore.projects.find(try request.project, in: organizationID),
            let organization = try await metastore.organizations.find(organizationID)
        else { throw AccessError.unknownProject }
        return .json { writer in
            writer.beginObject()
            writer.key("data")
            writer.beginArray()
            writer.beginObject()
            writer.member("id", project.id.uuid)
            writer.member("name", project.name)
            writer.key("organization")
            writer.beginObject()
            writer.member("id", organization.id.uuid)
            writer.member("name", organization.name)
            writer.endObject()
            writer.key("metadata")
            writer.beginObject()
            writer.endObject()
            writer.endObject()
            writer.endArray()
            writer.endObject()
        }
    }

    // MARK: Ingestion

    /// Every event for itself: what is wrong with one costs no other. What is said to be taken is on disk.
    func ingestLangfuseEvents(_ request: APIRequest) async throws -> Response {
        let events = try Self.list(request.body["batch"], "batch")
        let owner = Self.owner(request.body["metadata"])
        var reader = LangfuseEventReader(resource: owner.resource, scope: owner.scope, now: WallClock.nowUnixNano())
        var answer = LangfuseAnswer(), changes: [(place: Int, change: SpanChange)] = [], scores: [(place: Int, score: LangfuseScore)] = []
        for event in events {
            let id = event["id"]?.stringValue.flatMap { $0.utf8.count <= APILimits.maximumLangfuseIDByteCount ? $0 : nil } ?? ""
            let place = answer.begin(id)
            do throws(LangfuseFault) {
                switch try reader.read(event, id: id) {
                case .change(let change): changes.append((place, change))
                case .score(let score): scores.append((place, score))
                case .ignored(let type): answer.note("not kept: events of the type \(type.prefix(100)) mean nothing here", at: place)
                }
            } catch { answer.refuse(error, at: place) }
        }
        if !changes.isEmpty {
            let refusals = try await apply(changes.map(\.change), request)
            for (refusal, place) in zip(refusals, changes.map(\.place)) {
                if let refusal { answer.refuse(LangfuseFault(message: refusal.message), at: place) }
            }
        }
        for (sent, place) in zip(try await send(scores.map(\.score), by: try Sender(request)), scores.map(\.place)) {
            if let fault = sent.fault { answer.refuse(fault, at: place) }
        }
        return answer.response
    }

    private func apply(_ changes: [SpanChange], _ request: APIRequest) async throws -> [SpanChangeRefusal?] {
        let project = try request.project, store = store, reader = reader
        return try await ingestor.apply(
            changes, project: project, exporter: request.headers[.userAgent], admission: ingestor.admission.begin()
        ) { span, trace in
            // Of now: what the turn before stored is among it.
            try await reader.span(span, of: trace, in: store.snapshot(of: project), joiningEventRecords: false)
        }
    }

    // MARK: Scores

    /// One score, or a list of them, each for itself.
    func createLangfuseScores(_ request: APIRequest) async throws -> Response {
        let sender = try Sender(request)
        guard request.body.arrayValue != nil else {
            let score: LangfuseScore
            do throws(LangfuseFault) { score = try Self.score(request.body) } catch { throw Problem(.badRequest, error.message) }
            let sent = try await send([score], by: sender)[0]
            if let fault = sent.fault {
                throw Problem(fault.status == 409 ? .conflict : .badRequest, fault.message)
            }
            return .json { writer in
                writer.beginObject()
                writer.member("id", sent.id)
                writer.endObject()
            }
        }
        var faults: [LangfuseFault] = [], scores: [LangfuseScore] = []
        for body in try Self.list(request.body, "the body") {
            do throws(LangfuseFault) { scores.append(try Self.score(body)) } catch { faults.append(error) }
        }
        let sent = try await send(scores, by: sender)
        let accepted = sent.count { $0.fault == nil }
        faults += sent.compactMap(\.fault)
        if faults.isEmpty {
            return .json { writer in
                writer.beginObject()
                writer.member("message", "Accepted")
                writer.endObject()
            }
        }
        return .json(.multiStatus) { [accepted, faults] writer in
            writer.beginObject()
            writer.member("accepted", accepted)
            writer.member("rejected", faults.count)
            writer.key("errors")
            writer.beginArray()
            for fault in faults {
                writer.beginObject()
                writer.member("message", fault.message)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
    }

    /// One that has no id can be told from no other: it gets one of its own.
    private static func score(_ body: JSONValue) throws(LangfuseFault) -> LangfuseScore {
        guard body.objectValue != nil else { throw LangfuseFault(message: "a score must be a JSON object") }
        return try LangfuseScore(body, fallbackID: ScoreID.make().uuid)
    }

    /// Who sends scores, and where to.
    private struct Sender {
        let principal: Principal
        let project: ProjectID
        let audit: AuditDraft

        init(_ request: APIRequest) throws(AccessError) {
            principal = try request.principal
            project = try request.project
            audit = try request.audit
        }
    }

    /// What became of a score: the id under which it is stored, or why it is not.
    private struct Sent {
        let id: String
        let fault: LangfuseFault?
    }

    /// What is stored of scores, and written into the audit log, is what the project's redaction rules leave.
    private func send(_ scores: [LangfuseScore], by sender: Sender) async throws -> [Sent] {
        guard sender.principal.allows(.writeScores) else {
            let fault = LangfuseFault(status: 403, message: "scores take the permission scores.write: a key's scope write")
            return scores.map { Sent(id: $0.id, fault: fault) }
        }
        let contents = try await ingestor.redact(scores.map(\.content), of: sender.project)
        var sent: [Sent] = []
        for (score, content) in zip(scores, contents) {
            let id = content.externalID ?? score.id
            sent.append(Sent(id: id, fault: try await send(score.score(content, author: sender.principal.name), id: id, by: sender)))
        }
        return sent
    }

    /// Why a score is not taken; nil where it is, or was.
    private func send(_ score: NewScore, id: String, by sender: Sender) async throws(MetastoreError) -> LangfuseFault? {
        var new = score
        if sender.principal.userID != nil { new.source = .person }
        do throws(MetastoreError) {
            switch try await metastore.scores.send(new, externalID: id, in: sender.project, audit: sender.audit) {
            case .created, .repeated: return nil
            case .conflict:
                return LangfuseFault(
                    status: 409, message: "another score of this id is stored, and a score is never changed: send it under an id of its own"
                )
            }
        } catch {
            guard error.code == .invalid else { throw error }
            return LangfuseFault(message: error.message)
        }
    }

    // MARK: Bodies

    private static func list(_ value: JSONValue?, _ name: String) throws(Problem) -> [JSONValue] {
        guard let list = value?.arrayValue else { throw Problem(.badRequest, "\(name) must be a list", kind: "invalid-field") }
        guard list.count <= APILimits.maximumLangfuseEventCount else {
            throw Problem(
                .contentTooLarge,
                "\(name) has \(list.count) elements, and may have \(APILimits.maximumLangfuseEventCount): send smaller batches")
        }
        return list
    }

    /// Who made the events, as far as their batch says.
    private static func owner(_ metadata: JSONValue?) -> (resource: SpanRecord.Resource, scope: SpanRecord.Scope) {
        func text(_ name: String) -> String? {
            metadata?[name]?.stringValue.flatMap { (1...100).contains($0.utf8.count) ? $0 : nil }
        }
        var attributes = [KeyValue("telemetry.sdk.name", .string("langfuse"))]
        if let language = text("sdk_name") ?? text("sdk_integration") {
            attributes.append(KeyValue("telemetry.sdk.language", .string(language)))
        }
        if let version = text("sdk_version") { attributes.append(KeyValue("telemetry.sdk.version", .string(version))) }
        return (
            SpanRecord.Resource(encoded: ResourceEncoder.encode(DecodedResource(attributes: attributes))),
            SpanRecord.Scope(encoded: ScopeEncoder.encode(DecodedScope(name: "langfuse-ingestion")))
        )
    }
}

extension HTTPResponse.Status {
    static let multiStatus = HTTPResponse.Status(code: 207, reasonPhrase: "Multi-Status")
}
