/// A token bucket as a pure value: it holds up to its capacity, refills continuously, and may be overdrawn by those who are told how
/// long to wait. Whoever takes first waits least, so that waiting callers form a queue without anybody keeping one.

package struct TokenBucket: Sendable, Hashable {
    package private(set) var capacity: Double
    package private(set) var refillPerSecond: Double
    /// Below zero: what has been promised to callers that still wait.
    package private(set) var level: Double
    package private(set) var updatedUnixNano: UInt64

    /// A full bucket.
    package init(capacity: Double, refillPerSecond: Double, nowUnixNano: UInt64) {
        self.init(capacity: capacity, refillPerSecond: refillPerSecond, level: capacity, updatedUnixNano: nowUnixNano)
    }

    /// As it was stored.
    package init(capacity: Double, refillPerSecond: Double, level: Double, updatedUnixNano: UInt64) {
        self.capacity = max(1, capacity)
        self.refillPerSecond = max(Self.minimumRefillPerSecond, refillPerSecond)
        self.level = level
        self.updatedUnixNano = updatedUnixNano
        bound()
    }

    /// Once a day: nothing waits for ever.
    private static let minimumRefillPerSecond = 1.0 / 86_400
    private static let secondsPerMinute = 60.0

    /// How long until so much is there. More than the capacity is there when the bucket is full: it is overdrawn then.
    package func delay(for amount: Double, nowUnixNano: UInt64) -> Duration {
        let missing = min(amount, capacity) - level(nowUnixNano)
        return missing <= 0 ? .zero : .seconds(min(missing / refillPerSecond, ModelProvidersLimits.maximumOverdraftSeconds))
    }

    package mutating func take(_ amount: Double, nowUnixNano: UInt64) {
        level = level(nowUnixNano) - amount
        updatedUnixNano = max(updatedUnixNano, nowUnixNano)
        bound()
    }

    package mutating func giveBack(_ amount: Double, nowUnixNano: UInt64) { take(-amount, nowUnixNano: nowUnixNano) }

    /// Learns from what a provider reports: limits are per minute, unless the time to the reset says that they are for longer. Others
    /// may draw on the same limit: there is never more left than the provider says.
    package mutating func observe(_ window: RateLimitReport.Window, nowUnixNano: UInt64) {
        level = level(nowUnixNano)
        updatedUnixNano = max(updatedUnixNano, nowUnixNano)
        if let limit = window.limit, limit >= 1 {
            capacity = limit
            refillPerSecond = max(Self.minimumRefillPerSecond, Self.refill(window, limit))
        }
        if let remaining = window.remaining { level = min(level, remaining) }
        bound()
    }

    /// Counts come from providers, and a wrong one must not be waited for longer than until tomorrow.
    private mutating func bound() {
        level = min(max(level, -max(capacity, refillPerSecond * ModelProvidersLimits.maximumOverdraftSeconds)), capacity)
    }

    /// Anthropic's resets are rounded up to whole seconds, hence the slack before a reset is taken at its word.
    private static func refill(_ window: RateLimitReport.Window, _ limit: Double) -> Double {
        let perMinute = limit / secondsPerMinute
        guard let remaining = window.remaining, let reset = window.reset, remaining < limit else { return perMinute }
        let used = limit - remaining
        let seconds = Double(reset.nanoseconds) / 1e9
        return seconds > used / perMinute + 2 ? used / seconds : perMinute
    }

    private func level(_ nowUnixNano: UInt64) -> Double {
        guard nowUnixNano > updatedUnixNano else { return level }
        return min(capacity, level + Double(nowUnixNano - updatedUnixNano) / 1e9 * refillPerSecond)
    }
}
