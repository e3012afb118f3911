import PostgresClient

/// Provider credentials in PostgreSQL: their secrets come sealed and leave sealed.
package struct ProviderCredentialRepository: Sendable {
    let pool: PostgresPool

    private static let columns = "id, organization_id, provider, name, base_url, version, created_at, updated_at"

    /// `id`: made by the caller, as the secret is sealed for it. Errors: `invalid` (provider, name, base_url), `conflict`
    /// (name), `notFound` (organization), `unavailable`.
    package func create(
        _ id: ProviderCredentialID, in organization: OrganizationID, provider: String, name: String, baseURL: String?,
        secret: SealedSecret, audit: AuditDraft
    ) async throws(MetastoreError) -> ProviderCredential {
        try await pool.audited(audit) { connection throws(PostgresError) -> (ProviderCredential, AuditedChange?) in
            let row = try await connection.query(
                """
                INSERT INTO provider_credentials (id, organization_id, provider, name, base_url, sealed_secret, data_key_id)
                VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING \(Self.columns), \(AuditSnapshot.column("provider_credentials"))
                """,
                [
                    id.value, organization.value, .text(provider), .text(name), .optional(baseURL) { .text($0) }, .bytes(secret.bytes),
                    secret.dataKeyID.value,
                ]
            ).only { row throws(PostgresError) in row }
            return (try Self.credential(row), Self.change(id, organization, nil, try AuditSnapshot.of(row)))
        }
    }

    /// Newest first. Errors: `invalid` (cursor), `unavailable`.
    package func list(in organization: OrganizationID, page: PageRequest) async throws(MetastoreError) -> Page<ProviderCredential> {
        let start = try PagedList.providerCredentials.start(page, ProviderCredentialID.self)
        let credentials = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Self.columns) FROM provider_credentials WHERE organization_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3
                """, [organization.value, start.value, .integer(Int64(page.limit + 1))]
            ).decoded(Self.credential)
        }
        return PagedList.providerCredentials.page(credentials, page, id: \.id)
    }

    /// A new secret; nil if the organization has no such credential. Errors: `unavailable`.
    package func replace(
        _ id: ProviderCredentialID, in organization: OrganizationID, secret: SealedSecret, audit: AuditDraft
    ) async throws(MetastoreError) -> ProviderCredential? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (ProviderCredential?, AuditedChange?) in
            guard let before = try await Self.locked(id, organization, on: connection) else { return (nil, nil) }
            let row = try await connection.query(
                """
                UPDATE provider_credentials SET sealed_secret = $2, data_key_id = $3, version = version + 1, updated_at = now()
                WHERE id = $1 RETURNING \(Self.columns), \(AuditSnapshot.column("provider_credentials"))
                """, [id.value, .bytes(secret.bytes), secret.dataKeyID.value]
            ).only { row throws(PostgresError) in row }
            return (try Self.credential(row), Self.change(id, organization, before, try AuditSnapshot.of(row)))
        }
    }

    /// false if the organization has no such credential. Errors: `unavailable`.
    package func delete(
        _ id: ProviderCredentialID, in organization: OrganizationID, audit: AuditDraft
    ) async throws(MetastoreError) -> Bool {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Bool, AuditedChange?) in
            guard let before = try await Self.locked(id, organization, on: connection) else { return (false, nil) }
            try await connection.query("DELETE FROM provider_credentials WHERE id = $1", [id.value])
            return (true, Self.change(id, organization, before, nil))
        }
    }

    /// With its sealed secret, for a call to the provider. Errors: `unavailable`.
    package func sealed(
        _ id: ProviderCredentialID, in organization: OrganizationID
    ) async throws(MetastoreError) -> (credential: ProviderCredential, secret: SealedSecret)? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns), sealed_secret, data_key_id FROM provider_credentials WHERE id = $1 AND organization_id = $2",
                [id.value, organization.value]
            ).first.map(Self.sealed)
        }
    }

    /// Of all organizations, the oldest first, those that follow `last`; nil for the first ones. For trying whether all open. Errors:
    /// `unavailable`.
    package func sealed(
        after last: ProviderCredentialID?, limit: Int
    ) async throws(MetastoreError) -> [(credential: ProviderCredential, secret: SealedSecret)] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns), sealed_secret, data_key_id FROM provider_credentials WHERE id > $1 ORDER BY id LIMIT $2",
                [(last ?? ProviderCredentialID(high: 0, low: 0)).value, .integer(Int64(limit))]
            ).decoded(Self.sealed)
        }
    }

    private static func sealed(
        _ row: PostgresRow
    ) throws(PostgresError) -> (credential: ProviderCredential, secret: SealedSecret) {
        (
            try credential(row), SealedSecret(bytes: try row.decode("sealed_secret"), dataKeyID: try row.decode("data_key_id"))
        )
    }

    private static func locked(
        _ id: ProviderCredentialID, _ organization: OrganizationID, on connection: PostgresConnection
    ) async throws(PostgresError) -> PostgresJSON? {
        try await connection.lockedSnapshot(
            "provider_credentials", where: "id = $1 AND organization_id = $2", [id.value, organization.value])
    }

    private static func change(
        _ id: ProviderCredentialID, _ organization: OrganizationID, _ before: PostgresJSON?, _ after: PostgresJSON?
    ) -> AuditedChange {
        AuditedChange(organization: organization, resourceKind: "provider_credential", resourceID: id.uuid, before: before, after: after)
    }

    private static func credential(_ row: PostgresRow) throws(PostgresError) -> ProviderCredential {
        ProviderCredential(
            id: try row.decode("id"), organizationID: try row.decode("organization_id"), provider: try row.decode("provider"),
            name: try row.decode("name"), baseURL: try row.decodeIfPresent("base_url"), version: try row.decode("version"),
            createdTimeUnixNano: try row.unixNano("created_at"), updateTimeUnixNano: try row.unixNano("updated_at"))
    }
}
