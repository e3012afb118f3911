import PostgresClient

/// Users, their outside identities and their feedback in PostgreSQL.
package struct UserRepository: Sendable {
    let pool: PostgresPool

    static let columns = "users.id, users.email, users.name, users.profile, users.settings, users.created_at, users.disabled_at"

    /// nil if there is none. Errors: `unavailable`.
    package func find(_ id: UserID) async throws(MetastoreError) -> User? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT \(Self.columns) FROM users WHERE id = $1", [id.value]).first.map(Self.user)
        }
    }

    /// For sign-in; the address in whatever case. Errors: `unavailable`.
    package func credentials(email: String) async throws(MetastoreError) -> UserCredentials? {
        guard let email = EmailAddress.normalForm(email) else { return nil }
        return try await credentials(where: "email = $1", .text(email))
    }

    /// For a change of password. Errors: `unavailable`.
    package func credentials(_ id: UserID) async throws(MetastoreError) -> UserCredentials? {
        try await credentials(where: "id = $1", id.value)
    }

    private func credentials(where condition: String, _ value: PostgresValue) async throws(MetastoreError) -> UserCredentials? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns), password_hash, sign_in_generation FROM users WHERE \(condition)", [value]
            ).first.map(Self.credentials)
        }
    }

    /// nil if there is no such user. Errors: `invalid` (name, profile, settings), `unavailable`.
    package func update(_ id: UserID, _ change: UserChange, audit: AuditDraft) async throws(MetastoreError) -> User? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (User?, AuditedChange?) in
            guard let before = try await connection.lockedSnapshot("users", where: "id = $1", [id.value]) else { return (nil, nil) }
            let row = try await connection.query(
                """
                UPDATE users SET name = coalesce($2, name), profile = coalesce($3, profile), settings = coalesce($4, settings)
                WHERE id = $1 RETURNING \(Self.columns), \(AuditSnapshot.column("users"))
                """,
                [
                    id.value, .optional(change.name) { .text($0) }, .optional(change.profile) { .json($0) },
                    .optional(change.settings) { .json($0) },
                ]
            ).only { row throws(PostgresError) in row }
            return (
                try Self.user(row),
                AuditedChange(resourceKind: "user", resourceID: id.uuid, before: before, after: try AuditSnapshot.of(row))
            )
        }
    }

    /// Stores a password's hash made anew with dearer parameters, unless the password was changed meanwhile. No audit entry: the
    /// password is the same. Errors: `unavailable`.
    package func rehash(_ id: UserID, from old: String, to new: String) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2", [id.value, .text(old), .text(new)])
        }
    }

    /// Sets a password in the place of the one whose hash was verified, and ends every session but the one it is changed in. false, and
    /// no change, when the password is another one by now or the session has ended. Errors: `unavailable`.
    package func changePassword(
        _ id: UserID, from old: String, to hash: String, keeping session: SessionID, audit: AuditDraft
    ) async throws(MetastoreError) -> Bool {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Bool, AuditedChange?) in
            // Two statements: the second sees what whoever held the first one's lock has done.
            let user = try await connection.query(
                "SELECT 1 FROM users WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL FOR UPDATE", [id.value, .text(old)])
            guard !user.isEmpty else { return (false, nil) }
            let own = try await connection.query(
                "SELECT 1 FROM sessions WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL FOR SHARE", [session.value, id.value])
            guard !own.isEmpty else { return (false, nil) }
            try await connection.query("UPDATE users SET password_hash = $2 WHERE id = $1", [id.value, .text(hash)])
            try await SessionRepository.revokeAll(of: id, keeping: session, on: connection)
            return (true, AuditedChange(resourceKind: "user", resourceID: id.uuid))
        }
    }

    /// Errors: `invalid` (message), `notFound` (user), `unavailable`.
    @discardableResult
    package func addFeedback(_ message: String, of user: UserID, audit: AuditDraft) async throws(MetastoreError) -> FeedbackID {
        let id = FeedbackID.make()
        return try await pool.audited(audit) { connection throws(PostgresError) -> (FeedbackID, AuditedChange?) in
            let row = try await connection.query(
                "INSERT INTO feedback (id, user_id, message) VALUES ($1, $2, $3) RETURNING \(AuditSnapshot.column("feedback"))",
                [id.value, user.value, .text(message)]
            ).only { row throws(PostgresError) in row }
            return (id, AuditedChange(resourceKind: "feedback", resourceID: id.uuid, after: try AuditSnapshot.of(row)))
        }
    }

    // MARK: Outside identities

    /// Who this is here; nil if nobody. Errors: `unavailable`.
    package func credentials(issuer: String, subject: String) async throws(MetastoreError) -> UserCredentials? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Self.columns), password_hash, sign_in_generation
                FROM users JOIN external_identities i ON i.user_id = users.id WHERE i.issuer = $1 AND i.subject = $2
                """, [.text(issuer), .text(subject)]
            ).first.map(Self.credentials)
        }
    }

    /// Whether the user has an identity at this issuer. Errors: `unavailable`.
    package func hasIdentity(_ user: UserID, issuer: String) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await !pool.query(
                "SELECT 1 FROM external_identities WHERE user_id = $1 AND issuer = $2", [user.value, .text(issuer)]
            ).isEmpty
        }
    }

    /// To a user whose address the issuer vouches for. When nothing else had proven the address before, somebody else may know the
    /// account's password and have sessions: both end, which the answer says. Errors: `conflict` (the identity is somebody's already),
    /// `notFound` (user), `unavailable`.
    package func link(issuer: String, subject: String, to user: UserID, audit: AuditDraft) async throws(MetastoreError) -> Bool {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Bool, AuditedChange?) in
            let isUnproven = try await !connection.query(
                """
                UPDATE users SET address_proven_at = now(), password_hash = NULL WHERE id = $1 AND address_proven_at IS NULL RETURNING id
                """, [user.value]
            ).isEmpty
            if isUnproven { try await SessionRepository.revokeAll(of: user, keeping: nil, on: connection) }
            let row = try await connection.query(
                """
                INSERT INTO external_identities (issuer, subject, user_id) VALUES ($1, $2, $3)
                RETURNING \(AuditSnapshot.column("external_identities"))
                """, [.text(issuer), .text(subject), user.value]
            ).only { row throws(PostgresError) in row }
            return (isUnproven, AuditedChange(resourceKind: "external_identity", resourceID: user.uuid, after: try AuditSnapshot.of(row)))
        }
    }

    // MARK: Rows

    static func insert(_ user: NewUser, on connection: PostgresConnection) async throws(PostgresError) -> User {
        try await connection.query(
            "INSERT INTO users (id, email, name, password_hash) VALUES ($1, $2, $3, $4) RETURNING \(columns)",
            [UserID.make().value, .text(user.email), .text(user.name), .optional(user.passwordHash) { .text($0) }]
        ).only(Self.user)
    }

    static func user(_ row: PostgresRow) throws(PostgresError) -> User {
        User(
            id: try row.decode("id"), email: try row.decode("email"), name: try row.decode("name"),
            profile: try row.decode("profile", as: PostgresJSON.self).bytes,
            settings: try row.decode("settings", as: PostgresJSON.self).bytes, createdTimeUnixNano: try row.unixNano("created_at"),
            disabledTimeUnixNano: try row.unixNanoIfPresent("disabled_at"))
    }

    private static func credentials(_ row: PostgresRow) throws(PostgresError) -> UserCredentials {
        UserCredentials(
            user: try user(row), passwordHash: try row.decodeIfPresent("password_hash"),
            signInGeneration: try row.decode("sign_in_generation"))
    }
}
