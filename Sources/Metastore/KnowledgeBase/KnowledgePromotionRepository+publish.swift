/// The one transaction that all of a promotion is for: a revision after the active one, made of rows for what changed and of nothing else,
/// which is the active one when it commits. Readers have a revision's number before they read: they see all of the old or all of the new.

import ByteCoding
import JobQueue
import PostgresClient
import TraceModel

extension KnowledgePromotionRepository {
    /// Ends the promotion one way or the other. Errors: `unavailable`: it may be published or not, and may be asked again.
    package func publish(_ leased: LeasedKnowledgePromotion) async throws(MetastoreError) -> KnowledgePublication {
        try await pool.audited(.system("publishKnowledge")) {
            connection throws(PostgresError) -> (KnowledgePublication, AuditedChange?) in
            let project = try await connection.query(
                "SELECT project_id FROM knowledge_promotions WHERE id = $1", [leased.id.value]
            ).first.map { row throws(PostgresError) in try row.decode("project_id", as: ProjectID.self) }
            guard let project else { return (.lost, nil) }
            let active = try await KnowledgeRepository.heldActiveRevision(in: project, on: connection)
            guard let promotion = try await Self.held(leased, on: connection) else { return (.lost, nil) }
            try await TaskRepository.take(.start, leased.id, on: connection)
            guard active == promotion.baseRevision else {
                let message = "revision \(active) became active meanwhile; this was to follow revision \(promotion.baseRevision)"
                try await Self.fail(promotion, leased, message, on: connection)
                return (.superseded(active: active), nil)
            }
            let after = try await Self.makeRevision(active + 1, of: promotion, on: connection)
            try await Self.conclude(promotion, leased, revision: active + 1, on: connection)
            let revision = try await connection.query(
                "SELECT \(KnowledgeRevision.columns) FROM \(KnowledgeRevision.tables) WHERE r.project_id = $1 AND r.number = $2",
                [project.value, .integer(Int64(active + 1))]
            ).only(KnowledgeRevision.init)
            return (
                .published(revision),
                AuditedChange(
                    project: project, resourceKind: "knowledge_revision", resourceID: String(revision.number), after: after)
            )
        }
    }

    // MARK: - Inside of the transaction

    /// The revision, the versions of entries that end and begin with it, and the base that has it as its active one.
    private static func makeRevision(
        _ number: Int, of promotion: KnowledgePromotion, on connection: PostgresConnection
    ) async throws(PostgresError) -> PostgresJSON {
        let count: String
        let about: PostgresValue
        switch promotion.origin {
        case .draft(let id):
            about = id.value
            count = """
                coalesce((SELECT entry_count FROM knowledge_revisions WHERE project_id = p.project_id AND number = p.base_revision), 0)
                    + (SELECT count(*) FILTER (WHERE base_content_id IS NULL) - count(*) FILTER (WHERE content_id IS NULL)
                       FROM knowledge_draft_changes WHERE draft_id = p.draft_id)
                """
        case .revision(let restored):
            about = .integer(Int64(restored))
            count = "(SELECT entry_count FROM knowledge_revisions WHERE project_id = p.project_id AND number = p.restored_revision)"
        }
        let after = try await connection.query(
            """
            INSERT INTO knowledge_revisions (project_id, number, draft_id, restored_revision, message, entry_count, embedding_model,
                promoted_by)
            SELECT p.project_id, $2, p.draft_id, p.restored_revision, p.message, \(count), p.embedding_model, p.requested_by
            FROM knowledge_promotions p WHERE p.id = $1 RETURNING \(AuditSnapshot.column("knowledge_revisions"))
            """, [promotion.id.value, .integer(Int64(number))]
        ).only(AuditSnapshot.of)
        let statements = if case .draft = promotion.origin { draftStatements } else { restoringStatements }
        for statement in statements {
            try await connection.query(statement, [promotion.projectID.value, .integer(Int64(number)), about])
        }
        let moved = try await connection.query(
            "UPDATE knowledge_bases SET active_revision = $2, updated_at = now() WHERE project_id = $1 AND active_revision = $2 - 1",
            [promotion.projectID.value, .integer(Int64(number))]
        ).affectedRowCount
        guard moved == 1 else { throw PostgresError(.decoding, "the active revision moved under a transaction that holds it") }
        return after
    }

    /// $1 project, $2 the new revision, $3 draft.
    private static let draftStatements = [
        """
        UPDATE knowledge_entry_versions v SET removed_in = $2 FROM knowledge_draft_changes c
        WHERE c.draft_id = $3 AND v.project_id = $1 AND v.entry_id = c.entry_id AND v.removed_in IS NULL
        """,
        """
        INSERT INTO knowledge_entry_versions (project_id, entry_id, introduced_in, content_id, author, source_trace_id, source_span_id)
        SELECT $1, entry_id, $2, content_id, author, source_trace_id, source_span_id FROM knowledge_draft_changes
        WHERE draft_id = $3 AND content_id IS NOT NULL
        """,
    ]

    /// $1 project, $2 the new revision, $3 the one that is restored: an entry that says the same in both goes on as it is.
    private static let restoringStatements = [
        """
        UPDATE knowledge_entry_versions v SET removed_in = $2
        WHERE v.project_id = $1 AND v.removed_in IS NULL AND NOT EXISTS (
            SELECT FROM knowledge_entry_versions w
            WHERE w.entry_id = v.entry_id AND w.content_id = v.content_id AND w.introduced_in <= $3
                AND (w.removed_in IS NULL OR w.removed_in > $3))
        """,
        """
        INSERT INTO knowledge_entry_versions (project_id, entry_id, introduced_in, content_id, author, source_trace_id, source_span_id)
        SELECT $1, w.entry_id, $2, w.content_id, w.author, w.source_trace_id, w.source_span_id FROM knowledge_entry_versions w
        WHERE w.project_id = $1 AND w.introduced_in <= $3 AND (w.removed_in IS NULL OR w.removed_in > $3) AND NOT EXISTS (
            SELECT FROM knowledge_entry_versions v WHERE v.entry_id = w.entry_id AND v.removed_in IS NULL)
        """,
    ]

    /// Job, tasks and draft end with it; whoever waits for a new active revision is told.
    private static func conclude(
        _ promotion: KnowledgePromotion, _ leased: LeasedKnowledgePromotion, revision: Int, on connection: PostgresConnection
    ) async throws(PostgresError) {
        let result = JSONValue.object([JSONMember(key: "revision", value: .integer(Int64(revision)))]).bytes
        try await connection.query("UPDATE knowledge_promotions SET phase = 'ended' WHERE id = $1", [promotion.id.value])
        _ = try await JobQueue.end(
            [EndedAttempt(leased.job.id, .succeeded)], leases: [leased.job.id: leased.job.lease], on: connection)
        try await TaskRepository.take(.succeed(result: result), promotion.id, on: connection)
        if case .draft(let draft) = promotion.origin {
            try await connection.query(
                """
                UPDATE knowledge_drafts SET state = 'promoted', promoted_revision = $2, updated_at = greatest(now(), updated_at)
                WHERE id = $1
                """, [draft.value, .integer(Int64(revision))])
            try await TaskRepository.take(.succeed(result: result), draft.task, on: connection)
        }
        try await connection.query(
            "SELECT pg_notify($1, $2)", [.text(KnowledgeRepository.channel), .text("\(promotion.projectID.uuid):\(revision)")])
    }
}
