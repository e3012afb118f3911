/// The text of a token that stands for one thing: a session's next refresh, a browser's session, an invitation, a password reset, a ticket.
///
///     spdrl_refresh_ | 64 hex digits: 256 random bits
///
/// Stored is the SHA-256 of the whole text, as with API keys and for the same reason.
package struct SecretToken: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        case refresh = "spdrl_refresh_"
        /// In a browser's cookie for as long as its session lasts. Unlike a refresh token it is not exchanged.
        case browser = "spdrl_browser_"
        case invitation = "spdrl_invite_"
        case passwordReset = "spdrl_reset_"
        /// Kept in memory only.
        case ticket = "spdrl_ticket_"
    }

    /// The whole text: to be shown once and kept by nobody.
    package let text: String
    private let kind: Kind

    /// A new token from the system's random numbers.
    package static func generate(_ kind: Kind) -> SecretToken {
        var generator = SystemRandomNumberGenerator()
        let digits = (0..<4).map { _ in
            let word = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - word.count) + word
        }
        return SecretToken(text: kind.rawValue + digits.joined(), kind: kind)
    }

    /// Reads a token; nil if it is not of this kind's form.
    package init?(_ text: String, _ kind: Kind) {
        let digits = text.utf8.dropFirst(kind.rawValue.utf8.count)
        guard text.hasPrefix(kind.rawValue), digits.count == 64,
            digits.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        self.init(text: text, kind: kind)
    }

    private init(text: String, kind: Kind) {
        self.text = text
        self.kind = kind
    }

    /// SHA-256 of the text.
    var hash: [UInt8] { SecretHash(of: text).bytes }

    /// Never the secret.
    package var description: String { kind.rawValue + "..." }
}
