import ByteCoding
import CurlClient
import HTTPTesting
import Testing

@testable import Access

@Suite struct IdentityProviderTests {
    private func fault(_ error: AccessError?) -> String? {
        if case .identityProvider(let text)? = error { text } else { nil }
    }

    @Test("documents are fetched once, and again when they are an hour old")
    func age() async throws {
        try await TestProvider.run { provider in
            let clock = TestClock.real(), client = try IdentityProvider.test(provider, clock: clock)
            func check() async throws {
                let token = try provider.token(nonce: "n", nowSeconds: clock.seconds)
                _ = try await client.identity(of: token, nonce: "n", try await client.currentMetadata())
            }
            for _ in 0..<3 { try await check() }
            #expect(provider.requestCount("/.well-known/openid-configuration") == 1)
            #expect(provider.requestCount("/keys") == 1)
            clock.advance(seconds: 3_601)
            try await check()
            #expect(provider.requestCount("/.well-known/openid-configuration") == 2)
            #expect(provider.requestCount("/keys") == 2)
        }
    }

    @Test("many sign-ins at once fetch a document once; a provider that fails is asked again after five seconds, not before")
    func oneFetch() async throws {
        try await TestProvider.run { provider in
            let path = "/.well-known/openid-configuration"
            func ask(_ client: IdentityProvider) async -> [AccessError?] {
                await withTaskGroup(of: AccessError?.self) { tasks in
                    for _ in 0..<50 { tasks.addTask { await accessError { try await client.currentMetadata() } } }
                    return await tasks.reduce(into: []) { $0.append($1) }
                }
            }
            #expect(await ask(try IdentityProvider.test(provider)).allSatisfy { $0 == nil })
            #expect(provider.requestCount(path) == 1)
            let clock = TestClock.real(), client = try IdentityProvider.test(provider, clock: clock)
            provider.change { $0.metadata = ["issuer": #""https://evil.example""#] }
            for _ in 0..<3 { #expect(await ask(client).allSatisfy { fault($0)?.contains("another issuer") == true }) }
            #expect(provider.requestCount(path) == 2)
            provider.change { $0.metadata = [:] }
            #expect(fault(await accessError { try await client.currentMetadata() }) != nil, "still remembered")
            clock.advance(seconds: 5)
            #expect(await ask(client).allSatisfy { $0 == nil })
            #expect(provider.requestCount(path) == 3)
        }
    }

    @Test("an unknown key id makes the keys be fetched again, once a minute")
    func unknownKey() async throws {
        try await TestProvider.run { provider in
            let clock = TestClock.real(), client = try IdentityProvider.test(provider, clock: clock)
            func check() async -> AccessError? {
                await accessError {
                    let token = try provider.token(nonce: "n", nowSeconds: clock.seconds)
                    return try await client.identity(of: token, nonce: "n", try await client.currentMetadata())
                }
            }
            #expect(await check() == nil)
            let next = TestSigner.es256("next")
            provider.change {
                $0.signer = next
                $0.publicKeys.append(next.publicKey())
            }
            let refused = AccessError.identityRefused("the ID token is signed with a key that is not the provider's")
            // The keys were fetched a moment ago.
            for _ in 0..<5 { #expect(await check() == refused) }
            #expect(provider.requestCount("/keys") == 1)
            clock.advance(seconds: 60)
            #expect(await check() == nil)
            #expect(provider.requestCount("/keys") == 2)
            // One that does not turn up there, either.
            provider.change { $0.signer = .es256("nowhere") }
            clock.advance(seconds: 60)
            for _ in 0..<5 { #expect(await check() == refused) }
            #expect(provider.requestCount("/keys") == 3)
        }
    }

    @Test(
        "another issuer's document, an endpoint that is missing or no URL, and a provider without a known way to authenticate are refused")
    func metadata() async throws {
        try await TestProvider.run { provider in
            let table: [(members: [String: String?], fault: String)] = [
                (["issuer": #""https://evil.example""#], "another issuer"), (["issuer": nil], "another issuer"),
                (["token_endpoint": nil], "has no token_endpoint"), (["jwks_uri": #""ftp://x/y""#], "jwks_uri of its discovery document"),
                (["authorization_endpoint": #""javascript:alert(1)""#], "authorization_endpoint of its discovery document"),
                (["token_endpoint_auth_methods_supported": #"["private_key_jwt"]"#], "neither by client_secret_basic"),
            ]
            for row in table {
                provider.change { $0.metadata = row.members }
                let client = try IdentityProvider.test(provider)
                let text = fault(await accessError { try await client.currentMetadata() })
                #expect(text?.contains(row.fault) == true, "\(row.members): \(text ?? "-")")
            }
        }
    }

    @Test("the endpoints of an https issuer are https")
    func insecureEndpoint() throws {
        let configuration = try OpenIDConnectConfiguration.test("https://issuer.example")
        func metadata(_ keySet: String) throws -> ProviderMetadata {
            try ProviderMetadata(
                try .parse(
                    #"""
                    {"issuer":"https://issuer.example","authorization_endpoint":"https://issuer.example/a",
                    "token_endpoint":"https://issuer.example/t","jwks_uri":"\#(keySet)"}
                    """#), of: configuration)
        }
        #expect(try metadata("https://keys.example/k").keySetURL.host == "keys.example")
        #expect(throws: AccessError.self) { try metadata("http://issuer.example/k") }
    }

    @Test("a document that is too large, no JSON, answered with an error or a redirect, and a provider that is gone are named")
    func unreachable() async throws {
        try await TestProvider.run { provider in
            for (members, what) in [
                (["jwks_uri": #""\#(provider.issuer)/nothing""#], "its key set is answered with status 404"),
                (["padding": #""\#(String(repeating: "x", count: 300 << 10))""#], "its discovery document: the response is longer"),
            ] {
                provider.change { $0.metadata = members }
                let client = try IdentityProvider.test(provider)
                let text = fault(
                    await accessError {
                        let metadata = try await client.currentMetadata()
                        return try await client.identity(of: try provider.token(nonce: "n", nowSeconds: 1), nonce: "n", metadata)
                    })
                #expect(text?.hasPrefix(what) == true, "\(text ?? "-")")
            }
            let gone = IdentityProvider(try .test("http://127.0.0.1:1"), client: CurlClient(), clock: TestClock.real())
            #expect(fault(await accessError { try await gone.currentMetadata() })?.hasPrefix("its discovery document: ") == true)
        }
    }

    @Test("a configuration that cannot work is refused, and its secret never shows")
    func configuration() throws {
        let secret = ClientSecret("hidden")
        #expect(!"\(secret) \(String(reflecting: secret))".contains("hidden"))
        let good = try OpenIDConnectConfiguration(
            issuer: "https://issuer.example/tenant/", clientID: "x", clientSecret: secret, publicURL: "https://spandrel.example/base/")
        #expect(good.discoveryURL == "https://issuer.example/tenant/.well-known/openid-configuration")
        #expect(good.redirectURI == "https://spandrel.example/base/api/v1/auth/openid-connect/callback")
        #expect(!String(reflecting: good).contains("hidden"))
        for (issuer, client, secret, url) in [
            ("issuer.example", "x", "y", "https://a"), ("https://i?x", "x", "y", "https://a"), ("https://i#x", "x", "y", "https://a"),
            ("https://i", "", "y", "https://a"), ("https://i", "x", "", "https://a"), ("https://i", "x", "y", "spandrel"),
            ("https://i", "x", "y", "https://a?b"),
        ] {
            #expect(throws: AccessError.self, "\(issuer) \(client) \(url)") {
                try OpenIDConnectConfiguration(issuer: issuer, clientID: client, clientSecret: ClientSecret(secret), publicURL: url)
            }
        }
    }
}
