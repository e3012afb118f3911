/// `/api/v1/kb/drafts`: drafts of the knowledge base and the steps of their lives.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import KnowledgeModel
import Metastore
import TraceModel

struct KnowledgeDraftsHandlers: Sendable {
    let drafts: KnowledgeDraftRepository
    let promotions: KnowledgePromotionRepository
    let tasks: TaskRepository

    private static let maximumNameByteCount = 100, maximumDescriptionByteCount = 40_000, maximumCommentByteCount = 40_000

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/kb/drafts", one = root + "/{name}"
        func step(
            _ operation: String, _ name: String, _ permission: Permission = .writeKnowledge, body: OperationBuilder.Body = .json,
            maximumBodyByteCount: Int = APILimits.maximumBodyByteCount, status: Int = 200,
            _ handler: @escaping @Sendable (APIRequest) async throws -> Response
        ) -> Route {
            builder.operation(
                operation, .post, one + "/" + name, .permission(permission), body: body, maximumBodyByteCount: maximumBodyByteCount,
                statuses: [status, 409], handler: handler)
        }
        return [
            builder.operation(
                "createKnowledgeDraft", .post, root, .permission(.writeKnowledge), body: .json, statuses: [201, 409],
                handler: createKnowledgeDraft),
            builder.operation(
                "listKnowledgeDrafts", .get, root, .permission(.readKnowledge), query: ["include_ended", "limit", "cursor"],
                statuses: [200], handler: listKnowledgeDrafts),
            builder.operation(
                "getKnowledgeDraft", .get, one, .permission(.readKnowledge), statuses: [200, 304], handler: getKnowledgeDraft),
            builder.operation(
                "updateKnowledgeDraft", .patch, one, .permission(.writeKnowledge), body: .json, statuses: [200, 409],
                handler: updateKnowledgeDraft),
            builder.operation(
                "discardKnowledgeDraft", .delete, one, .permission(.writeKnowledge), statuses: [204, 409], handler: discardKnowledgeDraft),
            step("submitKnowledgeDraft", "submit", body: .none, submitKnowledgeDraft),
            step("withdrawKnowledgeDraft", "withdraw", body: .none, withdrawKnowledgeDraft),
            step("reviewKnowledgeDraft", "review", .reviewKnowledge, reviewKnowledgeDraft),
            step(
                "rebaseKnowledgeDraft", "rebase", maximumBodyByteCount: APILimits.maximumEditByteCount, rebaseKnowledgeDraft),
            step("promoteKnowledgeDraft", "promote", .promoteKnowledge, status: 202, promoteKnowledgeDraft),
        ]
    }

    // MARK: Drafts

    func createKnowledgeDraft(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["name", "description"])
        let draft = try await drafts.create(
            name: try request.requiredText("name", maximumByteCount: Self.maximumNameByteCount),
            description: try request.text("description", maximumByteCount: Self.maximumDescriptionByteCount) ?? "",
            in: try request.project, audit: try request.audit)
        return try await whole(draft, .created)
    }

    func listKnowledgeDrafts(_ request: APIRequest) async throws -> Response {
        let page = try await drafts.list(
            in: try request.project, includingEnded: try request.boolean("include_ended"), page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.knowledgeDraft($1) }
    }

    func getKnowledgeDraft(_ request: APIRequest) async throws -> Response {
        let draft = try await drafts.named(request)
        guard !request.has(Self.tag(of: draft)) else { return .notModified(Self.tag(of: draft)) }
        return try await whole(draft)
    }

    func updateKnowledgeDraft(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["name", "description"])
        let changed = try await drafts.update(
            try await drafts.named(request).id, in: try request.project,
            name: try request.text("name", maximumByteCount: Self.maximumNameByteCount),
            description: try request.text("description", maximumByteCount: Self.maximumDescriptionByteCount), audit: try request.audit)
        return try await whole(changed)
    }

    func discardKnowledgeDraft(_ request: APIRequest) async throws -> Response {
        let draft = try await drafts.named(request)
        guard try await drafts.discard(draft.id, in: draft.projectID, audit: try request.audit) != nil else {
            throw Problem.notFound("draft")
        }
        return .empty(.noContent)
    }

    // MARK: Steps

    func submitKnowledgeDraft(_ request: APIRequest) async throws -> Response {
        let draft = try await drafts.named(request)
        return try await whole(await drafts.submit(draft.id, in: draft.projectID, audit: try request.audit))
    }

    func withdrawKnowledgeDraft(_ request: APIRequest) async throws -> Response {
        let draft = try await drafts.named(request)
        return try await whole(await drafts.withdraw(draft.id, in: draft.projectID, audit: try request.audit))
    }

    func reviewKnowledgeDraft(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["version", "decision", "comment"])
        guard let version = try request.integer("version", in: 0...Int64(Int32.max)) else {
            throw Problem.unprocessable("version", "is missing: the version of the draft that was read")
        }
        guard let decision = KnowledgeReview.Decision(rawValue: request.body["decision"]?.stringValue ?? "") else {
            throw Problem.unprocessable("decision", "must be approve or request_changes")
        }
        let comment = try request.text("comment", maximumByteCount: Self.maximumCommentByteCount) ?? ""
        let draft = try await drafts.named(request)
        return try await whole(
            await drafts.review(
                draft.id, in: draft.projectID, version: Int(version), decision, comment: comment, audit: try request.audit))
    }

    func rebaseKnowledgeDraft(_ request: APIRequest) async throws -> Response {
        let wish = try RebaseRequest(request), draft = try await drafts.named(request)
        let rebase = try await drafts.rebase(
            draft.id, in: draft.projectID, onto: wish.onto, resolutions: wish.resolutions, audit: try request.audit)
        switch rebase {
        case nil: throw Problem.notFound("draft")
        case .conflicts(let conflicts, let count, let onto):
            return .rebaseConflicts(conflicts, count: count, onto: onto, context: request.context)
        case .rebased(let draft, let mergedCount):
            return .json { writer in
                writer.beginObject()
                writer.key("draft")
                writer.knowledgeDraft(draft)
                writer.member("merged_count", mergedCount)
                writer.endObject()
            }
        }
    }

    func promoteKnowledgeDraft(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["message"])
        let message = try request.text("message", maximumByteCount: KnowledgeRevisionsHandlers.maximumMessageByteCount) ?? ""
        let draft = try await drafts.named(request)
        let promotion = try await promotions.create(
            promoting: draft.id, message: message, in: draft.projectID, audit: try request.audit)
        guard let promotion else { throw Problem.notFound("draft") }
        guard let task = try await tasks.find(promotion.id, in: draft.projectID) else { throw Problem.notFound("task") }
        return .json(.accepted) { $0.task(task) }
    }

    // MARK: Answers

    /// The draft with how much it changes, what reviewers said, and its last promotion. Throws a 404 for none.
    private func whole(_ draft: KnowledgeDraft?, _ status: HTTPResponse.Status = .ok) async throws -> Response {
        guard let draft else { throw Problem.notFound("draft") }
        let counts = try await drafts.changeCounts(of: draft.id)
        let reviews = try await drafts.reviews(of: draft.id)
        let promotion = try await promotions.last(of: draft.id)
        return .json(status, headers: [.eTag: Self.tag(of: draft).header]) { writer in
            writer.beginObject()
            writer.knowledgeDraftMembers(draft)
            writer.key("changes")
            writer.beginObject()
            writer.member("added", counts.added)
            writer.member("changed", counts.changed)
            writer.member("removed", counts.removed)
            writer.endObject()
            writer.key("reviews")
            writer.beginArray()
            for review in reviews { writer.knowledgeReview(review) }
            writer.endArray()
            writer.member("promotion_id", promotion?.id.uuid)
            writer.endObject()
        }
    }

    /// Its version, and when it last took a step: most steps leave the version.
    private static func tag(of draft: KnowledgeDraft) -> EntityTag { EntityTag("\(draft.version)-\(draft.updateTimeUnixNano)") }
}

extension KnowledgeDraftRepository {
    /// The draft that the path names, by its name or its id. Throws a 404 for none.
    func named(_ request: APIRequest) async throws -> KnowledgeDraft {
        let name = request.path("name"), project = try request.project
        guard !name.isEmpty, !name.utf8.contains(0) else { throw Problem.notFound("draft") }
        if let draft = try await find(name: name, in: project) { return draft }
        guard let id = KnowledgeDraftID(uuid: name), let draft = try await find(id, in: project) else { throw Problem.notFound("draft") }
        return draft
    }
}
