/// How a caller gets its turn, wherever the state of the budget is kept: take a reservation, wait for it, look whether the provider has
/// asked for silence meanwhile, give back what will not be used.

package struct RateBudgetTurn: Sendable {
    private let clock: ProviderClock
    private let tokens: Int

    package init(tokens: Int, clock: ProviderClock) {
        self.tokens = tokens
        self.clock = clock
    }

    /// What to do with the state of the budget; run where that is kept.
    package typealias Change = @Sendable (inout RateBudgetState, _ nowUnixNano: UInt64) -> RateReservation

    /// `change`: changes the state, with the time it is kept by. Errors: `limited`, `cancelled`, and those of `change`.
    package func take(
        maximumWait: Duration?, _ change: @Sendable (@escaping Change) async throws(ProviderError) -> RateReservation
    ) async throws(ProviderError) {
        let deadline = maximumWait.map { clock.uptime() + $0 }, tokens = tokens
        var reservation = try await change { $0.reserve(tokens: tokens, maximumWait: maximumWait, nowUnixNano: $1) }
        while true {
            switch reservation {
            case .refused(let delay):
                throw ProviderError(ProviderFault(.limited, "the rate budget has no room before the deadline", retryAfter: delay))
            case .granted(.zero): return
            case .granted(let delay):
                do { try await clock.wait(delay) } catch {
                    _ = try await change {
                        $0.giveBack(tokens: tokens, nowUnixNano: $1)
                        return .granted(delay: .zero)
                    }
                    throw error
                }
            }
            // Meanwhile the provider may have asked for silence.
            let remaining = deadline.map { $0 - clock.uptime() }
            reservation = try await change { state, now in
                let delay = state.blockedDelay(now)
                guard let remaining, delay > remaining, delay > .zero else { return .granted(delay: delay) }
                state.giveBack(tokens: tokens, nowUnixNano: now)
                return .refused(delay: delay)
            }
        }
    }
}
