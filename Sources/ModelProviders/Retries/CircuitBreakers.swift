/// The circuits of one process, one for each provider, base URL, model and key.

import Synchronization

package final class CircuitBreakers: Sendable {
    private let breakers = Mutex<[RateBudgetKey: CircuitBreaker]>([:])

    package init() {}

    /// Leave to send. Errors: `limited` with the time of the next probe when the circuit is open.
    func admit(_ key: RateBudgetKey, now: Duration) throws(ProviderError) -> CircuitBreaker.Permit {
        let admission = breakers.withLock { breakers in
            if breakers[key] == nil, breakers.count >= ModelProvidersLimits.maximumRouteCount { Self.drop(&breakers) }
            return breakers[key, default: CircuitBreaker()].admit(now: now)
        }
        switch admission {
        case .admitted(let permit): return permit
        case .refused(let delay):
            throw ProviderError(
                ProviderFault(.limited, "the circuit is open: the provider has failed too often in a row", retryAfter: delay))
        }
    }

    func record(_ outcome: CircuitBreaker.Outcome, of permit: CircuitBreaker.Permit, _ key: RateBudgetKey, now: Duration) {
        breakers.withLock { $0[key]?.record(outcome, of: permit, now: now) }
    }

    package func state(of key: RateBudgetKey) -> CircuitBreaker.State {
        breakers.withLock { $0[key]?.state ?? .closed(failureCount: 0) }
    }

    /// Makes room: circuits without failures remember nothing; if all have some, those longest out of use go first.
    private static func drop(_ breakers: inout [RateBudgetKey: CircuitBreaker]) {
        breakers = breakers.filter { $0.value.state != .closed(failureCount: 0) }
        guard breakers.count >= ModelProvidersLimits.maximumRouteCount else { return }
        let median = breakers.values.map(\.lastUse).sorted()[breakers.count / 2]
        breakers = breakers.filter { $0.value.lastUse > median }
    }
}
