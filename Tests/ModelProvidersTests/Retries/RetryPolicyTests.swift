import ModelProviders
import SeededRandom
import Testing

@Suite("Trying again")
struct RetryPolicyTests {
    private let failure = ProviderFault(.retryable, "x")

    private func policy(_ attempts: Int) -> RetryPolicy {
        var policy = RetryPolicy()
        policy.maximumAttemptCount = attempts
        return policy
    }

    @Test("waits a random time below a ceiling that doubles up to its maximum")
    func fullJitter() {
        let ceilings = [500, 1000, 2000, 4000, 8000, 8000, 8000].map { Duration.milliseconds($0) }
        var longest = [Duration](repeating: .zero, count: ceilings.count)
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var state = RetryState(policy(8))
            for (place, ceiling) in ceilings.enumerated() {
                guard case .wait(let delay) = state.decide(after: failure, hasPassedOn: false, remaining: nil, using: &random) else {
                    Issue.record("gave up at \(place), seed \(seed)")
                    return
                }
                #expect(delay >= .zero && delay <= ceiling, "seed \(seed)")
                longest[place] = max(longest[place], delay)
            }
            #expect(state.decide(after: failure, hasPassedOn: false, remaining: nil, using: &random) == .giveUp(.attemptsUsedUp))
        }
        for (place, ceiling) in ceilings.enumerated() { #expect(longest[place] > ceiling * 0.9, "seed \(seed)") }
    }

    @Test("never comes back before the server wants it")
    func serverDelay() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<100 {
            var state = RetryState(policy(2))
            let fault = ProviderFault(.limited, "x", retryAfter: .seconds(7))
            guard case .wait(let delay) = state.decide(after: fault, hasPassedOn: false, remaining: nil, using: &random) else {
                Issue.record("gave up")
                return
            }
            #expect(delay >= .seconds(7) && delay <= .milliseconds(7500))
        }
    }

    @Test("gives up for a reason")
    func ends() {
        var random = SeededGenerator(seed: 1)
        func end(_ fault: ProviderFault, passedOn: Bool = false, remaining: Duration? = nil, attempts: Int = 3) -> RetryDecision {
            var state = RetryState(policy(attempts))
            return state.decide(after: fault, hasPassedOn: passedOn, remaining: remaining, using: &random)
        }
        for kind in ProviderFault.Kind.allCases where kind != .retryable && kind != .limited {
            #expect(end(ProviderFault(kind, "x")) == .giveUp(.notRetryable))
        }
        var final = failure
        final.isFinal = true
        #expect(end(final) == .giveUp(.notRetryable))
        #expect(end(failure, passedOn: true) == .giveUp(.passedOn))
        #expect(end(failure, attempts: 1) == .giveUp(.attemptsUsedUp))
        #expect(end(ProviderFault(.limited, "x", retryAfter: .seconds(121))) == .giveUp(.serverDelayTooLong))
        #expect(end(ProviderFault(.limited, "x", retryAfter: .seconds(9)), remaining: .seconds(5)) == .giveUp(.deadline))
        #expect(end(ProviderFault(.limited, "x", retryAfter: .seconds(9)), remaining: .nanoseconds(9_000_000_001)) == .wait(.seconds(9)))
        #expect(end(failure, remaining: .zero) == .giveUp(.deadline))
    }
}
