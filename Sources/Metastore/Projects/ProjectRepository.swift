import PostgresClient
import TraceModel

/// Every method takes the organization that asks: another one's project is as good as none.
package struct ProjectRepository: Sendable {
    let pool: PostgresPool

    private static let columns = "id, organization_id, name, retention_days, created_at, archived_at"

    /// Errors: `invalid` (name, retention_days), `conflict` (name), `notFound` (organization), `unavailable`.
    package func create(name: String, retentionDays: Int? = nil, in organization: OrganizationID) async throws(MetastoreError) -> Project {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withConnection { connection throws(PostgresError) in
                try await Self.insert(name: name, retentionDays: retentionDays, in: organization, on: connection)
            }
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
        _ id: ProjectID, in organization: OrganizationID, _ change: ProjectChange
    ) async throws(MetastoreError) -> Project? {
        let days: PostgresValue = if case .days(let days)? = change.retention { .integer(Self.clamped(days)) } else { .null }
        return try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                UPDATE projects SET name = coalesce($3, name), retention_days = CASE WHEN $4 THEN $5 ELSE retention_days END
                WHERE id = $1 AND organization_id = $2 RETURNING \(Self.columns)
                """, [id.value, organization.value, .optional(change.name) { .text($0) }, .bool(change.retention != nil), days]
            ).first.map(Self.project)
        }
    }

    /// Ends a project's use; its keys stop working. Again: no change. nil if there is none. Errors: `unavailable`.
    package func archive(_ id: ProjectID, in organization: OrganizationID) async throws(MetastoreError) -> Project? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                UPDATE projects SET archived_at = coalesce(archived_at, greatest(now(), created_at))
                WHERE id = $1 AND organization_id = $2 RETURNING \(Self.columns)
                """, [id.value, organization.value]
            ).first.map(Self.project)
        }
    }

    /// Days of retention of all projects that have some, of every organization: for the store. Errors: `unavailable`.
    package func retentionDays() async throws(MetastoreError) -> [ProjectID: Int] {
        try await translatingErrors { () throws(PostgresError) in
            var days: [ProjectID: Int] = [:]
            for row in try await pool.query("SELECT id, retention_days FROM projects WHERE retention_days IS NOT NULL") {
                days[try row.decode("id")] = try row.decode("retention_days")
            }
            return days
        }
    }

    static func insert(
        name: String, retentionDays: Int?, in organization: OrganizationID, on connection: PostgresConnection
    ) async throws(PostgresError) -> Project {
        try await connection.query(
            "INSERT INTO projects (id, organization_id, name, retention_days) VALUES ($1, $2, $3, $4) RETURNING \(columns)",
            [ProjectID.make().value, organization.value, .text(name), .optional(retentionDays) { .integer(clamped($0)) }]
        ).only(project)
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
