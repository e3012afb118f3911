/// API keys in PostgreSQL: the statements, and rows made into records.

import PostgresClient
import TraceModel

package struct APIKeyRepository: Sendable {
    let pool: PostgresPool

    private static let columns = "id, project_id, name, prefix, scopes, created_at, expires_at, revoked_at, last_used_at"

    /// Errors: `invalid` (name, scopes, expires_at), `notFound` (project), `unavailable`.
    package func create(_ key: NewAPIKey, in project: ProjectID) async throws(MetastoreError) -> APIKeyRecord {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withConnection { connection throws(PostgresError) in try await Self.insert(key, in: project, on: connection) }
        }
    }

    /// The key with this SHA-256, usable or not; nil if there is none. Errors: `unavailable`.
    package func find(hash: [UInt8]) async throws(MetastoreError) -> KnownAPIKey? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT k.id, k.project_id, k.name, k.prefix, k.scopes, k.created_at, k.expires_at, k.revoked_at, k.last_used_at,
                    k.key_hash, p.organization_id, p.archived_at IS NOT NULL AS is_archived
                FROM api_keys k JOIN projects p ON p.id = k.project_id WHERE k.key_hash = $1
                """, [.bytes(hash)]
            ).first.map { row throws(PostgresError) in
                KnownAPIKey(
                    record: try Self.record(row), organizationID: try row.decode("organization_id"), hash: try row.decode("key_hash"),
                    isProjectArchived: try row.decode("is_archived"))
            }
        }
    }

    /// nil if the project has no such key. Errors: `unavailable`.
    package func find(_ id: APIKeyID, in project: ProjectID) async throws(MetastoreError) -> APIKeyRecord? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns) FROM api_keys WHERE id = $1 AND project_id = $2", [id.value, project.value]
            ).first.map(Self.record)
        }
    }

    /// Newest first, revoked and expired ones among them. Errors: `invalid` (cursor), `unavailable`.
    package func list(in project: ProjectID, page: PageRequest) async throws(MetastoreError) -> Page<APIKeyRecord> {
        let start = try PagedList.apiKeys.start(page, APIKeyID.self)
        let records = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns) FROM api_keys WHERE project_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                [project.value, start.value, .integer(Int64(page.limit + 1))]
            ).decoded(Self.record)
        }
        return PagedList.apiKeys.page(records, page, id: \.id)
    }

    /// Ends a key's use. Again: no change. nil if the project has no such key. Errors: `unavailable`.
    package func revoke(_ id: APIKeyID, in project: ProjectID) async throws(MetastoreError) -> APIKeyRecord? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                UPDATE api_keys SET revoked_at = coalesce(revoked_at, greatest(now(), created_at))
                WHERE id = $1 AND project_id = $2 RETURNING \(Self.columns)
                """, [id.value, project.value]
            ).first.map(Self.record)
        }
    }

    /// Notes uses, in one statement for many keys; a time earlier than the noted one changes nothing. Errors: `unavailable`.
    package func recordUses(_ uses: [APIKeyID: Int64]) async throws(MetastoreError) {
        // In one order, so that two servers noting the same keys never wait for each other.
        let ordered = uses.sorted { ($0.key.high, $0.key.low) < ($1.key.high, $1.key.low) }
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                UPDATE api_keys k SET last_used_at = u.used_at
                FROM unnest($1::uuid[], $2::timestamptz[]) AS u(id, used_at)
                WHERE k.id = u.id AND (k.last_used_at IS NULL OR k.last_used_at < u.used_at)
                """,
                [.uuids(ordered.map { PostgresUUID(high: $0.key.high, low: $0.key.low) }), .timestamps(unixNano: ordered.map(\.value))])
        }
    }

    static func insert(
        _ key: NewAPIKey, in project: ProjectID, on connection: PostgresConnection
    ) async throws(PostgresError) -> APIKeyRecord {
        try await connection.query(
            """
            INSERT INTO api_keys (id, project_id, name, prefix, key_hash, scopes, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING \(columns)
            """,
            [
                APIKeyID.make().value, project.value, .text(key.name), .text(key.prefix), .bytes(key.hash), .texts(key.scopes),
                .optional(key.expiryTimeUnixNano) { .timestamp(unixNano: $0) },
            ]
        ).only(record)
    }

    private static func record(_ row: PostgresRow) throws(PostgresError) -> APIKeyRecord {
        APIKeyRecord(
            id: try row.decode("id"), projectID: try row.decode("project_id"), name: try row.decode("name"),
            prefix: try row.decode("prefix"),
            scopes: try row.texts("scopes"), createdTimeUnixNano: try row.unixNano("created_at"),
            expiryTimeUnixNano: try row.unixNanoIfPresent("expires_at"), revocationTimeUnixNano: try row.unixNanoIfPresent("revoked_at"),
            lastUseTimeUnixNano: try row.unixNanoIfPresent("last_used_at"))
    }
}

extension PostgresRows {
    func decoded<T>(_ decode: (PostgresRow) throws(PostgresError) -> T) throws(PostgresError) -> [T] {
        var values: [T] = []
        values.reserveCapacity(count)
        for row in self { values.append(try decode(row)) }
        return values
    }
}
