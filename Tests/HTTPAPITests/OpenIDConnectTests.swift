import Access
import ByteCoding
import HTTPAPI
import HTTPTesting
import Logging
import Metastore
import PostgresTesting
import Testing

@Suite("Signing in with an identity provider")
struct OpenIDConnectTests {
    private static let begin = "/api/v1/auth/openid-connect"
    private static let callback = begin + "/callback"

    private func configuration(_ provider: TestProvider, publicURL: String) throws -> OpenIDConnectConfiguration {
        try OpenIDConnectConfiguration(
            issuer: provider.issuer, clientID: TestProvider.clientID, clientSecret: ClientSecret(TestProvider.clientSecret),
            publicURL: publicURL)
    }

    private func run(
        publicURL: String = "http://spandrel.test", logger: Logger? = nil,
        _ body: @escaping @Sendable (TestInstallation, TestProvider, LiveServer) async throws -> Void
    ) async throws {
        try await TestProvider.run { provider in
            try await TestInstallation.run(
                logger: logger, identityProvider: try configuration(provider, publicURL: publicURL)
            ) { installation, server in
                try await body(installation, provider, server)
            }
        }
    }

    /// Name, value and attributes of the cookie an answer sets.
    private func cookie(_ answer: HTTPAnswer) throws -> (pair: String, attributes: [String]) {
        let parts = try #require(answer.headers["set-cookie"]).split(separator: ";").map { String($0.drop { $0 == " " }) }
        return (parts[0], Array(parts.dropFirst()))
    }

    /// The owner's address is the identity's.
    private func ownerClaims(_ provider: TestProvider) {
        provider.change { $0.claims["email"] = #""owner@localhost""# }
    }

    @Test("a sign-in page learns whether there is a provider, and not who it is")
    func methods() async throws {
        let contract = Contract(try OpenAPIFolder.assemble())
        try await run { _, provider, server in
            let stranger = RecordingClient(server, contract, key: nil)
            let methods = try await stranger.send("getSignInMethods", "/api/v1/auth/methods", expect: 200)
            #expect(methods["password"]?.boolValue == true && methods["openid_connect"]?.boolValue == true)
            #expect(methods.objectValue?.count == 2)
        }
        try await TestInstallation.run { _, server in
            let stranger = RecordingClient(server, contract, key: nil)
            let methods = try await stranger.send("getSignInMethods", "/api/v1/auth/methods", expect: 200)
            #expect(methods["openid_connect"]?.boolValue == false)
        }
    }

    @Test("a browser is sent to the provider and back, and has a session; HEAD signs nobody in")
    func session() async throws {
        let contract = Contract(try OpenAPIFolder.assemble())
        try await run { installation, provider, server in
            ownerClaims(provider)
            let begun = try await server.send("GET", Self.begin)
            #expect(begun.status == 303 && begun.headers["cache-control"] == "no-store")
            let (pair, attributes) = try cookie(begun)
            #expect(attributes == ["Path=/api/v1/auth/openid-connect", "Max-Age=600", "HttpOnly", "SameSite=Lax"])
            let location = try #require(begun.headers["location"])
            let granted = try #require(provider.authorize(location), "\(location)")
            let path = Self.callback + "?code=\(granted.code)&state=\(granted.state)&session_state=theirs&scope=openid"
            #expect(try await server.send("HEAD", path, headers: [("cookie", pair)]).status == 405)
            #expect(try await server.send("GET", path).status == 400, "no cookie")
            let answer = try await server.send("GET", path, headers: [("cookie", "theme=dark; \(pair)")])
            #expect(answer.status == 200 && answer.headers["cache-control"] == "no-store", "\(answer.text)")
            #expect(try cookie(answer).attributes.contains("Max-Age=0"))
            let session = try JSONValue.parse(answer.body)
            let schema = try #require(
                contract.schema(of: "finishOpenIDConnectSignIn", status: 200, contentType: "application/json"))
            #expect(SchemaChecker(document: contract.document).faults(in: session, against: schema) == [])
            #expect(session["user_id"]?.stringValue == installation.first.ownerID.uuid)
            let token = try #require(session["access_token"]?.stringValue)
            let own = try await server.send("GET", "/api/v1/users/me", headers: [("authorization", "Bearer \(token)")])
            #expect(own.status == 200, "\(own.text)")
            // The sign-in was used.
            #expect(try await server.send("GET", path, headers: [("cookie", pair)]).status == 400)
        }
    }

    @Test("a browser that named a page comes back to it with a session in a cookie; a page of elsewhere is refused")
    func browserSession() async throws {
        try await run { installation, provider, server in
            ownerClaims(provider)
            for page in [
                "https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example", "x", "%2F" + String(repeating: "a", count: 600),
            ] {
                #expect(try await server.send("GET", Self.begin + "?page=" + page).status == 400, "\(page)")
            }
            let begun = try await server.send("GET", Self.begin + "?page=%2Fprojects%3Fx%3D1"), pair = try cookie(begun).pair
            let granted = try #require(provider.authorize(begun.headers["location"] ?? ""))
            let answer = try await server.send(
                "GET", Self.callback + "?code=\(granted.code)&state=\(granted.state)", headers: [("cookie", pair)])
            #expect(answer.status == 303 && answer.headers["location"] == "/projects?x=1" && answer.body.isEmpty, "\(answer.text)")
            #expect(answer.headers["cache-control"] == "no-store")
            // Of two cookies the reader of this test keeps the last: the end of the sign-in's own.
            #expect(try cookie(answer).attributes.contains("Max-Age=0"))
            let sessions = try await installation.metastore.sessions.list(of: installation.first.ownerID, page: .init(limit: 10))
            #expect(sessions.items.count == 1)
        }
    }

    @Test("the cookie is for TLS only when browsers come over TLS, which a public https URL says too")
    func secureCookie() async throws {
        try await run(publicURL: "https://spandrel.test") { _, provider, server in
            let begun = try await server.send("GET", Self.begin)
            #expect(try cookie(begun).attributes.contains("Secure"))
            let location = try #require(begun.headers["location"])
            #expect(location.contains("redirect_uri=https%3A%2F%2Fspandrel.test%2Fapi%2Fv1%2Fauth%2Fopenid-connect%2Fcallback"))
        }
    }

    @Test("a stranger is told to ask for an invitation; an unknown invitation, parameter or provider is an error of its own")
    func refusals() async throws {
        try await run { _, provider, server in
            func kind(_ answer: HTTPAnswer) -> String {
                let problem = try? JSONValue.parse(answer.body)
                return "\(answer.status) \(problem?["type"]?.stringValue?.split(separator: ":").last ?? "-")"
            }
            func finish(_ change: (String) -> String = { $0 }) async throws -> String {
                let begun = try await server.send("GET", Self.begin), pair = try cookie(begun).pair
                let granted = try #require(provider.authorize(begun.headers["location"] ?? ""))
                let path = Self.callback + "?" + change("code=\(granted.code)&state=\(granted.state)")
                return kind(try await server.send("GET", path, headers: [("cookie", pair)]))
            }
            let outcomes = [
                try await finish(), try await finish { $0 + "x" }, try await finish { "error=access_denied&" + $0 },
                try await finish { $0 + "&iss=https%3A%2F%2Fevil.example" },
            ]
            #expect(outcomes == ["403 not-invited", "400 sign-in-not-begun", "401 identity-refused", "401 identity-refused"])
            let others = [
                kind(try await server.send("GET", Self.begin + "?invitation=x")), kind(try await server.send("GET", Self.begin + "?x=1")),
                kind(try await server.send("GET", Self.callback)), kind(try await server.send("GET", Self.callback + "?state=%")),
            ]
            #expect(others == ["404 not-found", "400 unknown-parameter", "400 sign-in-not-begun", "400 invalid-query-string"])
            provider.change { $0.tokenAnswer = (500, "down") }
            let down = try await finish()
            #expect(down == "503 identity-provider-unavailable")
        }
        try await TestInstallation.run { _, server in
            for path in [Self.begin, Self.callback + "?code=a&state=b"] {
                let answer = try await server.send("GET", path)
                #expect(answer.status == 404, "\(answer.text)")
            }
        }
    }

    @Test("no code, state, token or cookie is in the log")
    func log() async throws {
        let lines = Shared<[String]>([])
        let logger = Logger(label: "test") { _ in RecordingLog(lines: lines) }
        let secrets = Shared<[String]>([TestProvider.clientSecret])
        try await run(logger: logger) { _, provider, server in
            ownerClaims(provider)
            for isBroken in [false, true] {
                provider.change { $0.tokenAnswer = isBroken ? (500, "down") : nil }
                let begun = try await server.send("GET", Self.begin), pair = try cookie(begun).pair
                let granted = try #require(provider.authorize(begun.headers["location"] ?? ""))
                let answer = try await server.send(
                    "GET", Self.callback + "?code=\(granted.code)&state=\(granted.state)", headers: [("cookie", pair)])
                let session = try JSONValue.parse(answer.body)
                secrets.change {
                    $0 += [granted.code, granted.state, String(pair.split(separator: "=")[1])]
                    $0 += ["access_token", "refresh_token"].compactMap { session[$0]?.stringValue }
                }
            }
        }
        let text = lines.value.joined(separator: "\n")
        #expect(text.contains("/api/v1/auth/openid-connect/callback"))
        #expect(text.contains("it refuses to exchange a code"), "the operator is told what is wrong")
        for secret in secrets.value { #expect(!text.contains(secret)) }
    }
}

/// Keeps what is logged.
private struct RecordingLog: LogHandler {
    let lines: Shared<[String]>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let line = "\(event.message) \(metadata) \(event.metadata ?? [:])"
        lines.change { $0.append(line) }
    }
}
