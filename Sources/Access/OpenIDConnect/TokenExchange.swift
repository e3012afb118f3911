/// The code for tokens (OpenID Connect Core 1.0, section 3.1.3): the request as a value, and what its answer must be.

import ByteCoding
import CurlClient

enum TokenExchange {
    static func request(
        code: String, _ login: LoginState, _ configuration: OpenIDConnectConfiguration, _ metadata: ProviderMetadata
    ) -> CurlRequest {
        var form = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", configuration.redirectURI),
            ("code_verifier", login.verifier),
        ]
        var headers: CurlHeaders = ["content-type": "application/x-www-form-urlencoded", "accept": "application/json"]
        switch metadata.clientAuthentication {
        case .basic:
            // RFC 6749, section 2.3.1: both are form-encoded before they are joined.
            let pair = FormEncoding.escape(configuration.clientID) + ":" + FormEncoding.escape(configuration.clientSecret.text)
            headers.append("authorization", "Basic " + Base64.text(Array(pair.utf8)))
        case .post: form += [("client_id", configuration.clientID), ("client_secret", configuration.clientSecret.text)]
        }
        return CurlRequest("POST", metadata.tokenEndpoint, headers: headers, body: Array(FormEncoding.encode(form).utf8))
    }

    /// What the provider hands out; never prints itself.
    struct Tokens: Sendable, CustomStringConvertible {
        let idToken: String
        /// For the provider's own userinfo endpoint; kept nowhere.
        let accessToken: String?

        var description: String { "Tokens" }
    }

    /// Errors: `identityRefused` when the code is not taken, `identityProvider` for everything that is no fault of the caller.
    static func tokens(status: Int, body: [UInt8]) throws(AccessError) -> Tokens {
        let members = try? JSONValue.parse(body)
        guard status == 200 else {
            let error = members?["error"]?.stringValue ?? ""
            if error == "invalid_grant" { throw .identityRefused("the provider does not take the code: it was used or has expired") }
            throw .identityProvider("it refuses to exchange a code (\(status), \(AuthorizationResponse.printable(error)))")
        }
        guard let idToken = members?["id_token"]?.stringValue else { throw .identityProvider("it sends no ID token") }
        guard idToken.utf8.count <= AccessLimits.maximumIDTokenByteCount else {
            throw .identityProvider("its ID token has more than \(AccessLimits.maximumIDTokenByteCount) bytes")
        }
        return Tokens(idToken: idToken, accessToken: members?["access_token"]?.stringValue)
    }
}
