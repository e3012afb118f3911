/// The provider as the server talks to it: its documents, fetched and remembered, and the exchange of a code for an identity.
///
/// Only URLs of the operator's configuration and of the issuer's own documents are asked, without following redirects, each with a
/// limit on time and size.

import ByteCoding
import CurlClient

struct IdentityProvider: Sendable {
    let configuration: OpenIDConnectConfiguration
    private let client: CurlClient
    private let clock: any AccessClock
    private let metadata: PublishedDocument<ProviderMetadata>
    private let keySet: PublishedDocument<JSONWebKeySet>

    init(_ configuration: OpenIDConnectConfiguration, client: CurlClient, clock: any AccessClock) {
        self.configuration = configuration
        self.client = client
        self.clock = clock
        metadata = PublishedDocument(clock: clock)
        keySet = PublishedDocument(clock: clock)
    }

    /// Errors: `identityProvider`.
    func currentMetadata() async throws(AccessError) -> ProviderMetadata {
        try await metadata.value { () throws(AccessError) in
            try ProviderMetadata(try await document(configuration.discoveryURL, "discovery document"), of: configuration)
        }
    }

    /// The person whom a code stands for. Errors: `identityRefused`, `identityProvider`.
    func identity(code: String, _ login: LoginState) async throws(AccessError) -> OpenIDConnectIdentity {
        let metadata = try await currentMetadata()
        let exchanged = try await send(TokenExchange.request(code: code, login, configuration, metadata), "token endpoint")
        let tokens = try TokenExchange.tokens(status: exchanged.status, body: exchanged.body)
        let identity = try await identity(of: tokens.idToken, nonce: login.nonce, metadata)
        guard let request = UserInfo.request(for: identity, tokens, metadata) else { return identity }
        let answer = try await send(request, "userinfo endpoint")
        return try UserInfo.merge(status: answer.status, body: answer.body, into: identity)
    }

    /// Errors: `identityRefused`, `identityProvider`.
    func identity(of idToken: String, nonce: String, _ metadata: ProviderMetadata) async throws(AccessError) -> OpenIDConnectIdentity {
        let header = try IDTokenHeader(of: idToken)
        guard let key = try await key(for: header, metadata) else {
            throw .identityRefused("the ID token is signed with a key that is not the provider's")
        }
        guard await key.isSignature(of: idToken, by: header.algorithm) else {
            throw .identityRefused("the ID token's signature is wrong")
        }
        return try IDTokenClaims(of: idToken).identity(
            issuer: configuration.issuer, clientID: configuration.clientID, nonce: nonce, nowSeconds: clock.unixNano() / 1_000_000_000)
    }

    /// A key that is not known may be new: then the set is fetched again, but not for every token that names one.
    private func key(for header: IDTokenHeader, _ metadata: ProviderMetadata) async throws(AccessError) -> JSONWebKey? {
        let found = try await keySet.value(where: { $0.key(for: header) != nil }) { () throws(AccessError) in
            try JSONWebKeySet(try await document(metadata.keySetURL.text, "key set"))
        }
        return found.key(for: header)
    }

    private func document(_ url: String, _ what: String) async throws(AccessError) -> JSONValue {
        let request: CurlRequest
        do { request = CurlRequest("GET", try CurlURL(url), headers: ["accept": "application/json"]) } catch {
            throw .identityProvider("\(what): \(error)")
        }
        let answer = try await send(request, what)
        guard answer.status == 200 else { throw .identityProvider("its \(what) is answered with status \(answer.status)") }
        do { return try JSONValue.parse(answer.body) } catch { throw .identityProvider("its \(what) is no JSON") }
    }

    private func send(_ request: CurlRequest, _ what: String) async throws(AccessError) -> CurlWholeResponse {
        var request = request
        // The operator names the issuer, and the issuer its endpoints: no user can change where this leads.
        request.addressPolicy = .operatorConfigured
        request.timeouts.total = .seconds(AccessLimits.providerTimeoutSeconds)
        do { return try await client.send(request, maximumByteCount: AccessLimits.maximumProviderDocumentByteCount) } catch {
            throw .identityProvider("its \(what): \(error)")
        }
    }
}
