/// Promotions: asked for, found, cancelled. One of a project is under way at a time. The workers' part is in `+work` and `+embeddings`,
/// the one transaction that it all is for in `+publish`. Whoever holds several rows holds them in this order: knowledge base, promotion,
/// draft.

import ByteCoding
import EvaluationModel
import JobQueue
import KnowledgeModel
import PostgresClient
import TraceModel

package struct KnowledgePromotionRepository: Sendable {
    let pool: PostgresPool

    /// The kind of a promotion's task.
    package static let kind = "knowledge_promotion"
    static let queue = JobQueue("knowledge.promote")

    /// Of an approved draft whose base is active; a queued task, and the job for it. nil if the project has no such draft. Errors:
    /// `conflict` (field `state`: it is not approved; `base_revision`: something else is active; `promotion`: another one is under way),
    /// `invalid` (message), `unavailable`.
    package func create(
        promoting id: KnowledgeDraftID, message: String = "", in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> KnowledgePromotion? {
        let made = try await pool.audited(audit) {
            connection throws(PostgresError) -> (Result<KnowledgePromotion, MetastoreError>?, AuditedChange?) in
            let active = try await KnowledgeRepository.heldActiveRevision(in: project, on: connection)
            guard let (draft, _) = try await KnowledgeDraftRepository.locked(id, in: project, on: connection) else { return (nil, nil) }
            var life = draft.life()
            if let refusal = life.take(.promote(by: audit.actor, activeRevision: active)) { return (.failure(refusal), nil) }
            try await life.save(as: id, on: connection)
            let (promotion, change) = try await Self.insert(.draft(id), base: active, message, in: project, audit, on: connection)
            let event = KnowledgeDraftRepository.event("promoting", ["promotion_id": .string(promotion.id.uuid)])
            try await TaskRepository.append([event], to: id.task, on: connection)
            return (.success(promotion), change)
        }
        return try made?.get()
    }

    /// Of a revision before the active one: its entries become active again, as a new revision. nil if there is no such revision. Errors:
    /// `conflict` (field `revision`: it is the active one; `promotion`: another one is under way), `invalid` (message), `unavailable`.
    package func create(
        restoring revision: Int, message: String = "", in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> KnowledgePromotion? {
        let made = try await pool.audited(audit) {
            connection throws(PostgresError) -> (Result<KnowledgePromotion, MetastoreError>?, AuditedChange?) in
            let active = try await KnowledgeRepository.heldActiveRevision(in: project, on: connection)
            guard (1...max(active, 1)).contains(revision), active > 0 else { return (nil, nil) }
            guard revision < active else {
                return (.failure(MetastoreError(.conflict, "revision \(revision) is the active one", field: "revision")), nil)
            }
            let (promotion, change) = try await Self.insert(.revision(revision), base: active, message, in: project, audit, on: connection)
            return (.success(promotion), change)
        }
        return try made?.get()
    }

    private static func insert(
        _ origin: KnowledgePromotion.Origin, base: Int, _ message: String, in project: ProjectID, _ audit: AuditDraft,
        on connection: PostgresConnection
    ) async throws(PostgresError) -> (KnowledgePromotion, AuditedChange) {
        let id = TaskID.make()
        let draft: KnowledgeDraftID? = if case .draft(let id) = origin { id } else { nil }
        let revision: Int? = if case .revision(let number) = origin { number } else { nil }
        try await connection.query(
            "INSERT INTO tasks (id, project_id, kind) VALUES ($1, $2, $3)", [id.value, project.value, .text(kind)])
        let after = try await connection.query(
            """
            INSERT INTO knowledge_promotions (id, project_id, draft_id, restored_revision, base_revision, message, requested_by)
            VALUES ($1, $2, $3, $4, $5, $6, left($7, 400)) RETURNING \(AuditSnapshot.column("knowledge_promotions"))
            """,
            [
                id.value, project.value, .optional(draft) { $0.value }, .optional(revision) { .integer(Int64($0)) },
                .integer(Int64(base)), .text(message), .text(audit.callerName),
            ]
        ).only(AuditSnapshot.of)
        try await queue.addGroup(id.bits, concurrency: 1, on: connection)
        try await queue.enqueue([Array("{}".utf8)], in: id.bits, on: connection)
        guard let promotion = try await locked(id, on: connection) else {
            throw PostgresError(.decoding, "a promotion that was just made is not there")
        }
        return (promotion, AuditedChange(project: project, resourceKind: "knowledge_promotion", resourceID: id.uuid, after: after))
    }

    /// nil if the project has no such promotion. Errors: `unavailable`.
    package func find(_ id: TaskID, in project: ProjectID) async throws(MetastoreError) -> KnowledgePromotion? {
        try await first("p.id = $1 AND p.project_id = $2", [id.value, project.value])
    }

    /// The one that is under way; nil: there is none. Errors: `unavailable`.
    package func open(in project: ProjectID) async throws(MetastoreError) -> KnowledgePromotion? {
        try await first("p.project_id = $1 AND p.phase <> 'ended'", [project.value])
    }

    /// The newest of a draft, ended or not; nil: it never had one. Errors: `unavailable`.
    package func last(of draft: KnowledgeDraftID) async throws(MetastoreError) -> KnowledgePromotion? {
        try await first("p.draft_id = $1 ORDER BY p.id DESC LIMIT 1", [draft.value])
    }

    private func first(_ condition: String, _ parameters: [PostgresValue]) async throws(MetastoreError) -> KnowledgePromotion? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(KnowledgePromotion.columns) FROM \(KnowledgePromotion.tables) WHERE \(condition)", parameters
            ).first.map(KnowledgePromotion.init)
        }
    }

    /// Ends a promotion that is under way, and the run of its gate; its draft is approved as before. False: it has ended. nil if the project
    /// has no such promotion. Errors: `unavailable`.
    package func cancel(_ id: TaskID, in project: ProjectID, audit: AuditDraft) async throws(MetastoreError) -> Bool? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Bool?, AuditedChange?) in
            guard let promotion = try await Self.locked(id, on: connection), promotion.projectID == project else { return (nil, nil) }
            guard try await TaskRepository.take(.cancel, id, on: connection) != nil else { return (false, nil) }
            try await Self.queue.cancelAll(id.bits, on: connection)
            try await Self.giveUp(promotion, "it was cancelled", on: connection)
            if let id = promotion.runID, let run = try await RunRepository.locked(id, on: connection), !run.state.isFinal {
                try await RunRepository.move(run, to: .cancelled, reason: "the promotion that it was for was cancelled", on: connection)
            }
            return (true, AuditedChange(project: project, resourceKind: "knowledge_promotion", resourceID: id.uuid))
        }
    }

    // MARK: - Inside of transactions

    /// The promotion, its row held until the transaction ends. Everything that changes a promotion begins with this.
    static func locked(_ id: TaskID, on connection: PostgresConnection) async throws(PostgresError) -> KnowledgePromotion? {
        // What is read must be what is locked: the statement after the one that waited sees what others committed.
        try await connection.query("SELECT 1 FROM knowledge_promotions WHERE id = $1 FOR NO KEY UPDATE", [id.value])
        return try await connection.query(
            "SELECT \(KnowledgePromotion.columns) FROM \(KnowledgePromotion.tables) WHERE p.id = $1", [id.value]
        ).first.map(KnowledgePromotion.init)
    }

    /// What comes of a promotion that comes to nothing: its draft is approved as before. Its task ends by the caller.
    static func giveUp(
        _ promotion: KnowledgePromotion, _ message: String, on connection: PostgresConnection
    ) async throws(PostgresError) {
        try await connection.query("UPDATE knowledge_promotions SET phase = 'ended' WHERE id = $1", [promotion.id.value])
        guard case .draft(let draft) = promotion.origin else { return }
        try await connection.query(
            """
            UPDATE knowledge_drafts SET state = 'approved', updated_at = greatest(now(), updated_at)
            WHERE id = $1 AND state = 'promoting'
            """, [draft.value])
        let event = KnowledgeDraftRepository.event(
            "promotion_failed", ["promotion_id": .string(promotion.id.uuid), "message": .string(message)])
        try await TaskRepository.append([event], to: draft.task, on: connection)
    }
}
