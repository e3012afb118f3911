/// What is known of one key's limits: a bucket of requests, a bucket of tokens, and until when the provider wants silence. A pure
/// value, so that one process and a row of PostgreSQL count alike.

/// Limits that somebody set. Nil: learned from the provider's headers, and none until then.
package struct RateLimits: Sendable, Hashable {
    package var requestsPerMinute: Double?
    package var tokensPerMinute: Double?

    package init(requestsPerMinute: Double? = nil, tokensPerMinute: Double? = nil) {
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
    }
}

package enum RateReservation: Sendable, Hashable {
    /// Taken; to be used after the delay.
    case granted(delay: Duration)
    /// Not taken: the turn would come after this delay, which is more than the caller will wait.
    case refused(delay: Duration)
}

package struct RateBudgetState: Sendable, Hashable {
    package var requests: TokenBucket?
    package var tokens: TokenBucket?
    /// 0: not blocked.
    package var blockedUntilUnixNano: UInt64 = 0

    package init() {}

    package init(_ limits: RateLimits, nowUnixNano: UInt64) {
        requests = limits.requestsPerMinute.map { TokenBucket(capacity: $0, refillPerSecond: $0 / 60, nowUnixNano: nowUnixNano) }
        tokens = limits.tokensPerMinute.map { TokenBucket(capacity: $0, refillPerSecond: $0 / 60, nowUnixNano: nowUnixNano) }
    }

    /// Takes one request and its tokens, if their turn comes soon enough.
    package mutating func reserve(tokens count: Int, maximumWait: Duration?, nowUnixNano: UInt64) -> RateReservation {
        let delay = max(
            blockedDelay(nowUnixNano), requests?.delay(for: 1, nowUnixNano: nowUnixNano) ?? .zero,
            tokens?.delay(for: Double(count), nowUnixNano: nowUnixNano) ?? .zero)
        if let maximumWait, delay > maximumWait { return .refused(delay: delay) }
        requests?.take(1, nowUnixNano: nowUnixNano)
        tokens?.take(Double(count), nowUnixNano: nowUnixNano)
        return .granted(delay: delay)
    }

    /// A reservation that nobody will use.
    package mutating func giveBack(tokens count: Int, nowUnixNano: UInt64) {
        requests?.giveBack(1, nowUnixNano: nowUnixNano)
        tokens?.giveBack(Double(count), nowUnixNano: nowUnixNano)
    }

    /// How long the provider still wants silence.
    package func blockedDelay(_ nowUnixNano: UInt64) -> Duration {
        blockedUntilUnixNano > nowUnixNano ? .nanoseconds(Int64(clamping: blockedUntilUnixNano - nowUnixNano)) : .zero
    }

    /// - Parameter limits: what somebody set stays; the rest is learned.
    package mutating func observe(_ report: RateLimitReport, limits: RateLimits, nowUnixNano: UInt64) {
        if let delay = report.retryAfter {
            let silence = min(delay, .seconds(ModelProvidersLimits.maximumSilenceSeconds))
            let (until, isTooLate) = nowUnixNano.addingReportingOverflow(UInt64(clamping: silence.nanoseconds))
            blockedUntilUnixNano = max(blockedUntilUnixNano, isTooLate ? .max : until)
        }
        if report.unusedTokenCount != 0 { tokens?.giveBack(Double(report.unusedTokenCount), nowUnixNano: nowUnixNano) }
        if !report.wasSent { requests?.giveBack(1, nowUnixNano: nowUnixNano) }
        Self.observe(report.requests, in: &requests, isSet: limits.requestsPerMinute != nil, nowUnixNano)
        Self.observe(report.tokens, in: &tokens, isSet: limits.tokensPerMinute != nil, nowUnixNano)
    }

    private static func observe(_ window: RateLimitReport.Window, in bucket: inout TokenBucket?, isSet: Bool, _ nowUnixNano: UInt64) {
        var seen = window
        if isSet { seen.limit = nil }
        if bucket == nil, let limit = seen.limit, limit >= 1 {
            bucket = TokenBucket(capacity: limit, refillPerSecond: limit / 60, nowUnixNano: nowUnixNano)
        }
        if !seen.isEmpty { bucket?.observe(seen, nowUnixNano: nowUnixNano) }
    }
}
