/// The way to the provider and what comes back from it (OpenID Connect Core 1.0, sections 3.1.2.1 and 3.1.2.5).

import CurlClient

/// Where the browser is sent.
enum AuthorizationRequest {
    static func url(_ login: LoginState, _ configuration: OpenIDConnectConfiguration, _ metadata: ProviderMetadata) -> String {
        let query = FormEncoding.encode([
            ("response_type", "code"), ("client_id", configuration.clientID), ("redirect_uri", configuration.redirectURI),
            ("scope", configuration.scopes.joined(separator: " ")), ("state", login.state), ("nonce", login.nonce),
            ("code_challenge", login.challenge), ("code_challenge_method", "S256"),
        ])
        let endpoint = metadata.authorizationEndpoint.text
        return endpoint + (endpoint.contains("?") ? "&" : "?") + query
    }
}

/// The query the browser comes back with; never prints the code.
package struct AuthorizationResponse: Sendable, CustomStringConvertible, CustomReflectable {
    let code: String?
    let state: String?
    let error: String?
    /// Who answered, when the provider says so (RFC 9207).
    let issuer: String?

    package init(code: String?, state: String?, error: String?, issuer: String?) {
        self.code = code
        self.state = state
        self.error = error
        self.issuer = issuer
    }

    /// Whether the browser comes back from where the sign-in sent it.
    func answers(_ login: LoginState) -> Bool {
        guard let state else { return false }
        return isEqualInConstantTime(Array(state.utf8), Array(login.state.utf8))
    }

    /// The code, for the sign-in that it answers. Errors: `identityRefused`.
    func code(issuer expected: String, isIssuerNeeded: Bool) throws(AccessError) -> String {
        guard issuer == expected || (issuer == nil && !isIssuerNeeded) else {
            throw .identityRefused("the answer is that of another provider")
        }
        if let error { throw .identityRefused("the provider answered \(Self.printable(error))") }
        guard let code, !code.isEmpty, code.utf8.count <= AccessLimits.maximumAuthorizationCodeByteCount else {
            throw .identityRefused("the provider sent no code")
        }
        return code
    }

    /// An error code as RFC 6749 has them; whatever else a stranger put there is not repeated.
    static func printable(_ error: String) -> String {
        let isCode = !error.isEmpty && error.utf8.count <= 64 && error.utf8.allSatisfy { (0x61...0x7a).contains($0) || $0 == 0x5f }
        return isCode ? error : "an error"
    }

    package var description: String { "AuthorizationResponse" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
