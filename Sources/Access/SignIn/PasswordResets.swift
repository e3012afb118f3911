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
    private let attempts: AttemptCounts

    package init(
        metastore: Metastore, hasher: PasswordHasher, authenticator: Authenticator, clock: any AccessClock = SystemAccessClock()
    ) {
        attempts = AttemptCounts(repository: metastore.signInAttempts, clock: clock)
        self.metastore = metastore
        self.hasher = hasher
        self.authenticator = authenticator
        self.clock = clock
    }

    /// Counts a request, whoever it is for, before anything is done for it. Errors: `tooManyRequests`; MetastoreError.
    package func countRequest(from origin: RequestOrigin) async throws {
        do { try await attempts.begin(AttemptCounts.resetRequest(from: origin)) } catch AccessError.lockedOut(let seconds) {
            throw AccessError.tooManyRequests(retryAfterSeconds: seconds)
        }
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

    /// Uses the link up; ends all sessions and the account's lock-out. Errors: `unknownLink`, `unsuitablePassword`, `unavailable`; MetastoreError.
    package func resetPassword(token: String, newPassword: String, origin: RequestOrigin) async throws {
        guard let token = SecretToken(token, .passwordReset),
            let owner = try await metastore.passwordResets.user(ofUsable: token.hash)
        else { throw AccessError.unknownLink }
        try PasswordRules.check(newPassword, email: owner.email)
        let hash = try await hasher.hash(newPassword, for: .anonymous(owner.email, origin))
        let user = try await metastore.passwordResets.use(
            tokenHash: token.hash, passwordHash: hash.text, attempts: AttemptCounts.account(owner.email),
            audit: origin.anonymous("resetPassword"))
        guard let user else { throw AccessError.unknownLink }
        authenticator.forget(user)
    }

    /// By a signed-in user who knows the old password; the user's other sessions end. Wrong ones count like those of sign-ins: a stolen
    /// session must be of no use for guessing. Errors: `wrongCredentials`, `lockedOut`, `unsuitablePassword`, `unavailable`; MetastoreError.
    package func changePassword(
        of user: UserID, session: SessionID, old: String, new: String, origin: RequestOrigin, audit: AuditDraft
    ) async throws {
        guard let known = try await metastore.users.credentials(user) else { throw AccessError.notFound("user") }
        try PasswordRules.check(new, email: known.user.email)
        let subjects = AttemptCounts.password(for: known.user.email, from: origin), work = PasswordWork.user(known.user.email, origin)
        try await attempts.begin(subjects)
        guard try await hasher.matches(old, known.passwordHash, for: work), let verified = known.passwordHash else {
            throw AccessError.wrongCredentials
        }
        let hash = try await hasher.hash(new, for: work)
        let isChanged = try await metastore.users.changePassword(user, from: verified, to: hash.text, keeping: session, audit: audit)
        guard isChanged else { throw AccessError.wrongCredentials }
        try await attempts.succeeded(subjects)
        authenticator.forget(user)
    }
}
