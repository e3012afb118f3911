/// A provider's public keys (RFC 7517), and which of them may check which signature.
///
/// The algorithm is bound to the kind of key: an RSA key's bytes are never a key for HMAC, `none` is no algorithm, and what the
/// header of a token asks for counts only as a choice among what its key can do.

import ByteCoding
import JWTKit

/// The algorithms whose signatures count.
enum SignatureAlgorithm: String, Sendable, CaseIterable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"
}

/// One key that can check signatures.
struct JSONWebKey: Sendable {
    enum Material: Sendable {
        case rsa(Insecure.RSA.PublicKey)
        case p256(ES256PublicKey)
        case p384(ES384PublicKey)
        case p521(ES512PublicKey)
        case ed25519(EdDSA.PublicKey)
    }

    let id: String?
    /// The one algorithm the provider allows the key; nil: any of its kind.
    private let algorithm: String?
    private let material: Material

    /// nil for keys of other kinds or uses, and for malformed or short ones: a set may hold them, and they check nothing.
    init?(_ members: JSONValue) {
        guard (members["use"]?.stringValue ?? "sig") == "sig" else { return nil }
        if let operations = members["key_ops"]?.arrayValue, !operations.contains(.string("verify")) { return nil }
        func text(_ name: String) -> String { members[name]?.stringValue ?? "" }
        do {
            switch (text("kty"), text("crv")) {
            // The library refuses keys of less than 2,048 bits.
            case ("RSA", _): material = .rsa(try Insecure.RSA.PublicKey(modulus: text("n"), exponent: text("e")))
            case ("EC", "P-256"): material = .p256(try ES256PublicKey(parameters: (x: text("x"), y: text("y"))))
            case ("EC", "P-384"): material = .p384(try ES384PublicKey(parameters: (x: text("x"), y: text("y"))))
            case ("EC", "P-521"): material = .p521(try ES512PublicKey(parameters: (x: text("x"), y: text("y"))))
            case ("OKP", "Ed25519"): material = .ed25519(try EdDSA.PublicKey(x: text("x"), curve: .ed25519))
            default: return nil
            }
        } catch { return nil }
        id = members["kid"]?.stringValue
        algorithm = members["alg"]?.stringValue
    }

    func checks(_ wanted: SignatureAlgorithm) -> Bool {
        guard algorithm == nil || algorithm == wanted.rawValue else { return false }
        switch (material, wanted) {
        case (.rsa, .rs256), (.rsa, .rs384), (.rsa, .rs512), (.rsa, .ps256), (.rsa, .ps384), (.rsa, .ps512), (.p256, .es256),
            (.p384, .es384), (.p521, .es512), (.ed25519, .edDSA):
            return true
        default: return false
        }
    }

    /// Whether the token's signature is one of this key by this algorithm, and no other.
    func isSignature(of token: String, by wanted: SignatureAlgorithm) async -> Bool {
        guard checks(wanted) else { return false }
        let keys = JWTKeyCollection()
        switch (material, wanted) {
        case (.rsa(let key), .rs384): await keys.add(rsa: key, digestAlgorithm: .sha384)
        case (.rsa(let key), .rs512): await keys.add(rsa: key, digestAlgorithm: .sha512)
        case (.rsa(let key), .ps256): await keys.add(pss: key, digestAlgorithm: .sha256)
        case (.rsa(let key), .ps384): await keys.add(pss: key, digestAlgorithm: .sha384)
        case (.rsa(let key), .ps512): await keys.add(pss: key, digestAlgorithm: .sha512)
        case (.rsa(let key), _): await keys.add(rsa: key, digestAlgorithm: .sha256)
        case (.p256(let key), _): await keys.add(ecdsa: key)
        case (.p384(let key), _): await keys.add(ecdsa: key)
        case (.p521(let key), _): await keys.add(ecdsa: key)
        case (.ed25519(let key), _): await keys.add(eddsa: key)
        }
        return (try? await keys.verify(token, as: SignedObject.self)) != nil
    }

    /// Any JSON object: what its claims have to be is checked by `IDTokenClaims`.
    private struct SignedObject: JWTPayload {
        func verify(using _: some JWTAlgorithm) async throws {}
    }
}

struct JSONWebKeySet: Sendable {
    let keys: [JSONWebKey]

    /// Errors: `identityProvider` when it is no key set, or none of its keys can be used.
    init(_ document: JSONValue) throws(AccessError) {
        guard let members = document["keys"]?.arrayValue else { throw .identityProvider("its keys are no JSON Web Key Set") }
        keys = members.prefix(AccessLimits.maximumProviderKeyCount).compactMap { JSONWebKey($0) }
        guard !keys.isEmpty else { throw .identityProvider("it publishes no key that signatures are checked with") }
    }

    /// The key a token names; without a name, the only one that fits, as OpenID Connect Core says (section 10.1).
    func key(for header: IDTokenHeader) -> JSONWebKey? {
        let fitting = keys.filter { $0.checks(header.algorithm) && (header.keyID == nil || $0.id == header.keyID) }
        return fitting.count == 1 || header.keyID != nil ? fitting.first : nil
    }
}
