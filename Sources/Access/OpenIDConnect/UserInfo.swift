/// Claims that a provider leaves out of the ID token and answers at its userinfo endpoint (OpenID Connect Core 1.0, section 5.3).

import ByteCoding
import CurlClient

enum UserInfo {
    /// Only needed when the ID token tells no address; nil when there is nobody to ask.
    static func request(for identity: OpenIDConnectIdentity, _ tokens: TokenExchange.Tokens, _ metadata: ProviderMetadata) -> CurlRequest? {
        guard identity.email == nil, let accessToken = tokens.accessToken, let endpoint = metadata.userInfoEndpoint else { return nil }
        return CurlRequest(
            "GET", endpoint, headers: ["authorization": "Bearer \(accessToken)", "accept": "application/json"])
    }

    /// The identity with what the endpoint says. Errors: `identityProvider`; `identityRefused` when it tells of somebody else.
    static func merge(
        status: Int, body: [UInt8], into identity: OpenIDConnectIdentity
    ) throws(AccessError) -> OpenIDConnectIdentity {
        guard status == 200, let claims = try? JSONValue.parse(body), claims.objectValue != nil else {
            throw .identityProvider("its userinfo endpoint does not answer (\(status))")
        }
        // The one check that keeps another person's claims out (section 5.3.2).
        guard claims["sub"]?.stringValue == identity.subject else {
            throw .identityRefused("the userinfo endpoint tells of somebody else")
        }
        var identity = identity
        identity.fill(from: claims)
        return identity
    }
}
