/// A provider's discovery document (OpenID Connect Discovery 1.0, section 3): the members that sign-in needs, checked.

import ByteCoding
import CurlClient

struct ProviderMetadata: Sendable, Equatable {
    /// How a client shows its secret to the token endpoint.
    enum ClientAuthentication: String, Sendable, Equatable {
        case basic = "client_secret_basic"
        case post = "client_secret_post"
    }

    let authorizationEndpoint: CurlURL
    let tokenEndpoint: CurlURL
    let keySetURL: CurlURL
    /// Where claims are that the ID token leaves out; nil when the provider has none.
    let userInfoEndpoint: CurlURL?
    let clientAuthentication: ClientAuthentication
    /// Whether the provider always names itself when it sends the browser back (RFC 9207).
    let namesItselfInResponses: Bool

    /// Errors: `identityProvider` for another issuer's document, a missing or insecure endpoint, no way to authenticate.
    init(_ document: JSONValue, of configuration: OpenIDConnectConfiguration) throws(AccessError) {
        guard document["issuer"]?.stringValue == configuration.issuer else {
            throw .identityProvider("its discovery document is that of another issuer; the configured one must be written exactly so")
        }
        func endpoint(_ name: String) throws(AccessError) -> CurlURL? {
            guard let text = document[name]?.stringValue else { return nil }
            guard let url = try? CurlURL(text), url.scheme == "https" || configuration.issuerURL.scheme == "http" else {
                throw .identityProvider("\(name) of its discovery document is no https URL")
            }
            return url
        }
        func needed(_ name: String) throws(AccessError) -> CurlURL {
            guard let url = try endpoint(name) else { throw .identityProvider("its discovery document has no \(name)") }
            return url
        }
        authorizationEndpoint = try needed("authorization_endpoint")
        tokenEndpoint = try needed("token_endpoint")
        keySetURL = try needed("jwks_uri")
        userInfoEndpoint = try endpoint("userinfo_endpoint")
        // Without the member it is `client_secret_basic`.
        let methods = document["token_endpoint_auth_methods_supported"]?.arrayValue?.compactMap(\.stringValue)
        let known = (methods ?? [ClientAuthentication.basic.rawValue]).compactMap(ClientAuthentication.init(rawValue:))
        guard let method = known.contains(.basic) ? .basic : known.first else {
            throw .identityProvider("it takes the client's secret neither by client_secret_basic nor by client_secret_post")
        }
        clientAuthentication = method
        namesItselfInResponses = document["authorization_response_iss_parameter_supported"]?.boolValue ?? false
    }
}
