/// What must survive the browser's way to the provider and back, and the seal it travels under.
///
///     cookie  base64url(AES-256-GCM(JSON of LoginState))     key: HKDF-SHA256 of the installation's token signing key
///
/// Every server of an installation opens what another has sealed, and none keeps anything. Reading the cookie tells nothing, a
/// changed one does not open, and one of another issuer, client or redirect URI does not either.

import ByteCoding
import Crypto

struct LoginState: Sendable, Equatable, CustomStringConvertible {
    /// Comes back in the URL: shows that the browser that returns is the one that went.
    let state: String
    /// Comes back in the ID token: shows that the token was made for this sign-in.
    let nonce: String
    /// Shows the provider that whoever exchanges the code is whoever asked for it (PKCE, RFC 7636).
    let verifier: String
    /// Unix seconds.
    let expirySeconds: Int64
    /// The token of the invitation that is to be accepted.
    let invitation: String?
    /// The page of this server that a browser's session begins with; nil when the caller wants tokens.
    var page: String?

    /// With 256 random bits each.
    static func make(invitation: String?, page: String? = nil, expirySeconds: Int64) -> LoginState {
        func random() -> String { Base64.urlText(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }) }
        return LoginState(
            state: random(), nonce: random(), verifier: random(), expirySeconds: expirySeconds, invitation: invitation, page: page)
    }

    /// The S256 challenge of the verifier.
    var challenge: String { Base64.urlText(Array(SHA256.hash(data: Array(verifier.utf8)))) }

    /// Never the secrets.
    var description: String { "LoginState(until \(expirySeconds))" }
}

struct LoginStateSeal: Sendable {
    private let key: [UInt8]
    private let place: String

    init(_ key: TokenSigningKey, _ configuration: OpenIDConnectConfiguration) {
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key.bytes), info: Array("spandrel openid connect login state".utf8), outputByteCount: 32)
        self.key = derived.withUnsafeBytes { Array($0) }
        place = [configuration.issuer, configuration.clientID, configuration.redirectURI].joined(separator: "\n")
    }

    /// For a cookie. Errors: `unavailable`.
    func seal(_ login: LoginState) throws(AccessError) -> String {
        var writer = JSONWriter(reserving: 512)
        writer.beginObject()
        writer.member("state", login.state)
        writer.member("nonce", login.nonce)
        writer.member("verifier", login.verifier)
        writer.member("expiry", login.expirySeconds)
        if let invitation = login.invitation { writer.member("invitation", invitation) }
        if let page = login.page { writer.member("page", page) }
        writer.endObject()
        guard let sealed = Sealing.seal(writer.bytes, with: key, binding: place) else { throw .unavailable }
        return Base64.urlText(sealed)
    }

    /// nil for what was not sealed here, was changed, or has expired.
    func open(_ cookie: String, nowSeconds: Int64) -> LoginState? {
        guard cookie.utf8.count <= AccessLimits.maximumLoginStateByteCount, let sealed = Base64.decode(cookie),
            let bytes = Sealing.open(sealed, with: key, binding: place), let members = try? JSONValue.parse(bytes),
            let state = members["state"]?.stringValue, let nonce = members["nonce"]?.stringValue,
            let verifier = members["verifier"]?.stringValue, let expiry = members["expiry"]?.integerValue, nowSeconds < expiry
        else { return nil }
        return LoginState(
            state: state, nonce: nonce, verifier: verifier, expirySeconds: expiry, invitation: members["invitation"]?.stringValue,
            page: members["page"]?.stringValue)
    }
}
