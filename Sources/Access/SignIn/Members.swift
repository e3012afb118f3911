/// Members of organizations and projects. Nobody touches a member whose role is above their own, nor gives a role above it; an
/// organization's last owner stays one (the schema sees to that).

import Metastore
import TraceModel

package struct Members: Sendable {
    private let metastore: Metastore
    private let authenticator: Authenticator

    package init(metastore: Metastore, authenticator: Authenticator) {
        self.metastore = metastore
        self.authenticator = authenticator
    }

    /// Of the caller's organization. Errors: `notPermitted`; MetastoreError.
    package func list(by principal: Principal, page: PageRequest) async throws -> Page<Member> {
        try principal.require(.readMembers)
        return try await metastore.memberships.list(in: principal.organizationID, page: page)
    }

    /// With a role in this very project, which the caller was narrowed to. Errors: `notPermitted`; MetastoreError.
    package func listInProject(by principal: Principal, page: PageRequest) async throws -> Page<Member> {
        try principal.require(.readMembers)
        guard let project = principal.projectID else { throw AccessError.projectMissing }
        return try await metastore.memberships.list(in: project, page: page)
    }

    /// Errors: `notPermitted`, `roleTooHigh`, `notFound`; MetastoreError (`conflict`: the last owner).
    package func change(_ user: UserID, to role: Role, by principal: Principal, audit: AuditDraft) async throws -> Member {
        let caller = try manager(principal)
        let changed = try await metastore.memberships.change(
            user, in: try principal.organizationID, to: role.given, by: .organization(caller), audit: audit)
        return try finish(user, changed)
    }

    /// With the member's roles in the organization's projects; `revokingKeys`: and the keys the member made. Errors: as `change`.
    @discardableResult
    package func remove(
        _ user: UserID, revokingKeys: Bool = false, by principal: Principal, audit: AuditDraft
    ) async throws -> RemovedMember {
        try await remove(user, by: .organization(try manager(principal)), from: principal, revokingKeys, audit)
    }

    /// Out of the organization which the caller was narrowed to, whatever the role there or in its projects. Errors: `userNeeded`,
    /// `notFound`; MetastoreError (`conflict`: the last owner).
    package func leave(_ principal: Principal, audit: AuditDraft) async throws {
        guard let user = principal.userID else { throw AccessError.userNeeded }
        _ = try await remove(user, by: .leaving(user), from: principal, false, audit)
    }

    private func remove(
        _ user: UserID, by authority: MembershipAuthority, from principal: Principal, _ revokingKeys: Bool, _ audit: AuditDraft
    ) async throws -> RemovedMember {
        let removed = try finish(
            user,
            try await metastore.memberships.remove(
                user, from: try principal.organizationID, by: authority, revokingKeys: revokingKeys, audit: audit))
        for key in removed.revokedKeys { authenticator.forget(key) }
        return removed
    }

    /// Gives a role in the project which the caller was narrowed to. Errors: as `change`.
    package func changeInProject(_ user: UserID, to role: Role, by principal: Principal, audit: AuditDraft) async throws -> Member {
        let caller = try manager(principal)
        guard let project = principal.projectID else { throw AccessError.projectMissing }
        let changed = try await metastore.memberships.setRole(
            user, in: project, of: try principal.organizationID, to: role.rawValue, by: .project(caller), audit: audit)
        return try finish(user, changed)
    }

    /// Errors: as `change`.
    package func removeFromProject(_ user: UserID, by principal: Principal, audit: AuditDraft) async throws {
        let caller = try manager(principal)
        guard let project = principal.projectID else { throw AccessError.projectMissing }
        let removed = try await metastore.memberships.remove(
            user, from: project, of: try principal.organizationID, by: .project(caller), audit: audit)
        _ = try finish(user, removed)
    }

    /// Who may manage members as far as this server knows; the database is asked again when it happens.
    private func manager(_ principal: Principal) throws(AccessError) -> UserID {
        try principal.require(.manageMembers)
        guard let user = principal.userID else { throw .userNeeded }
        return user
    }

    private func finish<Value>(_ user: UserID, _ outcome: MembershipOutcome<Value>) throws(AccessError) -> Value {
        let value = try outcome.get("member")
        authenticator.forget(user)
        return value
    }
}
