import ByteCoding
import PostgresTesting
import SeededRandom
import Testing

@testable import Access

@Suite struct LoginStateTests {
    private let key = TokenSigningKey(id: "k", bytes: Array(repeating: 7, count: 32))

    private func seal(_ key: TokenSigningKey? = nil, issuer: String = "https://i", client: String = "c") throws -> LoginStateSeal {
        LoginStateSeal(key ?? self.key, try .test(issuer, clientID: client))
    }

    @Test("what one server seals another opens, until it expires")
    func acrossServers() throws {
        for invitation in [nil, "spdrl_invite_1"] {
            let login = LoginState.make(invitation: invitation, expirySeconds: 1_000)
            let cookie = try seal().seal(login)
            #expect(try seal().open(cookie, nowSeconds: 999) == login)
            #expect(try seal().open(cookie, nowSeconds: 1_000) == nil)
            #expect(cookie.utf8.allSatisfy { (0x30...0x7a).contains($0) || $0 == 0x2d } && cookie.utf8.count < 1_024)
        }
    }

    @Test("another installation's, issuer's or client's state does not open, nor a changed one")
    func foreign() throws {
        let login = LoginState.make(invitation: nil, expirySeconds: 1_000)
        let cookie = try seal().seal(login)
        let others = [
            try seal(TokenSigningKey(id: "k", bytes: Array(repeating: 8, count: 32))), try seal(issuer: "https://other"),
            try seal(client: "other"),
        ]
        for other in others { #expect(other.open(cookie, nowSeconds: 1) == nil) }
        var generator = SeededGenerator(seed: TestSeed.value)
        let bytes = try #require(Base64.decode(cookie))
        for _ in 0..<200 {
            var changed = bytes
            changed[Int.random(in: 0..<changed.count, using: &generator)] ^= UInt8.random(in: 1 ... .max, using: &generator)
            #expect(try seal().open(Base64.urlText(changed), nowSeconds: 1) == nil)
        }
        for text in ["", "x", "!", String(repeating: "A", count: 100_000), String(cookie.dropLast(4))] {
            #expect(try seal().open(text, nowSeconds: 1) == nil)
        }
    }

    @Test("state, nonce and verifier are random each time, and are not read from the cookie or a description")
    func secrets() throws {
        let first = LoginState.make(invitation: nil, expirySeconds: 1), second = LoginState.make(invitation: nil, expirySeconds: 1)
        let texts = [first.state, first.nonce, first.verifier, second.state, second.nonce, second.verifier]
        #expect(Set(texts).count == 6 && texts.allSatisfy { $0.count == 43 })
        let cookie = try seal().seal(first), opened = String(decoding: Base64.decode(cookie) ?? [], as: UTF8.self)
        for text in [first.state, first.nonce, first.verifier] {
            #expect(!opened.contains(text) && !"\(first)".contains(text))
        }
        // RFC 7636, appendix B.
        let known = LoginState(
            state: "", nonce: "", verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", expirySeconds: 0, invitation: nil)
        #expect(known.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }
}
