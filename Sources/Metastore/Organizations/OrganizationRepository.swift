/// Organizations in PostgreSQL: the statements, and rows made into records.

import PostgresClient

package struct OrganizationRepository: Sendable {
    let pool: PostgresPool

    /// Errors: `invalid` (name), `unavailable`.
    package func create(name: String, audit: AuditDraft = .system("createOrganization")) async throws(MetastoreError) -> Organization {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Organization, AuditedChange?) in
            let (organization, after) = try await Self.insert(name: name, on: connection)
            return (organization, Self.change(organization.id, before: nil, after: after))
        }
    }

    /// nil if there is none. Errors: `invalid` (name), `unavailable`.
    package func rename(
        _ id: OrganizationID, to name: String, audit: AuditDraft
    ) async throws(MetastoreError) -> Organization? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Organization?, AuditedChange?) in
            guard let before = try await connection.lockedSnapshot("organizations", where: "id = $1", [id.value]) else { return (nil, nil) }
            let (organization, after) = try await connection.query(
                "UPDATE organizations SET name = $2 WHERE id = $1 RETURNING \(Self.columns)", [id.value, .text(name)]
            ).only { row throws(PostgresError) in (try Self.organization(row), try AuditSnapshot.of(row)) }
            return (organization, Self.change(id, before: before, after: after))
        }
    }

    /// nil if there is none. Errors: `unavailable`.
    package func find(_ id: OrganizationID) async throws(MetastoreError) -> Organization? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT id, name, created_at FROM organizations WHERE id = $1", [id.value]).first.map(Self.organization)
        }
    }

    /// The installation's own: the one its first start made. nil before that. Errors: `unavailable`.
    package func first() async throws(MetastoreError) -> OrganizationID? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT id FROM organizations ORDER BY created_at, id LIMIT 1")
                .first.map { row throws(PostgresError) in try row.decode("id") }
        }
    }

    /// Those a user has a role in or in a project of, by name. Errors: `unavailable`.
    package func names(of user: UserID) async throws(MetastoreError) -> [(id: OrganizationID, name: String)] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT o.id, o.name FROM organizations o
                WHERE EXISTS (SELECT 1 FROM organization_memberships m WHERE m.organization_id = o.id AND m.user_id = $1)
                    OR EXISTS (
                        SELECT 1 FROM project_memberships m JOIN projects p ON p.id = m.project_id
                        WHERE p.organization_id = o.id AND p.archived_at IS NULL AND m.user_id = $1)
                ORDER BY o.name, o.id
                """, [user.value]
            ).decoded { row throws(PostgresError) in (try row.decode("id"), try row.decode("name")) }
        }
    }

    /// Makes an organization whose one member is its owner. Errors: `invalid` (name), `notFound` (user), `unavailable`.
    package func create(name: String, owner: UserID, audit: AuditDraft) async throws(MetastoreError) -> Organization {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Organization, AuditedChange?) in
            let (organization, after) = try await Self.insert(name: name, on: connection)
            try await MembershipRepository.add(owner, to: organization.id, as: "owner", on: connection)
            return (organization, Self.change(organization.id, before: nil, after: after))
        }
    }

    static func insert(name: String, on connection: PostgresConnection) async throws(PostgresError) -> (Organization, PostgresJSON) {
        try await connection.query(
            "INSERT INTO organizations (id, name) VALUES ($1, $2) RETURNING \(columns)", [OrganizationID.make().value, .text(name)]
        ).only { row throws(PostgresError) in (try organization(row), try AuditSnapshot.of(row)) }
    }

    private static let columns = "id, name, created_at, \(AuditSnapshot.column("organizations"))"

    private static func change(_ id: OrganizationID, before: PostgresJSON?, after: PostgresJSON?) -> AuditedChange {
        AuditedChange(organization: id, resourceKind: "organization", resourceID: id.uuid, before: before, after: after)
    }

    private static func organization(_ row: PostgresRow) throws(PostgresError) -> Organization {
        Organization(id: try row.decode("id"), name: try row.decode("name"), createdTimeUnixNano: try row.unixNano("created_at"))
    }
}
