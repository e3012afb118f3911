/// When to try again after a connection was cut or a server was busy: exponential back-off with jitter, and an end.

package struct Reconnection: Sendable {
    private let maximumSilenceSeconds: Double
    private var failureCount = 0
    /// When the last word was heard, in seconds of whatever clock.
    private var lastWord: Double

    /// - Parameters:
    ///   - maximumSilenceSeconds: after so long without a word there is no further try.
    ///   - now: seconds on a clock that never goes back.
    package init(maximumSilenceSeconds: Double, now: Double) {
        self.maximumSilenceSeconds = maximumSilenceSeconds
        lastWord = now
    }

    /// Something new came in: the next failure is a first one.
    package mutating func heard(now: Double) {
        failureCount = 0
        lastWord = now
    }

    /// The server was there until now, and told nothing new.
    package mutating func alive(now: Double) { lastWord = now }

    /// Seconds to wait before the next try; nil: it has been too long.
    ///
    /// - Parameters:
    ///   - retryAfter: what the server asked for, in seconds.
    ///   - random: from 0 to 1. Half of the wait is drawn, so that a thousand clients do not come back at once.
    package mutating func failed(now: Double, retryAfter: Double? = nil, random: Double) -> Double? {
        guard now - lastWord < maximumSilenceSeconds else { return nil }
        let first = RunClientLimits.firstRetrySeconds, last = RunClientLimits.maximumRetrySeconds
        let full = (0..<min(failureCount, 20)).reduce(first) { wait, _ in min(wait * 2, last) }
        failureCount += 1
        return max(full * (0.5 + random / 2), min(retryAfter ?? 0, last))
    }

    /// Whether a status is one that passes: the same request may be answered a moment later.
    package static func isTransient(status: Int) -> Bool { status == 408 || status == 425 || status == 429 || status >= 500 }
}
