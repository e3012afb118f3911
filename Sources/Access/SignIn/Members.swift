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
        let own = try managing(principal, role)
        return try finish(
            user,
            try await metastore.memberships.change(
                user, in: principal.organizationID, to: role.rawValue, among: own.manageable, audit: audit))
    }

    /// With the member's roles in the organization's projects. Anybody may leave. Errors: as `change`.
    package func remove(_ user: UserID, by principal: Principal, audit: AuditDraft) async throws -> Member {
        let isLeaving = principal.userID == user
        let own = isLeaving ? Role.owner : try managing(principal, .viewer)
        return try finish(
            user, try await metastore.memberships.remove(user, from: principal.organizationID, among: own.manageable, audit: audit))
    }

    /// Gives a role in the project which the caller was narrowed to. Errors: as `change`.
    package func changeInProject(_ user: UserID, to role: Role, by principal: Principal, audit: AuditDraft) async throws -> Member {
        let own = try managing(principal, role)
        guard let project = principal.projectID else { throw AccessError.projectMissing }
        return try finish(
            user,
            try await metastore.memberships.setRole(
                user, in: project, of: principal.organizationID, to: role.rawValue, among: own.manageable, audit: audit))
    }

    /// Errors: as `change`.
    package func removeFromProject(_ user: UserID, by principal: Principal, audit: AuditDraft) async throws -> Member {
        let own = try managing(principal, .viewer)
        guard let project = principal.projectID else { throw AccessError.projectMissing }
        return try finish(
            user,
            try await metastore.memberships.remove(
                user, from: project, of: principal.organizationID, among: own.manageable, audit: audit))
    }

    private func managing(_ principal: Principal, _ role: Role) throws(AccessError) -> Role {
        try principal.require(.manageMembers)
        guard let own = principal.role, role <= own else { throw .roleTooHigh }
        return own
    }

    private func finish(_ user: UserID, _ outcome: MembershipOutcome) throws(AccessError) -> Member {
        switch outcome {
        case .done(let member):
            authenticator.forget(user)
            return member
        case .notFound: throw .notFound("member")
        case .notAllowed: throw .roleTooHigh
        }
    }
}
