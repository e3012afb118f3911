/// `/api/v1/suites/{suite_id}/drafts`: test cases that a model writes from chosen traces and entries of the knowledge base, and what a person
/// decides on each.

import Access
import ByteCoding
import EvaluationModel
import HTTPServer
import HTTPTypes
import Hummingbird
import KnowledgeModel
import Metastore
import SpanStore
import TraceModel
import TraceQuery

struct DraftsHandlers: Sendable {
    let drafts: DraftRepository
    let suites: SuiteRepository
    let tasks: TaskRepository
    let store: SpanStore
    let reader: TraceReader
    let knowledge: KnowledgeRepository
    let knowledgeDrafts: KnowledgeDraftRepository

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/suites/{suite_id}/drafts", one = root + "/{draft_id}"
        return [
            builder.operation(
                "requestDrafts", .post, root, .permission(.startRuns), body: .json, statuses: [202, 409], handler: requestDrafts),
            builder.operation(
                "listDrafts", .get, root, .permission(.readSuites), query: ["state", "limit", "cursor"], statuses: [200],
                handler: listDrafts),
            builder.operation(
                "acceptDraft", .post, one + "/accept", .permission(.writeSuites), body: .json, statuses: [200, 409], handler: acceptDraft),
            builder.operation("dropDraft", .post, one + "/drop", .permission(.writeSuites), statuses: [200, 409], handler: dropDraft),
        ]
    }

    func requestDrafts(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["trace_ids", "entry_keys", "entry_source", "instruction", "model", "maximum_drafts", "spending_cap_usd"])
        let project = try request.project, suite = try await suite(request)
        let cap = try request.double("spending_cap_usd", in: 0.000_001...DraftLimits.maximumSpendingCap) ?? DraftLimits.defaultSpendingCap
        let maximum = try request.integer("maximum_drafts", in: 1...Int64(DraftLimits.maximumDraftCount))
        let new = NewDraftRequest(
            instruction: try request.text("instruction", maximumByteCount: DraftLimits.maximumInstructionByteCount) ?? "",
            model: try Self.model(request), maximumDraftCount: maximum.map(Int.init) ?? DraftLimits.defaultDraftCount,
            capNanoUSD: cap.nanoUSD, sources: try await sources(request, in: project))
        let id = try await drafts.create(new, for: suite.id, in: project, audit: try request.audit)
        guard let task = try await tasks.find(id, in: project) else { throw Problem.notFound("task") }
        return .json(.accepted) { $0.task(task) }
    }

    func listDrafts(_ request: APIRequest) async throws -> Response {
        let state = try request.query["state"].map { text throws(Problem) in
            guard let state = TestCaseDraft.State(rawValue: text) else {
                throw Problem.invalid("state", "must be one of \(TestCaseDraft.State.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return state
        }
        let page = try await drafts.list(of: try await suite(request).id, state: state, page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.draft($1) }
    }

    func acceptDraft(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["key", "content"])
        let project = try request.project, suite = try await suite(request), id = try Self.id(request)
        guard let draft = try await drafts.find(id, of: suite.id) else { throw Problem.notFound("draft") }
        let content = try Self.content(of: draft, request)
        return try Self.answer(try await drafts.accept(id, of: suite.id, in: project, as: content, audit: try request.audit))
    }

    func dropDraft(_ request: APIRequest) async throws -> Response {
        let project = try request.project, suite = try await suite(request)
        return try Self.answer(
            try await drafts.drop(try Self.id(request), of: suite.id, in: project, audit: try request.audit))
    }

    // MARK: - Requests

    private static func model(_ request: APIRequest) throws(Problem) -> String? {
        guard let text = try request.text("model", maximumByteCount: 400) else { return nil }
        guard let slash = text.firstIndex(of: "/"), slash != text.startIndex, text.index(after: slash) != text.endIndex else {
            throw .unprocessable("model", "must be provider/model")
        }
        return text
    }

    /// Of traces, then of entries.
    private func sources(_ request: APIRequest, in project: ProjectID) async throws -> [DraftSource] {
        let traces = try Self.texts(request, "trace_ids"), keys = try Self.texts(request, "entry_keys")
        guard (1...DraftLimits.maximumSourceCount).contains(traces.count + keys.count) else {
            throw Problem.unprocessable(
                keys.isEmpty ? "trace_ids" : "entry_keys", "must be 1 to \(DraftLimits.maximumSourceCount) traces and entries in all")
        }
        let ids = try traces.enumerated().map { index, text throws(Problem) in
            guard let id = TraceID(hex: text) else { throw .unprocessable("trace_ids[\(index)]", "must be 32 hexadecimal digits") }
            return id
        }
        var found = try await sources(ids, in: project)
        if !keys.isEmpty { found += try await entries(keys, request, in: project) }
        return found
    }

    /// Each once.
    private static func texts(_ request: APIRequest, _ field: String) throws(Problem) -> [String] {
        guard let value = request.body[field], !value.isNull else { return [] }
        guard let list = value.arrayValue, list.count <= DraftLimits.maximumSourceCount else {
            throw .unprocessable(field, "must be a list of at most \(DraftLimits.maximumSourceCount) texts")
        }
        var texts: [String] = []
        for (index, element) in list.enumerated() {
            guard let text = element.stringValue else { throw .unprocessable("\(field)[\(index)]", "must be a text") }
            if !texts.contains(text) { texts.append(text) }
        }
        return texts
    }

    /// What the entries say now in the state that is asked for, all of one state.
    private func entries(_ keys: [String], _ request: APIRequest, in project: ProjectID) async throws -> [DraftSource] {
        try request.principal.require(.readKnowledge as Permission)
        let source = try await request.knowledgeSource("entry_source", in: project, knowledgeDrafts)
        guard let view = try await knowledge.view(of: source, in: project) else { throw Problem.notFound("revision") }
        var sources: [DraftSource] = []
        for (index, key) in keys.enumerated() {
            guard KnowledgeEntry.problem(ofKey: key) == nil, let entry = try await knowledge.entry(key, of: view) else {
                throw Problem.unprocessable("entry_keys[\(index)]", "there is no such entry")
            }
            let content = try entry.decodedContent
            let excerpt = EntryExcerpt(
                key: key, title: content.title, kind: content.body.kind.rawValue, markdown: content.markdown)
            let origin = TestCaseSource.Entry(
                key: key, revision: view.revision, draftID: view.draft?.id.uuid, draftVersion: view.draft?.version)
            sources.append(DraftSource(.entry(origin), content: excerpt.json.bytes))
        }
        // Revisions never change; of a draft that did, the entries may be of two versions.
        if view.draft != nil, try await knowledge.view(of: source, in: project) != view {
            throw Problem(.conflict, "the draft was edited meanwhile: ask again", kind: "stale-version")
        }
        return sources
    }

    /// Of each trace the first span that tells what was asked and answered, else the first that tells what was asked.
    private func sources(_ ids: [TraceID], in project: ProjectID) async throws -> [DraftSource] {
        let snapshot = store.snapshot(of: project)
        var sources: [DraftSource] = []
        for (index, id) in ids.enumerated() {
            guard let trace = try await reader.trace(id, in: snapshot) else {
                throw Problem.unprocessable("trace_ids[\(index)]", "the project has no such trace")
            }
            let told = trace.spans.lazy.map { (span: $0, conversation: SpanConversation($0)) }.filter { !$0.conversation.messages.isEmpty }
            guard let chosen = told.first(where: { $0.conversation.hasOutput }) ?? told.first,
                let excerpt = DraftExcerpt(chosen.conversation)
            else {
                throw Problem.unprocessable("trace_ids[\(index)]", "no span of the trace tells an input: docs/mapping.md has what is read")
            }
            sources.append(DraftSource(TestCaseSource(traceID: id, spanID: chosen.span.spanID), content: excerpt.json.bytes))
        }
        return sources
    }

    // MARK: - Decisions

    /// The draft's content with what the body says instead; its source stays.
    private static func content(of draft: TestCaseDraft, _ request: APIRequest) throws -> TestCaseContent {
        let written = try JSONValue.parse(draft.content)
        var value = written
        if let given = request.body["content"], !given.isNull { value = given }
        guard var members = value.objectValue else { throw Problem.unprocessable("content", "must be a test case: an object") }
        func replace(_ name: String, _ value: JSONValue) {
            members.removeAll { $0.key == name }
            members.append(JSONMember(key: name, value: value))
        }
        if let key = try request.text("key", maximumByteCount: TestCaseLimits.maximumKeyByteCount) {
            replace("key", .string(key))
        } else if value["key"] == nil {
            replace("key", .string(draft.key))
        }
        if let source = written["source"] { replace("source", source) }
        return try TestCaseContent(json: .object(members))
    }

    private static func answer(_ decision: DraftDecision) throws(Problem) -> Response {
        switch decision {
        case .notFound: throw .notFound("draft")
        case .wasDecided(let state): throw Problem(.conflict, "the draft was \(state.rawValue) before", kind: "draft-state")
        case .keyIsTaken:
            throw Problem(.conflict, "the suite has a case of this key: accept the draft with another key", kind: "draft-key")
        case .decided(let draft, let edit):
            return .json { writer in
                writer.beginObject()
                writer.key("draft")
                writer.draft(draft)
                writer.key("version")
                if let version = edit?.version { writer.suiteVersion(version) } else { writer.null() }
                writer.endObject()
            }
        }
    }

    private static func id(_ request: APIRequest) throws(Problem) -> TestCaseDraftID {
        guard let id = TestCaseDraftID(uuid: request.path("draft_id")) else { throw .notFound("draft") }
        return id
    }

    private func suite(_ request: APIRequest) async throws -> Suite {
        guard let suite = try await suites.find(try request.suiteID, in: try request.project) else { throw Problem.notFound("suite") }
        return suite
    }
}

extension JSONWriter {
    fileprivate mutating func draft(_ draft: TestCaseDraft) {
        beginObject()
        member("id", draft.id.uuid)
        member("task_id", draft.requestID.uuid)
        member("key", draft.key)
        member("content", raw: draft.content)
        member("trace_id", draft.source.traceID?.hex)
        member("span_id", draft.source.spanID?.hex)
        key("entry")
        if draft.source.entry != nil, let entry = draft.source.json["entry"] { raw(entry.bytes) } else { null() }
        member("state", draft.state.rawValue)
        member("accepted_version", draft.acceptedVersion)
        member("decided_by", draft.decidedBy)
        member("decided_at", unixNano: draft.decidedTimeUnixNano)
        member("created_at", unixNano: draft.createdTimeUnixNano)
        endObject()
    }
}
