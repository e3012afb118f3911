/// `/api/v1/kb/drafts/{name}/entries` and `/diff`: what a draft says, and what it says otherwise than its base.

import Access
import ByteCoding
import ContentReading
import HTTPServer
import HTTPTypes
import Hummingbird
import KnowledgeModel
import Metastore
import TraceModel

struct KnowledgeDraftEntriesHandlers: Sendable {
    let knowledge: KnowledgeRepository
    let drafts: KnowledgeDraftRepository

    func routes(_ builder: OperationBuilder) -> [Route] {
        let one = "/api/v1/kb/drafts/{name}", entry = one + "/entries/{key}"
        return [
            builder.operation(
                "listKnowledgeDraftEntries", .get, one + "/entries", .permission(.readKnowledge),
                query: ["kind", "tag", "prefix", "limit", "cursor"], statuses: [200, 304], handler: listKnowledgeDraftEntries),
            builder.operation(
                "getKnowledgeDraftEntry", .get, entry, .permission(.readKnowledge), statuses: [200, 304], handler: getKnowledgeDraftEntry),
            builder.operation(
                "putKnowledgeDraftEntry", .put, entry, .permission(.writeKnowledge), body: .json,
                maximumBodyByteCount: APILimits.maximumKnowledgeEntryByteCount, statuses: [200, 201, 409, 412, 428],
                handler: putKnowledgeDraftEntry),
            builder.operation(
                "deleteKnowledgeDraftEntry", .delete, entry, .permission(.writeKnowledge), statuses: [204, 409, 412, 428],
                handler: deleteKnowledgeDraftEntry),
            builder.operation(
                "diffKnowledgeDraft", .get, one + "/diff", .permission(.readKnowledge), query: ["limit", "cursor"], statuses: [200],
                handler: diffKnowledgeDraft),
            builder.operation(
                "diffKnowledgeDraftEntry", .get, one + "/diff/{key}", .permission(.readKnowledge), statuses: [200],
                handler: diffKnowledgeDraftEntry),
        ]
    }

    func listKnowledgeDraftEntries(_ request: APIRequest) async throws -> Response {
        let draft = try await drafts.named(request), known = Self.tag(of: draft, version: draft.version)
        guard !request.has(known) else { return .notModified(known) }
        let page = try await EntryPage(request, of: draft.view, after: try request.keyCursor, knowledge)
        // It may have been edited since it was found.
        let version = page.view.draft?.version ?? draft.version
        return .knowledgeEntries(
            page, Self.tag(of: draft, version: version), revision: page.view.revision, draftVersion: version
        ) { $0 }
    }

    /// Of its list: another draft may have had this name, and as many versions.
    private static func tag(of draft: KnowledgeDraft, version: Int) -> EntityTag { EntityTag("\(draft.id.uuid)-\(version)") }

    func getKnowledgeDraftEntry(_ request: APIRequest) async throws -> Response {
        let draft = try await drafts.named(request)
        guard let entry = try await knowledge.entry(try request.knowledgeKey, of: draft.view) else { throw Problem.notFound("entry") }
        return .knowledgeEntry(entry, request)
    }

    // MARK: Edits

    func putKnowledgeDraftEntry(_ request: APIRequest) async throws -> Response {
        let condition = try request.writeCondition, key = request.path("key")
        if let problem = KnowledgeEntry.problem(ofKey: key) { throw Problem.unprocessable("key", "cannot be this: \(problem)") }
        guard case .object(let members) = request.body else { throw Problem(.unprocessableContent, "the body must be a JSON object") }
        let content = try KnowledgeContent(json: .object(members.filter { $0.key != "source" }))
        let origin = try Self.origin(request), draft = try await drafts.named(request)
        let expected = try Self.expectation(condition)
        let edit = KnowledgeEdit.put(KnowledgeEntry(key: key, content: content), expected: expected, origin: origin)
        guard let result = try await drafts.edit(draft.id, in: draft.projectID, edit, audit: try request.audit) else {
            throw Problem.notFound("draft")
        }
        let hash = content.hash.hex
        return .json(result.addedCount > 0 ? .created : .ok, headers: [.eTag: EntityTag(hash).header]) { writer in
            writer.beginObject()
            writer.member("key", key)
            writer.member("hash", hash)
            writer.member("change", result.addedCount > 0 ? "added" : result.changedCount > 0 ? "changed" : "unchanged")
            writer.member("draft_version", result.draftVersion)
            writer.endObject()
        }
    }

    func deleteKnowledgeDraftEntry(_ request: APIRequest) async throws -> Response {
        let condition = try request.writeCondition, key = try request.knowledgeKey
        let draft = try await drafts.named(request)
        let expected = try Self.expectation(condition)
        guard let result = try await drafts.edit(draft.id, in: draft.projectID, .remove(key, expected: expected), audit: try request.audit)
        else { throw Problem.notFound("draft") }
        guard result.removedCount > 0 else { throw Problem.notFound("entry") }
        return .empty(.noContent)
    }

    /// What the edit's transaction makes sure of. Throws a 412 for a tag that is no entry's.
    private static func expectation(_ condition: WriteCondition) throws(Problem) -> KnowledgeEdit.Expectation {
        switch condition {
        case .absent: return .absent
        case .tag(let tag):
            guard let hash = KnowledgeHash(hex: tag.value) else {
                throw Problem(.preconditionFailed, "If-Match is no entry's ETag", errors: [.init(field: "hash", message: "is none")])
            }
            return .hash(hash)
        case .present: return .present
        }
    }

    /// Reads `"source": {"trace_id", "span_id"}`. Throws a 422.
    private static func origin(_ request: APIRequest) throws(Problem) -> KnowledgeOrigin? {
        guard let value = request.body["source"], !value.isNull else { return nil }
        guard case .object(let members) = value, members.allSatisfy({ ["trace_id", "span_id"].contains($0.key) }) else {
            throw .unprocessable("source", "must be an object with trace_id and span_id")
        }
        guard let trace = value["trace_id"]?.stringValue.flatMap({ TraceID(hex: $0) }) else {
            throw .unprocessable("source.trace_id", "must be 32 hexadecimal digits")
        }
        guard let text = value["span_id"], !text.isNull else { return KnowledgeOrigin(traceID: trace) }
        guard let span = text.stringValue.flatMap({ SpanID(hex: $0) }) else {
            throw .unprocessable("source.span_id", "must be 16 hexadecimal digits")
        }
        return KnowledgeOrigin(traceID: trace, spanID: span)
    }

    // MARK: Differences

    func diffKnowledgeDraft(_ request: APIRequest) async throws -> Response {
        let draft = try await drafts.named(request), limit = try request.limit()
        let changes = try await drafts.changes(of: draft.id, after: try request.keyCursor, limit: limit + 1)
        let next = changes.count > limit ? changes[limit - 1].entry.key : nil
        return .list(Array(changes.prefix(limit)), nextCursor: next) { $0.knowledgeChange($1.entry, $1) }
    }

    func diffKnowledgeDraftEntry(_ request: APIRequest) async throws -> Response {
        let draft = try await drafts.named(request)
        let changes = try await drafts.changes(of: draft.id, key: try request.knowledgeKey, limit: 1, includingContents: true)
        guard let change = changes.first else { throw Problem.notFound("change") }
        let difference = try await change.entry.difference()
        return .json { $0.knowledgeDifference(change.entry, change, difference) }
    }
}
