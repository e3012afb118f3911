import ByteCoding
import Crypto
import JWTKit
import Metastore
import Testing

@testable import Access

@Suite struct AccessTokenTests {
    private struct Claims: JWTPayload {
        var iss = AccessTokens.issuer
        var aud = AccessTokens.audience
        var sub = UserID.make().uuid
        var sid = SessionID.make().uuid
        var gen = 1
        var iat: Int64 = 1_000
        var exp: Int64 = 1_900
        func verify(using _: some JWTAlgorithm) async throws {}
    }

    private let clock = TestClock(1_000_000_000_000)
    private let key = P256.Signing.PrivateKey()
    private let id = DataKeyID.make().uuid

    private func tokens() async throws -> AccessTokens {
        try await AccessTokens(TokenSigningKey(id: id, bytes: Array(key.rawRepresentation)), clock: clock)
    }

    private func error(_ text: String) async throws -> AccessError? {
        let tokens = try await tokens()
        return await accessError { try await tokens.verify(text) }
    }

    /// A token of these claims by a key of the test's choice.
    private func forge(
        _ claims: Claims = Claims(), header: JWTHeader = ["typ": "JWT"], keyID: String? = nil, by key: P256.Signing.PrivateKey? = nil
    ) async throws -> String {
        let keys = JWTKeyCollection()
        await keys.add(ecdsa: try ES256PrivateKey(pem: (key ?? self.key).pemRepresentation), kid: JWKIdentifier(string: keyID ?? id))
        return try await keys.sign(claims, kid: JWKIdentifier(string: keyID ?? id), header: header)
    }

    @Test("a token says who signed in until it expires, to every server with the key")
    func roundTrip() async throws {
        let user = UserID.make(), session = SessionID.make()
        let (text, expiry) = try await tokens().issue(user: user, session: session, generation: 3)
        #expect(expiry == 1_900)
        let other = try await tokens()
        for _ in 0..<2 {
            #expect(try await other.verify(text) == .init(user: user, session: session, generation: 3, expirySeconds: 1_900))
        }
        clock.advance(seconds: 900)
        #expect(await accessError { try await other.verify(text) } == .unauthenticated(.tokenExpired), "remembered or not")
        #expect(try await error(text) == .unauthenticated(.tokenExpired))
        #expect(AccessTokens.looksLikeOne(text) && !AccessTokens.looksLikeOne("spdrl_abc"))
    }

    @Test("claims for somebody else, from somebody else, or from the future are refused")
    func claims() async throws {
        #expect(try await error(try await forge()) == nil)
        func refused(_ change: (inout Claims) -> Void) async throws {
            var claims = Claims()
            change(&claims)
            #expect(try await error(try await forge(claims)) == .unauthenticated(.invalidToken), "\(claims)")
        }
        try await refused { $0.aud = "another-api" }
        try await refused { $0.iss = "somebody" }
        try await refused { $0.sub = "nobody" }
        try await refused { $0.sid = "" }
        try await refused { $0.iat = 10_000 }
        var expired = Claims()
        expired.exp = 1_000
        #expect(try await error(try await forge(expired)) == .unauthenticated(.tokenExpired))
    }

    @Test("another key, another algorithm and no algorithm are refused, whatever the header says")
    func attacks() async throws {
        #expect(try await error(try await forge(by: P256.Signing.PrivateKey())) == .unauthenticated(.invalidToken), "wrong key")
        #expect(try await error(try await forge(keyID: "other")) == .unauthenticated(.invalidToken), "unknown key id")
        // alg none: the claims of a good token, unsigned.
        let parts = try await forge().split(separator: ".").map(String.init)
        for algorithm in ["none", "None", "NONE", "HS256", "RS256", "ES384", ""] {
            let header = Base64.unpaddedText(Array(#"{"alg":"\#(algorithm)","kid":"\#(id)","typ":"JWT"}"#.utf8))
                .replacing("+", with: "-").replacing("/", with: "_")
            for signature in ["", parts[2]] {
                #expect(try await error("\(header).\(parts[1]).\(signature)") == .unauthenticated(.invalidToken), "\(algorithm)")
            }
        }
        // RS/HS confusion: signed with HMAC, the public key as the secret.
        for secret in [key.publicKey.pemRepresentation, String(decoding: key.publicKey.derRepresentation, as: UTF8.self)] {
            let keys = JWTKeyCollection()
            await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256, kid: JWKIdentifier(string: id))
            let text = try await keys.sign(Claims(), kid: JWKIdentifier(string: id), header: ["typ": "JWT"])
            #expect(try await error(text) == .unauthenticated(.invalidToken))
            let (claims, signature) = (text.split(separator: ".")[1], text.split(separator: ".")[2])
            #expect(try await error("\(parts[0]).\(claims).\(signature)") == .unauthenticated(.invalidToken))
        }
        #expect(try await error(try await forge(header: ["typ": "JWT", "crit": "x"])) == .unauthenticated(.invalidToken))
        #expect(try await error(try await forge(header: ["typ": "JWT", "jwk": "x"])) == .unauthenticated(.invalidToken))
    }

    @Test("every flipped character and every cut of a good token is refused")
    func damage() async throws {
        let text = try await forge(), tokens = try await tokens()
        let characters = Array(text)
        // The last character of a base64 text holds bits that belong to no byte.
        for index in stride(from: 0, to: characters.count - 1, by: 3) where characters[index] != "." {
            var changed = characters
            changed[index] = characters[index] == "A" ? "B" : "A"
            #expect(await accessError { try await tokens.verify(String(changed)) } != nil, "character \(index)")
        }
        for length in stride(from: 0, to: characters.count - 1, by: 7) {
            #expect(await accessError { try await tokens.verify(String(characters[..<length])) } != nil)
        }
        #expect(
            await accessError { try await tokens.verify(text + String(repeating: "A", count: 3_000)) } == .unauthenticated(.invalidToken))
    }
}
