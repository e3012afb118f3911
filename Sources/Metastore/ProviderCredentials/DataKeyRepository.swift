import PostgresClient

/// Wrapped data keys, and which master keys may wrap them. A row changes its master key only from the one the caller saw, so
/// that two rotations, or a rotation and a server, never undo each other.
package struct DataKeyRepository: Sendable {
    let pool: PostgresPool

    private static let columns = "id, organization_id, purpose, wrapped_key, master_key_id"

    /// nil if there is none yet. Errors: `unavailable`.
    package func find(_ organization: OrganizationID?, _ purpose: DataKeyPurpose) async throws(MetastoreError) -> WrappedDataKey? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns) FROM data_keys WHERE organization_id IS NOT DISTINCT FROM $1 AND purpose = $2",
                [.optional(organization) { $0.value }, .text(purpose.rawValue)]
            ).first.map(Self.key)
        }
    }

    /// Errors: `unavailable`.
    package func find(_ id: DataKeyID) async throws(MetastoreError) -> WrappedDataKey? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT \(Self.columns) FROM data_keys WHERE id = $1", [id.value]).first.map(Self.key)
        }
    }

    /// Stores a key unless there is one of that organization and purpose; returns the one that is there then. Errors:
    /// `notFound` (organization; a master key that was rotated away), `unavailable`.
    package func insertIfMissing(_ key: WrappedDataKey) async throws(MetastoreError) -> WrappedDataKey {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                INSERT INTO data_keys (id, organization_id, purpose, wrapped_key, master_key_id) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT DO NOTHING
                """,
                [
                    key.id.value, .optional(key.organizationID) { $0.value }, .text(key.purpose.rawValue), .bytes(key.wrapped),
                    .text(key.masterKeyID),
                ])
        }
        return try await find(key.organizationID, key.purpose) ?? key
    }

    /// Keys under another master key than this one, at most `limit`. Errors: `unavailable`.
    package func notUnder(masterKeyID: String, limit: Int) async throws(MetastoreError) -> [WrappedDataKey] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns) FROM data_keys WHERE master_key_id <> $1 ORDER BY id LIMIT $2",
                [.text(masterKeyID), .integer(Int64(limit))]
            ).decoded(Self.key)
        }
    }

    /// false if the key is under another master key by now. Errors: `unavailable`.
    @discardableResult
    package func rewrap(_ key: WrappedDataKey, to wrapped: [UInt8], masterKeyID: String) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "UPDATE data_keys SET wrapped_key = $3, master_key_id = $4 WHERE id = $1 AND master_key_id = $2",
                [key.id.value, .text(key.masterKeyID), .bytes(wrapped), .text(masterKeyID)]
            ).affectedRowCount == 1
        }
    }

    // MARK: Master keys

    /// Errors: `unavailable`.
    package func masterKeyIDs() async throws(MetastoreError) -> Set<String> {
        try await translatingErrors { () throws(PostgresError) in
            Set(
                try await pool.query("SELECT id FROM master_keys").decoded { row throws(PostgresError) in
                    try row.decode("id", as: String.self)
                })
        }
    }

    /// Allows a master key to wrap data keys. Errors: `invalid` (id), `unavailable`.
    package func allow(masterKeyID: String) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("INSERT INTO master_keys (id) VALUES ($1) ON CONFLICT DO NOTHING", [.text(masterKeyID)])
        }
    }

    /// Forgets every master key but this one; false, without any change, if another still wraps a data key. From then on nobody
    /// can store a data key under one of the others. Errors: `unavailable`.
    package func retireAll(but masterKeyID: String, audit: AuditDraft) async throws(MetastoreError) -> Bool {
        do throws(MetastoreError) {
            try await pool.audited(audit) { connection throws(PostgresError) -> (Void, AuditedChange?) in
                try await connection.query("DELETE FROM master_keys WHERE id <> $1", [.text(masterKeyID)])
                return ((), AuditedChange(resourceKind: "master_key", resourceID: masterKeyID))
            }
            return true
        } catch {
            guard error.cause?.constraint == "data_keys_master_key_id_fkey" else { throw error }
            return false
        }
    }

    private static func key(_ row: PostgresRow) throws(PostgresError) -> WrappedDataKey {
        let purpose = try row.decode("purpose", as: String.self)
        guard let purpose = DataKeyPurpose(rawValue: purpose) else {
            throw PostgresError(.decoding, "\(purpose) is no purpose of a data key")
        }
        return WrappedDataKey(
            id: try row.decode("id"), organizationID: try row.decodeIfPresent("organization_id"), purpose: purpose,
            wrapped: try row.decode("wrapped_key"), masterKeyID: try row.decode("master_key_id"))
    }
}
