/// What is left of a provider's rate limit, as it is stored. What the numbers mean, and how they change, is the caller's: here they are
/// only kept.

/// A token bucket.
package struct StoredRateBucket: Sendable, Equatable {
    package var capacity: Double
    package var refillPerSecond: Double
    /// Below zero: promised to callers that still wait.
    package var level: Double
    /// When the level was so.
    package var updatedTimeUnixNano: UInt64

    package init(capacity: Double, refillPerSecond: Double, level: Double, updatedTimeUnixNano: UInt64) {
        self.capacity = capacity
        self.refillPerSecond = refillPerSecond
        self.level = level
        self.updatedTimeUnixNano = updatedTimeUnixNano
    }
}

/// The values of one row.
package struct StoredRateBudget: Sendable, Equatable {
    /// nil: nothing is known of that limit.
    package var requests: StoredRateBucket?
    package var tokens: StoredRateBucket?
    /// The provider wants silence until then; 0: it does not.
    package var blockedUntilUnixNano: UInt64

    package init(requests: StoredRateBucket? = nil, tokens: StoredRateBucket? = nil, blockedUntilUnixNano: UInt64 = 0) {
        self.requests = requests
        self.tokens = tokens
        self.blockedUntilUnixNano = blockedUntilUnixNano
    }
}
