import PostgresClient

/// Credentials of worker processes; there is no secret here, only its hash.
package struct WorkerCredentialRepository: Sendable {
    let pool: PostgresPool

    private static let columns = "id, name, created_at, revoked_at"

    /// `hash`: SHA-256 of the token. Errors: `invalid` (name), `conflict` (token), `unavailable`.
    package func create(name: String, hash: [UInt8], audit: AuditDraft) async throws(MetastoreError) -> WorkerCredential {
        try await pool.audited(audit) { connection throws(PostgresError) -> (WorkerCredential, AuditedChange?) in
            let row = try await connection.query(
                """
                INSERT INTO worker_credentials (id, name, token_hash) VALUES ($1, $2, $3)
                RETURNING \(Self.columns), \(AuditSnapshot.column("worker_credentials"))
                """, [WorkerCredentialID.make().value, .text(name), .bytes(hash)]
            ).only { row throws(PostgresError) in row }
            let credential = try Self.credential(row)
            return (credential, Self.change(credential, before: nil, after: try AuditSnapshot.of(row)))
        }
    }

    /// Newest first, revoked ones among them. Errors: `invalid` (cursor), `unavailable`.
    package func list(page: PageRequest) async throws(MetastoreError) -> Page<WorkerCredential> {
        let start = try PagedList.workerCredentials.start(page, WorkerCredentialID.self)
        let credentials = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns) FROM worker_credentials WHERE id < $1 ORDER BY id DESC LIMIT $2",
                [start.value, .integer(Int64(page.limit + 1))]
            ).decoded(Self.credential)
        }
        return PagedList.workerCredentials.page(credentials, page, id: \.id)
    }

    /// Ends a credential's use. Again: no change. nil if there is none of this id. Errors: `unavailable`.
    package func revoke(_ id: WorkerCredentialID, audit: AuditDraft) async throws(MetastoreError) -> WorkerCredential? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (WorkerCredential?, AuditedChange?) in
            guard let before = try await connection.lockedSnapshot("worker_credentials", where: "id = $1", [id.value]) else {
                return (nil, nil)
            }
            let row = try await connection.query(
                """
                UPDATE worker_credentials SET revoked_at = coalesce(revoked_at, greatest(now(), created_at)) WHERE id = $1
                RETURNING \(Self.columns), \(AuditSnapshot.column("worker_credentials"))
                """, [id.value]
            ).only { row throws(PostgresError) in row }
            let credential = try Self.credential(row), after = try AuditSnapshot.of(row)
            return (credential, before == after ? nil : Self.change(credential, before: before, after: after))
        }
    }

    /// The credential with this SHA-256, revoked or not; nil if there is none. Errors: `unavailable`.
    package func find(hash: [UInt8]) async throws(MetastoreError) -> KnownWorkerCredential? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT \(Self.columns), token_hash FROM worker_credentials WHERE token_hash = $1", [.bytes(hash)])
                .first.map { row throws(PostgresError) in
                    KnownWorkerCredential(credential: try Self.credential(row), hash: try row.decode("token_hash"))
                }
        }
    }

    private static func change(_ credential: WorkerCredential, before: PostgresJSON?, after: PostgresJSON?) -> AuditedChange {
        AuditedChange(resourceKind: "worker_credential", resourceID: credential.id.uuid, before: before, after: after)
    }

    private static func credential(_ row: PostgresRow) throws(PostgresError) -> WorkerCredential {
        WorkerCredential(
            id: try row.decode("id"), name: try row.decode("name"), createdTimeUnixNano: try row.unixNano("created_at"),
            revocationTimeUnixNano: try row.unixNanoIfPresent("revoked_at"))
    }
}
