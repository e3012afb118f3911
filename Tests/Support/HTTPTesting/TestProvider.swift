/// A small OpenID Connect provider on a port of this machine, for the length of a test. It is strict about what it is asked: client
/// and secret, PKCE, redirect URI, codes that work once. What it answers is a test's to bend.

import ByteCoding
import Crypto
import HTTPAPI
import HTTPServer
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Synchronization

package final class TestProvider: Sendable {
    package static let clientID = "spandrel test", clientSecret = "s3cret: with %/+ in it"

    package struct State: Sendable {
        package var issuer = ""
        package var signer: TestSigner
        /// The key set's elements.
        package var publicKeys: [String]
        /// Members of the discovery document that replace or join the honest ones; nil removes one.
        package var metadata: [String: String?] = [:]
        /// Claims that replace or join the honest ones, as JSON; nil removes one.
        package var claims: [String: String?] = [:]
        /// Instead of the honest header.
        package var header: String?
        /// What the userinfo endpoint answers; nil: 404.
        package var userInfo: String?
        /// Status and body of the token endpoint's next answer, whatever it is asked.
        package var tokenAnswer: (status: Int, body: String)?
        /// How often each path was asked for.
        package fileprivate(set) var requestCounts: [String: Int] = [:]
        /// Why the token endpoint refused, for a test that did not expect it.
        package fileprivate(set) var refusals: [String] = []
        fileprivate var grants: [String: Grant] = [:]
    }

    fileprivate struct Grant {
        var challenge: String
        var redirectURI: String
        var nonce: String
    }

    private let state: Mutex<State>

    private init(_ signer: TestSigner) {
        state = Mutex(State(signer: signer, publicKeys: [signer.publicKey()]))
    }

    /// Serves while `body` runs.
    package static func run(
        _ signer: TestSigner = .es256(), _ body: @Sendable (TestProvider) async throws -> Void
    ) async throws {
        let provider = TestProvider(signer)
        try await LiveServer.run(provider.routes, problem: { Problem(describing: $0) }) { server in
            provider.change { $0.issuer = "http://127.0.0.1:\(server.port)" }
            try await body(provider)
        }
    }

    package func change(_ body: (inout sending State) -> Void) { state.withLock { body(&$0) } }
    package var issuer: String { state.withLock { $0.issuer } }
    package var refusals: [String] { state.withLock { $0.refusals } }
    package func forgetRefusals() { change { $0.refusals = [] } }
    package func requestCount(_ path: String) -> Int { state.withLock { $0.requestCounts[path] ?? 0 } }

    /// What a browser does at the authorization endpoint whose user says yes: the query it comes back with. Nil when the request is
    /// not as OpenID Connect and PKCE have it.
    package func authorize(_ url: String) -> (code: String, state: String)? {
        guard url.hasPrefix(issuer + "/authorize?") else { return nil }
        let query = URI(String(url.dropFirst(issuer.count))).queryParameters
        guard query["response_type"] == "code", query["client_id"].map({ String($0) }) == Self.clientID,
            query["code_challenge_method"] == "S256", let scope = query["scope"], scope.split(separator: " ").contains("openid"),
            let challenge = query["code_challenge"], challenge.count == 43, let redirectURI = query["redirect_uri"],
            let state = query["state"], let nonce = query["nonce"], state.count >= 43, nonce.count >= 43, nonce != state
        else { return nil }
        let code = "code/\(UInt64.random(in: 0 ... .max))"
        change {
            $0.grants[code] = Grant(challenge: String(challenge), redirectURI: String(redirectURI), nonce: String(nonce))
        }
        return (code, String(state))
    }

    /// The claims of an honest ID token, bent by `State.claims`.
    package func claims(nonce: String, nowSeconds: Int64) -> String {
        state.withLock { state in
            var members: [String: String?] = [
                "iss": quoted(state.issuer), "aud": quoted(Self.clientID), "sub": quoted("subject-1"), "nonce": quoted(nonce),
                "iat": "\(nowSeconds)", "exp": "\(nowSeconds + 300)", "email": quoted("Ada@Example.org"), "email_verified": "true",
                "name": quoted("Ada Lovelace"),
            ]
            members.merge(state.claims) { $1 }
            return object(members)
        }
    }

    /// A token of the present signer.
    package func token(nonce: String, nowSeconds: Int64) throws -> String {
        let claims = claims(nonce: nonce, nowSeconds: nowSeconds)
        return try state.withLock { try $0.signer.token(claims: claims, header: $0.header) }
    }

    // MARK: Endpoints

    private var routes: [Route] {
        [
            route(.get, "/.well-known/openid-configuration") { _, _ in (200, self.metadata()) },
            route(.get, "/keys") { _, _ in (200, self.state.withLock { #"{"keys":[\#($0.publicKeys.joined(separator: ","))]}"# }) },
            route(.post, "/token") { request, body in try self.exchange(request, body) },
            route(.get, "/userinfo") { request, _ in
                guard request.headers[.authorization] == "Bearer access", let claims = self.state.withLock({ $0.userInfo }) else {
                    return (404, "{}")
                }
                return (200, claims)
            },
        ]
    }

    private func route(
        _ method: HTTPRequest.Method, _ path: String, _ answer: @escaping @Sendable (Request, String) throws -> (Int, String)
    ) -> Route {
        Route(path, method, path, statuses: [200]) { request, _ in
            self.state.withLock { $0.requestCounts[path, default: 0] += 1 }
            let body = String(buffer: try await request.body.collect(upTo: 1 << 20))
            let (status, text) = try answer(request, body)
            return Response(
                status: .init(code: status), headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
    }

    private func metadata() -> String {
        state.withLock { state in
            var members: [String: String?] = [
                "issuer": quoted(state.issuer), "authorization_endpoint": quoted(state.issuer + "/authorize"),
                "token_endpoint": quoted(state.issuer + "/token"), "jwks_uri": quoted(state.issuer + "/keys"),
                "userinfo_endpoint": quoted(state.issuer + "/userinfo"),
            ]
            members.merge(state.metadata) { $1 }
            return object(members)
        }
    }

    private func exchange(_ request: Request, _ body: String) throws -> (Int, String) {
        if let answer = state.withLock({ $0.tokenAnswer }) { return answer }
        let form = URI("/?" + body).queryParameters
        func value(_ name: String) -> String { form[Substring(name)].map { String($0) } ?? "" }
        func refuse(_ error: String, _ reason: String) -> (Int, String) {
            state.withLock { $0.refusals.append(reason) }
            return (400, #"{"error":"\#(error)"}"#)
        }
        let isPost = state.withLock { $0.metadata["token_endpoint_auth_methods_supported"] == #"["client_secret_post"]"# }
        let pair = isPost ? [value("client_id"), value("client_secret")] : Self.basic(request.headers[.authorization] ?? "")
        guard pair == [Self.clientID, Self.clientSecret] else { return refuse("invalid_client", "the client") }
        guard value("grant_type") == "authorization_code" else { return refuse("unsupported_grant_type", "the grant type") }
        // A code works once.
        guard let grant = state.withLock({ $0.grants.removeValue(forKey: value("code")) }) else {
            return refuse("invalid_grant", "the code")
        }
        guard grant.redirectURI == value("redirect_uri") else { return refuse("invalid_grant", "the redirect URI") }
        guard Base64.urlText(Array(SHA256.hash(data: Array(value("code_verifier").utf8)))) == grant.challenge else {
            return refuse("invalid_grant", "the verifier")
        }
        let token = try token(nonce: grant.nonce, nowSeconds: Int64(WallClock.nowUnixNano() / 1_000_000_000))
        return (200, #"{"access_token":"access","token_type":"Bearer","expires_in":300,"id_token":"\#(token)"}"#)
    }

    /// Client id and secret of a Basic header, each form-encoded before they were joined.
    private static func basic(_ header: String) -> [String] {
        guard header.hasPrefix("Basic "), let bytes = Base64.decode(String(header.dropFirst(6))) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: ":").map { part in
            URI("/?part=" + part).queryParameters["part"].map { String($0) } ?? ""
        }
    }
}

private func quoted(_ text: String) -> String { String(decoding: JSONValue.string(text).bytes, as: UTF8.self) }

private func object(_ members: [String: String?]) -> String {
    "{" + members.compactMap { name, value in value.map { "\(quoted(name)):\($0)" } }.joined(separator: ",") + "}"
}
