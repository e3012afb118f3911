/// A project's knowledge base: what it is set to, which revision is active, how revisions follow each other. What is in them is read in
/// `+entries`.

import PostgresClient
import TraceModel

package struct KnowledgeRepository: Sendable {
    let pool: PostgresPool

    /// The channel on which PostgreSQL tells of a new active revision; the payload is `PROJECT:REVISION`.
    package static let channel = "spandrel_knowledge"

    // MARK: - Settings

    /// Those of a base that nobody set are the defaults. Errors: `unavailable`.
    package func settings(of project: ProjectID) async throws(MetastoreError) -> KnowledgeSettings {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withConnection { connection throws(PostgresError) in try await Self.settings(of: project, on: connection) }
        }
    }

    /// Errors: `invalid` (required_approvals, gate), `notFound` (project), `unavailable`.
    package func set(
        _ settings: KnowledgeSettings, of project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> KnowledgeSettings {
        try await pool.audited(audit) { connection throws(PostgresError) -> (KnowledgeSettings, AuditedChange?) in
            try await Self.makeBase(of: project, on: connection)
            let before = try await connection.lockedSnapshot("knowledge_bases", where: "project_id = $1", [project.value])
            let row = try await connection.query(
                """
                UPDATE knowledge_bases SET required_approvals = $2, gate = $3, updated_at = now() WHERE project_id = $1
                RETURNING required_approvals, gate, \(AuditSnapshot.column("knowledge_bases"))
                """,
                [
                    project.value, .integer(Int64(settings.requiredApprovals)), .optional(settings.gate) { .json($0) },
                ]
            ).only { row throws(PostgresError) in row }
            return (
                try Self.settings(row),
                AuditedChange(
                    project: project, resourceKind: "knowledge_base", resourceID: project.uuid, before: before,
                    after: try AuditSnapshot.of(row))
            )
        }
    }

    // MARK: - Revisions

    /// 0: nothing was ever promoted. Errors: `unavailable`.
    package func activeRevision(in project: ProjectID) async throws(MetastoreError) -> Int {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withConnection { connection throws(PostgresError) in
                try await Self.activeRevision(in: project, on: connection)
            }
        }
    }

    /// nil if the project has no such revision or draft; the active one there is always, and is revision 0, with nothing in it, at first.
    /// Errors: `unavailable`.
    package func view(of source: KnowledgeSource, in project: ProjectID) async throws(MetastoreError) -> KnowledgeView? {
        switch source {
        case .active: return KnowledgeView(projectID: project, revision: try await activeRevision(in: project))
        case .revision(0): return KnowledgeView(projectID: project, revision: 0)
        case .revision(let number):
            return try await find(number, in: project).map { KnowledgeView(projectID: project, revision: $0.number) }
        case .draft(let id):
            let rows = try await translatingErrors { () throws(PostgresError) in
                try await pool.query(
                    "SELECT base_revision, version FROM knowledge_drafts WHERE id = $1 AND project_id = $2", [id.value, project.value]
                ).decoded { row throws(PostgresError) in
                    KnowledgeView(
                        projectID: project, revision: try row.decode("base_revision"),
                        draft: KnowledgeView.DraftVersion(id: id, version: try row.decode("version")))
                }
            }
            return rows.first
        }
    }

    /// nil if the project has no such revision. Errors: `unavailable`.
    package func find(_ number: Int, in project: ProjectID) async throws(MetastoreError) -> KnowledgeRevision? {
        guard let number = Int32(exactly: number) else { return nil }
        return try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(KnowledgeRevision.columns) FROM \(KnowledgeRevision.tables)
                WHERE r.project_id = $1 AND r.number = $2
                """, [project.value, .integer(Int64(number))]
            ).first.map(KnowledgeRevision.init)
        }
    }

    /// Newest first, from the one before `number` on. Errors: `unavailable`.
    package func revisions(of project: ProjectID, before number: Int?, limit: Int) async throws(MetastoreError) -> [KnowledgeRevision] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(KnowledgeRevision.columns) FROM \(KnowledgeRevision.tables)
                WHERE r.project_id = $1 AND r.number < $2 ORDER BY r.number DESC LIMIT $3
                """, [project.value, .integer(Int64(Int32(clamping: number ?? .max))), .integer(Int64(limit))]
            ).decoded(KnowledgeRevision.init)
        }
    }

    /// Whose vectors the projects are searched with that are not archived: the model of the active revision, and that of the settings. Earlier
    /// revisions and models that a search names are searched, too, now and then. Errors: `unavailable`.
    package func searchedModels() async throws(MetastoreError) -> [ProjectID: Set<String>] {
        try await translatingErrors { () throws(PostgresError) in
            let rows = try await pool.query(
                """
                SELECT b.project_id, r.embedding_model, s.default_models ->> 'embedding' AS default_model
                FROM knowledge_bases b JOIN projects p ON p.id = b.project_id AND p.archived_at IS NULL
                LEFT JOIN knowledge_revisions r ON r.project_id = b.project_id AND r.number = b.active_revision
                LEFT JOIN project_settings s ON s.project_id = b.project_id
                """)
            var models: [ProjectID: Set<String>] = [:]
            for row in rows {
                let named = [
                    try row.decodeIfPresent("embedding_model", as: String.self), try row.decodeIfPresent("default_model", as: String.self),
                ]
                models[try row.decode("project_id")] = Set(named.compactMap(\.self))
            }
            return models
        }
    }

    // MARK: - Inside of transactions

    /// Errors: as the schema says for a project that is not there.
    static func makeBase(of project: ProjectID, on connection: PostgresConnection) async throws(PostgresError) {
        try await connection.query("INSERT INTO knowledge_bases (project_id) VALUES ($1) ON CONFLICT DO NOTHING", [project.value])
    }

    static func activeRevision(in project: ProjectID, on connection: PostgresConnection) async throws(PostgresError) -> Int {
        try await connection.query("SELECT active_revision FROM knowledge_bases WHERE project_id = $1", [project.value])
            .first.map { row throws(PostgresError) in try row.decode("active_revision") } ?? 0
    }

    /// The same, held until the transaction ends: no other promotion begins or is published meanwhile. Whoever holds a draft as well holds
    /// this first.
    static func heldActiveRevision(in project: ProjectID, on connection: PostgresConnection) async throws(PostgresError) -> Int {
        try await connection.query(
            "SELECT active_revision FROM knowledge_bases WHERE project_id = $1 FOR NO KEY UPDATE", [project.value]
        ).first.map { row throws(PostgresError) in try row.decode("active_revision") } ?? 0
    }

    static func settings(of project: ProjectID, on connection: PostgresConnection) async throws(PostgresError) -> KnowledgeSettings {
        try await connection.query("SELECT required_approvals, gate FROM knowledge_bases WHERE project_id = $1", [project.value])
            .first.map(Self.settings) ?? KnowledgeSettings()
    }

    private static func settings(_ row: PostgresRow) throws(PostgresError) -> KnowledgeSettings {
        KnowledgeSettings(
            requiredApprovals: try row.decode("required_approvals"), gate: try row.decodeIfPresent("gate", as: PostgresJSON.self)?.bytes)
    }
}
