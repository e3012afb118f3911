import PostgresClient

/// Sessions and their refresh tokens in PostgreSQL.
package struct SessionRepository: Sendable {
    let pool: PostgresPool

    private static let columns = """
        s.id, s.user_id, s.user_agent, host(s.address) AS address, s.created_at, s.used_at, s.expires_at, s.revoked_at
        """

    /// nil, and no session, when what the proof says of the user does not hold any more: a password that was reset while it was being
    /// checked lets nobody in. `isEntered` false: the entry of what let the user in tells of the session, too. Errors: `unavailable`.
    package func create(
        _ session: NewSession, for proof: SignInProof, isEntered: Bool = true, audit: AuditDraft
    ) async throws(MetastoreError) -> SessionRecord? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (SessionRecord?, AuditedChange?) in
            // The lock: a change of the user either comes before, and is seen, or after, and sees the session that it ends.
            let row = try await connection.query(
                """
                INSERT INTO sessions AS s (id, user_id, token_hash, user_agent, address, expires_at)
                SELECT $1, u.id, $3, left($4, 300), $5::inet, $6 FROM users u
                WHERE u.id = $2 AND u.disabled_at IS NULL AND u.sign_in_generation = $7 AND ($8::text IS NULL OR u.password_hash = $8)
                FOR SHARE OF u
                RETURNING \(Self.columns), \(AuditSnapshot.column("s"))
                """,
                [
                    SessionID.make().value, session.userID.value, .bytes(session.tokenHash), .text(session.userAgent),
                    .optional(session.address) { .text($0) }, .timestamp(unixNano: session.expiryTimeUnixNano),
                    .integer(Int64(proof.signInGeneration)), .optional(proof.passwordHash) { .text($0) },
                ]
            ).first
            guard let row else { return (nil, nil) }
            let record = try Self.session(row)
            guard isEntered else { return (record, nil) }
            return (record, AuditedChange(resourceKind: "session", resourceID: record.id.uuid, after: try AuditSnapshot.of(row)))
        }
    }

    /// Exchanges a refresh token for the next one, once; a second time ends the session.
    /// Errors: `unavailable`.
    package func refresh(tokenHash: [UInt8], next: [UInt8], audit: AuditDraft) async throws(MetastoreError) -> RefreshOutcome {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                let row = try await connection.query(
                    """
                    SELECT \(Self.columns), u.sign_in_generation FROM sessions s JOIN users u ON u.id = s.user_id
                    WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > now() AND u.disabled_at IS NULL
                    FOR UPDATE OF s
                    """, [.bytes(tokenHash)]
                ).first
                guard let row else { return try await Self.endReused(tokenHash, audit, on: connection) }
                let session = try Self.session(row)
                try await connection.query(
                    "INSERT INTO spent_refresh_tokens (token_hash, session_id) VALUES ($1, $2)", [.bytes(tokenHash), session.id.value])
                let renewed = try await connection.query(
                    "UPDATE sessions s SET token_hash = $2, used_at = now() WHERE id = $1 RETURNING \(Self.columns)",
                    [session.id.value, .bytes(next)]
                ).only(Self.session)
                var audit = audit
                audit.caller = .user(session.userID)
                try await connection.append(audit, AuditedChange(resourceKind: "session", resourceID: session.id.uuid))
                return .exchanged(renewed, signInGeneration: try row.decode("sign_in_generation"))
            }
        }
    }

    private static func endReused(
        _ tokenHash: [UInt8], _ audit: AuditDraft, on connection: PostgresConnection
    ) async throws(PostgresError) -> RefreshOutcome {
        let row = try await connection.query(
            """
            UPDATE sessions s SET revoked_at = now() FROM spent_refresh_tokens t
            WHERE t.token_hash = $1 AND s.id = t.session_id AND s.revoked_at IS NULL
            RETURNING \(columns), \(AuditSnapshot.column("s"))
            """, [.bytes(tokenHash)]
        ).first
        guard let row else { return .unknown }
        let session = try session(row)
        try await connection.append(
            audit, AuditedChange(resourceKind: "session", resourceID: session.id.uuid, after: try AuditSnapshot.of(row)), outcome: .refused)
        return .reused(session)
    }

    /// Ends one session of a user. Again: no change. nil if the user has no such session. Errors: `unavailable`.
    package func revoke(_ id: SessionID, of user: UserID, audit: AuditDraft) async throws(MetastoreError) -> SessionRecord? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (SessionRecord?, AuditedChange?) in
            let condition = "id = $1 AND user_id = $2"
            guard let before = try await connection.lockedSnapshot("sessions", where: condition, [id.value, user.value]) else {
                return (nil, nil)
            }
            let row = try await connection.query(
                """
                UPDATE sessions s SET revoked_at = coalesce(revoked_at, now()) WHERE \(condition)
                RETURNING \(Self.columns), \(AuditSnapshot.column("s"))
                """, [id.value, user.value]
            ).only { row throws(PostgresError) in row }
            return (
                try Self.session(row),
                AuditedChange(resourceKind: "session", resourceID: id.uuid, before: before, after: try AuditSnapshot.of(row))
            )
        }
    }

    /// Ends all sessions of a user and every access token made so far. Errors: `unavailable`.
    package func revokeAll(of user: UserID, audit: AuditDraft) async throws(MetastoreError) {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Void, AuditedChange?) in
            try await Self.revokeAll(of: user, keeping: nil, on: connection)
            return ((), AuditedChange(resourceKind: "user", resourceID: user.uuid))
        }
    }

    /// Sessions that still work, newest first. Errors: `invalid` (cursor), `unavailable`.
    package func list(of user: UserID, page: PageRequest) async throws(MetastoreError) -> Page<SessionRecord> {
        let start = try PagedList.sessions.start(page, SessionID.self)
        let sessions = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Self.columns) FROM sessions s
                WHERE user_id = $1 AND id < $2 AND revoked_at IS NULL AND expires_at > now() ORDER BY id DESC LIMIT $3
                """, [user.value, start.value, .integer(Int64(page.limit + 1))]
            ).decoded(Self.session)
        }
        return PagedList.sessions.page(sessions, page, id: \.id)
    }

    /// What the authenticator needs of a token's session; nil if there is no such session of that user. Errors: `unavailable`.
    package func find(_ id: SessionID) async throws(MetastoreError) -> KnownSession? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withConnection { connection throws(PostgresError) in
                let row = try await connection.query(
                    """
                    SELECT \(Self.columns), u.email, u.sign_in_generation, u.disabled_at IS NOT NULL AS is_disabled
                    FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1
                    """, [id.value]
                ).first
                guard let row else { return nil }
                let session = try Self.session(row)
                return KnownSession(
                    session: session, email: try row.decode("email"), signInGeneration: try row.decode("sign_in_generation"),
                    isUserDisabled: try row.decode("is_disabled"),
                    memberships: try await MembershipRepository.all(of: session.userID, on: connection))
            }
        }
    }

    /// The session whose next token has this hash; nil if there is none. Errors: `unavailable`.
    package func find(tokenHash: [UInt8]) async throws(MetastoreError) -> BrowserSession? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT id, token_hash, used_at FROM sessions WHERE token_hash = $1", [.bytes(tokenHash)])
                .decoded { row throws(PostgresError) in
                    BrowserSession(
                        id: try row.decode("id"), tokenHash: try row.decode("token_hash"), useTimeUnixNano: try row.unixNano("used_at"))
                }.first
        }
    }

    /// Notes uses, in one statement for many sessions; a time earlier than the noted one changes nothing. Errors: `unavailable`.
    package func recordUses(_ uses: [SessionID: Int64]) async throws(MetastoreError) {
        // In one order, so that two servers noting the same sessions never wait for each other.
        let ordered = uses.sorted { ($0.key.high, $0.key.low) < ($1.key.high, $1.key.low) }
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                UPDATE sessions s SET used_at = u.used_at FROM unnest($1::uuid[], $2::timestamptz[]) AS u(id, used_at)
                WHERE s.id = u.id AND s.used_at < u.used_at
                """,
                [.ids(ordered.map(\.key)), .timestamps(unixNano: ordered.map(\.value))])
        }
    }

    /// Forgets what has long expired: sessions, invitations' and resets' secrets, counts of failed sign-ins. For a periodic duty.
    /// Errors: `unavailable`.
    package func removeExpired() async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("DELETE FROM sessions WHERE expires_at < now() - interval '7 days'")
            try await pool.query("DELETE FROM password_resets WHERE expires_at < now() - interval '7 days'")
            try await pool.query("DELETE FROM sign_in_attempts WHERE last_failure_at < now() - interval '2 days'")
        }
    }

    /// Ends sessions but one; without an exception, the access tokens made so far end, too.
    static func revokeAll(of user: UserID, keeping session: SessionID?, on connection: PostgresConnection) async throws(PostgresError) {
        // The user first: a session that is being made waits for this, or is there when the sessions are ended.
        if session == nil {
            try await connection.query("UPDATE users SET sign_in_generation = sign_in_generation + 1 WHERE id = $1", [user.value])
        }
        try await connection.query(
            "UPDATE sessions SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $2",
            [user.value, .optional(session) { $0.value }])
    }

    private static func session(_ row: PostgresRow) throws(PostgresError) -> SessionRecord {
        SessionRecord(
            id: try row.decode("id"), userID: try row.decode("user_id"), userAgent: try row.decode("user_agent"),
            address: try row.decodeIfPresent("address"), createdTimeUnixNano: try row.unixNano("created_at"),
            useTimeUnixNano: try row.unixNano("used_at"), expiryTimeUnixNano: try row.unixNano("expires_at"),
            revocationTimeUnixNano: try row.unixNanoIfPresent("revoked_at"))
    }
}
