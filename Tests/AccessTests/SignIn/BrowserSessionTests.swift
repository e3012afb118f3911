import Metastore
import PostgresClient
import Testing
import TraceModel

@testable import Access

/// Sessions of browsers: one token in a cookie, over the same sessions as those of programs.
@Suite struct BrowserSessionTests {
    private let origin = RequestOrigin(address: "192.0.2.1", userAgent: "Firefox", requestID: "r1")

    private func signIn(_ access: TestAccess) async throws -> SignedInBrowser {
        try await access.signIn.signInBrowser(email: FirstStart.ownerEmail, password: access.first.password.text, origin: origin)
    }

    private func principal(_ access: TestAccess, _ token: String) async throws -> Principal {
        try await access.authenticator.authenticate(Credential(cookie: token))
    }

    @Test("a browser's token opens what its user may, is kept only as a hash, and prints nothing of itself")
    func signedIn() async throws {
        try await TestAccess.run { access in
            let browser = try await signIn(access)
            let principal = try await principal(access, browser.token.text)
            #expect(principal.userID == access.first.ownerID && principal.sessionID == browser.sessionID && principal.role == .owner)
            let inProject = try await access.authenticator.authenticate(
                Credential(cookie: browser.token.text), project: access.first.projectID)
            #expect(inProject.projectID == access.first.projectID)
            let connection = try await PostgresConnection.connect(access.database)
            for table in ["sessions", "audit_entries", "spent_refresh_tokens"] {
                for row in try await connection.query("SELECT t::text AS row FROM \(table) t") {
                    #expect(!(try row.decode("row", as: String.self)).contains(browser.token.text))
                }
            }
            #expect(!"\(browser) \(browser.token) \(Credential(cookie: browser.token.text))".contains(browser.token.text))
        }
    }

    @Test("a cookie's token is good in a cookie alone, other secrets are not good there, and it is not exchanged for tokens")
    func keptApart() async throws {
        try await TestAccess.run { access in
            let browser = try await signIn(access), tokens = try await access.signInOwner()
            let authenticator = access.authenticator
            #expect(await accessError { try await authenticator.authenticate(Credential(browser.token.text)) } != nil)
            for text in [tokens.accessToken, tokens.refreshToken.text, access.first.secret.text, "", SecretToken.generate(.browser).text] {
                #expect(
                    await accessError { try await authenticator.authenticate(Credential(cookie: text)) } == .unauthenticated(.signedOut))
            }
            #expect(
                await accessError { try await access.signIn.refresh(token: browser.token.text, origin: origin) }
                    == .unauthenticated(.signedOut))
            // None of that ended it.
            _ = try await principal(access, browser.token.text)
        }
    }

    @Test("signing out, signing out everywhere, a new password and being disabled end it; another session's end does not")
    func ends() async throws {
        try await TestAccess.run { access in
            func isOver(_ browser: SignedInBrowser) async -> AccessError? {
                await accessError { try await principal(access, browser.token.text) }
            }
            let first = try await signIn(access), second = try await signIn(access), owner = access.first.ownerID
            _ = try await principal(access, first.token.text)
            try await access.signIn.signOut(first.sessionID, of: owner, audit: .system("signOut"))
            #expect(await isOver(first) == .unauthenticated(.signedOut))
            #expect(await isOver(second) == nil)
            try await access.signIn.signOutEverywhere(owner, audit: .system("signOutEverywhere"))
            #expect(await isOver(second) == .unauthenticated(.signedOut))
            let third = try await signIn(access)
            let connection = try await PostgresConnection.connect(access.database)
            _ = try await connection.script("UPDATE users SET disabled_at = now()")
            #expect(await isOver(third) == .unauthenticated(.noMembership))
        }
    }

    @Test("who is taken out of the organization is a member of nothing, in the browser too")
    func membershipEnds() async throws {
        try await TestAccess.run { access in
            let member = try await access.makeUser("ada@example.org", role: .member)
            let browser = try await access.signIn.signInBrowser(email: "ada@example.org", password: TestAccess.password, origin: origin)
            #expect(try await principal(access, browser.token.text).role == .member)
            let owner = try await access.principal(try await access.signInOwner())
            try await access.members.remove(member.userID, by: owner, audit: .system("removeMember"))
            #expect(await accessError { try await principal(access, browser.token.text) } == .unauthenticated(.noMembership))
        }
    }

    @Test("it ends when nothing was asked with it for four days, and after thirty days whatever was asked")
    func lifetimes() async throws {
        try await TestAccess.run { access in
            let day: Int64 = 86_400, kept = try await signIn(access), idle = try await signIn(access)
            for _ in 0..<9 {
                access.clock.advance(seconds: 3 * day)
                _ = try await principal(access, kept.token.text)
                await access.authenticator.recordUses()
            }
            #expect(await accessError { try await principal(access, idle.token.text) } == .unauthenticated(.signedOut))
            access.clock.advance(seconds: 3 * day)
            #expect(await accessError { try await principal(access, kept.token.text) } == .unauthenticated(.signedOut))
        }
    }
}
