/// Passwords as they are stored: scrypt (RFC 7914) with a salt of its own and its parameters in the text.
///
///     $scrypt$ln=15,r=8,p=3$SALT$HASH        ln: log2 of the cost; base64 without padding; 16 and 32 bytes
///
/// Hashing takes a tenth of a second and 32 MiB on purpose: it runs on PasswordHasher's threads, never where requests are served.

import ByteCoding
import Crypto
import CryptoExtras

package struct PasswordHash: Sendable, Hashable, CustomStringConvertible {
    /// What a hash costs.
    package struct Cost: Sendable, Hashable {
        package let logRounds: Int
        package let blockSize: Int
        package let parallelism: Int

        package init(logRounds: Int, blockSize: Int, parallelism: Int) {
            self.logRounds = logRounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// OWASP's third choice (as strong as 2^17, 8, 1): 32 MiB at a time, so that several sign-ins fit into a small server.
        package static let current = Cost(logRounds: 15, blockSize: 8, parallelism: 3)

        /// What a text from the database may ask for: at most 64 MiB.
        fileprivate var isBearable: Bool { (1...16).contains(logRounds) && blockSize == 8 && (1...8).contains(parallelism) }
    }

    package let cost: Cost
    private let salt: [UInt8]
    private let hash: [UInt8]

    /// A new hash with a salt from the system's random numbers. nil if scrypt fails, for want of memory.
    package init?(hashing password: String, cost: Cost = .current) {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
        guard let hash = Self.derive(password, salt, cost) else { return nil }
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    /// Reads a stored text; nil if it is not one of ours.
    package init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt", let salt = Base64.decode(String(parts[3])),
            let hash = Base64.decode(String(parts[4])), salt.count == 16, hash.count == 32
        else { return nil }
        let numbers = parts[2].split(separator: ",")
        func number(_ index: Int, _ name: String) -> Int? {
            index < numbers.count && numbers[index].hasPrefix(name + "=") ? Int(numbers[index].dropFirst(name.count + 1)) : nil
        }
        guard numbers.count == 3, let logRounds = number(0, "ln"), let blockSize = number(1, "r"), let parallelism = number(2, "p") else {
            return nil
        }
        cost = Cost(logRounds: logRounds, blockSize: blockSize, parallelism: parallelism)
        guard cost.isBearable else { return nil }
        self.salt = salt
        self.hash = hash
    }

    /// For the database; a secret.
    package var text: String {
        "$scrypt$ln=\(cost.logRounds),r=\(cost.blockSize),p=\(cost.parallelism)$\(Base64.unpaddedText(salt))$\(Base64.unpaddedText(hash))"
    }

    /// As costly as making the hash was.
    package func matches(_ password: String) -> Bool {
        guard let other = Self.derive(password, salt, cost) else { return false }
        return isEqualInConstantTime(hash, other)
    }

    package func needsRehash(to cost: Cost = .current) -> Bool { self.cost != cost }

    /// Never the hash.
    package var description: String { "(password hash)" }

    static func derive(_ password: String, _ salt: [UInt8], _ cost: Cost) -> [UInt8]? {
        let key = try? KDF.Scrypt.deriveKey(
            from: Array(password.utf8), salt: salt, outputByteCount: 32, rounds: 1 << cost.logRounds, blockSize: cost.blockSize,
            parallelism: cost.parallelism)
        return key?.withUnsafeBytes { Array($0) }
    }
}
