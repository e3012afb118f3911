/// Setting a password anew: by a link that was mailed, or by whoever knows the old one.

import Metastore

/// A link's token and whom to mail it to.
package struct PasswordResetLink: Sendable, CustomStringConvertible {
    package let email: String
    package let token: SecretToken

    package var description: String { "PasswordResetLink(\(email))" }
}

package struct PasswordResets: Sendable {
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

    /// nil when no account has this address, or when its last link is still fresh and unused: strangers must not be able to fill
    /// a mailbox. The answer to the client must be the same. An older link ends. Errors: MetastoreError.
    package func requestPasswordReset(email: String, origin: RequestOrigin) async throws -> PasswordResetLink? {
        let action = "requestPasswordReset"
        let token = SecretToken.generate(.passwordReset)
        guard let user = try await metastore.users.credentials(email: email)?.user, user.disabledTimeUnixNano == nil else { return nil }
        let now = clock.unixNano()
        let isCreated = try await metastore.passwordResets.create(
            tokenHash: token.hash, user: user.id, timeUnixNano: now,
            expiryTimeUnixNano: now + AccessLimits.passwordResetLifetimeSeconds * 1_000_000_000,
            unlessCreatedSinceUnixNano: now - AccessLimits.passwordResetPauseSeconds * 1_000_000_000,
            audit: origin.anonymous(action, name: email))
        return isCreated ? PasswordResetLink(email: user.email, token: token) : nil
    }

    /// Uses the link up and ends all sessions. Errors: `unknownLink`, `unsuitablePassword`, `unavailable`; MetastoreError.
    package func resetPassword(token: String, newPassword: String, origin: RequestOrigin) async throws {
        try PasswordRules.check(newPassword, email: "")
        guard let token = SecretToken(token, .passwordReset), try await metastore.passwordResets.isUsable(tokenHash: token.hash) else {
            throw AccessError.unknownLink
        }
        let hash = try await hasher.hash(newPassword)
        let user = try await metastore.passwordResets.use(
            tokenHash: token.hash, passwordHash: hash.text, audit: origin.anonymous("resetPassword"))
        guard let user else { throw AccessError.unknownLink }
        authenticator.forget(user)
    }

    /// By a signed-in user who knows the old password; the user's other sessions end. Errors: `wrongCredentials`,
    /// `unsuitablePassword`, `unavailable`; MetastoreError.
    package func changePassword(
        of user: UserID, session: SessionID, old: String, new: String, audit: AuditDraft
    ) async throws {
        guard let known = try await metastore.users.credentials(user) else { throw AccessError.notFound("user") }
        try PasswordRules.check(new, email: known.user.email)
        guard try await hasher.matches(old, known.passwordHash) else { throw AccessError.wrongCredentials }
        let hash = try await hasher.hash(new)
        _ = try await metastore.users.setPassword(user, hash: hash.text, keeping: session, audit: audit)
        authenticator.forget(user)
    }
}
