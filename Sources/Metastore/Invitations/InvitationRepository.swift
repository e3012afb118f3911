import PostgresClient
import TraceModel

/// Invitations in PostgreSQL.
package struct InvitationRepository: Sendable {
    let pool: PostgresPool

    private static let columns = """
        i.id, i.organization_id, i.project_id, i.email, i.role, i.created_at, i.expires_at, i.accepted_at, i.revoked_at,
        i.created_by
        """
    static let open = "i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()"
    /// An archived project takes nobody in.
    private static let acceptable = """
        i.token_hash = $1 AND \(open)
        AND NOT EXISTS (SELECT 1 FROM projects p WHERE p.id = i.project_id AND p.archived_at IS NOT NULL)
        """

    /// `notFound`: the project is archived, or none of the organization's. Errors: `invalid` (email), `unavailable`.
    package func create(
        _ invitation: NewInvitation, by authority: MembershipAuthority, audit: AuditDraft
    ) async throws(MetastoreError) -> MembershipOutcome<Invitation> {
        // One that no look-up would find later.
        guard EmailAddress.normalForm(invitation.email) != nil else {
            throw MetastoreError(.invalid, "must have its letters in lower case", field: "email")
        }
        return try await pool.audited(audit) { connection throws(PostgresError) -> (MembershipOutcome<Invitation>, AuditedChange?) in
            try await connection.lock(invitation.organizationID)
            let among = try await connection.manageable(by: authority, in: invitation.organizationID)
            if among.isEmpty { return (.callerNotAllowed, nil) }
            guard among.contains(invitation.role) else { return (.notAllowed, nil) }
            if let project = invitation.projectID {
                let inUse = try await connection.query(
                    "SELECT 1 FROM projects WHERE id = $1 AND organization_id = $2 AND archived_at IS NULL",
                    [project.value, invitation.organizationID.value])
                if inUse.isEmpty { return (.notFound, nil) }
            }
            let row = try await connection.query(
                """
                INSERT INTO invitations AS i (id, organization_id, project_id, email, role, token_hash, expires_at, created_by, is_mailed)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING \(Self.columns), \(AuditSnapshot.column("i"))
                """,
                [
                    InvitationID.make().value, invitation.organizationID.value, .optional(invitation.projectID) { $0.value },
                    .text(invitation.email), .text(invitation.role), .bytes(invitation.tokenHash),
                    .timestamp(unixNano: invitation.expiryTimeUnixNano), authority.user.value, .bool(invitation.isMailed),
                ]
            ).only { row throws(PostgresError) in row }
            let made = try Self.invitation(row)
            return (.done(made), Self.change(made, before: nil, after: try AuditSnapshot.of(row)))
        }
    }

    /// The open invitation of a token; nil if there is none. Errors: `unavailable`.
    package func find(tokenHash: [UInt8]) async throws(MetastoreError) -> Invitation? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT \(Self.columns) FROM invitations i WHERE \(Self.acceptable)", [.bytes(tokenHash)])
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

    /// Ends an invitation. Again: no change. `notFound` if the organization has no such one, or it was accepted. Errors: `unavailable`.
    package func revoke(
        _ id: InvitationID, in organization: OrganizationID, by authority: MembershipAuthority, audit: AuditDraft
    ) async throws(MetastoreError) -> MembershipOutcome<Invitation> {
        try await pool.audited(audit) { connection throws(PostgresError) -> (MembershipOutcome<Invitation>, AuditedChange?) in
            try await connection.lock(organization)
            let among = try await connection.manageable(by: authority, in: organization)
            if among.isEmpty { return (.callerNotAllowed, nil) }
            let condition = "id = $1 AND organization_id = $2 AND accepted_at IS NULL"
            let before = try await connection.query(
                "SELECT role, \(AuditSnapshot.column("i")) FROM invitations i WHERE \(condition)", [id.value, organization.value]
            ).first
            guard let before else { return (.notFound, nil) }
            guard among.contains(try before.decode("role", as: String.self)) else { return (.notAllowed, nil) }
            let row = try await connection.query(
                """
                UPDATE invitations i SET revoked_at = coalesce(revoked_at, now()) WHERE \(condition)
                RETURNING \(Self.columns), \(AuditSnapshot.column("i"))
                """, [id.value, organization.value]
            ).only { row throws(PostgresError) in row }
            let invitation = try Self.invitation(row)
            return (.done(invitation), Self.change(invitation, before: try AuditSnapshot.of(before), after: try AuditSnapshot.of(row)))
        }
    }

    /// Uses an invitation up: makes the account where there is none, and the membership; one that was mailed proves the account's address.
    /// Errors: `invalid` (name), `unavailable`.
    package func accept(tokenHash: [UInt8], as guest: InvitationGuest, audit: AuditDraft) async throws(MetastoreError) -> AcceptanceOutcome
    {
        try await pool.audited(audit) { connection throws(PostgresError) -> (AcceptanceOutcome, AuditedChange?) in
            let place = try await connection.query(
                "SELECT organization_id FROM invitations WHERE token_hash = $1", [.bytes(tokenHash)]
            ).first
            guard let place else { return (.unknown, nil) }
            // Before the invitation: whoever removes its maker, or the one it is for, has this lock and ends it.
            try await connection.lock(try place.decode("organization_id"))
            let row = try await connection.query(
                "SELECT \(Self.columns), \(AuditSnapshot.column("i")) FROM invitations i WHERE \(Self.acceptable) FOR UPDATE",
                [.bytes(tokenHash)]
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
            revocationTimeUnixNano: try row.unixNanoIfPresent("revoked_at"), creatorID: try row.decodeIfPresent("created_by"))
    }
}
