/// Signing in with an OpenID Connect provider: authorization code flow with PKCE, from the first redirect to a session.
///
///     begin    -> where to send the browser, and the sealed state for its cookie
///     finish   what the browser came back with + the cookie -> code for ID token -> identity -> decision -> session

import ByteCoding
import CurlClient
import Metastore
import Synchronization

/// A sign-in under way; neither part is for a log.
package struct BegunSignIn: Sendable, CustomStringConvertible, CustomReflectable {
    /// At the provider, with everything it needs in the query.
    package let url: String
    /// For a cookie that comes back to the callback.
    package let cookie: String

    package var description: String { "BegunSignIn" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// What a sign-in that was finished gives, as it was asked for.
package enum FinishedSignIn: Sendable {
    case tokens(SignedIn)
    /// `page`: the path that `begin` was given.
    case browser(SignedInBrowser, page: String)
}

package final class OpenIDConnectSignIn: Sendable {
    /// What this server remembers of those who came back.
    private struct Traffic: Sendable {
        var used = UsedLoginStates()
        var limit = CallbackLimit()
    }

    private let provider: IdentityProvider
    private let seal: LoginStateSeal
    private let metastore: Metastore
    private let signIn: SignIn
    private let invitations: Invitations
    private let authenticator: Authenticator
    private let clock: any AccessClock
    private let traffic = Mutex(Traffic())

    private static let action = "signInWithProvider"

    /// `key`: the installation's, of which the seal's key is derived.
    init(
        _ configuration: OpenIDConnectConfiguration, client: CurlClient, key: TokenSigningKey, metastore: Metastore, signIn: SignIn,
        invitations: Invitations, authenticator: Authenticator, clock: any AccessClock = SystemAccessClock()
    ) {
        provider = IdentityProvider(configuration, client: client, clock: clock)
        seal = LoginStateSeal(key, configuration)
        self.metastore = metastore
        self.signIn = signIn
        self.invitations = invitations
        self.authenticator = authenticator
        self.clock = clock
    }

    /// Over an installation's accounts and its own key. Errors: `masterKey`; MetastoreError.
    package convenience init(
        _ configuration: OpenIDConnectConfiguration, client: CurlClient, metastore: Metastore, accounts: Accounts
    ) async throws {
        self.init(
            configuration, client: client, key: try await accounts.vault.tokenSigningKey(), metastore: metastore,
            signIn: accounts.signIn, invitations: accounts.invitations, authenticator: accounts.authenticator)
    }

    /// Whether browsers come back over TLS: then the cookie is for TLS only.
    package var isSecure: Bool { provider.configuration.isSecure }

    /// `invitation`: the token of one to accept. `page`: where a browser goes on with a session of its own; nil for tokens.
    /// Errors: `unknownLink`, `identityProvider`, `unavailable`; MetastoreError.
    package func begin(invitation: String?, page: String? = nil) async throws -> BegunSignIn {
        if let invitation { _ = try await invitations.find(token: invitation) }
        let metadata = try await provider.currentMetadata()
        let login = LoginState.make(
            invitation: invitation, page: page, expirySeconds: nowSeconds + AccessLimits.providerSignInLifetimeSeconds)
        return BegunSignIn(
            url: AuthorizationRequest.url(login, provider.configuration, metadata), cookie: try seal.seal(login))
    }

    /// Once for each sign-in. Errors: `tooManyRequests`, `signInNotBegun`, `identityRefused`, `notInvited`, `unknownLink`,
    /// `accountExists` (made meanwhile), `identityProvider`, `unavailable`; MetastoreError.
    package func finish(_ response: AuthorizationResponse, cookie: String?, origin: RequestOrigin) async throws -> FinishedSignIn {
        if let network = origin.network, let wait = traffic.withLock({ $0.limit.take(network, now: clock.monotonicNano()) }) {
            throw AccessError.tooManyRequests(retryAfterSeconds: wait)
        }
        guard let cookie, let login = seal.open(cookie, nowSeconds: nowSeconds), response.answers(login) else {
            throw AccessError.signInNotBegun
        }
        let metadata = try await provider.currentMetadata()
        // From here on it is used up, whatever comes of it.
        guard traffic.withLock({ $0.used.use(login) }) else { throw AccessError.signInNotBegun }
        let code = try response.code(issuer: provider.configuration.issuer, isIssuerNeeded: metadata.namesItselfInResponses)
        let identity: OpenIDConnectIdentity
        do { identity = try await provider.identity(code: code, login) } catch {
            if case .identityRefused = error { try await note(error, nil, origin) }
            throw error
        }
        return try await finish(identity, login, origin)
    }

    private func finish(
        _ identity: OpenIDConnectIdentity, _ login: LoginState, _ origin: RequestOrigin
    ) async throws -> FinishedSignIn {
        switch OpenIDConnectDecision(try await situation(of: identity, login)) {
        case .signIn: break
        case .acceptAsNewUser:
            _ = try await invitations.accept(
                token: login.invitation ?? "", name: identity.accountName, issuer: identity.issuer, subject: identity.subject,
                origin: origin)
        case .linkAndAccept(let user):
            try await link(identity, user, origin)
            _ = try await invitations.accept(
                token: login.invitation ?? "", as: user, audit: origin.user(user, identity.email ?? "", "acceptInvitation"))
        case .link(let user): try await link(identity, user, origin)
        case .refuse(let error):
            try await note(error, identity, origin)
            throw error
        }
        if let page = login.page {
            return .browser(
                try await signIn.signInBrowser(issuer: identity.issuer, subject: identity.subject, origin: origin), page: page)
        }
        return .tokens(try await signIn.signIn(issuer: identity.issuer, subject: identity.subject, origin: origin))
    }

    private func situation(of identity: OpenIDConnectIdentity, _ login: LoginState) async throws -> OpenIDConnectSituation {
        func account(_ user: User) -> OpenIDConnectSituation.Account {
            .init(id: user.id, email: user.email, isDisabled: user.disabledTimeUnixNano != nil)
        }
        var situation = OpenIDConnectSituation(identity: identity, hasInvitation: login.invitation != nil)
        func linkedAccount() async throws -> OpenIDConnectSituation.Account? {
            try await metastore.users.credentials(issuer: identity.issuer, subject: identity.subject).map { account($0.user) }
        }
        situation.linkedAccount = try await linkedAccount()
        guard situation.linkedAccount == nil else { return situation }
        if let email = identity.verifiedEmail {
            situation.namesake = try await metastore.users.credentials(email: email).map { account($0.user) }
            if let id = situation.namesake?.id {
                situation.namesake?.isLinked = try await metastore.users.hasIdentity(id, issuer: identity.issuer)
                // Linked between the two looks by the same person, in another browser?
                if situation.namesake?.isLinked == true { situation.linkedAccount = try await linkedAccount() }
            }
        }
        if let invitation = login.invitation {
            do { situation.invitedEmail = try await invitations.find(token: invitation).email } catch AccessError.unknownLink {}
        }
        return situation
    }

    /// Somebody who signs in twice at the same time is linked once; to whom, the sign-in after it finds out. Whoever got at the account
    /// before without having the address is out.
    private func link(_ identity: OpenIDConnectIdentity, _ user: UserID, _ origin: RequestOrigin) async throws {
        do throws(MetastoreError) {
            let isEnded = try await metastore.users.link(
                issuer: identity.issuer, subject: identity.subject, to: user,
                audit: origin.user(user, identity.email ?? "", "linkIdentity"))
            if isEnded { authenticator.forget(user) }
        } catch {
            guard error.code == .conflict else { throw error }
        }
    }

    /// An entry for a sign-in that was not let, with what is known of whoever tried.
    private func note(_ error: AccessError, _ identity: OpenIDConnectIdentity?, _ origin: RequestOrigin) async throws {
        var reason = JSONWriter(reserving: 128)
        reason.beginObject()
        reason.member("reason", error.description)
        reason.endObject()
        try await metastore.auditEntries.append(
            origin.anonymous(Self.action, name: identity?.email ?? ""), resourceKind: "external_identity",
            resourceID: String((identity?.subject ?? "(unproven)").prefix(200)), after: reason.bytes, outcome: .refused)
    }

    private var nowSeconds: Int64 { clock.unixNano() / 1_000_000_000 }
}
