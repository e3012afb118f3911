/// The text of an API key: `spdrl_` and what `MarkedSecret` says.

package struct APIKeySecret: Sendable, CustomStringConvertible {
    static let mark = "spdrl_"
    /// Digits shown of a key to know it by: 6 of 62^6 leave 220 bits unknown.
    private static let shownDigitCount = 6

    private let secret: MarkedSecret

    /// The whole text: to be shown once and kept by nobody.
    package var text: String { secret.text }

    /// A new key from the system's random numbers.
    package static func generate() -> APIKeySecret { APIKeySecret(secret: .generate(mark: mark)) }

    /// Reads a key; nil if its form or its check is wrong.
    package init?(_ text: some StringProtocol) {
        guard let secret = MarkedSecret(text, mark: Self.mark) else { return nil }
        self.init(secret: secret)
    }

    init(words: [UInt64]) { self.init(secret: MarkedSecret(mark: Self.mark, words: words)) }

    private init(secret: MarkedSecret) { self.secret = secret }

    /// SHA-256 of the text, 32 bytes.
    package var hash: [UInt8] { lookUpHash.bytes }

    var lookUpHash: SecretHash { secret.lookUpHash }

    /// The beginning, to know the key by in lists.
    package var prefix: String { String(text.prefix(Self.mark.count + Self.shownDigitCount)) }

    /// Never the secret, so that it cannot slip into a log.
    package var description: String { prefix + "..." }
}
