import ByteCoding
import HTTPTesting
import Testing

@testable import Access

/// Each way to get a token believed that must not be, against a provider's published keys.
@Suite struct IDTokenTests {
    private static let nonce = "the nonce of this sign-in"

    /// What becomes of the token the provider signs now; `bend` changes the text on its way.
    private func identity(
        _ provider: TestProvider, nonce: String = nonce, bend: (String) -> String = { $0 }
    ) async throws -> OpenIDConnectIdentity {
        let clock = TestClock.real(), client = try IdentityProvider.test(provider, clock: clock)
        let token = bend(try provider.token(nonce: Self.nonce, nowSeconds: clock.seconds))
        return try await client.identity(of: token, nonce: nonce, try await client.currentMetadata())
    }

    private func refusal(
        _ provider: TestProvider, nonce: String = nonce, bend: (String) -> String = { $0 }
    ) async -> String? {
        switch await accessError(of: { try await identity(provider, nonce: nonce, bend: bend) }) {
        case .identityRefused(let reason): reason
        default: nil
        }
    }

    @Test("an honest token of every kind of key is believed", arguments: ["ES256", "RS256", "PS256", "EdDSA"])
    func honest(algorithm: String) async throws {
        let signer: TestSigner =
            switch algorithm {
            case "RS256": try .rs256()
            case "PS256": try .ps256()
            case "EdDSA": .edDSA()
            default: .es256()
            }
        try await TestProvider.run(signer) { provider in
            let identity = try await identity(provider)
            #expect(
                identity
                    == OpenIDConnectIdentity(
                        issuer: provider.issuer, subject: "subject-1", email: "ada@example.org", isEmailVerified: true,
                        name: "Ada Lovelace"))
        }
    }

    @Test("`none` is no signature, in whatever letters")
    func none() async throws {
        try await TestProvider.run { provider in
            provider.change { $0.signer = .none("ec") }
            for algorithm in ["none", "None", "NONE", ""] {
                provider.change { $0.header = #"{"alg":"\#(algorithm)","kid":"ec"}"# }
                #expect(await refusal(provider) == "the ID token is not signed in a way that proves anything")
            }
            // Naming an algorithm that counts does not make it a signature.
            provider.change { $0.header = #"{"alg":"ES256","kid":"ec"}"# }
            #expect(await refusal(provider) == "the ID token's signature is wrong")
        }
    }

    @Test("the public key is no HMAC secret, even when the key set offers one")
    func algorithmConfusion() async throws {
        let honest = try TestSigner.rs256()
        try await TestProvider.run(honest) { provider in
            let secret = Array(honest.publicKey().utf8), attacker = TestSigner.hs256("rsa", key: secret)
            provider.change { $0.signer = attacker }
            #expect(await refusal(provider) == "the ID token is not signed in a way that proves anything")
            provider.change { $0.publicKeys.append(attacker.publicKey()) }
            #expect(await refusal(provider) == "the ID token is not signed in a way that proves anything")
            // The same bytes under an honest name.
            provider.change { $0.header = #"{"alg":"RS256","kid":"rsa"}"# }
            #expect(await refusal(provider) == "the ID token's signature is wrong")
        }
    }

    @Test("a key checks what its kind and its set allow, nothing else")
    func keyUse() async throws {
        let rsa = try TestSigner.rs256()
        try await TestProvider.run(rsa) { provider in
            // Bound to PS256 by the set.
            provider.change { $0.publicKeys = [rsa.publicKey(algorithm: "PS256")] }
            #expect(await refusal(provider) == "the ID token is signed with a key that is not the provider's")
            // For encryption.
            provider.change { $0.publicKeys = [rsa.publicKey(use: "enc"), TestSigner.es256().publicKey()] }
            #expect(await refusal(provider) == "the ID token is signed with a key that is not the provider's")
            // The header's algorithm is not the key's.
            provider.change {
                $0.publicKeys = [rsa.publicKey()]
                $0.header = #"{"alg":"ES256","kid":"rsa"}"#
            }
            #expect(await refusal(provider) == "the ID token is signed with a key that is not the provider's")
        }
    }

    @Test("keys that are short, malformed or of another kind are none")
    func unusableKeys() throws {
        func isKey(_ text: String) throws -> Bool { JSONWebKey(try .parse(text)) != nil }
        func rsa(byteCount: Int) -> String {
            #"{"kty":"RSA","e":"AQAB","n":"\#(Base64.urlText(Array(repeating: 0xf1, count: byteCount)))"}"#
        }
        #expect(try isKey(rsa(byteCount: 256)))
        for text in [
            rsa(byteCount: 128), rsa(byteCount: 0), #"{"kty":"oct","k":"AAAA"}"#, #"{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"}"#,
            #"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#, #"{"kty":"OKP","crv":"X25519","x":"AA"}"#, "{}", "[]", "null",
        ] {
            #expect(try !isKey(text), "\(text)")
        }
        for text in [#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#, #"{"keys":[]}"#, "{}", "[]"] {
            #expect(throws: AccessError.self) { try JSONWebKeySet(try .parse(text)) }
        }
    }

    @Test("a token of another key under a known name, a changed one and one with extensions are refused")
    func forged() async throws {
        try await TestProvider.run { provider in
            provider.change { $0.signer = .es256() }
            #expect(await refusal(provider) == "the ID token's signature is wrong")
        }
        try await TestProvider.run { provider in
            let payload = try provider.token(nonce: "x", nowSeconds: 1).split(separator: ".")[1]
            let changed = await refusal(provider) { token in
                let parts = token.split(separator: ".")
                return "\(parts[0]).\(payload).\(parts[2])"
            }
            #expect(changed == "the ID token's signature is wrong")
            #expect(await refusal(provider) { String($0.prefix { $0 != "." }) } == "the ID token is no signed JSON Web Token")
            #expect(await refusal(provider) { $0 + ".x" } == "the ID token is no signed JSON Web Token")
            #expect(await refusal(provider) { _ in "" } == "the ID token is no signed JSON Web Token")
            provider.change { $0.header = #"{"alg":"ES256","kid":"ec","crit":["b64"],"b64":false}"# }
            #expect(await refusal(provider) == "the ID token needs an extension that is not known here")
        }
    }

    @Test("claims for anybody, anywhere or any time else are refused, each by its name")
    func claims() async throws {
        try await TestProvider.run { provider in
            let now = TestClock.real().seconds, own = JSONValue.string(TestProvider.clientID).text
            let table: [(claims: [String: String?], fault: String)] = [
                (["iss": #""https://evil.example""#], "is another issuer's"), (["iss": nil], "is another issuer's"),
                (["iss": JSONValue.string(provider.issuer + "/").text], "is another issuer's"),
                (["aud": #""another""#], "is for another client"), (["aud": "[]"], "is for another client"),
                (["aud": nil], "is for another client"),
                (["aud": #"[\#(own),"another"]"#], "was made for another client"),
                (["aud": #"[\#(own),"another"]"#, "azp": #""another""#], "was made for another client"),
                (["azp": #""another""#], "was made for another client"), (["exp": "\(now - 61)"], "has expired"),
                (["exp": nil], "has no times"), (["exp": #""\#(now + 300)""#], "has no times"), (["exp": "1e300"], "has no times"),
                (["iat": nil], "has no times"), (["iat": "\(now + 120)"], "is from the future"),
                (["nbf": "\(now + 120)"], "is not valid yet"), (["nonce": #""that of another sign-in""#], "was made for another sign-in"),
                (["nonce": nil], "was made for another sign-in"), (["sub": nil], "names nobody"), (["sub": #""""#], "names nobody"),
                (["sub": "17"], "names nobody"), (["sub": JSONValue.string(String(repeating: "x", count: 256)).text], "names nobody"),
            ]
            for row in table {
                provider.change { $0.claims = row.claims }
                #expect(await refusal(provider) == "the ID token \(row.fault)", "\(row.claims)")
            }
        }
    }

    @Test("several audiences, a clock a little off and times with fractions are no fault")
    func tolerated() async throws {
        try await TestProvider.run { provider in
            let now = TestClock.real().seconds, own = JSONValue.string(TestProvider.clientID).text
            for claims in [
                ["aud": #"["another",\#(own)]"#, "azp": own], ["aud": "[\(own)]"], ["exp": "\(now - 30)", "iat": "\(now - 330)"],
                ["iat": "\(now + 30)", "nbf": "\(now + 30)"], ["exp": "\(now + 300).5", "iat": "\(now).25"],
            ] {
                provider.change { $0.claims = claims }
                let identity = try await identity(provider)
                #expect(identity.subject == "subject-1", "\(claims)")
            }
        }
    }

    @Test("an address counts as verified only when the provider says so")
    func verifiedAddress() async throws {
        try await TestProvider.run { provider in
            for (claim, isVerified) in [
                ("true", true), (#""true""#, true), ("false", false), (#""false""#, false), (nil, false), ("1", false), ("null", false),
            ] as [(String?, Bool)] {
                provider.change { $0.claims = ["email_verified": claim] }
                let identity = try await identity(provider)
                #expect(identity.verifiedEmail == (isVerified ? "ada@example.org" : nil), "\(claim ?? "-")")
            }
            provider.change { $0.claims = ["email": #""a\u0000b@example.org""#] }
            let identity = try await identity(provider)
            #expect(identity.email == nil)
        }
    }

    @Test("a token may leave out the key's name only when one key can be meant")
    func unnamedKey() async throws {
        try await TestProvider.run { provider in
            provider.change { $0.header = #"{"alg":"ES256"}"# }
            let identity = try await identity(provider)
            #expect(identity.subject == "subject-1")
            provider.change { $0.publicKeys.append(TestSigner.es256("another").publicKey()) }
            #expect(await refusal(provider) == "the ID token is signed with a key that is not the provider's")
        }
    }
}

extension JSONValue {
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
