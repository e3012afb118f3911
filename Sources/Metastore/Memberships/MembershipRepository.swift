import PostgresClient
import TraceModel

/// Memberships in PostgreSQL: who belongs where. How that changes: MembershipRepository+changes.swift.
package struct MembershipRepository: Sendable {
    let pool: PostgresPool

    static let columns = "m.user_id, u.email, u.name, m.role, m.created_at"

    /// The newest accounts first. Errors: `invalid` (cursor), `unavailable`.
    package func list(in organization: OrganizationID, page: PageRequest) async throws(MetastoreError) -> Page<Member> {
        try await list("organization_memberships m JOIN users u ON u.id = m.user_id WHERE m.organization_id = $1", organization.value, page)
    }

    /// Those with a role in this very project. Errors: `invalid` (cursor), `unavailable`.
    package func list(in project: ProjectID, page: PageRequest) async throws(MetastoreError) -> Page<Member> {
        try await list("project_memberships m JOIN users u ON u.id = m.user_id WHERE m.project_id = $1", project.value, page)
    }

    private func list(_ source: String, _ place: PostgresValue, _ page: PageRequest) async throws(MetastoreError) -> Page<Member> {
        let start = try PagedList.members.start(page, UserID.self)
        let members = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns) FROM \(source) AND m.user_id < $2 ORDER BY m.user_id DESC LIMIT $3",
                [place, start.value, .integer(Int64(page.limit + 1))]
            ).decoded(Self.member)
        }
        return PagedList.members.page(members, page, id: \.userID)
    }

    /// nil if the user is no member. Errors: `unavailable`.
    package func find(_ user: UserID, in organization: OrganizationID) async throws(MetastoreError) -> Member? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Self.columns) FROM organization_memberships m JOIN users u ON u.id = m.user_id
                WHERE m.organization_id = $1 AND m.user_id = $2
                """, [organization.value, user.value]
            ).first.map(Self.member)
        }
    }

    /// Everything a user is a member of. Errors: `unavailable`.
    package func all(of user: UserID) async throws(MetastoreError) -> UserMemberships {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withConnection { connection throws(PostgresError) in try await Self.all(of: user, on: connection) }
        }
    }

    // MARK: Rows

    static func all(of user: UserID, on connection: PostgresConnection) async throws(PostgresError) -> UserMemberships {
        let organizations = try await connection.query(
            "SELECT organization_id, role FROM organization_memberships WHERE user_id = $1 ORDER BY created_at, organization_id",
            [user.value]
        ).decoded { row throws(PostgresError) in
            UserMemberships.OrganizationRole(organizationID: try row.decode("organization_id"), role: try row.decode("role"))
        }
        let projects = try await connection.query(
            """
            SELECT m.project_id, p.organization_id, m.role FROM project_memberships m JOIN projects p ON p.id = m.project_id
            WHERE m.user_id = $1 AND p.archived_at IS NULL ORDER BY m.created_at, m.project_id
            """, [user.value]
        ).decoded { row throws(PostgresError) in
            UserMemberships.ProjectRole(
                projectID: try row.decode("project_id"), organizationID: try row.decode("organization_id"), role: try row.decode("role"))
        }
        return UserMemberships(organizations: organizations, projects: projects)
    }

    /// Someone who was invited, or the first owner; a role they have already is kept if it is this one's better (`owner` first).
    static func add(
        _ user: UserID, to organization: OrganizationID, as role: String, on connection: PostgresConnection
    ) async throws(PostgresError) {
        try await connection.query(
            """
            INSERT INTO organization_memberships AS m (organization_id, user_id, role) VALUES ($1, $2, $3)
            ON CONFLICT (organization_id, user_id) DO UPDATE SET role = excluded.role
            WHERE \(rank("excluded.role")) < \(rank("m.role"))
            """, [organization.value, user.value, .text(role)])
    }

    static func add(_ user: UserID, to project: ProjectID, as role: String, on connection: PostgresConnection) async throws(PostgresError) {
        try await connection.query(
            """
            INSERT INTO project_memberships AS m (project_id, user_id, role) VALUES ($1, $2, $3)
            ON CONFLICT (project_id, user_id) DO UPDATE SET role = excluded.role
            WHERE \(rank("excluded.role")) < \(rank("m.role"))
            """, [project.value, user.value, .text(role)])
    }

    private static func rank(_ column: String) -> String { "array_position('{owner,admin,member,viewer}'::text[], \(column))" }

    static func member(_ row: PostgresRow) throws(PostgresError) -> Member {
        Member(
            userID: try row.decode("user_id"), email: try row.decode("email"), name: try row.decode("name"), role: try row.decode("role"),
            createdTimeUnixNano: try row.unixNano("created_at"))
    }
}
