/// What went wrong with one try, sorted by what to do about it.

package struct ProviderFault: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The same call can succeed a little later: connections, timeouts, overload, answers cut off.
        case retryable
        /// A rate limit, or our own budget or circuit: after `retryAfter`, or when there is room again.
        case limited
        /// The provider will not do it: content, policy, spending limit, billing. The same call is refused again.
        case refused
        /// The request, or where it went, is wrong.
        case invalid
        /// The key is unknown, or not allowed to do this.
        case auth
        /// The caller's task was cancelled.
        case cancelled
    }

    package var kind: Kind
    /// What happened, lower case, without a trailing period; never with a key, a prompt or the provider's words.
    package var message: String
    /// The HTTP status, when there was one other than 200.
    package var status: Int?
    /// The provider's own word for it, cut to a bounded length.
    package var code: String?
    /// The provider's own sentence, cut to a bounded length. It may quote the request: for the owner of the key, not for logs.
    package var providerMessage: String?
    /// By which the provider finds the call again.
    package var requestID: String?
    /// How long the provider asks to wait.
    package var retryAfter: Duration?
    /// The provider said that trying again is of no use (`x-should-retry: false`).
    package var isFinal = false

    package init(_ kind: Kind, _ message: String, retryAfter: Duration? = nil) {
        self.kind = kind
        self.message = message
        self.retryAfter = retryAfter
    }

    package var mayBeRetried: Bool { (kind == .retryable || kind == .limited) && !isFinal }

    package var description: String { "\(kind.rawValue): \(message)" }

    /// Takes a secret out of the provider's own words: some quote the key that they refuse.
    mutating func conceal(_ secret: String) {
        guard !secret.isEmpty else { return }
        if let said = providerMessage { providerMessage = Self.replacing(secret, in: said) }
        if let word = code { code = Self.replacing(secret, in: word) }
        if let id = requestID { requestID = Self.replacing(secret, in: id) }
    }

    private static func replacing(_ secret: String, in text: String) -> String {
        let whole = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "(key)")
        // Texts are cut to their lengths before: the last thing in one may be the beginning of the secret.
        let bytes = Array(whole.utf8), secret = Array(secret.utf8)
        let longest = min(bytes.count, secret.count - 1)
        guard longest >= shortestPart else { return whole }
        let part = (shortestPart...longest).last { bytes.suffix($0).elementsEqual(secret.prefix($0)) }
        return part.map { String(decoding: bytes.dropLast($0), as: UTF8.self) + "(key)" } ?? whole
    }

    /// Bytes of a secret that tell something of it: less is what every key of its kind begins with.
    private static let shortestPart = 8
}
