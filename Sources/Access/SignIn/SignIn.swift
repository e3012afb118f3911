/// Signing in and out: passwords against hashes, sessions, access tokens, refresh tokens, browsers' cookies.
///
/// Whether the address or the password was wrong can be told neither from the answer nor from the time it took: an unknown
/// account's password is hashed like a known one's, and counts towards the lock-out like one.

import Metastore

/// What a user has after signing in. The tokens are shown once.
package struct SignedIn: Sendable, CustomStringConvertible {
    package let userID: UserID
    package let sessionID: SessionID
    package let accessToken: String
    package let accessTokenExpirySeconds: Int64
    package let refreshToken: SecretToken

    package var description: String { "SignedIn(\(userID.uuid))" }
}

/// What a browser has after signing in: one token for its cookie, shown once.
package struct SignedInBrowser: Sendable, CustomStringConvertible {
    package let userID: UserID
    package let sessionID: SessionID
    package let token: SecretToken

    package var description: String { "SignedInBrowser(\(userID.uuid))" }
}

package struct SignIn: Sendable {
    /// A session that was made, and the token that it was made with.
    private struct Begun {
        let session: SessionRecord
        let generation: Int
        let token: SecretToken
    }

    private let metastore: Metastore
    private let hasher: PasswordHasher
    private let tokens: AccessTokens
    private let authenticator: Authenticator
    private let clock: any AccessClock
    private let attempts: AttemptCounts

    package init(
        metastore: Metastore, hasher: PasswordHasher, tokens: AccessTokens, authenticator: Authenticator,
        clock: any AccessClock = SystemAccessClock()
    ) {
        attempts = AttemptCounts(repository: metastore.signInAttempts, clock: clock)
        self.metastore = metastore
        self.hasher = hasher
        self.tokens = tokens
        self.authenticator = authenticator
        self.clock = clock
    }

    /// Errors: `wrongCredentials`, `lockedOut`, `unavailable`; MetastoreError.
    package func signIn(email: String, password: String, origin: RequestOrigin) async throws -> SignedIn {
        try await signedIn(try await begin(.refresh, email: email, password: password, origin: origin))
    }

    /// The same for a browser. Errors: as above.
    package func signInBrowser(email: String, password: String, origin: RequestOrigin) async throws -> SignedInBrowser {
        Self.browser(try await begin(.browser, email: email, password: password, origin: origin))
    }

    private func begin(_ kind: SecretToken.Kind, email: String, password: String, origin: RequestOrigin) async throws -> Begun {
        let action = "signIn"
        let subjects = AttemptCounts.password(for: email, from: origin)
        try await attempts.begin(subjects)
        let work = PasswordWork.anonymous(email, origin)
        // Once more when the account changed while the password was checked: somebody else's sign-in may have made the hash anew, or the
        // password was reset, and then this one is wrong.
        var known: UserCredentials?
        for _ in 0..<2 {
            known = try await metastore.users.credentials(email: email)
            let isRight = try await hasher.matches(password, known?.passwordHash, for: work)
            guard let known, let hash = known.passwordHash, isRight, known.user.disabledTimeUnixNano == nil else { break }
            let proof = SignInProof(signInGeneration: known.signInGeneration, passwordHash: hash)
            guard let begun = try await begin(kind, known, proof, origin, action) else { continue }
            try await attempts.succeeded(subjects)
            // Where there is no room for that now, the next sign-in does it.
            if PasswordHash(hash)?.needsRehash(to: hasher.cost) == true, let dearer = try? await hasher.hash(password, for: work) {
                try await metastore.users.rehash(known.user.id, from: hash, to: dearer.text)
            }
            return begun
        }
        // What was typed is kept only where it is an account's address: otherwise it may be a password in the wrong field.
        try await metastore.auditEntries.append(
            origin.anonymous(action, name: known?.user.email ?? ""), resourceKind: "user", resourceID: known?.user.id.uuid ?? "unknown",
            outcome: .refused)
        throw AccessError.wrongCredentials
    }

    /// For a user whom an OpenID Connect provider vouches for. Errors: `wrongCredentials` when the identity is nobody's here,
    /// `unavailable`; MetastoreError.
    package func signIn(issuer: String, subject: String, origin: RequestOrigin) async throws -> SignedIn {
        try await signedIn(try await begin(.refresh, issuer: issuer, subject: subject, origin: origin))
    }

    /// The same for a browser. Errors: as above.
    package func signInBrowser(issuer: String, subject: String, origin: RequestOrigin) async throws -> SignedInBrowser {
        Self.browser(try await begin(.browser, issuer: issuer, subject: subject, origin: origin))
    }

    private func begin(_ kind: SecretToken.Kind, issuer: String, subject: String, origin: RequestOrigin) async throws -> Begun {
        let known = try await metastore.users.credentials(issuer: issuer, subject: subject)
        guard let known, known.user.disabledTimeUnixNano == nil else { throw AccessError.wrongCredentials }
        return try await begin(kind, known, origin, "signInWithProvider")
    }

    /// For a user who just accepted an invitation, whose audit entry is that of the session, too. Errors: `unknownLink`, `unavailable`; MetastoreError.
    package func signIn(_ user: UserID, origin: RequestOrigin) async throws -> SignedIn {
        guard let known = try await metastore.users.credentials(user), known.user.disabledTimeUnixNano == nil else {
            throw AccessError.notFound("user")
        }
        return try await signedIn(try await begin(.refresh, known, origin, "signIn", isEntered: false))
    }

    /// For whom no password was checked. Errors: `wrongCredentials` when all sessions were ended, or the account disabled, meanwhile.
    private func begin(
        _ kind: SecretToken.Kind, _ known: UserCredentials, _ origin: RequestOrigin, _ action: String, isEntered: Bool = true
    ) async throws -> Begun {
        let proof = SignInProof(signInGeneration: known.signInGeneration, passwordHash: nil)
        guard let begun = try await begin(kind, known, proof, origin, action, isEntered: isEntered) else {
            throw AccessError.wrongCredentials
        }
        return begun
    }

    /// nil when the proof does not hold any more.
    private func begin(
        _ kind: SecretToken.Kind, _ known: UserCredentials, _ proof: SignInProof, _ origin: RequestOrigin, _ action: String,
        isEntered: Bool = true
    ) async throws -> Begun? {
        let token = SecretToken.generate(kind)
        let session = try await metastore.sessions.create(
            NewSession(
                userID: known.user.id, tokenHash: token.hash, userAgent: origin.userAgent, address: origin.address,
                expiryTimeUnixNano: clock.unixNano() + AccessLimits.sessionLifetimeSeconds * 1_000_000_000),
            for: proof, isEntered: isEntered, audit: origin.user(known.user.id, known.user.email, action))
        return session.map { Begun(session: $0, generation: known.signInGeneration, token: token) }
    }

    private func signedIn(_ begun: Begun) async throws -> SignedIn {
        try await signedIn(begun.session, generation: begun.generation, begun.token)
    }

    private static func browser(_ begun: Begun) -> SignedInBrowser {
        SignedInBrowser(userID: begun.session.userID, sessionID: begun.session.id, token: begun.token)
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
}
