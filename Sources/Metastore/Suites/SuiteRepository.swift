import PostgresClient
import TraceModel

/// Suites are found, made and changed for the project that asks: another one's is as good as none. What is in a suite is read by its
/// id: of one that was found.
package struct SuiteRepository: Sendable {
    let pool: PostgresPool

    static let columns = """
        suites.id, suites.project_id, suites.name, suites.description, suites.current_version, suites.created_at, suites.archived_at,
        coalesce((SELECT case_count FROM suite_versions v WHERE v.suite_id = suites.id AND v.number = suites.current_version), 0)
            AS case_count
        """

    /// Errors: `invalid` (name, description), `conflict` (name), `unavailable`.
    package func create(
        name: String, description: String, in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> Suite {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Suite, AuditedChange?) in
            let row = try await connection.query(
                """
                INSERT INTO suites (id, project_id, name, description) VALUES ($1, $2, $3, $4)
                RETURNING \(Self.columns), \(AuditSnapshot.column("suites"))
                """, [SuiteID.make().value, project.value, .text(name), .text(description)]
            ).only { row throws(PostgresError) in row }
            let suite = try Self.suite(row)
            return (suite, Self.change(suite, before: nil, after: try AuditSnapshot.of(row)))
        }
    }

    /// nil if the project has no such suite. Errors: `unavailable`.
    package func find(_ id: SuiteID, in project: ProjectID) async throws(MetastoreError) -> Suite? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns) FROM suites WHERE id = $1 AND project_id = $2", [id.value, project.value]
            ).first.map(Self.suite)
        }
    }

    /// nil if the project has no suite of this name. Errors: `unavailable`.
    package func find(name: String, in project: ProjectID) async throws(MetastoreError) -> Suite? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns) FROM suites WHERE project_id = $1 AND name = $2", [project.value, .text(name)]
            ).first.map(Self.suite)
        }
    }

    /// Newest first. Errors: `invalid` (cursor), `unavailable`.
    package func list(
        in project: ProjectID, includingArchived: Bool = false, page: PageRequest
    ) async throws(MetastoreError) -> Page<Suite> {
        let start = try PagedList.suites.start(page, SuiteID.self)
        let suites = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Self.columns) FROM suites
                WHERE project_id = $1 AND id < $2 AND ($3 OR archived_at IS NULL) ORDER BY id DESC LIMIT $4
                """, [project.value, start.value, .bool(includingArchived), .integer(Int64(page.limit + 1))]
            ).decoded(Self.suite)
        }
        return PagedList.suites.page(suites, page, id: \.id)
    }

    /// What is nil stays as it is; nil if the project has no such suite. Errors: as `create`.
    package func update(
        _ id: SuiteID, in project: ProjectID, name: String?, description: String?, audit: AuditDraft
    ) async throws(MetastoreError) -> Suite? {
        try await alter(
            id, in: project, "name = coalesce($3, name), description = coalesce($4, description)",
            [.optional(name) { .text($0) }, .optional(description) { .text($0) }], audit)
    }

    /// The suite is no longer listed and takes no new runs; its runs stay. Errors: `unavailable`.
    package func archive(_ id: SuiteID, in project: ProjectID, audit: AuditDraft) async throws(MetastoreError) -> Suite? {
        try await alter(id, in: project, "archived_at = coalesce(archived_at, greatest(now(), created_at))", [], audit)
    }

    private func alter(
        _ id: SuiteID, in project: ProjectID, _ assignments: String, _ parameters: [PostgresValue], _ audit: AuditDraft
    ) async throws(MetastoreError) -> Suite? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Suite?, AuditedChange?) in
            let condition = "id = $1 AND project_id = $2"
            guard let before = try await connection.lockedSnapshot("suites", where: condition, [id.value, project.value]) else {
                return (nil, nil)
            }
            let row = try await connection.query(
                "UPDATE suites SET \(assignments) WHERE \(condition) RETURNING \(Self.columns), \(AuditSnapshot.column("suites"))",
                [id.value, project.value] + parameters
            ).only { row throws(PostgresError) in row }
            let suite = try Self.suite(row)
            return (suite, Self.change(suite, before: before, after: try AuditSnapshot.of(row)))
        }
    }

    private static func change(_ suite: Suite, before: PostgresJSON?, after: PostgresJSON?) -> AuditedChange {
        AuditedChange(project: suite.projectID, resourceKind: "suite", resourceID: suite.id.uuid, before: before, after: after)
    }

    static func suite(_ row: PostgresRow) throws(PostgresError) -> Suite {
        Suite(
            id: try row.decode("id"), projectID: try row.decode("project_id"), name: try row.decode("name"),
            description: try row.decode("description"), currentVersion: try row.decode("current_version"),
            caseCount: try row.decode("case_count"), createdTimeUnixNano: try row.unixNano("created_at"),
            archivedTimeUnixNano: try row.unixNanoIfPresent("archived_at"))
    }
}
