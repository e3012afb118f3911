/// What an operator says of the identity provider: one OpenID Connect issuer, and what it knows this installation by.

import CurlClient

package struct OpenIDConnectConfiguration: Sendable {
    /// Exactly as the provider writes it: its discovery document and its ID tokens must say the same, letter by letter.
    package let issuer: String
    package let clientID: String
    /// Where the provider sends the browser back to; registered there.
    package let redirectURI: String
    let clientSecret: ClientSecret
    let scopes: [String]
    let issuerURL: CurlURL

    /// The path of the callback below the server's public URL.
    package static let callbackPath = "/api/v1/auth/openid-connect/callback"

    /// - Parameters:
    ///   - publicURL: what the server is called from outside, like `https://spandrel.example.org`.
    ///   - scopes: `openid` is always asked for.
    ///
    /// Errors: `identityProvider`.
    package init(
        issuer: String, clientID: String, clientSecret: ClientSecret, publicURL: String, scopes: [String] = ["email", "profile"]
    ) throws(AccessError) {
        issuerURL = try Self.url(issuer, "the issuer")
        guard !issuer.contains("?"), !issuer.contains("#") else {
            throw .identityProvider("an issuer has neither a query nor a fragment")
        }
        guard !clientID.isEmpty, clientID.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw .identityProvider("the client id must be printable ASCII")
        }
        guard !clientSecret.text.isEmpty else { throw .identityProvider("the client secret is empty") }
        let base = try Self.url(publicURL, "the public URL")
        guard !publicURL.contains("?"), !publicURL.contains("#") else {
            throw .identityProvider("the public URL has neither a query nor a fragment")
        }
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.scopes = ["openid"] + scopes.filter { $0 != "openid" }
        redirectURI = base.text.withoutTrailingSlash + Self.callbackPath
    }

    /// Whether browsers reach the callback over TLS.
    package var isSecure: Bool { redirectURI.hasPrefix("https:") }

    /// OpenID Connect Discovery 1.0, section 4: the path is appended to the issuer.
    var discoveryURL: String { issuer.withoutTrailingSlash + "/.well-known/openid-configuration" }

    private static func url(_ text: String, _ what: String) throws(AccessError) -> CurlURL {
        do { return try CurlURL(text) } catch { throw .identityProvider("\(what): \(error)") }
    }
}

extension String {
    fileprivate var withoutTrailingSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}

/// What this installation proves itself to the provider with; never prints itself.
package struct ClientSecret: Sendable, CustomStringConvertible, CustomReflectable {
    let text: String

    package init(_ text: String) { self.text = text }

    package var description: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
