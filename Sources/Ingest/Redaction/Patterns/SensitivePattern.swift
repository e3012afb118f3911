/// The built-in patterns. What each finds, what it leaves alone and what it takes for what it is not stands in docs/redaction.md
/// and above its scanner. All lean to masking: a text too many costs a reader a word, a text too few is a leak.
package enum SensitivePattern: String, Sendable, CaseIterable, Hashable {
    case email, card, phone, ip
    case apiKey = "api_key"

    package var kind: RedactionKind {
        switch self {
        case .email: .email
        case .card: .card
        case .phone: .phone
        case .ip: .ip
        case .apiKey: .apiKey
        }
    }
}

/// A place in a text that a pattern found.
struct SensitiveMatch: Equatable, Sendable {
    var range: Range<Int>
    var pattern: SensitivePattern
}
