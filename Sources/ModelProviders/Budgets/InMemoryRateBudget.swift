/// The budget of a process that is alone with its keys.

import Synchronization

package final class InMemoryRateBudget: RateBudget {
    private let limits: @Sendable (RateBudgetKey) -> RateLimits
    private let clock: ProviderClock
    private let states = Mutex<[RateBudgetKey: RateBudgetState]>([:])

    /// - Parameter limits: what is set for a key; the rest is learned from its provider's headers.
    package init(limits: @escaping @Sendable (RateBudgetKey) -> RateLimits = { _ in RateLimits() }, clock: ProviderClock = .system) {
        self.limits = limits
        self.clock = clock
    }

    package func acquire(_ key: RateBudgetKey, tokens: Int, maximumWait: Duration?) async throws(ProviderError) {
        try await RateBudgetTurn(tokens: tokens, clock: clock).take(maximumWait: maximumWait) { body in change(key, body) }
    }

    package func report(_ key: RateBudgetKey, _ report: RateLimitReport) async {
        change(key) { $0.observe(report, limits: limits(key), nowUnixNano: $1) }
    }

    package func state(of key: RateBudgetKey) -> RateBudgetState? { states.withLock { $0[key] } }

    private func change<Value: Sendable>(
        _ key: RateBudgetKey, _ body: (inout RateBudgetState, _ nowUnixNano: UInt64) -> Value
    ) -> Value {
        let now = clock.nowUnixNano()
        return states.withLock { states in
            if states[key] == nil {
                // A state that is dropped is learned anew with the next answer.
                if states.count >= ModelProvidersLimits.maximumRouteCount { states.removeAll() }
                states[key] = RateBudgetState(limits(key), nowUnixNano: now)
            }
            var state = states[key] ?? RateBudgetState()
            defer { states[key] = state }
            return body(&state, now)
        }
    }
}
