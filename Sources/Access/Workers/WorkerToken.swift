/// The token of a worker process: `spdw_` and what `MarkedSecret` says. It opens the way of spans into the store and nothing else.

package struct WorkerToken: Sendable, CustomStringConvertible {
    static let mark = "spdw_"

    private let secret: MarkedSecret

    /// The whole text: to be shown once and kept by nobody but the worker.
    package var text: String { secret.text }

    /// A new token from the system's random numbers.
    package static func generate() -> WorkerToken { WorkerToken(secret: .generate(mark: mark)) }

    /// Reads a token; nil if its form or its check is wrong.
    package init?(_ text: some StringProtocol) {
        guard let secret = MarkedSecret(text, mark: Self.mark) else { return nil }
        self.init(secret: secret)
    }

    private init(secret: MarkedSecret) { self.secret = secret }

    /// Whether a text claims to be one.
    static func looksLikeOne(_ text: String) -> Bool { text.hasPrefix(mark) }

    /// SHA-256 of the text, 32 bytes.
    package var hash: [UInt8] { lookUpHash.bytes }

    var lookUpHash: SecretHash { secret.lookUpHash }

    /// Never the token, so that it cannot slip into a log.
    package var description: String { secret.description }
}
