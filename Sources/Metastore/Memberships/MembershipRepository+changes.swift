/// Changes of members: each under the organization's lock, with the caller's roles as they are then.
///
/// What a member can no longer do ends in the same transaction, so that nobody comes back by what was prepared before: invitations
/// the member made to roles beyond what may still be given, and invitations to the member's own address.

import PostgresClient
import TraceModel

extension MembershipRepository {
    /// Errors: `conflict` (the last owner), `unavailable`.
    package func change(
        _ user: UserID, in organization: OrganizationID, to role: GivenRole, by authority: MembershipAuthority, audit: AuditDraft
    ) async throws(MetastoreError) -> MembershipOutcome<Member> {
        try await pool.audited(audit) { connection throws(PostgresError) -> (MembershipOutcome<Member>, AuditedChange?) in
            try await connection.lock(organization)
            let among = try await connection.manageable(by: authority, in: organization)
            if among.isEmpty { return (.callerNotAllowed, nil) }
            let condition = "organization_id = $1 AND user_id = $2", whose = [organization.value, user.value]
            let before = try await connection.query(
                "SELECT role, \(AuditSnapshot.column("m")) FROM organization_memberships m WHERE \(condition)", whose
            ).first
            guard let before else { return (.notFound, nil) }
            guard among.contains(try before.decode("role", as: String.self)), among.contains(role.name) else { return (.notAllowed, nil) }
            let after = try await connection.query(
                "UPDATE organization_memberships m SET role = $3 WHERE \(condition) RETURNING \(AuditSnapshot.column("m"))",
                whose + [.text(role.name)]
            ).only(AuditSnapshot.of)
            let ended =
                try await InvitationRepository.revokeOpen(in: organization, madeBy: user, keeping: role.invitable, on: connection)
                + InvitationRepository.revokeOpen(in: organization, to: user, keeping: role.upTo, on: connection)
            let member = try await Self.find(user, "organization_memberships m", "m.organization_id", organization.value, on: connection)
            return (
                .done(member),
                Self.change(
                    of: user, organization, before: try AuditSnapshot.of(before),
                    after: try await Ended(invitations: ended).added(to: after, on: connection))
            )
        }
    }

    /// Ends a member's roles in the organization and in all of its projects, or in the projects alone where there is no other.
    /// `revokingKeys`: with the keys the member made there. Errors: `conflict` (the last owner), `unavailable`.
    package func remove(
        _ user: UserID, from organization: OrganizationID, by authority: MembershipAuthority, revokingKeys: Bool = false,
        audit: AuditDraft
    ) async throws(MetastoreError) -> MembershipOutcome<RemovedMember> {
        try await pool.audited(audit) { connection throws(PostgresError) -> (MembershipOutcome<RemovedMember>, AuditedChange?) in
            try await connection.lock(organization)
            let among = try await connection.manageable(by: authority, in: organization)
            if among.isEmpty { return (.callerNotAllowed, nil) }
            let whose = [organization.value, user.value]
            let inProjects = """
                project_memberships m JOIN projects p ON p.id = m.project_id AND p.organization_id = $1 WHERE m.user_id = $2
                """
            let before = try await connection.query(
                """
                SELECT o.role AS organization_role, p.roles AS project_roles, coalesce(to_jsonb(o), '{}')
                    || CASE WHEN p.roles IS NULL THEN '{}' ELSE jsonb_build_object('project_roles', p.by_project) END AS audit
                FROM (SELECT array_agg(m.role) AS roles, jsonb_object_agg(m.project_id, m.role) AS by_project FROM \(inProjects)) p
                LEFT JOIN organization_memberships o ON o.organization_id = $1 AND o.user_id = $2
                WHERE o.role IS NOT NULL OR p.roles IS NOT NULL
                """, whose
            ).first
            guard let before else { return (.notFound, nil) }
            var roles = try before.decodeIfPresent("organization_role", as: String.self).map { [$0] } ?? []
            roles += try before.decodeIfPresent("project_roles", as: PostgresTextArray.self)?.values ?? []
            guard roles.allSatisfy(among.contains) else { return (.notAllowed, nil) }
            try await connection.query(
                """
                DELETE FROM project_memberships m USING projects p
                WHERE p.id = m.project_id AND p.organization_id = $1 AND m.user_id = $2
                """, whose)
            try await connection.query("DELETE FROM organization_memberships WHERE organization_id = $1 AND user_id = $2", whose)
            var ended = Ended()
            ended.invitations =
                try await InvitationRepository.revokeOpen(in: organization, madeBy: user, keeping: [], on: connection)
                + InvitationRepository.revokeOpen(in: organization, to: user, on: connection)
            let keys = try await APIKeyRepository.inUse(madeBy: user, in: organization, on: connection)
            if revokingKeys {
                try await APIKeyRepository.revoke(keys, on: connection)
                ended.keys = keys
            } else {
                ended.remainingKeys = keys
            }
            return (
                .done(RemovedMember(userID: user, revokedKeys: ended.keys)),
                Self.change(
                    of: user, organization, before: try AuditSnapshot.of(before),
                    after: try await ended.added(to: nil, on: connection))
            )
        }
    }

    /// Gives a member of the organization, or of the project already, a role in a project of it. Errors: `unavailable`.
    package func setRole(
        _ user: UserID, in project: ProjectID, of organization: OrganizationID, to role: String, by authority: MembershipAuthority,
        audit: AuditDraft
    ) async throws(MetastoreError) -> MembershipOutcome<Member> {
        try await pool.audited(audit) { connection throws(PostgresError) -> (MembershipOutcome<Member>, AuditedChange?) in
            try await connection.lock(organization)
            let among = try await connection.manageable(by: authority, in: organization, project)
            if among.isEmpty { return (.callerNotAllowed, nil) }
            let known = try await connection.query(
                """
                SELECT m.role, \(AuditSnapshot.column("m")) FROM projects p
                LEFT JOIN project_memberships m ON m.project_id = p.id AND m.user_id = $1
                WHERE p.id = $2 AND p.organization_id = $3 AND p.archived_at IS NULL AND (
                    m.user_id IS NOT NULL
                    OR EXISTS (SELECT 1 FROM organization_memberships WHERE organization_id = $3 AND user_id = $1))
                """, [user.value, project.value, organization.value]
            ).first
            guard let known else { return (.notFound, nil) }
            let current = try known.decodeIfPresent("role", as: String.self)
            guard current.map(among.contains) ?? true, among.contains(role) else { return (.notAllowed, nil) }
            let after = try await connection.query(
                """
                INSERT INTO project_memberships AS m (project_id, user_id, role) VALUES ($1, $2, $3)
                ON CONFLICT (project_id, user_id) DO UPDATE SET role = excluded.role RETURNING \(AuditSnapshot.column("m"))
                """, [project.value, user.value, .text(role)]
            ).only(AuditSnapshot.of)
            let member = try await Self.find(user, "project_memberships m", "m.project_id", project.value, on: connection)
            let before = try current.map { _ throws(PostgresError) in try AuditSnapshot.of(known) }
            return (.done(member), Self.change(of: user, organization, project, before: before, after: after))
        }
    }

    /// Errors: `unavailable`.
    package func remove(
        _ user: UserID, from project: ProjectID, of organization: OrganizationID, by authority: MembershipAuthority, audit: AuditDraft
    ) async throws(MetastoreError) -> MembershipOutcome<UserID> {
        try await pool.audited(audit) { connection throws(PostgresError) -> (MembershipOutcome<UserID>, AuditedChange?) in
            try await connection.lock(organization)
            let among = try await connection.manageable(by: authority, in: organization, project)
            if among.isEmpty { return (.callerNotAllowed, nil) }
            let condition = "project_id = $1 AND user_id = $2", whose = [project.value, user.value]
            let before = try await connection.query(
                "SELECT role, \(AuditSnapshot.column("m")) FROM project_memberships m WHERE \(condition)", whose
            ).first
            guard let before else { return (.notFound, nil) }
            guard among.contains(try before.decode("role", as: String.self)) else { return (.notAllowed, nil) }
            try await connection.query("DELETE FROM project_memberships WHERE \(condition)", whose)
            let ended = try await InvitationRepository.revokeOpen(in: organization, to: user, project: project, on: connection)
            return (
                .done(user),
                Self.change(
                    of: user, organization, project, before: try AuditSnapshot.of(before),
                    after: try await Ended(invitations: ended).added(to: nil, on: connection))
            )
        }
    }

    private static func find(
        _ user: UserID, _ table: String, _ column: String, _ place: PostgresValue, on connection: PostgresConnection
    ) async throws(PostgresError) -> Member {
        try await connection.query(
            "SELECT \(columns) FROM \(table) JOIN users u ON u.id = m.user_id WHERE \(column) = $1 AND m.user_id = $2", [place, user.value]
        ).only(member)
    }

    private static func change(
        of user: UserID, _ organization: OrganizationID, _ project: ProjectID? = nil, before: PostgresJSON?, after: PostgresJSON?
    ) -> AuditedChange {
        AuditedChange(
            organization: organization, project: project, resourceKind: "member", resourceID: user.uuid, before: before, after: after)
    }
}

/// What ended together with a membership or a role, for the audit entry of that.
private struct Ended {
    var invitations: [InvitationID] = []
    var keys: [APIKeyID] = []
    /// Keys that go on, and that their maker still knows.
    var remainingKeys: [APIKeyID] = []

    /// `after` with the names of the lists that are not empty; nil for nothing at all.
    func added(to after: PostgresJSON?, on connection: PostgresConnection) async throws(PostgresError) -> PostgresJSON? {
        try await connection.query(
            """
            SELECT nullif(coalesce($1::jsonb, '{}') || jsonb_strip_nulls(jsonb_build_object(
                'revoked_invitations', to_jsonb(nullif($2::uuid[], '{}')), 'revoked_keys', to_jsonb(nullif($3::uuid[], '{}')),
                'remaining_keys', to_jsonb(nullif($4::uuid[], '{}')))), '{}') AS audit
            """, [.optional(after) { .json($0.bytes) }, .ids(invitations), .ids(keys), .ids(remainingKeys)]
        ).only { row throws(PostgresError) in try row.decodeIfPresent("audit", as: PostgresJSON.self) }
    }
}
