import PostgresClient
import TraceModel

/// Memberships in PostgreSQL. `among`: the roles whose holders the caller may change; read and changed under one lock.
package struct MembershipRepository: Sendable {
    let pool: PostgresPool

    private static let columns = "m.user_id, u.email, u.name, m.role, m.created_at"

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

    /// Errors: `conflict` (the last owner), `invalid` (role), `unavailable`.
    package func change(
        _ user: UserID, in organization: OrganizationID, to role: String, among: [String], audit: AuditDraft
    ) async throws(MetastoreError) -> MembershipOutcome {
        let place = Place(table: "organization_memberships", column: "organization_id", value: organization.value)
        return try await alter(user, at: place, organization, nil, among: among, audit: audit) { connection throws(PostgresError) in
            try await connection.query(
                """
                UPDATE organization_memberships SET role = $3 WHERE organization_id = $1 AND user_id = $2
                RETURNING \(AuditSnapshot.column("organization_memberships"))
                """, [organization.value, user.value, .text(role)]
            ).only(AuditSnapshot.of)
        }
    }

    /// Takes a member's roles in the organization's projects along. Errors: `conflict` (the last owner), `unavailable`.
    package func remove(
        _ user: UserID, from organization: OrganizationID, among: [String], audit: AuditDraft
    ) async throws(MetastoreError) -> MembershipOutcome {
        let place = Place(table: "organization_memberships", column: "organization_id", value: organization.value)
        return try await alter(user, at: place, organization, nil, among: among, audit: audit) { connection throws(PostgresError) in
            try await connection.query(
                """
                DELETE FROM project_memberships m USING projects p
                WHERE p.id = m.project_id AND p.organization_id = $1 AND m.user_id = $2
                """, [organization.value, user.value])
            try await connection.query(
                "DELETE FROM organization_memberships WHERE organization_id = $1 AND user_id = $2", [organization.value, user.value])
            return nil
        }
    }

    /// Gives a member of the organization, or of the project already, a role in a project of it. Errors: `invalid` (role),
    /// `notFound` (the project is not the organization's), `unavailable`.
    package func setRole(
        _ user: UserID, in project: ProjectID, of organization: OrganizationID, to role: String, among: [String], audit: AuditDraft
    ) async throws(MetastoreError) -> MembershipOutcome {
        try await pool.audited(audit) { connection throws(PostgresError) -> (MembershipOutcome, AuditedChange?) in
            // Locks whoever is changed: the membership where there is one, else the one in the organization.
            let known = try await connection.query(
                """
                SELECT 1 FROM users u JOIN projects p ON p.id = $2 AND p.organization_id = $3 WHERE u.id = $1 AND (
                    EXISTS (SELECT 1 FROM organization_memberships WHERE organization_id = $3 AND user_id = $1)
                    OR EXISTS (SELECT 1 FROM project_memberships WHERE project_id = $2 AND user_id = $1))
                FOR UPDATE OF u
                """, [user.value, project.value, organization.value])
            guard !known.isEmpty else { return (.notFound, nil) }
            let current = try await connection.query(
                """
                SELECT role, \(AuditSnapshot.column("project_memberships")) FROM project_memberships
                WHERE project_id = $1 AND user_id = $2
                """, [project.value, user.value]
            ).first
            if let current, !among.contains(try current.decode("role", as: String.self)) { return (.notAllowed, nil) }
            let after = try await connection.query(
                """
                INSERT INTO project_memberships (project_id, user_id, role) VALUES ($1, $2, $3)
                ON CONFLICT (project_id, user_id) DO UPDATE SET role = excluded.role
                RETURNING \(AuditSnapshot.column("project_memberships"))
                """, [project.value, user.value, .text(role)]
            ).only(AuditSnapshot.of)
            let member = try await connection.query(
                """
                SELECT \(Self.columns) FROM project_memberships m JOIN users u ON u.id = m.user_id
                WHERE m.project_id = $1 AND m.user_id = $2
                """, [project.value, user.value]
            ).only(Self.member)
            return (
                .done(member),
                AuditedChange(
                    organization: organization, project: project, resourceKind: "member", resourceID: user.uuid,
                    before: try current.map(AuditSnapshot.of), after: after)
            )
        }
    }

    /// Errors: `unavailable`.
    package func remove(
        _ user: UserID, from project: ProjectID, of organization: OrganizationID, among: [String], audit: AuditDraft
    ) async throws(MetastoreError) -> MembershipOutcome {
        let place = Place(table: "project_memberships", column: "project_id", value: project.value)
        return try await alter(user, at: place, organization, project, among: among, audit: audit) { connection throws(PostgresError) in
            try await connection.query(
                "DELETE FROM project_memberships WHERE project_id = $1 AND user_id = $2", [project.value, user.value])
            return nil
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

    /// A table of memberships and the column that says where.
    private struct Place {
        let table: String
        let column: String
        let value: PostgresValue
    }

    private func alter(
        _ user: UserID, at place: Place, _ organization: OrganizationID, _ project: ProjectID?, among: [String], audit: AuditDraft,
        _ body: (PostgresConnection) async throws(PostgresError) -> PostgresJSON?
    ) async throws(MetastoreError) -> MembershipOutcome {
        try await pool.audited(audit) { connection throws(PostgresError) -> (MembershipOutcome, AuditedChange?) in
            let select = """
                SELECT \(Self.columns), \(AuditSnapshot.column("m")) FROM \(place.table) m JOIN users u ON u.id = m.user_id
                WHERE m.\(place.column) = $1 AND m.user_id = $2
                """
            // The organization first: keep_one_owner locks in this order, too.
            try await connection.query("SELECT 1 FROM organizations WHERE id = $1 FOR UPDATE", [organization.value])
            guard let row = try await connection.query(select + " FOR UPDATE OF m", [place.value, user.value]).first else {
                return (.notFound, nil)
            }
            let member = try Self.member(row)
            guard among.contains(member.role) else { return (.notAllowed, nil) }
            let after = try await body(connection)
            let now = after == nil ? nil : try await connection.query(select, [place.value, user.value]).first.map(Self.member)
            return (
                .done(now ?? member),
                AuditedChange(
                    organization: organization, project: project, resourceKind: "member", resourceID: user.uuid,
                    before: try AuditSnapshot.of(row), after: after)
            )
        }
    }

    private static func member(_ row: PostgresRow) throws(PostgresError) -> Member {
        Member(
            userID: try row.decode("user_id"), email: try row.decode("email"), name: try row.decode("name"), role: try row.decode("role"),
            createdTimeUnixNano: try row.unixNano("created_at"))
    }
}
