import PostgresClient
import TraceModel

/// Invitations in PostgreSQL.
package struct InvitationRepository: Sendable {
    let pool: PostgresPool

    private static let columns = """
        i.id, i.organization_id, i.project_id, i.email, i.role, i.created_at, i.expires_at, i.accepted_at, i.revoked_at
        """
    private static let open = "i.token_hash = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()"

    /// Errors: `invalid` (email, role), `notFound` (organization, project), `unavailable`.
    package func create(_ invitation: NewInvitation, audit: AuditDraft) async throws(MetastoreError) -> Invitation {
        // One that no look-up would find later.
        guard EmailAddress.normalForm(invitation.email) != nil else {
            throw MetastoreError(.invalid, "must have its letters in lower case", field: "email")
        }
        return try await pool.audited(audit) { connection throws(PostgresError) -> (Invitation, AuditedChange?) in
            let row = try await connection.query(
                """
                INSERT INTO invitations AS i (id, organization_id, project_id, email, role, token_hash, expires_at, is_mailed)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING \(Self.columns), \(AuditSnapshot.column("i"))
                """,
                [
                    InvitationID.make().value, invitation.organizationID.value, .optional(invitation.projectID) { $0.value },
                    .text(invitation.email), .text(invitation.role), .bytes(invitation.tokenHash),
                    .timestamp(unixNano: invitation.expiryTimeUnixNano), .bool(invitation.isMailed),
                ]
            ).only { row throws(PostgresError) in row }
            let made = try Self.invitation(row)
            return (made, Self.change(made, before: nil, after: try AuditSnapshot.of(row)))
        }
    }

    /// The open invitation of a token; nil if there is none. Errors: `unavailable`.
    package func find(tokenHash: [UInt8]) async throws(MetastoreError) -> Invitation? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT \(Self.columns) FROM invitations i WHERE \(Self.open)", [.bytes(tokenHash)])
                .first.map(Self.invitation)
        }
    }

    /// Newest first, ended ones among them. Errors: `invalid` (cursor), `unavailable`.
    package func list(in organization: OrganizationID, page: PageRequest) async throws(MetastoreError) -> Page<Invitation> {
        let start = try PagedList.invitations.start(page, InvitationID.self)
        let invitations = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns) FROM invitations i WHERE organization_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                [organization.value, start.value, .integer(Int64(page.limit + 1))]
            ).decoded(Self.invitation)
        }
        return PagedList.invitations.page(invitations, page, id: \.id)
    }

    /// Ends an invitation. Again: no change. nil if the organization has no such one, or it was accepted. Errors: `unavailable`.
    package func revoke(
        _ id: InvitationID, in organization: OrganizationID, audit: AuditDraft
    ) async throws(MetastoreError) -> Invitation? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Invitation?, AuditedChange?) in
            let condition = "id = $1 AND organization_id = $2 AND accepted_at IS NULL"
            guard let before = try await connection.lockedSnapshot("invitations", where: condition, [id.value, organization.value]) else {
                return (nil, nil)
            }
            let row = try await connection.query(
                """
                UPDATE invitations i SET revoked_at = coalesce(revoked_at, now()) WHERE \(condition)
                RETURNING \(Self.columns), \(AuditSnapshot.column("i"))
                """, [id.value, organization.value]
            ).only { row throws(PostgresError) in row }
            let invitation = try Self.invitation(row)
            return (invitation, Self.change(invitation, before: before, after: try AuditSnapshot.of(row)))
        }
    }

    /// Uses an invitation up: makes the account where there is none, and the membership; one that was mailed proves the account's address.
    /// Errors: `invalid` (name), `unavailable`.
    package func accept(tokenHash: [UInt8], as guest: InvitationGuest, audit: AuditDraft) async throws(MetastoreError) -> AcceptanceOutcome
    {
        try await pool.audited(audit) { connection throws(PostgresError) -> (AcceptanceOutcome, AuditedChange?) in
            let row = try await connection.query(
                "SELECT \(Self.columns), \(AuditSnapshot.column("i")) FROM invitations i WHERE \(Self.open) FOR UPDATE", [.bytes(tokenHash)]
            ).first
            guard let row else { return (.unknown, nil) }
            let invitation = try Self.invitation(row)
            let known = try await connection.query(
                "SELECT \(UserRepository.columns) FROM users WHERE email = $1", [.text(invitation.email)]
            ).first.map(UserRepository.user)
            let user: User
            switch (guest, known) {
            case (.known(let id), let known?) where known.id == id && known.disabledTimeUnixNano == nil: user = known
            case (.known, _): return (.unknown, nil)
            case (.new, _?): return (.accountExists, nil)
            case (.new(let name, let passwordHash), nil):
                user = try await UserRepository.insert(
                    NewUser(email: invitation.email, name: name, passwordHash: passwordHash), on: connection)
            }
            if let project = invitation.projectID {
                try await MembershipRepository.add(user.id, to: project, as: invitation.role, on: connection)
            } else {
                try await MembershipRepository.add(user.id, to: invitation.organizationID, as: invitation.role, on: connection)
            }
            try await connection.query(
                """
                UPDATE users SET address_proven_at = now()
                WHERE id = $1 AND address_proven_at IS NULL AND (SELECT is_mailed FROM invitations WHERE id = $2)
                """, [user.id.value, invitation.id.value])
            let after = try await connection.query(
                """
                UPDATE invitations i SET accepted_at = now() WHERE id = $1
                RETURNING \(Self.columns), \(AuditSnapshot.column("i"))
                """, [invitation.id.value]
            ).only { row throws(PostgresError) in row }
            let accepted = try Self.invitation(after)
            return (
                .accepted(accepted, user),
                Self.change(accepted, before: try AuditSnapshot.of(row), after: try AuditSnapshot.of(after))
            )
        }
    }

    private static func change(_ invitation: Invitation, before: PostgresJSON?, after: PostgresJSON?) -> AuditedChange {
        AuditedChange(
            organization: invitation.organizationID, project: invitation.projectID, resourceKind: "invitation",
            resourceID: invitation.id.uuid, before: before, after: after)
    }

    private static func invitation(_ row: PostgresRow) throws(PostgresError) -> Invitation {
        Invitation(
            id: try row.decode("id"), organizationID: try row.decode("organization_id"), projectID: try row.decodeIfPresent("project_id"),
            email: try row.decode("email"), role: try row.decode("role"), createdTimeUnixNano: try row.unixNano("created_at"),
            expiryTimeUnixNano: try row.unixNano("expires_at"), acceptanceTimeUnixNano: try row.unixNanoIfPresent("accepted_at"),
            revocationTimeUnixNano: try row.unixNanoIfPresent("revoked_at"))
    }
}
