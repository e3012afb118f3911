import Metastore
import Testing

@testable import Access

@Suite struct AttemptCountsTests {
    @Test(
        "limits per address count an address of version 4, in either spelling, and the /64 of one of version 6",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::/64"),
            ("2001:db8:0:0:ffff::1", "2001:db8::/64"), ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ])
    func network(address: String, network: String) {
        #expect(RequestOrigin(address: address).network == network)
        #expect(RequestOrigin().network == nil)
    }

    @Test("guesses from many addresses of one /64 are locked out together")
    func oneNetwork() async throws {
        try await TestAccess.run { access in
            func guess(_ number: Int, _ network: String) async -> AccessError? {
                let origin = RequestOrigin(address: "\(network)::\(String(number + 1, radix: 16))")
                return await accessError {
                    try await access.signIn.signIn(email: "nobody\(number)@x", password: "a wrong password", origin: origin)
                }
            }
            for number in 0...AccessLimits.freeAddressFailureCount { #expect(await guess(number, "2001:db8:0:1") == .wrongCredentials) }
            #expect(await guess(100, "2001:db8:0:1") == .lockedOut(retryAfterSeconds: 1))
            #expect(await guess(101, "2001:db8:0:2") == .wrongCredentials)
        }
    }

    @Test("another spelling of an address is no way around its account's lock-out")
    func spellings() async throws {
        try await TestAccess.run { access in
            _ = try await access.makeUser("victim@example.org", role: .viewer)
            func guess(_ email: String, _ password: String = "a wrong password") async -> AccessError? {
                await accessError { try await access.signIn.signIn(email: email, password: password, origin: RequestOrigin()) }
            }
            for _ in 0..<6 { #expect(await guess("victim@example.org") == .wrongCredentials) }
            #expect(await guess("VICTIM@example.ORG", TestAccess.password) == .lockedOut(retryAfterSeconds: 1))
            #expect(await guess("vİctim@example.org", TestAccess.password) == .wrongCredentials, "nobody's address, whatever the password")
        }
    }

    @Test("guesses at the password by changing it count like sign-ins, and together with them; a right one clears the count")
    func changes() async throws {
        try await TestAccess.run { access in
            let user = try await access.makeUser("u@x", role: .viewer), origin = RequestOrigin(address: "192.0.2.1")
            func change(_ old: String) async -> AccessError? {
                await accessError {
                    try await access.resets.changePassword(
                        of: user.userID, session: user.sessionID, old: old, new: TestAccess.password, origin: origin,
                        audit: .system("changePassword"))
                }
            }
            for _ in 0..<5 { #expect(await change("a wrong password") == .wrongCredentials) }
            #expect(await change(TestAccess.password) == nil)
            for _ in 0..<6 { #expect(await change("a wrong password") == .wrongCredentials) }
            let before = access.hasher.hashCount
            #expect(await change(TestAccess.password) == .lockedOut(retryAfterSeconds: 1))
            #expect(
                await accessError { try await access.signIn.signIn(email: "u@x", password: TestAccess.password, origin: .init()) }
                    == .lockedOut(retryAfterSeconds: 1))
            #expect(access.hasher.hashCount == before, "costs nothing")
        }
    }

    @Test("a reset ends the account's lock-out")
    func reset() async throws {
        try await TestAccess.run { access in
            let owner = FirstStart.ownerEmail
            for _ in 0..<6 {
                _ = await accessError { try await access.signIn.signIn(email: owner, password: "a wrong password", origin: .init()) }
            }
            #expect(await accessError { try await access.signInOwner() } == .lockedOut(retryAfterSeconds: 1))
            let link = try #require(try await access.resets.requestPasswordReset(email: owner, origin: .init()))
            try await access.resets.resetPassword(token: link.token.text, newPassword: "a new passphrase", origin: .init())
            _ = try await access.signIn.signIn(email: owner, password: "a new passphrase", origin: .init())
        }
    }
}
