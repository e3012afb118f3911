import PostgresClient

/// Links to set a new password: single-use, known by the SHA-256 of their token.
package struct PasswordResetRepository: Sendable {
    let pool: PostgresPool

    /// False, and nothing is changed, when the user has an unused link made after the given time. Errors: `unavailable`.
    package func create(
        tokenHash: [UInt8], user: UserID, timeUnixNano: Int64, expiryTimeUnixNano: Int64, unlessCreatedSinceUnixNano: Int64,
        audit: AuditDraft
    ) async throws(MetastoreError) -> Bool {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Bool, AuditedChange?) in
            // Requests for one user go one after the other.
            try await connection.query("SELECT 1 FROM users WHERE id = $1 FOR UPDATE", [user.value])
            let isFresh = try await !connection.query(
                "SELECT 1 FROM password_resets WHERE user_id = $1 AND used_at IS NULL AND created_at > $2",
                [user.value, .timestamp(unixNano: unlessCreatedSinceUnixNano)]
            ).isEmpty
            if isFresh { return (false, nil) }
            // One link at a time: an older one ends.
            try await connection.query(
                "UPDATE password_resets SET used_at = now() WHERE user_id = $1 AND used_at IS NULL", [user.value])
            let row = try await connection.query(
                """
                INSERT INTO password_resets (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)
                RETURNING \(AuditSnapshot.column("password_resets"))
                """,
                [.bytes(tokenHash), user.value, .timestamp(unixNano: timeUnixNano), .timestamp(unixNano: expiryTimeUnixNano)]
            ).only { row throws(PostgresError) in row }
            return (true, AuditedChange(resourceKind: "password_reset", resourceID: user.uuid, after: try AuditSnapshot.of(row)))
        }
    }

    /// Whose password the token could set now, nil if nobody's: asked before the dear hash of a new password is made.
    /// Errors: `unavailable`.
    package func user(ofUsable tokenHash: [UInt8]) async throws(MetastoreError) -> User? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(UserRepository.columns) FROM users
                WHERE id = (SELECT user_id FROM password_resets WHERE \(Self.usable))
                """, [.bytes(tokenHash)]
            ).first.map(UserRepository.user)
        }
    }

    /// Uses the token up, sets the password, ends all sessions and the account's lock-out, whose count stands under `attempts`; the link
    /// went to the account's address (or through the operator's hands), which is proven by it. nil if the token is none,
    /// was used or has expired. Errors: `unavailable`.
    package func use(
        tokenHash: [UInt8], passwordHash: String, attempts: [UInt8], audit: AuditDraft
    ) async throws(MetastoreError) -> UserID? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (UserID?, AuditedChange?) in
            let row = try await connection.query(
                "UPDATE password_resets SET used_at = now() WHERE \(Self.usable) RETURNING user_id", [.bytes(tokenHash)]
            ).first
            guard let row else { return (nil, nil) }
            let user: UserID = try row.decode("user_id")
            try await connection.query(
                "UPDATE users SET password_hash = $2, address_proven_at = coalesce(address_proven_at, now()) WHERE id = $1",
                [user.value, .text(passwordHash)])
            try await SessionRepository.revokeAll(of: user, keeping: nil, on: connection)
            // Guesses at the old password say nothing about the new one.
            try await connection.query("DELETE FROM sign_in_attempts WHERE kind = 'account' AND subject = $1", [.bytes(attempts)])
            return (user, AuditedChange(resourceKind: "user", resourceID: user.uuid))
        }
    }

    private static let usable = """
        token_hash = $1 AND used_at IS NULL AND expires_at > now()
            AND EXISTS (SELECT 1 FROM users u WHERE u.id = user_id AND u.disabled_at IS NULL)
        """
}
