/// `/api/v1/kb/active` and `/api/v1/kb/settings`: what agents are told now, and what a promotion must pass.

import Access
import ByteCoding
import ContentReading
import Evaluation
import EvaluationModel
import HTTPServer
import HTTPTypes
import Hummingbird
import KnowledgeBase
import KnowledgeModel
import Metastore
import NIOCore
import TraceModel

struct KnowledgeEntriesHandlers: Sendable {
    let knowledge: KnowledgeRepository
    let suites: SuiteRepository
    let watch: KnowledgeWatch

    private static let maximumApprovalCount: Int64 = 10

    func routes(_ builder: OperationBuilder) -> [Route] {
        let settings = "/api/v1/kb/settings", active = "/api/v1/kb/active"
        return [
            builder.operation(
                "getKnowledgeSettings", .get, settings, .permission(.readKnowledge), statuses: [200], handler: getKnowledgeSettings),
            builder.operation(
                "replaceKnowledgeSettings", .put, settings, .permission(.promoteKnowledge), body: .json, statuses: [200],
                handler: replaceKnowledgeSettings),
            builder.operation(
                "getActiveKnowledge", .get, active, .permission(.readKnowledge), query: ["after", "wait"], statuses: [200, 304],
                handler: getActiveKnowledge),
            builder.operation(
                "listActiveKnowledgeEntries", .get, active + "/entries", .permission(.readKnowledge),
                query: ["kind", "tag", "prefix", "limit", "cursor"], statuses: [200, 304], handler: listActiveKnowledgeEntries),
            builder.operation(
                "getActiveKnowledgeEntry", .get, active + "/entries/{key}", .permission(.readKnowledge), query: ["format"],
                statuses: [200, 304], handler: getActiveKnowledgeEntry),
            builder.operation(
                "exportActiveKnowledge", .get, active + "/export", .permission(.readKnowledge), statuses: [200, 304, 422],
                handler: exportActiveKnowledge),
        ]
    }

    // MARK: Settings

    func getKnowledgeSettings(_ request: APIRequest) async throws -> Response {
        Self.reply(try await knowledge.settings(of: try request.project))
    }

    func replaceKnowledgeSettings(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["required_approvals", "gate"])
        let count = try request.integer("required_approvals", in: 0...Self.maximumApprovalCount) ?? 0
        let gate = try await gate(request)
        let settings = KnowledgeSettings(requiredApprovals: Int(count), gate: gate)
        return Self.reply(try await knowledge.set(settings, of: try request.project, audit: try request.audit))
    }

    /// A run as it is asked for; checked here so that a slip is told now, not to whoever promotes.
    private func gate(_ request: APIRequest) async throws -> [UInt8]? {
        guard let value = request.body["gate"], !value.isNull else { return nil }
        guard case .object(let members) = value else { throw Problem.unprocessable("gate", "must be an object") }
        do throws(InvalidContent) {
            let specification = try RunSpecification(json: .object(members.filter { $0.key != "suite" && $0.key != "suite_version" }))
            if let gate = specification.gate, case .invalid(let problems) = Gate.read(gate, repetitions: specification.repetitions) {
                throw InvalidContent(
                    problems.map { ContentProblem(path: $0.field.isEmpty ? "gate" : "gate.\($0.field)", message: $0.message) })
            }
            if let problem = GateRule.problem(of: specification) { throw InvalidContent([problem]) }
        } catch {
            throw InvalidContent(
                error.problems.map { ContentProblem(path: $0.path.isEmpty ? "gate" : "gate.\($0.path)", message: $0.message) },
                omittedCount: error.omittedCount)
        }
        if let version = value["suite_version"], !version.isNull {
            guard let number = version.integerValue, (1...Int64(Int32.max)).contains(number) else {
                throw Problem.unprocessable("gate.suite_version", "must be a version's number")
            }
        }
        let project = try request.project
        guard let name = value["suite"]?.stringValue else { throw Problem.unprocessable("gate.suite", "must name a suite") }
        var suite = try await suites.find(name: name, in: project)
        if suite == nil, let id = SuiteID(uuid: name) { suite = try await suites.find(id, in: project) }
        guard suite != nil else { throw Problem.unprocessable("gate.suite", "the project has no suite of this name or id") }
        return value.bytes
    }

    private static func reply(_ settings: KnowledgeSettings) -> Response {
        .json { writer in
            writer.beginObject()
            writer.member("required_approvals", settings.requiredApprovals)
            writer.key("gate")
            if let gate = settings.gate { writer.raw(gate) } else { writer.null() }
            writer.endObject()
        }
    }

    // MARK: The active revision

    func getActiveKnowledge(_ request: APIRequest) async throws -> Response {
        let project = try request.project
        let number = try await awaitedRevision(request, of: project)
        let tag = EntityTag(number)
        guard !request.has(tag) else { return .notModified(tag) }
        let revision = number == 0 ? nil : try await knowledge.find(number, in: project)
        return .json(headers: [.eTag: tag.header]) { writer in
            writer.beginObject()
            writer.member("revision", number)
            writer.member("entry_count", revision?.entryCount ?? 0)
            writer.key("promoted")
            if let revision { writer.knowledgeRevision(revision) } else { writer.null() }
            writer.endObject()
        }
    }

    private func awaitedRevision(_ request: APIRequest, of project: ProjectID) async throws -> Int {
        let seconds = try request.integer("wait", in: 0...APILimits.maximumKnowledgeWaitSeconds, default: 0)
        let after = try request.integer("after", in: -1...Int(Int32.max), default: -1)
        guard seconds > 0 else { return try await knowledge.activeRevision(in: project) }
        guard request.query["after"] != nil else { throw Problem.invalid("wait", "needs after: the revision that is known already") }
        return try await watch.wait(
            for: project, after: after, nanoseconds: Int64(seconds) * 1_000_000_000, channel: request.context.channel
        ) { try await knowledge.activeRevision(in: project) }
    }

    func listActiveKnowledgeEntries(_ request: APIRequest) async throws -> Response {
        let project = try request.project
        let cursor = try request.keyCursor.map { text throws(Problem) in try EntryCursor(text) }
        let source = cursor.map { $0.revision == 0 ? KnowledgeSource.active : .revision($0.revision) } ?? .active
        guard let view = try await knowledge.view(of: source, in: project) else {
            throw Problem.invalid("cursor", "is not one of this list; start without it")
        }
        let tag = EntityTag(view.revision)
        guard !request.has(tag) else { return .notModified(tag) }
        let page = try await EntryPage(request, of: view, after: cursor?.key, knowledge)
        return .knowledgeEntries(page, tag, revision: view.revision) { EntryCursor(revision: view.revision, key: $0).text }
    }

    func getActiveKnowledgeEntry(_ request: APIRequest) async throws -> Response {
        let key = try request.knowledgeKey
        let isMarkdown: Bool
        switch request.query["format"] {
        case nil, "json": isMarkdown = false
        case "markdown": isMarkdown = true
        default: throw Problem.invalid("format", "must be json or markdown")
        }
        let view = KnowledgeView(projectID: try request.project, revision: try await knowledge.activeRevision(in: try request.project))
        guard let entry = try await knowledge.entry(key, of: view) else { throw Problem.notFound("entry") }
        guard isMarkdown else { return .knowledgeEntry(entry, request) }
        let tag = EntityTag(entry.hash.hex)
        guard !request.has(tag) else { return .notModified(tag) }
        return Response(
            status: .ok, headers: [.contentType: "text/markdown; charset=utf-8", .eTag: tag.header],
            body: ResponseBody(byteBuffer: ByteBuffer(string: try entry.decodedContent.markdown)))
    }

    func exportActiveKnowledge(_ request: APIRequest) async throws -> Response {
        let view = KnowledgeView(projectID: try request.project, revision: try await knowledge.activeRevision(in: try request.project))
        let tag = EntityTag(view.revision)
        guard !request.has(tag) else { return .notModified(tag) }
        let archive = try await KnowledgeExport(knowledge: knowledge, view: view).archive(reserve: request.reserve)
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/zip", .eTag: tag.header,
                .contentDisposition: "attachment; filename=\"knowledge-\(view.revision).zip\"",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: archive)))
    }
}

extension Response {
    /// A page of entries, and which revision or draft's version it is of.
    static func knowledgeEntries(
        _ page: EntryPage, _ tag: EntityTag, revision: Int, draftVersion: Int? = nil, cursor: (_ key: String) -> String
    ) -> Response {
        .json(headers: [.eTag: tag.header]) { writer in
            writer.beginObject()
            writer.member("revision", revision)
            if let draftVersion { writer.member("draft_version", draftVersion) }
            writer.key("data")
            writer.beginArray()
            for entry in page.entries { writer.knowledgeEntry(entry) }
            writer.endArray()
            writer.member("next_cursor", page.last.map(cursor))
            writer.endObject()
        }
    }

    /// An entry with its content, or 304.
    static func knowledgeEntry(_ entry: StoredKnowledgeEntry, _ request: APIRequest) -> Response {
        .json(request, tag: EntityTag(entry.hash.hex)) { $0.knowledgeEntry(entry) }
    }
}
