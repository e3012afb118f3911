/// Signing in and out: passwords against hashes, sessions, access tokens, refresh tokens.
///
/// Whether the address or the password was wrong can be told neither from the answer nor from the time it took: an unknown
/// account's password is hashed like a known one's, and counts towards the lock-out like one.

import Crypto
import Metastore
import Synchronization

/// What a user has after signing in. The tokens are shown once.
package struct SignedIn: Sendable, CustomStringConvertible {
    package let userID: UserID
    package let sessionID: SessionID
    package let accessToken: String
    package let accessTokenExpirySeconds: Int64
    package let refreshToken: SecretToken

    package var description: String { "SignedIn(\(userID.uuid))" }
}

package struct SignIn: Sendable {
    private let metastore: Metastore
    private let hasher: PasswordHasher
    private let tokens: AccessTokens
    private let authenticator: Authenticator
    private let clock: any AccessClock

    package init(
        metastore: Metastore, hasher: PasswordHasher, tokens: AccessTokens, authenticator: Authenticator,
        clock: any AccessClock = SystemAccessClock()
    ) {
        self.metastore = metastore
        self.hasher = hasher
        self.tokens = tokens
        self.authenticator = authenticator
        self.clock = clock
    }

    /// Errors: `wrongCredentials`, `lockedOut`, `unavailable`; MetastoreError.
    package func signIn(email: String, password: String, origin: RequestOrigin) async throws -> SignedIn {
        let action = "signIn"
        let subjects = Self.subjects(email, origin)
        try await beginAttempt(subjects)
        let known = try await metastore.users.credentials(email: email)
        let isRight = try await hasher.matches(password, known?.passwordHash)
        guard let known, isRight, known.user.disabledTimeUnixNano == nil else {
            // What was typed is kept only where it is an account's address: otherwise it may be a password in the wrong field.
            try await metastore.auditEntries.append(
                origin.anonymous(action, name: known?.user.email ?? ""), resourceKind: "user", resourceID: known?.user.id.uuid ?? "unknown",
                outcome: .refused)
            throw AccessError.wrongCredentials
        }
        try await metastore.signInAttempts.succeeded(subjects)
        if let old = known.passwordHash, PasswordHash(old)?.needsRehash(to: hasher.cost) == true {
            try await metastore.users.rehash(known.user.id, from: old, to: try await hasher.hash(password).text)
        }
        return try await begin(known, origin, action)
    }

    /// For a user whom an OpenID Connect provider vouches for. Errors: `wrongCredentials` when the identity is nobody's here,
    /// `unavailable`; MetastoreError.
    package func signIn(issuer: String, subject: String, origin: RequestOrigin) async throws -> SignedIn {
        let known = try await metastore.users.credentials(issuer: issuer, subject: subject)
        guard let known, known.user.disabledTimeUnixNano == nil else { throw AccessError.wrongCredentials }
        return try await begin(known, origin, "signInWithProvider")
    }

    /// For a user who just accepted an invitation, whose audit entry is that of the session, too. Errors: `unknownLink`, `unavailable`; MetastoreError.
    package func signIn(_ user: UserID, origin: RequestOrigin) async throws -> SignedIn {
        guard let known = try await metastore.users.credentials(user), known.user.disabledTimeUnixNano == nil else {
            throw AccessError.notFound("user")
        }
        return try await begin(known, origin, "signIn", isEntered: false)
    }

    private func begin(
        _ known: UserCredentials, _ origin: RequestOrigin, _ action: String, isEntered: Bool = true
    ) async throws -> SignedIn {
        let refresh = SecretToken.generate(.refresh)
        let session = try await metastore.sessions.create(
            NewSession(
                userID: known.user.id, tokenHash: refresh.hash, userAgent: origin.userAgent, address: origin.address,
                expiryTimeUnixNano: clock.unixNano() + AccessLimits.sessionLifetimeSeconds * 1_000_000_000),
            isEntered: isEntered, audit: origin.user(known.user.id, known.user.email, action))
        return try await signedIn(session, generation: known.signInGeneration, refresh)
    }

    private func signedIn(_ session: SessionRecord, generation: Int, _ refresh: SecretToken) async throws -> SignedIn {
        let access = try await tokens.issue(user: session.userID, session: session.id, generation: generation)
        return SignedIn(
            userID: session.userID, sessionID: session.id, accessToken: access.text, accessTokenExpirySeconds: access.expirySeconds,
            refreshToken: refresh)
    }

    /// Exchanges a refresh token for new tokens, once. One that comes a second time was stolen from somebody: the whole session
    /// ends. Errors: `unauthenticated` (signedOut), `unavailable`; MetastoreError.
    package func refresh(token: String, origin: RequestOrigin) async throws -> SignedIn {
        guard let shown = SecretToken(token, .refresh) else { throw AccessError.unauthenticated(.signedOut) }
        let next = SecretToken.generate(.refresh)
        let outcome = try await metastore.sessions.refresh(
            tokenHash: shown.hash, next: next.hash, audit: origin.anonymous("refreshSession"))
        switch outcome {
        case .exchanged(let session, let generation): return try await signedIn(session, generation: generation, next)
        case .reused(let session):
            authenticator.forget(session.id)
            throw AccessError.unauthenticated(.signedOut)
        case .unknown: throw AccessError.unauthenticated(.signedOut)
        }
    }

    /// Ends one of the user's sessions, the current one or another. Errors: `notFound`; MetastoreError.
    package func signOut(_ session: SessionID, of user: UserID, audit: AuditDraft) async throws {
        guard try await metastore.sessions.revoke(session, of: user, audit: audit) != nil else { throw AccessError.notFound("session") }
        authenticator.forget(session)
    }

    /// Ends all of a user's sessions and access tokens. Errors: MetastoreError.
    package func signOutEverywhere(_ user: UserID, audit: AuditDraft) async throws {
        try await metastore.sessions.revokeAll(of: user, audit: audit)
        authenticator.forget(user)
    }

    // MARK: Lock-out

    private func beginAttempt(_ subjects: [SignInAttemptRepository.Kind: [UInt8]]) async throws {
        let now = clock.unixNano()
        let wait = Mutex<Int64>(0)
        let mayTry = try await metastore.signInAttempts.attempt(subjects, nowUnixNano: now) { failures in
            let needed = LockOut.wait(after: failures, nowUnixNano: now)
            wait.withLock { $0 = needed }
            return needed == 0
        }
        if !mayTry {
            let nanoseconds = wait.withLock { $0 }
            throw AccessError.lockedOut(retryAfterSeconds: max(1, Int((nanoseconds + 999_999_999) / 1_000_000_000)))
        }
    }

    private static func subjects(_ email: String, _ origin: RequestOrigin) -> [SignInAttemptRepository.Kind: [UInt8]] {
        var subjects: [SignInAttemptRepository.Kind: [UInt8]] = [.account: SecretHash(of: email.lowercased()).bytes]
        if let address = origin.address { subjects[.address] = SecretHash(of: address).bytes }
        return subjects
    }
}
