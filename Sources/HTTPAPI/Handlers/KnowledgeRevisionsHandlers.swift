/// `/api/v1/kb/revisions` and `/api/v1/kb/entries/{key}/history`: what the knowledge base was at each promotion, what differs between two,
/// what became of one entry, and the way back.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import TraceModel

struct KnowledgeRevisionsHandlers: Sendable {
    let knowledge: KnowledgeRepository
    let promotions: KnowledgePromotionRepository
    let tasks: TaskRepository

    static let maximumMessageByteCount = 10_000

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/kb/revisions", one = root + "/{number}"
        return [
            builder.operation(
                "listKnowledgeRevisions", .get, root, .permission(.readKnowledge), query: ["limit", "cursor"], statuses: [200],
                handler: listKnowledgeRevisions),
            builder.operation(
                "getKnowledgeRevision", .get, one, .permission(.readKnowledge), statuses: [200, 304], handler: getKnowledgeRevision),
            builder.operation(
                "listKnowledgeRevisionEntries", .get, one + "/entries", .permission(.readKnowledge),
                query: ["kind", "tag", "prefix", "limit", "cursor"], statuses: [200, 304], handler: listKnowledgeRevisionEntries),
            builder.operation(
                "getKnowledgeRevisionEntry", .get, one + "/entries/{key}", .permission(.readKnowledge), statuses: [200, 304],
                handler: getKnowledgeRevisionEntry),
            builder.operation(
                "diffKnowledgeRevisions", .get, one + "/diff", .permission(.readKnowledge), query: ["against", "limit", "cursor"],
                statuses: [200], handler: diffKnowledgeRevisions),
            builder.operation(
                "diffKnowledgeRevisionEntry", .get, one + "/diff/{key}", .permission(.readKnowledge), query: ["against"],
                statuses: [200], handler: diffKnowledgeRevisionEntry),
            builder.operation(
                "listKnowledgeEntryHistory", .get, "/api/v1/kb/entries/{key}/history", .permission(.readKnowledge),
                query: ["limit", "cursor"], statuses: [200], handler: listKnowledgeEntryHistory),
            builder.operation(
                "restoreKnowledgeRevision", .post, one + "/restore", .permission(.promoteKnowledge), body: .json, statuses: [202, 409],
                handler: restoreKnowledgeRevision),
        ]
    }

    func listKnowledgeRevisions(_ request: APIRequest) async throws -> Response {
        let limit = try request.limit(), before = try Self.revisionCursor(request)
        let revisions = try await knowledge.revisions(of: try request.project, before: before, limit: limit + 1)
        let next = revisions.count > limit ? String(revisions[limit - 1].number) : nil
        return .list(Array(revisions.prefix(limit)), nextCursor: next) { $0.knowledgeRevision($1) }
    }

    func getKnowledgeRevision(_ request: APIRequest) async throws -> Response {
        let revision = try await revision(request)
        return .json(request, tag: EntityTag(revision.number)) { $0.knowledgeRevision(revision) }
    }

    func listKnowledgeRevisionEntries(_ request: APIRequest) async throws -> Response {
        let view = try await view(request), tag = EntityTag(view.revision)
        guard !request.has(tag) else { return .notModified(tag) }
        let page = try await EntryPage(request, of: view, after: try request.keyCursor, knowledge)
        return .knowledgeEntries(page, tag, revision: view.revision) { $0 }
    }

    func getKnowledgeRevisionEntry(_ request: APIRequest) async throws -> Response {
        let view = try await view(request)
        guard let entry = try await knowledge.entry(try request.knowledgeKey, of: view) else { throw Problem.notFound("entry") }
        return .knowledgeEntry(entry, request)
    }

    func diffKnowledgeRevisions(_ request: APIRequest) async throws -> Response {
        let (old, new) = try await compared(request), limit = try request.limit()
        let changes = try await knowledge.changes(
            from: old, to: new, in: try request.project, after: try request.keyCursor, limit: limit + 1)
        let next = changes.count > limit ? changes[limit - 1].key : nil
        return .list(Array(changes.prefix(limit)), nextCursor: next) { $0.knowledgeChange($1) }
    }

    func diffKnowledgeRevisionEntry(_ request: APIRequest) async throws -> Response {
        let (old, new) = try await compared(request)
        let changes = try await knowledge.changes(
            from: old, to: new, in: try request.project, key: try request.knowledgeKey, limit: 1, includingContents: true)
        guard let change = changes.first else { throw Problem.notFound("change") }
        let difference = try await change.difference()
        return .json { $0.knowledgeDifference(change, nil, difference) }
    }

    /// Newest first. An entry that no revision ever had is a 404.
    func listKnowledgeEntryHistory(_ request: APIRequest) async throws -> Response {
        let limit = try request.limit(), before = try Self.revisionCursor(request)
        let events = try await knowledge.history(
            of: try request.knowledgeKey, in: try request.project, before: before, limit: limit + 1)
        if events.isEmpty, before == nil { throw Problem.notFound("entry") }
        let next = events.count > limit ? String(events[limit - 1].revision) : nil
        return .list(Array(events.prefix(limit)), nextCursor: next) { $0.knowledgeEntryEvent($1) }
    }

    func restoreKnowledgeRevision(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["message"])
        let number = try request.revisionNumber, project = try request.project
        let message = try request.text("message", maximumByteCount: Self.maximumMessageByteCount) ?? ""
        let promotion = try await promotions.create(restoring: number, message: message, in: project, audit: try request.audit)
        guard let promotion else { throw Problem.notFound("revision") }
        guard let task = try await tasks.find(promotion.id, in: project) else { throw Problem.notFound("task") }
        return .json(.accepted) { $0.task(task) }
    }

    // MARK: - Which revision

    /// Where a list of revisions goes on: with those before this one. Throws a 400 for what no page has said.
    private static func revisionCursor(_ request: APIRequest) throws(Problem) -> Int? {
        guard let text = request.query["cursor"] else { return nil }
        guard let number = Int(text), (1...Int(Int32.max)).contains(number) else {
            throw Problem.invalid("cursor", "is not one of this list; start without it")
        }
        return number
    }

    private func revision(_ request: APIRequest) async throws -> KnowledgeRevision {
        guard let revision = try await knowledge.find(try request.revisionNumber, in: try request.project) else {
            throw Problem.notFound("revision")
        }
        return revision
    }

    private func view(_ request: APIRequest) async throws -> KnowledgeView {
        guard let view = try await knowledge.view(of: .revision(try request.revisionNumber), in: try request.project) else {
            throw Problem.notFound("revision")
        }
        return view
    }

    /// The revision of the path, and what it is held against: by default the one before.
    private func compared(_ request: APIRequest) async throws -> (old: Int, new: Int) {
        let new = try await revision(request).number
        let old = try request.integer("against", in: 0...Int(Int32.max), default: new - 1)
        if old > 0, try await knowledge.find(old, in: try request.project) == nil {
            throw Problem.invalid("against", "must be the number of a revision, or 0 for nothing")
        }
        return (old, new)
    }
}
