import CurlClient
import HTTPTesting
import Metastore
import PostgresClient
import Testing
import TraceModel

@testable import Access

/// The whole flow, with a provider and a database.
@Suite struct OpenIDConnectSignInTests {
    private let origin = RequestOrigin(address: "192.0.2.7", userAgent: "browser", requestID: "r7")

    private func run(_ body: @Sendable (TestAccess, TestProvider) async throws -> Void) async throws {
        try await TestAccess.run { access in
            try await TestProvider.run { provider in
                try await body(access, provider)
                #expect(provider.refusals.allSatisfy { $0 == "the code" }, "\(provider.refusals)")
            }
        }
    }

    /// As another server of the same installation each time: nothing is kept in between.
    private func server(_ access: TestAccess, _ provider: TestProvider) async throws -> OpenIDConnectSignIn {
        OpenIDConnectSignIn(
            try .test(provider.issuer), client: CurlClient(), key: try await access.vault.tokenSigningKey(), metastore: access.metastore,
            signIn: access.signIn, invitations: access.invitations, authenticator: access.authenticator, clock: access.clock)
    }

    private struct Browser {
        var cookie: String
        var response: AuthorizationResponse
    }

    /// Up to the callback's door.
    private func browse(_ access: TestAccess, _ provider: TestProvider, invitation: String? = nil) async throws -> Browser {
        let begun = try await server(access, provider).begin(invitation: invitation)
        let granted = try #require(provider.authorize(begun.url), "the request is not as the provider wants it")
        return Browser(
            cookie: begun.cookie, response: AuthorizationResponse(code: granted.code, state: granted.state, error: nil, issuer: nil))
    }

    private func signIn(_ access: TestAccess, _ provider: TestProvider, invitation: String? = nil) async throws -> SignedIn {
        let browser = try await browse(access, provider, invitation: invitation)
        return try await server(access, provider).finish(browser.response, cookie: browser.cookie, origin: origin).tokens()
    }

    private func invite(_ access: TestAccess, _ email: String) async throws -> String {
        let owner = try await access.principal(try await access.signInOwner())
        return try await access.invitations.invite(email: email, role: .member, project: nil, by: owner, audit: .system("invite"))
            .token.text
    }

    /// Action and outcome of what was noted, without the set-up's own.
    private func audit(_ access: TestAccess) async throws -> [String] {
        let connection = try await PostgresConnection.connect(access.database)
        return try await connection.query(
            """
            SELECT action || ' ' || outcome || ' ' || caller_kind AS entry FROM audit_entries
            WHERE host(address) = '192.0.2.7' AND request_id = 'r7' ORDER BY created_at
            """
        ).map { try $0.decode("entry", as: String.self) }
    }

    @Test("an invited person gets an account without a password, and signs in again as the same one; each step is noted")
    func invited() async throws {
        try await run { access, provider in
            let first = try await signIn(access, provider, invitation: try await invite(access, "ada@example.org"))
            let user = try #require(try await access.metastore.users.find(first.userID))
            #expect(user.email == "ada@example.org" && user.name == "Ada Lovelace")
            #expect(try await access.metastore.users.credentials(user.id)?.passwordHash == nil)
            #expect(try await access.principal(first).role == .member)
            // The address at the provider may change; the subject counts.
            provider.change { $0.claims = ["email": #""married@example.org""#] }
            let second = try await signIn(access, provider)
            #expect(second.userID == first.userID && second.sessionID != first.sessionID)
            #expect(
                try await audit(access) == [
                    "acceptInvitation succeeded anonymous", "linkIdentity succeeded user", "signInWithProvider succeeded user",
                    "signInWithProvider succeeded user",
                ])
        }
    }

    @Test("a user with the verified address is linked, an unverified one is not; a stranger is told to ask for an invitation")
    func linking() async throws {
        try await run { access, provider in
            #expect(
                await accessError { try await signIn(access, provider) }
                    == .notInvited("nobody here has this identity's e-mail address"))
            let known = try await access.makeUser("ada@example.org", role: .viewer)
            provider.change { $0.claims = ["email_verified": "false"] }
            #expect(
                await accessError { try await signIn(access, provider) }
                    == .notInvited("the provider vouches for no e-mail address of this identity"))
            provider.change { $0.claims = [:] }
            for _ in 0..<2 { #expect(try await signIn(access, provider).userID == known.userID) }
            #expect(
                try await audit(access) == [
                    "signInWithProvider refused anonymous", "signInWithProvider refused anonymous", "linkIdentity succeeded user",
                    "signInWithProvider succeeded user", "signInWithProvider succeeded user",
                ])
        }
    }

    @Test("an account whose address nothing has proven loses its password and sessions when the address's owner is linked to it")
    func unprovenAddress() async throws {
        try await run { access, provider in
            // Accepted through a link that the inviter saw, perhaps by the inviter.
            let known = try await access.makeUser("ada@example.org", role: .viewer)
            _ = try await access.principal(known)
            let owner = try await signIn(access, provider)
            #expect(owner.userID == known.userID)
            #expect(await accessError { try await access.principal(known) } == .unauthenticated(.signedOut))
            #expect(
                await accessError { try await access.signIn.refresh(token: known.refreshToken.text, origin: origin) }
                    == .unauthenticated(.signedOut))
            #expect(
                await accessError {
                    try await access.signIn.signIn(email: "ada@example.org", password: TestAccess.password, origin: origin)
                }
                    == .wrongCredentials)
            _ = try await access.principal(owner)
            _ = try await signIn(access, provider)
            _ = try await access.principal(owner)
        }
    }

    @Test("an account whose address a mailed link has proven keeps its password and sessions", arguments: ["invitation", "reset"])
    func provenAddress(by link: String) async throws {
        try await run { access, provider in
            let owner = try await access.principal(try await access.signInOwner())
            let made = try await access.invitations.invite(
                email: "ada@example.org", role: .viewer, project: nil, isMailed: link == "invitation", by: owner, audit: .system("invite"))
            let (_, user) = try await access.invitations.accept(
                token: made.token.text, name: "Ada", password: TestAccess.password, origin: origin)
            if link == "reset" {
                let reset = try #require(try await access.resets.requestPasswordReset(email: user.email, origin: origin))
                try await access.resets.resetPassword(token: reset.token.text, newPassword: TestAccess.password, origin: origin)
            }
            let known = try await access.signIn.signIn(email: user.email, password: TestAccess.password, origin: origin)
            #expect(try await signIn(access, provider).userID == user.id)
            _ = try await access.principal(known)
            _ = try await access.signIn.signIn(email: user.email, password: TestAccess.password, origin: origin)
        }
    }

    @Test("one person in two browsers at once is linked once and signed in twice")
    func race() async throws {
        try await run { access, provider in
            let known = try await access.makeUser("ada@example.org", role: .viewer)
            let browsers = [try await browse(access, provider), try await browse(access, provider)]
            let users = try await withThrowingTaskGroup(of: UserID.self) { tasks in
                for browser in browsers {
                    tasks.addTask {
                        try await server(access, provider).finish(browser.response, cookie: browser.cookie, origin: origin).tokens().userID
                    }
                }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
            #expect(users == [known.userID, known.userID])
        }
    }

    @Test("an invitation is accepted by a user who has the address already; one for somebody else stays open")
    func invitationsOfOthers() async throws {
        try await run { access, provider in
            let known = try await access.makeUser("ada@example.org", role: .viewer)
            let forEve = try await invite(access, "eve@example.org")
            #expect(
                await accessError { try await signIn(access, provider, invitation: forEve) }
                    == .notInvited("the invitation is for another e-mail address than this identity's"))
            #expect(try await access.invitations.find(token: forEve).acceptanceTimeUnixNano == nil)
            let connection = try await PostgresConnection.connect(access.database)
            try await connection.query("DELETE FROM organization_memberships WHERE user_id::text = $1", [.text(known.userID.uuid)])
            let forAda = try await invite(access, "ada@example.org")
            let signedIn = try await signIn(access, provider, invitation: forAda)
            #expect(signedIn.userID == known.userID)
            #expect(try await access.principal(signedIn).role == .member)
            #expect(await accessError { try await server(access, provider).begin(invitation: forAda) } == .unknownLink)
            #expect(await accessError { try await server(access, provider).begin(invitation: "x") } == .unknownLink)
        }
    }

    @Test("a callback of another browser, with a changed or missing state, too late or a second time signs nobody in")
    func callbacks() async throws {
        try await run { access, provider in
            _ = try await access.makeUser("ada@example.org", role: .viewer)
            let own = try await browse(access, provider), other = try await browse(access, provider)
            func finish(_ response: AuthorizationResponse, _ cookie: String?) async -> AccessError? {
                await accessError { try await server(access, provider).finish(response, cookie: cookie, origin: origin) }
            }
            #expect(await finish(own.response, nil) == .signInNotBegun, "another browser: no cookie")
            #expect(await finish(own.response, other.cookie) == .signInNotBegun, "another browser: the cookie of another sign-in")
            #expect(await finish(own.response, own.cookie + "AA") == .signInNotBegun, "a changed cookie")
            for state in [nil, "", own.response.state.map { $0 + "x" }] {
                let changed = AuthorizationResponse(code: own.response.code, state: state, error: nil, issuer: nil)
                #expect(await finish(changed, own.cookie) == .signInNotBegun, "a changed state")
            }
            // Somebody else's code in one's own sign-in: its verifier does not fit.
            let injected = AuthorizationResponse(code: other.response.code, state: own.response.state, error: nil, issuer: nil)
            guard case .identityRefused? = await finish(injected, own.cookie) else { throw CancellationError() }
            #expect(provider.refusals == ["the verifier"])
            provider.forgetRefusals()
            #expect(await finish(own.response, own.cookie) == nil, "the honest one goes through after all this")
            guard case .identityRefused? = await finish(own.response, own.cookie) else {
                Issue.record("a code worked twice")
                return
            }
            let late = try await browse(access, provider)
            access.clock.advance(seconds: 600)
            #expect(await finish(late.response, late.cookie) == .signInNotBegun, "ten minutes later")
        }
    }

    @Test("on one server a sign-in comes back once, refused or not, without a word to the provider or the audit log after that")
    func burnt() async throws {
        try await run { access, provider in
            _ = try await access.makeUser("ada@example.org", role: .viewer)
            let server = try await server(access, provider)
            func begin() async throws -> Browser {
                let begun = try await server.begin(invitation: nil), granted = try #require(provider.authorize(begun.url))
                return Browser(
                    cookie: begun.cookie, response: AuthorizationResponse(code: granted.code, state: granted.state, error: nil, issuer: nil)
                )
            }
            func finish(_ browser: Browser, code: String? = nil) async -> AccessError? {
                let response = AuthorizationResponse(
                    code: code ?? browser.response.code, state: browser.response.state, error: nil, issuer: nil)
                return await accessError { try await server.finish(response, cookie: browser.cookie, origin: origin) }
            }
            let good = try await begin()
            #expect(await finish(good) == nil)
            let bad = try await begin()
            guard case .identityRefused? = await finish(bad, code: "made up") else { throw CancellationError() }
            let exchanges = provider.requestCount("/token"), entries = try await audit(access)
            for _ in 0..<5 {
                #expect(await finish(good) == .signInNotBegun)
                #expect(await finish(bad) == .signInNotBegun)
            }
            #expect(provider.requestCount("/token") == exchanges)
            #expect(try await audit(access) == entries)
        }
    }

    @Test("callbacks of one network are limited, those of another go on")
    func callbackLimit() async throws {
        try await run { access, provider in
            let server = try await server(access, provider)
            func finish(_ address: String) async -> AccessError? {
                let response = AuthorizationResponse(code: "x", state: "y", error: nil, issuer: nil)
                return await accessError { try await server.finish(response, cookie: "z", origin: RequestOrigin(address: address)) }
            }
            for number in 0..<AccessLimits.maximumCallbackCount {
                #expect(await finish("2001:db8::\(String(number, radix: 16))") == .signInNotBegun)
            }
            #expect(await finish("2001:db8::ffff") == .tooManyRequests(retryAfterSeconds: 60))
            #expect(await finish("2001:db8:0:1::1") == .signInNotBegun)
            access.clock.advance(seconds: 60)
            #expect(await finish("2001:db8::ffff") == .signInNotBegun)
        }
    }

    @Test("what the provider refuses, and an answer in another provider's name, is told without repeating what a stranger wrote")
    func refusals() async throws {
        try await run { access, provider in
            func finish(code: Bool = true, error: String? = nil, issuer: String? = nil) async -> AccessError? {
                await accessError {
                    let browser = try await browse(access, provider), given = browser.response
                    let response = AuthorizationResponse(
                        code: code ? given.code : nil, state: given.state, error: error, issuer: issuer)
                    return try await server(access, provider).finish(response, cookie: browser.cookie, origin: origin).tokens()
                }
            }
            #expect(await finish(code: false, error: "access_denied") == .identityRefused("the provider answered access_denied"))
            #expect(await finish(error: "<b>call 555</b>") == .identityRefused("the provider answered an error"))
            let other = AccessError.identityRefused("the answer is that of another provider")
            #expect(await finish(issuer: "https://evil.example") == other)
            // A provider that always names itself did not write an answer without a name.
            provider.change { $0.metadata = ["authorization_response_iss_parameter_supported": "true"] }
            let issuer = provider.issuer
            #expect(await finish() == other)
            #expect(await finish(code: false, issuer: issuer) == .identityRefused("the provider sent no code"))
            provider.change { $0.tokenAnswer = (401, #"{"error":"invalid_client"}"#) }
            #expect(await finish(issuer: issuer) == .identityProvider("it refuses to exchange a code (401, invalid_client)"))
            provider.change { $0.tokenAnswer = (200, "{}") }
            #expect(await finish(issuer: issuer) == .identityProvider("it sends no ID token"))
        }
    }

    @Test("the secret goes the way the provider takes it; an address may stand at the userinfo endpoint, of the same person only")
    func variants() async throws {
        try await run { access, provider in
            let known = try await access.makeUser("ada@example.org", role: .viewer)
            let other = try await access.makeUser("eve@example.org", role: .viewer)
            provider.change { $0.metadata = ["token_endpoint_auth_methods_supported": #"["client_secret_post"]"#] }
            #expect(try await signIn(access, provider).userID == known.userID)
            provider.change { $0.claims = ["sub": #""subject-2""#, "email": nil, "email_verified": nil] }
            guard case .identityProvider? = await accessError(of: { try await signIn(access, provider) }) else {
                Issue.record("a provider without userinfo")
                return
            }
            provider.change { $0.userInfo = #"{"sub":"somebody else","email":"ada@example.org","email_verified":true}"# }
            #expect(
                await accessError { try await signIn(access, provider) }
                    == .identityRefused("the userinfo endpoint tells of somebody else"))
            provider.change { $0.userInfo = #"{"sub":"subject-2","email":"ada@example.org","email_verified":true}"# }
            #expect(
                await accessError { try await signIn(access, provider) }
                    == .notInvited("the account with this e-mail address belongs to another identity of the provider"))
            provider.change { $0.userInfo = #"{"sub":"subject-2","email":"eve@example.org","email_verified":true}"# }
            #expect(try await signIn(access, provider).userID == other.userID)
        }
    }

    @Test("no secret of a sign-in is in the database or in a description")
    func secrets() async throws {
        try await run { access, provider in
            _ = try await access.makeUser("ada@example.org", role: .viewer)
            let begun = try await server(access, provider).begin(invitation: nil)
            let granted = try #require(provider.authorize(begun.url))
            let response = AuthorizationResponse(code: granted.code, state: granted.state, error: nil, issuer: nil)
            let signedIn = try await server(access, provider).finish(response, cookie: begun.cookie, origin: origin).tokens()
            let secrets = [granted.code, granted.state, begun.cookie, signedIn.refreshToken.text, TestProvider.clientSecret]
            let connection = try await PostgresConnection.connect(access.database)
            for table in ["users", "sessions", "audit_entries", "external_identities"] {
                for row in try await connection.query("SELECT t::text AS row FROM \(table) t") {
                    let text = try row.decode("row", as: String.self)
                    for secret in secrets { #expect(!text.contains(secret), "\(table)") }
                }
            }
            for secret in secrets {
                #expect(!"\(begun) \(response) \(String(reflecting: begun)) \(String(reflecting: response))".contains(secret))
            }
        }
    }
}

extension FinishedSignIn {
    /// What a client that asked for tokens gets.
    fileprivate func tokens() throws -> SignedIn {
        guard case .tokens(let signedIn) = self else { throw CancellationError() }
        return signedIn
    }
}
