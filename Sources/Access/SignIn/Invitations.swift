/// Invitations: the only way to an account. Whoever holds the link accepts it, with a new account or an existing one of the same
/// address.

import Metastore
import TraceModel

/// An invitation that was just made, with the secret of its link.
package struct MadeInvitation: Sendable {
    package let invitation: Invitation
    package let token: SecretToken
}

package struct Invitations: Sendable {
    private let metastore: Metastore
    private let hasher: PasswordHasher
    private let authenticator: Authenticator
    private let clock: any AccessClock

    package init(
        metastore: Metastore, hasher: PasswordHasher, authenticator: Authenticator, clock: any AccessClock = SystemAccessClock()
    ) {
        self.metastore = metastore
        self.hasher = hasher
        self.authenticator = authenticator
        self.clock = clock
    }

    /// Into the caller's organization, or into one project of it. `isMailed`: the token goes out by mail, and is shown to nobody else.
    /// Errors: `notPermitted`, `roleTooHigh`, `notFound` (project); MetastoreError (`invalid` e-mail).
    package func invite(
        email: String, role: Role, project: ProjectID?, isMailed: Bool = false, by principal: Principal, audit: AuditDraft
    ) async throws -> MadeInvitation {
        try principal.require(.manageMembers)
        guard let caller = principal.userID else { throw AccessError.userNeeded }
        let token = SecretToken.generate(.invitation)
        let invitation = try await metastore.invitations.create(
            NewInvitation(
                organizationID: principal.organizationID, projectID: project, email: email, role: role.rawValue, tokenHash: token.hash,
                isMailed: isMailed,
                expiryTimeUnixNano: clock.unixNano() + AccessLimits.invitationLifetimeSeconds * 1_000_000_000),
            by: .organization(caller), audit: audit)
        return MadeInvitation(invitation: try invitation.get("project in this organization"), token: token)
    }

    /// What a link leads to, for the page that asks for a name and a password. Errors: `unknownLink`; MetastoreError.
    package func find(token: String) async throws -> Invitation {
        guard let token = SecretToken(token, .invitation), let invitation = try await metastore.invitations.find(tokenHash: token.hash)
        else { throw AccessError.unknownLink }
        return invitation
    }

    /// Signs up. Errors: `unknownLink`, `accountExists`, `unsuitablePassword`, `unavailable`; MetastoreError (`invalid` name).
    package func accept(token: String, name: String, password: String, origin: RequestOrigin) async throws -> (Invitation, User) {
        // Before the dear hash: a stranger without a link makes no work.
        let invitation = try await find(token: token)
        try PasswordRules.check(password, email: invitation.email)
        let hash = try await hasher.hash(password, for: .anonymous(invitation.email, origin))
        return try await accept(
            token: token, as: .new(name: name, passwordHash: hash.text), audit: origin.anonymous("acceptInvitation", name: invitation.email)
        )
    }

    /// By a signed-in user with the invited address. Errors: `unknownLink`; MetastoreError.
    package func accept(token: String, as user: UserID, audit: AuditDraft) async throws -> (Invitation, User) {
        let accepted = try await accept(token: token, as: .known(user), audit: audit)
        authenticator.forget(user)
        return accepted
    }

    /// By a user whom an OpenID Connect provider vouches for, as the new account of that identity. Errors: as `accept`.
    package func accept(
        token: String, name: String, issuer: String, subject: String, origin: RequestOrigin
    ) async throws -> (Invitation, User) {
        let invitation = try await find(token: token)
        let accepted = try await accept(
            token: token, as: .new(name: name, passwordHash: nil), audit: origin.anonymous("acceptInvitation", name: invitation.email))
        _ = try await metastore.users.link(
            issuer: issuer, subject: subject, to: accepted.1.id,
            audit: origin.user(accepted.1.id, accepted.1.email, "linkIdentity"))
        return accepted
    }

    private func accept(token: String, as guest: InvitationGuest, audit: AuditDraft) async throws -> (Invitation, User) {
        guard let token = SecretToken(token, .invitation) else { throw AccessError.unknownLink }
        switch try await metastore.invitations.accept(tokenHash: token.hash, as: guest, audit: audit) {
        case .accepted(let invitation, let user): return (invitation, user)
        case .unknown: throw AccessError.unknownLink
        case .accountExists: throw AccessError.accountExists
        }
    }

    /// Errors: `notPermitted`; MetastoreError.
    package func list(by principal: Principal, page: PageRequest) async throws -> Page<Invitation> {
        try principal.require(.manageMembers)
        return try await metastore.invitations.list(in: principal.organizationID, page: page)
    }

    /// Errors: `notPermitted`, `roleTooHigh`, `notFound`; MetastoreError.
    package func revoke(_ id: InvitationID, by principal: Principal, audit: AuditDraft) async throws -> Invitation {
        try principal.require(.manageMembers)
        guard let caller = principal.userID else { throw AccessError.userNeeded }
        let revoked = try await metastore.invitations.revoke(id, in: try principal.organizationID, by: .organization(caller), audit: audit)
        return try revoked.get("invitation")
    }
}
