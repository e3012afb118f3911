import Metastore
import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import Access

@Suite struct SignInTests {
    private let origin = RequestOrigin(address: "192.0.2.1", userAgent: "test", requestID: "r1")

    @Test("the first owner signs in with the password of the first start, and no secret of it is in the database")
    func owner() async throws {
        try await TestAccess.run { access in
            let signedIn = try await access.signIn.signIn(email: "Owner@LOCALHOST", password: access.first.password.text, origin: origin)
            let principal = try await access.principal(signedIn)
            #expect(principal.userID == access.first.ownerID && principal.role == .owner)
            let connection = try await PostgresConnection.connect(access.database)
            for table in ["users", "sessions", "audit_entries", "spent_refresh_tokens", "api_keys"] {
                for row in try await connection.query("SELECT t::text AS row FROM \(table) t") {
                    let text = try row.decode("row", as: String.self)
                    for secret in [access.first.password.text, signedIn.accessToken, signedIn.refreshToken.text, access.first.secret.text] {
                        #expect(!text.contains(secret), "\(table)")
                    }
                }
            }
            #expect(!"\(signedIn) \(access.first.password) \(signedIn.refreshToken)".contains(access.first.password.text))
        }
    }

    @Test("an unknown address and a wrong password get the same answer for the same work, count alike, and are noted alike")
    func indistinguishable() async throws {
        try await TestAccess.run { access in
            var works: [Int] = []
            for email in [FirstStart.ownerEmail, "nobody@example.org"] {
                let before = access.hasher.hashCount
                let error = await accessError { try await access.signIn.signIn(email: email, password: "wrong password", origin: origin) }
                #expect(error == .wrongCredentials)
                works.append(access.hasher.hashCount - before)
            }
            #expect(works == [1, 1])
            let connection = try await PostgresConnection.connect(access.database)
            let entries = try await connection.query(
                """
                SELECT action, outcome, resource_kind, resource_id, caller_name, caller_kind, host(address) AS address FROM audit_entries
                WHERE outcome = 'refused' ORDER BY id
                """)
            // What is no account's address may be a password in the wrong field: it is not kept.
            #expect(try entries.map { try $0.decode("resource_id", as: String.self) } == [access.first.ownerID.uuid, "unknown"])
            #expect(try entries.map { try $0.decode("caller_name", as: String.self) } == [FirstStart.ownerEmail, ""])
            #expect(
                try entries.allSatisfy {
                    try $0.decode("caller_kind", as: String.self) == "anonymous" && $0.decode("address", as: String.self) == "192.0.2.1"
                })
            // A user without a password (who signs in elsewhere) and a disabled one are no different.
            _ = try await connection.script("UPDATE users SET disabled_at = now()")
            let before = access.hasher.hashCount
            #expect(
                await accessError {
                    try await access.signIn.signIn(email: FirstStart.ownerEmail, password: access.first.password.text, origin: origin)
                } == .wrongCredentials)
            #expect(access.hasher.hashCount == before + 1)
        }
    }

    @Test("guessing is locked out with back-off, even with the right password; accounts that do not exist, too")
    func lockOut() async throws {
        try await TestAccess.run { access in
            for email in [FirstStart.ownerEmail, "nobody@example.org"] {
                // From an address each, so that only the account's count decides.
                for number in 0..<6 {
                    let from = RequestOrigin(address: "198.51.100.\(number)")
                    #expect(
                        await accessError { try await access.signIn.signIn(email: email, password: "wrong", origin: from) }
                            == .wrongCredentials)
                }
                let before = access.hasher.hashCount
                #expect(
                    await accessError {
                        try await access.signIn.signIn(email: email, password: access.first.password.text, origin: origin)
                    } == .lockedOut(retryAfterSeconds: 1))
                #expect(access.hasher.hashCount == before, "costs nothing")
            }
            access.clock.advance(seconds: 1)
            _ = try await access.signInOwner()
            // Success clears the account's count.
            for _ in 0..<5 {
                #expect(
                    await accessError { try await access.signIn.signIn(email: FirstStart.ownerEmail, password: "x", origin: .init()) }
                        == .wrongCredentials)
            }
        }
    }

    @Test("guesses made side by side are counted one by one")
    func parallelGuesses() async throws {
        try await TestAccess.run { access in
            let signIn = access.signIn
            let errors = await withTaskGroup(of: AccessError?.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        await accessError {
                            try await signIn.signIn(email: "nobody@x", password: "guess \(number)", origin: RequestOrigin())
                        }
                    }
                }
                return await group.reduce(into: [AccessError?]()) { $0.append($1) }
            }
            #expect(errors.count { $0 == .wrongCredentials } == 6, "five free ones and the one before the first wait")
        }
    }

    @Test("a refresh token is good once; used again it ends the session, access tokens included")
    func refresh() async throws {
        try await TestAccess.run { access in
            let first = try await access.signInOwner()
            let second = try await access.signIn.refresh(token: first.refreshToken.text, origin: origin)
            #expect(second.sessionID == first.sessionID)
            _ = try await access.principal(second)
            let thief = await accessError { try await access.signIn.refresh(token: first.refreshToken.text, origin: origin) }
            #expect(thief == .unauthenticated(.signedOut))
            #expect(
                await accessError { try await access.signIn.refresh(token: second.refreshToken.text, origin: origin) }
                    == .unauthenticated(.signedOut))
            for signedIn in [first, second] {
                #expect(await accessError { try await access.principal(signedIn) } == .unauthenticated(.signedOut))
            }
            for text in [
                "", "spdrl_refresh_", first.accessToken, SecretToken.generate(.invitation).text, SecretToken.generate(.refresh).text,
            ] {
                #expect(await accessError { try await access.signIn.refresh(token: text, origin: origin) } == .unauthenticated(.signedOut))
            }
        }
    }

    @Test("signing out ends one session, everywhere ends all, at once")
    func signOut() async throws {
        try await TestAccess.run { access in
            let a = try await access.signInOwner(), b = try await access.signInOwner(), user = access.first.ownerID
            for signedIn in [a, b] { _ = try await access.principal(signedIn) }
            #expect(
                await accessError { try await access.signIn.signOut(a.sessionID, of: .make(), audit: .system("signOut")) }
                    == .notFound("session"))
            try await access.signIn.signOut(a.sessionID, of: user, audit: .system("signOut"))
            #expect(await accessError { try await access.principal(a) } == .unauthenticated(.signedOut))
            _ = try await access.principal(b)
            try await access.signIn.signOutEverywhere(user, audit: .system("signOutEverywhere"))
            #expect(await accessError { try await access.principal(b) } == .unauthenticated(.signedOut))
            #expect(
                await accessError { try await access.signIn.refresh(token: b.refreshToken.text, origin: origin) }
                    == .unauthenticated(.signedOut))
            _ = try await access.principal(try await access.signInOwner())
        }
    }

    @Test("a password is reset by a link, once, which ends all sessions; an unknown address gets none")
    func reset() async throws {
        try await TestAccess.run { access in
            let signedIn = try await access.signInOwner()
            _ = try await access.principal(signedIn)
            #expect(try await access.resets.requestPasswordReset(email: "nobody@x", origin: origin) == nil)
            let old = try #require(try await access.resets.requestPasswordReset(email: "OWNER@localhost", origin: origin))
            #expect(try await access.resets.requestPasswordReset(email: "owner@localhost", origin: origin) == nil, "one is on its way")
            access.clock.advance(seconds: AccessLimits.passwordResetPauseSeconds + 1)
            let link = try #require(try await access.resets.requestPasswordReset(email: "owner@localhost", origin: origin))
            func reset(_ link: PasswordResetLink, _ password: String) async -> AccessError? {
                await accessError { try await access.resets.resetPassword(token: link.token.text, newPassword: password, origin: origin) }
            }
            #expect(await reset(old, "a new passphrase") == .unknownLink, "the newer link ended it")
            guard case .unsuitablePassword? = await reset(link, "short") else { throw CancellationError() }
            guard case .unsuitablePassword? = await reset(link, "Owner@localhost") else { throw CancellationError() }
            #expect(await reset(link, "a new passphrase") == nil)
            #expect(await reset(link, "another passphrase") == .unknownLink)
            #expect(await accessError { try await access.principal(signedIn) } == .unauthenticated(.signedOut))
            #expect(await accessError { try await access.signInOwner() } == .wrongCredentials)
            _ = try await access.signIn.signIn(email: "owner@localhost", password: "a new passphrase", origin: origin)
        }
    }

    @Test("a password's hash is made anew at sign-in when it should cost more")
    func rehash() async throws {
        try await TestAccess.run { access in
            let dearer = PasswordHasher(cost: .init(logRounds: 5, blockSize: 8, parallelism: 1))
            let signIn = SignIn(
                metastore: access.metastore, hasher: dearer, tokens: access.tokens, authenticator: access.authenticator, clock: access.clock
            )
            for _ in 0..<2 {
                _ = try await signIn.signIn(email: FirstStart.ownerEmail, password: access.first.password.text, origin: origin)
            }
            let stored = try await access.metastore.users.credentials(access.first.ownerID)?.passwordHash
            #expect(stored?.hasPrefix("$scrypt$ln=5,") == true)
            #expect(dearer.hashCount == 3, "two comparisons, one new hash")
        }
    }
}

extension SignInTests {
    @Test("members: nobody gives or touches a role above the own; a change counts at once; the last owner stays")
    func members() async throws {
        try await TestAccess.run { access in
            let admin = try await access.makeUser("admin@x", role: .admin), viewer = try await access.makeUser("viewer@x", role: .viewer)
            let asAdmin = try await access.principal(admin), asViewer = try await access.principal(viewer)
            let audit = AuditDraft.system("changeMember"), owner = access.first.ownerID
            #expect(
                await accessError { try await access.members.change(viewer.userID, to: .owner, by: asAdmin, audit: audit) } == .roleTooHigh)
            #expect(await accessError { try await access.members.change(owner, to: .viewer, by: asAdmin, audit: audit) } == .roleTooHigh)
            #expect(await accessError { try await access.members.remove(owner, by: asAdmin, audit: audit) } == .roleTooHigh)
            #expect(
                await accessError { try await access.members.change(viewer.userID, to: .viewer, by: asViewer, audit: audit) }
                    == .notPermitted(.manageMembers))
            #expect(
                await accessError {
                    try await access.invitations.invite(email: "x@x", role: .owner, project: nil, by: asAdmin, audit: audit)
                } == .roleTooHigh)
            #expect(try await access.members.change(viewer.userID, to: .member, by: asAdmin, audit: audit).role == "member")
            #expect(try await access.principal(viewer).role == .member)
            _ = try await access.members.remove(viewer.userID, by: asAdmin, audit: audit)
            #expect(await accessError { try await access.principal(viewer) } == .unauthenticated(.noMembership))
            let asOwner = try await access.principal(try await access.signInOwner())
            await #expect(throws: MetastoreError.self) { try await access.members.remove(owner, by: asOwner, audit: audit) }
            #expect(try await access.members.list(by: asOwner, page: PageRequest()).items.count == 2)
        }
    }

    @Test("one signs up by invitation only, once, with a password that will do")
    func invitations() async throws {
        try await TestAccess.run { access in
            let asOwner = try await access.principal(try await access.signInOwner()), audit = AuditDraft.system("invite")
            let made = try await access.invitations.invite(email: "New@x", role: .member, project: nil, by: asOwner, audit: audit)
            func accept(_ token: String, _ password: String) async -> AccessError? {
                await accessError { try await access.invitations.accept(token: token, name: "New", password: password, origin: origin) }
            }
            let before = access.hasher.hashCount
            #expect(await accept(SecretToken.generate(.invitation).text, TestAccess.password) == .unknownLink)
            #expect(await accept("", TestAccess.password) == .unknownLink)
            #expect(access.hasher.hashCount == before, "a stranger makes no work")
            #expect(await accept(made.token.text, TestAccess.password) == nil)
            #expect(await accept(made.token.text, TestAccess.password) == .unknownLink)
            let user = try await access.signIn.signIn(email: "new@x", password: TestAccess.password, origin: origin)
            #expect(try await access.principal(user).role == .member)
            #expect(try await access.invitations.list(by: asOwner, page: PageRequest()).items.count == 1)
        }
    }
}
