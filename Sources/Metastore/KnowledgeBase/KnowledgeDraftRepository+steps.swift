/// The steps of a draft's life: read as a value, changed by `KnowledgeDraftLife`'s rules, written back, all while its row is held.

import ByteCoding
import KnowledgeModel
import PostgresClient
import TraceModel

extension KnowledgeDraftRepository {
    /// To those who review it; approved at once where nobody has to. nil if the project has no such draft. Errors: `conflict` (field
    /// `state`; `changes`: it has none), `unavailable`.
    package func submit(
        _ id: KnowledgeDraftID, in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> KnowledgeDraft? {
        try await step(id, in: project, audit) { draft, connection throws(PostgresError) in
            var life = draft.life()
            let settings = try await KnowledgeRepository.settings(of: project, on: connection)
            if let refusal = life.take(.submit(by: audit.actor, requiredApprovals: settings.requiredApprovals)) { return .refused(refusal) }
            let changes = try await connection.query("SELECT 1 FROM knowledge_draft_changes WHERE draft_id = $1 LIMIT 1", [id.value])
            guard !changes.isEmpty else { return .refused(MetastoreError(.conflict, "the draft changes nothing", field: "changes")) }
            try await connection.query(
                "UPDATE knowledge_drafts SET submitted_by = left($2, 400), submitted_by_user_id = $3 WHERE id = $1",
                [id.value, .text(audit.callerName), .optional(audit.user) { $0.value }])
            try await life.save(as: id, on: connection)
            let events = [Self.event("submitted", ["version": .integer(Int64(draft.version))])]
            return .done(life.state == .approved ? events + [Self.event("approved")] : events)
        }
    }

    /// Back to open, to be edited. nil if the project has no such draft. Errors: `conflict` (field `state`), `unavailable`.
    package func withdraw(
        _ id: KnowledgeDraftID, in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> KnowledgeDraft? {
        try await step(id, in: project, audit) { draft, connection throws(PostgresError) in
            var life = draft.life()
            if let refusal = life.take(.withdraw(by: audit.actor)) { return .refused(refusal) }
            try await life.save(as: id, on: connection)
            return .done([Self.event("withdrawn")])
        }
    }

    /// A person's word on the version that they saw; who says again what they said changes nothing. nil if the project has no such draft.
    /// Errors: `conflict` (field: `KnowledgeDraftRefusal.Reason`), `invalid` (comment), `unavailable`.
    package func review(
        _ id: KnowledgeDraftID, in project: ProjectID, version: Int, _ decision: KnowledgeReview.Decision, comment: String = "",
        audit: AuditDraft
    ) async throws(MetastoreError) -> KnowledgeDraft? {
        try await step(id, in: project, audit) { draft, connection throws(PostgresError) in
            let before = try await Self.life(of: draft, on: connection)
            var life = before
            let event: KnowledgeDraftLife.Event
            switch decision {
            case .approve:
                let required = try await KnowledgeRepository.settings(of: project, on: connection).requiredApprovals
                event = .approve(by: audit.actor, version: version, requiredApprovals: required)
            case .requestChanges: event = .requestChanges(by: audit.actor, version: version)
            }
            if let refusal = life.take(event) { return .refused(refusal) }
            guard life != before, let user = audit.user else { return .unchanged }
            try await connection.query(
                """
                INSERT INTO knowledge_reviews (id, draft_id, draft_version, user_id, reviewer, decision, comment)
                VALUES ($1, $2, $3, $4, left($5, 400), $6, $7) ON CONFLICT (draft_id, draft_version, user_id, decision) DO NOTHING
                """,
                [
                    KnowledgeDraftID.make().value, id.value, .integer(Int64(version)), user.value, .text(audit.callerName),
                    .text(decision.rawValue), .text(comment),
                ])
            try await life.save(as: id, on: connection)
            let said = Self.event("reviewed", ["decision": .string(decision.rawValue), "reviewer": .string(audit.callerName)])
            return .done(life.state == .approved ? [said, Self.event("approved")] : [said])
        }
    }

    /// The end of a draft that comes to nothing; its name is free again. nil if the project has no such draft. Errors: `conflict` (field
    /// `state`), `unavailable`.
    package func discard(
        _ id: KnowledgeDraftID, in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> KnowledgeDraft? {
        try await step(id, in: project, audit) { draft, connection throws(PostgresError) in
            var life = draft.life()
            if let refusal = life.take(.discard(by: audit.actor)) { return .refused(refusal) }
            try await life.save(as: id, on: connection)
            try await TaskRepository.take(.cancel, id.task, on: connection)
            return .done([])
        }
    }

    // MARK: - Inside of transactions

    /// Of a draft whose row is held, with whoever wrote in it and whoever approved its present version.
    private static func life(
        of draft: KnowledgeDraft, on connection: PostgresConnection
    ) async throws(PostgresError) -> KnowledgeDraftLife {
        func people(_ sql: String, _ parameters: [PostgresValue]) async throws(PostgresError) -> Set<KnowledgeActor> {
            Set(
                try await connection.query(sql, parameters).decoded { row throws(PostgresError) in
                    KnowledgeActor.user(try row.decode("user_id", as: UserID.self).uuid)
                })
        }
        let authors = try await people("SELECT user_id FROM knowledge_draft_authors WHERE draft_id = $1", [draft.id.value])
        let approvals = try await people(
            "SELECT user_id FROM knowledge_reviews WHERE draft_id = $1 AND draft_version = $2 AND decision = 'approve'",
            [draft.id.value, .integer(Int64(draft.version))])
        return draft.life(authors: authors, approvals: approvals)
    }
}

extension KnowledgeDraft {
    /// Without `authors` and `approvals`: as far as steps other than reviews need it.
    func life(authors: Set<KnowledgeActor> = [], approvals: Set<KnowledgeActor> = []) -> KnowledgeDraftLife {
        let state: KnowledgeDraftLife.State =
            switch self.state {
            case .open: .open
            case .inReview: .inReview(approvals: approvals)
            case .approved: .approved
            case .promoting: .promoting
            case .promoted: .promoted(revision: promotedRevision ?? baseRevision + 1)
            case .discarded: .discarded
            }
        let submitter = submittedByUserID.map { KnowledgeActor.user($0.uuid) } ?? submittedBy.map(KnowledgeActor.key)
        return KnowledgeDraftLife(state: state, version: version, baseRevision: baseRevision, authors: authors, submitter: submitter)
    }
}

extension KnowledgeDraftLife {
    /// Applies the event; answers with why it could not, and has not changed then.
    mutating func take(_ event: Event) -> MetastoreError? {
        do throws(KnowledgeDraftRefusal) {
            try apply(event)
            return nil
        } catch { return MetastoreError(.conflict, error.message, field: error.reason.rawValue) }
    }

    func refusal(of event: Event) -> MetastoreError? {
        var life = self
        return life.take(event)
    }

    func save(as id: KnowledgeDraftID, on connection: PostgresConnection) async throws(PostgresError) {
        try await connection.query(
            """
            UPDATE knowledge_drafts SET state = $2, version = $3, base_revision = $4, updated_at = greatest(now(), updated_at) WHERE id = $1
            """, [id.value, .text(state.name.rawValue), .integer(Int64(version)), .integer(Int64(baseRevision))])
    }
}

extension AuditDraft {
    var user: UserID? { if case .user(let id) = caller { id } else { nil } }

    var actor: KnowledgeActor { user.map { .user($0.uuid) } ?? .key(callerName) }
}
