/// Organizations in PostgreSQL: the statements, and rows made into records.

import PostgresClient

package struct OrganizationRepository: Sendable {
    let pool: PostgresPool

    /// Errors: `invalid` (name), `unavailable`.
    package func create(name: String) async throws(MetastoreError) -> Organization {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withConnection { connection throws(PostgresError) in try await Self.insert(name: name, on: connection) }
        }
    }

    /// nil if there is none. Errors: `unavailable`.
    package func find(_ id: OrganizationID) async throws(MetastoreError) -> Organization? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT id, name, created_at FROM organizations WHERE id = $1", [id.value]).first.map(Self.organization)
        }
    }

    static func insert(name: String, on connection: PostgresConnection) async throws(PostgresError) -> Organization {
        try await connection.query(
            "INSERT INTO organizations (id, name) VALUES ($1, $2) RETURNING id, name, created_at",
            [OrganizationID.make().value, .text(name)]
        ).only(organization)
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
