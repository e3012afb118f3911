/// The text of a secret that Spandrel makes: what API keys and workers' tokens have in common.
///
///     MARK_ | 43 base62 digits: 256 random bits, most significant first | 6 base62 digits: check
///
/// Base62 is 0-9, A-Z, a-z: a double click selects all of it, and no shell or URL touches it. The check is the first 32 bits
/// of the SHA-256 of the 43 digits: typing errors are found without a look-up, and scanners of leaked secrets can tell a secret
/// from a look-alike. Stored is the SHA-256 of the whole text: there is nothing to guess in 256 random bits, so neither salt
/// nor a slow hash would help, and the hash finds the secret by an index.

import Crypto

struct MarkedSecret: Sendable, CustomStringConvertible {
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    private static let randomDigitCount = 43
    private static let checkDigitCount = 6

    let mark: String
    /// The whole text: to be shown once and kept by nobody.
    let text: String

    /// A new one from the system's random numbers.
    static func generate(mark: String) -> MarkedSecret {
        var generator = SystemRandomNumberGenerator()
        return MarkedSecret(mark: mark, words: (0..<4).map { _ in generator.next() })
    }

    /// Reads one; nil if its form or its check is wrong.
    init?(_ text: some StringProtocol, mark: String) {
        let bytes = Array(text.utf8)
        let length = mark.utf8.count + Self.randomDigitCount + Self.checkDigitCount
        guard bytes.count == length, bytes.starts(with: mark.utf8) else { return nil }
        let random = bytes[mark.utf8.count..<length - Self.checkDigitCount]
        guard random.allSatisfy(Self.isDigit), Array(bytes.suffix(Self.checkDigitCount)) == Self.check(of: Array(random)) else {
            return nil
        }
        self.mark = mark
        self.text = String(text)
    }

    /// `words`: four.
    init(mark: String, words: [UInt64]) {
        var words = words
        var random: [UInt8] = []
        for _ in 0..<Self.randomDigitCount { random.append(Self.digits[Self.divide(&words, by: 62)]) }
        random.reverse()
        self.mark = mark
        text = mark + String(decoding: random + Self.check(of: random), as: UTF8.self)
    }

    /// SHA-256 of the text.
    var lookUpHash: SecretHash { SecretHash(of: text) }

    /// Never the secret, so that it cannot slip into a log.
    var description: String { mark + "..." }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: false
        }
    }

    private static func check(of random: [UInt8]) -> [UInt8] {
        var words = [SHA256.hash(data: random).prefix(4).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }]
        return (0..<checkDigitCount).map { _ in digits[divide(&words, by: 62)] }.reversed()
    }

    /// Divides a number of big-endian words and returns the remainder.
    private static func divide(_ words: inout [UInt64], by divisor: UInt64) -> Int {
        var remainder: UInt64 = 0
        for index in words.indices { (words[index], remainder) = divisor.dividingFullWidth((remainder, words[index])) }
        return Int(remainder)
    }
}
