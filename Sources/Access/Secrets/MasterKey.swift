/// The key that wraps all other keys: AES-256, from a file beside the data or from the environment, never in the database.

import ByteCoding
import Crypto

package struct MasterKey: Sendable, CustomStringConvertible {
    /// The beginning of a SHA-256 of the key: tells keys apart and gives nothing away.
    package let id: String
    private let bytes: [UInt8]

    /// nil unless there are 32 bytes.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
        let digest = SHA256.hash(data: Array("spandrel master key ".utf8) + bytes)
        id = digest.prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// Base64 of 32 bytes, or 64 hex digits.
    package init?(text: String) {
        let isHex = text.utf8.count == 64 && text.allSatisfy(\.isHexDigit)
        guard isHex else {
            guard let bytes = Base64.decode(text) else { return nil }
            self.init(bytes)
            return
        }
        let digits = Array(text)
        self.init(
            stride(from: 0, to: 64, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) })
    }

    package static func generate() -> MasterKey? { MasterKey(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }) }

    /// For the master key file; a secret.
    var text: String { Base64.unpaddedText(bytes) }

    func wrap(_ key: [UInt8], for purpose: String) -> [UInt8]? { Sealing.seal(key, with: bytes, binding: purpose) }

    func unwrap(_ wrapped: [UInt8], for purpose: String) -> [UInt8]? { Sealing.open(wrapped, with: bytes, binding: purpose) }

    /// Never the key.
    package var description: String { "MasterKey(\(id))" }
}

/// The master keys at hand: the one that wraps, and while it is replaced, the one before.
package struct MasterKeyRing: Sendable {
    package let current: MasterKey
    package let former: [MasterKey]

    package init(current: MasterKey, former: [MasterKey] = []) {
        self.current = current
        self.former = former
    }

    package subscript(id: String) -> MasterKey? { ([current] + former).first { $0.id == id } }
}

/// AES-256-GCM with a random nonce, which binds what it seals to a place: moved elsewhere, it does not open.
enum Sealing {
    /// Nonce (12 bytes), ciphertext, tag (16 bytes).
    static func seal(_ plaintext: [UInt8], with key: [UInt8], binding place: String) -> [UInt8]? {
        let box = try? AES.GCM.seal(plaintext, using: SymmetricKey(data: key), authenticating: Array(place.utf8))
        return box?.combined.map { Array($0) }
    }

    static func open(_ sealed: [UInt8], with key: [UInt8], binding place: String) -> [UInt8]? {
        guard let box = try? AES.GCM.SealedBox(combined: sealed) else { return nil }
        let opened = try? AES.GCM.open(box, using: SymmetricKey(data: key), authenticating: Array(place.utf8))
        return opened.map { Array($0) }
    }
}
