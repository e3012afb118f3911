import PostgresClient
import TraceModel

/// Every method takes the organization that asks: another one's project is as good as none.
package struct ProjectRepository: Sendable {
    let pool: PostgresPool

    private static let columns = "id, organization_id, name, retention_days, created_at, archived_at"

    /// Errors: `invalid` (name, retention_days), `conflict` (name), `notFound` (organization), `unavailable`.
    package func create(
        name: String, retentionDays: Int? = nil, in organization: OrganizationID, audit: AuditDraft = .system("createProject")
    ) async throws(MetastoreError) -> Project {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Project, AuditedChange?) in
            let (project, after) = try await Self.insert(name: name, retentionDays: retentionDays, in: organization, on: connection)
            return (project, Self.change(project, before: nil, after: after))
        }
    }

    /// nil if the organization has no such project. Errors: `unavailable`.
    package func find(_ id: ProjectID, in organization: OrganizationID) async throws(MetastoreError) -> Project? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns) FROM projects WHERE id = $1 AND organization_id = $2", [id.value, organization.value]
            ).first.map(Self.project)
        }
    }

    /// Newest first. Errors: `invalid` (cursor), `unavailable`.
    package func list(
        in organization: OrganizationID, includingArchived: Bool = false, page: PageRequest
    ) async throws(MetastoreError) -> Page<Project> {
        let start = try PagedList.projects.start(page, ProjectID.self)
        let projects = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Self.columns) FROM projects
                WHERE organization_id = $1 AND id < $2 AND ($3 OR archived_at IS NULL) ORDER BY id DESC LIMIT $4
                """, [organization.value, start.value, .bool(includingArchived), .integer(Int64(page.limit + 1))]
            ).decoded(Self.project)
        }
        return PagedList.projects.page(projects, page, id: \.id)
    }

    /// nil if the organization has no such project. Errors: as `create`.
    package func update(
        _ id: ProjectID, in organization: OrganizationID, _ change: ProjectChange, audit: AuditDraft = .system("updateProject")
    ) async throws(MetastoreError) -> Project? {
        let days: PostgresValue = if case .days(let days)? = change.retention { .integer(Self.clamped(days)) } else { .null }
        return try await alter(
            id, in: organization, "name = coalesce($3, name), retention_days = CASE WHEN $4 THEN $5 ELSE retention_days END",
            [.optional(change.name) { .text($0) }, .bool(change.retention != nil), days], audit)
    }

    /// Ends a project's use; its keys stop working. Again: no change. nil if there is none. Errors: `unavailable`.
    ///
    /// - Parameter deletion: of all its telemetry, ordered with it; nil: that stays until its retention ends.
    package func archive(
        _ id: ProjectID, in organization: OrganizationID, deleting deletion: NewDeletion? = nil,
        audit: AuditDraft = .system("archiveProject")
    ) async throws(MetastoreError) -> Project? {
        try await alter(id, in: organization, "archived_at = coalesce(archived_at, greatest(now(), created_at))", [], audit) {
            connection throws(PostgresError) in
            guard let deletion else { return }
            let record = try await DeletionRepository.insert(deletion, in: id, requestedBy: audit.callerName, on: connection)
            try await connection.append(audit, DeletionRepository.change(record))
        }
    }

    private func alter(
        _ id: ProjectID, in organization: OrganizationID, _ assignments: String, _ parameters: [PostgresValue], _ audit: AuditDraft,
        with more: (PostgresConnection) async throws(PostgresError) -> Void = { (_) throws(PostgresError) in }
    ) async throws(MetastoreError) -> Project? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Project?, AuditedChange?) in
            let condition = "id = $1 AND organization_id = $2"
            guard let before = try await connection.lockedSnapshot("projects", where: condition, [id.value, organization.value]) else {
                return (nil, nil)
            }
            let row = try await connection.query(
                "UPDATE projects SET \(assignments) WHERE \(condition) RETURNING \(Self.columns), \(AuditSnapshot.column("projects"))",
                [id.value, organization.value] + parameters
            ).only { row throws(PostgresError) in row }
            let project = try Self.project(row)
            try await more(connection)
            return (project, Self.change(project, before: before, after: try AuditSnapshot.of(row)))
        }
    }

    /// Which of these organizations has a project that is not archived; nil if none has. For the authenticator. Errors: `unavailable`.
    package func organization(of id: ProjectID, among organizations: [OrganizationID]) async throws(MetastoreError) -> OrganizationID? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT organization_id FROM projects WHERE id = $1 AND organization_id = ANY ($2) AND archived_at IS NULL",
                [id.value, .ids(organizations)]
            ).first.map { row throws(PostgresError) in try row.decode("organization_id") }
        }
    }

    /// Whose project it is; nil if it is archived. For workers, which work for every organization. Errors: `unavailable`.
    package func organization(of id: ProjectID) async throws(MetastoreError) -> OrganizationID? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT organization_id FROM projects WHERE id = $1 AND archived_at IS NULL", [id.value])
                .first.map { row throws(PostgresError) in try row.decode("organization_id") }
        }
    }

    /// What is kept of all projects that keep less than all, of every organization: for the store. Errors: `unavailable`.
    package func retention() async throws(MetastoreError) -> [ProjectID: ProjectRetention] {
        try await translatingErrors { () throws(PostgresError) in
            var all: [ProjectID: ProjectRetention] = [:]
            for row in try await pool.query(
                """
                SELECT p.id, p.retention_days, s.retention_bytes FROM projects p LEFT JOIN project_settings s ON s.project_id = p.id
                WHERE p.retention_days IS NOT NULL OR s.retention_bytes IS NOT NULL
                """)
            {
                all[try row.decode("id")] = ProjectRetention(
                    days: try row.decodeIfPresent("retention_days"), byteCount: try row.decodeIfPresent("retention_bytes"))
            }
            return all
        }
    }

    static func insert(
        name: String, retentionDays: Int?, in organization: OrganizationID, on connection: PostgresConnection
    ) async throws(PostgresError) -> (Project, PostgresJSON) {
        try await connection.query(
            """
            INSERT INTO projects (id, organization_id, name, retention_days) VALUES ($1, $2, $3, $4)
            RETURNING \(columns), \(AuditSnapshot.column("projects"))
            """,
            [ProjectID.make().value, organization.value, .text(name), .optional(retentionDays) { .integer(clamped($0)) }]
        ).only { row throws(PostgresError) in (try project(row), try AuditSnapshot.of(row)) }
    }

    private static func change(_ project: Project, before: PostgresJSON?, after: PostgresJSON?) -> AuditedChange {
        AuditedChange(
            organization: project.organizationID, project: project.id, resourceKind: "project", resourceID: project.id.uuid,
            before: before, after: after)
    }

    /// Into the column's 32 bits: what is out of range stays so, and the schema refuses it by name.
    private static func clamped(_ days: Int) -> Int64 { Int64(Int32(clamping: days)) }

    private static func project(_ row: PostgresRow) throws(PostgresError) -> Project {
        Project(
            id: try row.decode("id"), organizationID: try row.decode("organization_id"), name: try row.decode("name"),
            retentionDays: try row.decodeIfPresent("retention_days"), createdTimeUnixNano: try row.unixNano("created_at"),
            archivedTimeUnixNano: try row.unixNanoIfPresent("archived_at"))
    }
}
