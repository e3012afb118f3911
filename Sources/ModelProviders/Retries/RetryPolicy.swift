/// Whether and when a call is tried again: a pure state machine over the outcomes of its tries.
///
///     wait before try n+1 = random(0 ... min(maximumDelay, firstDelay * 2^(n-1)))        full jitter
///     with a server's delay d: d + random(0 ... firstDelay)                              never before the server wants it
///
/// Full jitter keeps clients that failed together from coming back together: M. Brooker, "Exponential Backoff And Jitter",
/// AWS Architecture Blog, 2015.

package struct RetryPolicy: Sendable, Hashable {
    /// Tries in all, the first included.
    package var maximumAttemptCount = ModelProvidersLimits.attemptCount
    package var firstDelay = Duration.milliseconds(ModelProvidersLimits.firstBackOffMilliseconds)
    package var maximumDelay = Duration.milliseconds(ModelProvidersLimits.maximumBackOffMilliseconds)
    /// A server that asks for more is not waited for.
    package var maximumServerDelay = Duration.seconds(ModelProvidersLimits.maximumServerDelaySeconds)

    package init() {}

    package static let never = {
        var policy = RetryPolicy()
        policy.maximumAttemptCount = 1
        return policy
    }()
}

package enum RetryDecision: Sendable, Hashable {
    case wait(Duration)
    case giveUp(RetryEnd)
}

package enum RetryEnd: String, Sendable, Hashable {
    /// The fault is of a kind that the next try meets again.
    case notRetryable
    /// Something was passed on to the caller already: a second try would say it twice.
    case passedOn
    case attemptsUsedUp
    /// The server asks for more patience than the policy has.
    case serverDelayTooLong
    /// There is no time left for the wait.
    case deadline
}

/// The tries of one call.
package struct RetryState: Sendable {
    private let policy: RetryPolicy
    package private(set) var failedAttemptCount = 0

    package init(_ policy: RetryPolicy) { self.policy = policy }

    /// What follows a failed try.
    ///
    /// - Parameter hasPassedOn: whether the caller has been given a piece of the answer.
    /// - Parameter remaining: until the call's deadline; nil without one.
    package mutating func decide(
        after fault: ProviderFault, hasPassedOn: Bool, remaining: Duration?, using random: inout some RandomNumberGenerator
    ) -> RetryDecision {
        failedAttemptCount += 1
        guard fault.mayBeRetried else { return .giveUp(.notRetryable) }
        guard !hasPassedOn else { return .giveUp(.passedOn) }
        guard failedAttemptCount < policy.maximumAttemptCount else { return .giveUp(.attemptsUsedUp) }
        var wait: Duration
        if let told = fault.retryAfter {
            guard told <= policy.maximumServerDelay else { return .giveUp(.serverDelayTooLong) }
            wait = told + Self.jitter(upTo: policy.firstDelay, using: &random)
            // The spread is ours, the delay the server's: a deadline between the two is met.
            if let remaining, wait >= remaining, told < remaining { wait = told }
        } else {
            var ceiling = policy.firstDelay
            for _ in 1..<failedAttemptCount where ceiling < policy.maximumDelay { ceiling = ceiling * 2 }
            wait = Self.jitter(upTo: min(ceiling, policy.maximumDelay), using: &random)
        }
        if let remaining, wait >= remaining { return .giveUp(.deadline) }
        return .wait(wait)
    }

    private static func jitter(upTo ceiling: Duration, using random: inout some RandomNumberGenerator) -> Duration {
        .nanoseconds(Int64.random(in: 0...max(0, ceiling.nanoseconds), using: &random))
    }
}

extension Duration {
    /// Rounded down; clamped to what 64 bits hold, some 292 years.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, isTooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isBeyond) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return isTooLarge || isBeyond ? (seconds < 0 ? .min : .max) : sum
    }
}
