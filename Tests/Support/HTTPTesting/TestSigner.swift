/// Signs JSON Web Tokens the way a provider does, or an attacker: whatever header, whatever claims. On swift-crypto alone, so that
/// what reads the tokens is checked by something other than itself.

import ByteCoding
import Crypto
import CryptoExtras

package struct TestSigner: Sendable {
    /// The `alg` of honest tokens.
    package let algorithm: String
    package let keyID: String
    /// The public key's members as in a key set, without `kid`, `use` and `alg`.
    private let publicMembers: String
    private let signature: @Sendable ([UInt8]) throws -> [UInt8]

    package static func es256(_ keyID: String = "ec") -> TestSigner {
        let key = P256.Signing.PrivateKey(), point = Array(key.publicKey.rawRepresentation)
        return TestSigner(
            algorithm: "ES256", keyID: keyID,
            publicMembers:
                #""kty":"EC","crv":"P-256","x":"\#(Base64.urlText(Array(point[..<32])))","y":"\#(Base64.urlText(Array(point[32...])))""#
        ) { Array(try key.signature(for: $0).rawRepresentation) }
    }

    package static func rs256(_ keyID: String = "rsa") throws -> TestSigner { try rsa("RS256", keyID, .insecurePKCS1v1_5) }

    package static func ps256(_ keyID: String = "pss") throws -> TestSigner { try rsa("PS256", keyID, .PSS) }

    private static func rsa(_ algorithm: String, _ keyID: String, _ padding: _RSA.Signing.Padding) throws -> TestSigner {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let primitives = try key.publicKey.getKeyPrimitives()
        return TestSigner(
            algorithm: algorithm, keyID: keyID,
            publicMembers:
                #""kty":"RSA","n":"\#(Base64.urlText(Array(primitives.modulus)))","e":"\#(Base64.urlText(Array(primitives.publicExponent)))""#
        ) { Array(try key.signature(for: SHA256.hash(data: $0), padding: padding).rawRepresentation) }
    }

    package static func edDSA(_ keyID: String = "ed") -> TestSigner {
        let key = Curve25519.Signing.PrivateKey()
        return TestSigner(
            algorithm: "EdDSA", keyID: keyID,
            publicMembers: #""kty":"OKP","crv":"Ed25519","x":"\#(Base64.urlText(Array(key.publicKey.rawRepresentation)))""#
        ) { Array(try key.signature(for: $0)) }
    }

    /// HMAC with whatever an attacker takes for the key, such as another signer's public key.
    package static func hs256(_ keyID: String, key: [UInt8]) -> TestSigner {
        TestSigner(
            algorithm: "HS256", keyID: keyID, publicMembers: #""kty":"oct","k":"\#(Base64.urlText(key))""#
        ) { Array(HMAC<SHA256>.authenticationCode(for: $0, using: SymmetricKey(data: key))) }
    }

    /// No signature at all.
    package static func none(_ keyID: String) -> TestSigner {
        TestSigner(algorithm: "none", keyID: keyID, publicMembers: #""kty":"oct","k":"""#) { _ in [] }
    }

    /// For a key set.
    package func publicKey(use: String = "sig", algorithm: String? = nil) -> String {
        #"{\#(publicMembers),"kid":"\#(keyID)","use":"\#(use)","alg":"\#(algorithm ?? self.algorithm)"}"#
    }

    /// `header`: what it says instead of the honest one.
    package func token(claims: String, header: String? = nil) throws -> String {
        let header = header ?? #"{"alg":"\#(algorithm)","kid":"\#(keyID)","typ":"JWT"}"#
        let signed = Base64.urlText(Array(header.utf8)) + "." + Base64.urlText(Array(claims.utf8))
        return signed + "." + Base64.urlText(try signature(Array(signed.utf8)))
    }
}
