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

extension PostgresRows {
    /// The row of a statement that always answers with exactly one.
    func only<T>(_ decode: (PostgresRow) throws(PostgresError) -> T) throws(PostgresError) -> T {
        guard let first, count == 1 else { throw PostgresError(.decoding, "one row was expected, \(count) came") }
        return try decode(first)
    }
}
