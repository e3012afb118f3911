/// What a response says about the provider's rate limits, from the headers of OpenAI, xAI and Anthropic.

import CurlClient

package struct RateLimitReport: Sendable, Hashable {
    /// One limit. Nil: not said.
    package struct Window: Sendable, Hashable {
        package var limit: Double?
        package var remaining: Double?
        /// Until everything is available again.
        package var reset: Duration?

        package init(limit: Double? = nil, remaining: Double? = nil, reset: Duration? = nil) {
            self.limit = limit
            self.remaining = remaining
            self.reset = reset
        }

        var isEmpty: Bool { limit == nil && remaining == nil && reset == nil }
    }

    package var requests = Window()
    package var tokens = Window()
    /// Nothing is to be sent for this long.
    package var retryAfter: Duration?
    /// Tokens that were taken beforehand and not used; negative when the call used more.
    package var unusedTokenCount = 0
    /// The request was never sent: what was taken for it is given back.
    package var wasSent = true

    package init() {}

    package init(_ headers: CurlHeaders, nowUnixNano: UInt64) {
        for field in headers.fields {
            let name = field.name.lowercased()
            if name.hasPrefix("x-ratelimit-") {
                read(name.dropFirst("x-ratelimit-".count).split(separator: "-"), field.value, isKindLast: true, nowUnixNano)
            } else if name.hasPrefix("anthropic-ratelimit-") {
                read(name.dropFirst("anthropic-ratelimit-".count).split(separator: "-"), field.value, isKindLast: false, nowUnixNano)
            }
        }
    }

    /// Whether the provider said something; else it is at most something to give back.
    package var tellsLimits: Bool { !requests.isEmpty || !tokens.isEmpty || retryAfter != nil }
    /// Nothing worth telling a budget.
    package var isEmpty: Bool { !tellsLimits && unusedTokenCount == 0 && wasSent }

    /// How long until the limit that is used up is full again; nil when none says so.
    var resetOfExhausted: Duration? {
        [requests, tokens].filter { ($0.remaining ?? 1) < 1 }.compactMap(\.reset).max()
    }

    /// `retry-after-ms` or `retry-after`.
    static func retryAfter(_ headers: CurlHeaders, nowUnixNano: UInt64) -> Duration? {
        if let milliseconds = headers["retry-after-ms"].flatMap({ Double($0) }),
            let exact = ProviderTime.goDuration("\(milliseconds / 1000)")
        {
            return exact
        }
        return headers["retry-after"].flatMap { ProviderTime.retryAfter($0, nowUnixNano: nowUnixNano) }
    }

    /// `limit-requests` (OpenAI, xAI) or `requests-limit` (Anthropic, whose separate limits of input and output tokens are left to
    /// the combined one).
    private mutating func read(_ words: [Substring], _ value: String, isKindLast: Bool, _ nowUnixNano: UInt64) {
        guard words.count == 2 else { return }
        let (kind, measure) = isKindLast ? (words[1], words[0]) : (words[0], words[1])
        switch kind {
        case "requests": Self.set(measure, value, in: &requests, nowUnixNano)
        case "tokens": Self.set(measure, value, in: &tokens, nowUnixNano)
        default: break
        }
    }

    private static func set(_ measure: Substring, _ value: String, in window: inout Window, _ nowUnixNano: UInt64) {
        func count() -> Double? { Double(value).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil } }
        switch measure {
        case "limit": window.limit = count()
        case "remaining": window.remaining = count()
        case "reset": window.reset = ProviderTime.goDuration(value) ?? ProviderTime.untilRFC3339(value, nowUnixNano: nowUnixNano)
        default: break
        }
    }
}
