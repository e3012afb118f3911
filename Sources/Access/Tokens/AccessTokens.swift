/// Access tokens of users: JWTs (RFC 7519) signed with ES256 under the installation's own key, good for 15 minutes.
///
///     header   {"alg":"ES256","kid":KEY,"typ":"JWT"}     anything else is refused before the signature is looked at
///     claims   iss, aud, sub (user), sid (session), gen (sign-in generation), iat, exp
///
/// A verified token is remembered by its hash until it expires, as verifying costs more than the rest of a request. Whether the
/// session still stands is asked each time (Authenticator).

import ByteCoding
import Crypto
import JWTKit
import Metastore
import Synchronization

package final class AccessTokens: Sendable {
    package static let issuer = "spandrel"
    package static let audience = "spandrel-api"
    /// Seconds by which two servers' clocks may differ.
    private static let clockLeewaySeconds: Int64 = 60

    /// What a verified token says.
    struct Claims: Sendable, Equatable {
        let user: UserID
        let session: SessionID
        let generation: Int
        let expirySeconds: Int64
    }

    private struct Payload: JWTPayload {
        let iss: String
        let aud: String
        let sub: String
        let sid: String
        let gen: Int
        let iat: Int64
        let exp: Int64

        // What the claims have to be is checked by `claims(of:)`, with this target's clock and errors.
        func verify(using _: some JWTAlgorithm) async throws {}
    }

    private let keys: JWTKeyCollection
    private let keyID: JWKIdentifier
    private let clock: any AccessClock
    private let known = Mutex(TwoGenerations<SecretHash, Claims>(maximumCount: AccessLimits.maximumKnownTokenCount))

    /// `key`: of P-256, made by Vault. Errors: `masterKey` if it is no such key.
    package init(_ key: TokenSigningKey, clock: any AccessClock = SystemAccessClock()) async throws(AccessError) {
        keys = JWTKeyCollection()
        keyID = JWKIdentifier(string: key.id)
        self.clock = clock
        do {
            let pem = try P256.Signing.PrivateKey(rawRepresentation: key.bytes).pemRepresentation
            await keys.add(ecdsa: try ES256PrivateKey(pem: pem), kid: keyID)
        } catch { throw .masterKey("the key that signs access tokens cannot be used: remove its row (purpose tokens) from data_keys") }
    }

    /// Three parts with points in between: no key of any product looks so.
    static func looksLikeOne(_ text: String) -> Bool { text.hasPrefix("eyJ") && text.utf8.count { $0 == UInt8(ascii: ".") } == 2 }

    /// A token and when it expires, in Unix seconds. Errors: `unavailable`.
    package func issue(user: UserID, session: SessionID, generation: Int) async throws(AccessError) -> (text: String, expirySeconds: Int64)
    {
        let now = clock.unixNano() / 1_000_000_000
        let expiry = now + AccessLimits.accessTokenLifetimeSeconds
        let payload = Payload(
            iss: Self.issuer, aud: Self.audience, sub: user.uuid, sid: session.uuid, gen: generation, iat: now, exp: expiry)
        do { return (try await keys.sign(payload, kid: keyID, header: ["typ": "JWT"]), expiry) } catch { throw .unavailable }
    }

    /// Errors: `unauthenticated` (invalidToken, tokenExpired).
    func verify(_ text: String) async throws(AccessError) -> Claims {
        let hash = SecretHash(of: text)
        let now = clock.unixNano() / 1_000_000_000
        if let claims = known.withLock({ $0[hash] }) {
            guard claims.expirySeconds > now else { throw .unauthenticated(.tokenExpired) }
            return claims
        }
        guard text.utf8.count <= AccessLimits.maximumAccessTokenByteCount, hasOurHeader(text) else { throw .unauthenticated(.invalidToken) }
        let payload: Payload
        do { payload = try await keys.verify(text, as: Payload.self) } catch { throw .unauthenticated(.invalidToken) }
        guard payload.iss == Self.issuer, payload.aud == Self.audience, payload.iat <= now + Self.clockLeewaySeconds,
            let user = UserID(uuid: payload.sub), let session = SessionID(uuid: payload.sid)
        else { throw .unauthenticated(.invalidToken) }
        guard payload.exp > now else { throw .unauthenticated(.tokenExpired) }
        let claims = Claims(user: user, session: session, generation: payload.gen, expirySeconds: payload.exp)
        known.withLock { $0[hash] = claims }
        return claims
    }

    /// The library takes the algorithm from the key and never from the token; a token that says otherwise is refused all the same.
    private func hasOurHeader(_ text: String) -> Bool {
        guard let part = text.split(separator: ".", omittingEmptySubsequences: false).first, let bytes = Base64.decode(String(part)),
            let header = try? JSONValue.parse(bytes), let members = header.objectValue
        else { return false }
        return members.count == 3 && header["alg"]?.stringValue == "ES256" && header["typ"]?.stringValue == "JWT"
            && header["kid"]?.stringValue == keyID.string
    }
}

/// The private key that signs access tokens; never prints itself.
package struct TokenSigningKey: Sendable, CustomStringConvertible {
    let id: String
    let bytes: [UInt8]

    /// `bytes`: the raw private key of P-256. AccessTokens.init checks them.
    package init(id: String, bytes: [UInt8]) {
        self.id = id
        self.bytes = bytes
    }

    package var description: String { "TokenSigningKey(\(id))" }
}
