import ModelProviders
import Testing

@Suite("A circuit")
struct CircuitBreakerTests {
    private var breaker = CircuitBreaker()

    private mutating func call(_ kind: ProviderFault.Kind?, at second: Double) -> Bool {
        guard case .admitted(let permit) = breaker.admit(now: .seconds(second)) else { return false }
        breaker.record(CircuitBreaker.Outcome(kind.map { ProviderFault($0, "x") }), of: permit, now: .seconds(second))
        return true
    }

    @Test("opens after ten retryable faults in a row, and only those")
    mutating func opens() {
        for _ in 0..<9 { #expect(call(.retryable, at: 0)) }
        for kind in [nil, ProviderFault.Kind.limited, .refused, .invalid, .auth] {
            #expect(call(kind, at: 0))
            #expect(breaker.state == .closed(failureCount: 0))
            for _ in 0..<9 { #expect(call(.retryable, at: 0)) }
        }
        #expect(call(.cancelled, at: 0))
        #expect(breaker.state == .closed(failureCount: 9))
        #expect(call(.retryable, at: 1))
        #expect(breaker.state == .open(until: .seconds(6)))
        #expect(breaker.admit(now: .seconds(2)) == .refused(retryAfter: .seconds(4)))
    }

    @Test("lets one probe through, stays open twice as long when it fails, and closes with any answer")
    mutating func probes() {
        for _ in 0..<10 { _ = call(.retryable, at: 0) }
        guard case .admitted(let probe) = breaker.admit(now: .seconds(5)) else {
            Issue.record("no probe")
            return
        }
        #expect(probe.isProbe && breaker.state == .halfOpen(probeStart: .seconds(5)))
        #expect(breaker.admit(now: .seconds(6)) == .refused(retryAfter: .seconds(5)))
        breaker.record(.failed, of: probe, now: .seconds(7))
        #expect(breaker.state == .open(until: .seconds(17)))
        #expect(call(.retryable, at: 17))
        #expect(breaker.state == .open(until: .seconds(37)))
        #expect(call(.limited, at: 40))
        #expect(breaker.state == .closed(failureCount: 0))
        for _ in 0..<10 { #expect(call(.retryable, at: 50)) }
        #expect(breaker.state == .open(until: .seconds(55)))
    }

    @Test("never stays open for longer than two minutes")
    mutating func longest() {
        for _ in 0..<10 { _ = call(.retryable, at: 0) }
        var now = 0.0
        for _ in 0..<10 {
            guard case .open(let until) = breaker.state else {
                Issue.record("not open")
                return
            }
            #expect(until - .seconds(now) <= .seconds(120))
            now = Double(until.components.seconds)
            #expect(call(.retryable, at: now))
        }
    }

    @Test("sends another probe after one was abandoned, or was never heard of again")
    mutating func lostProbes() {
        for _ in 0..<10 { _ = call(.retryable, at: 0) }
        #expect(call(.cancelled, at: 5))
        #expect(breaker.state == .open(until: .seconds(5)))
        guard case .admitted(let lost) = breaker.admit(now: .seconds(5)) else {
            Issue.record("no probe")
            return
        }
        #expect(breaker.admit(now: .seconds(124)) == .refused(retryAfter: .seconds(1)))
        guard case .admitted(let second) = breaker.admit(now: .seconds(125)) else {
            Issue.record("no second probe")
            return
        }
        breaker.record(.failed, of: lost, now: .seconds(126))
        #expect(breaker.state == .halfOpen(probeStart: .seconds(125)))
        breaker.record(.answered, of: second, now: .seconds(127))
        #expect(breaker.state == .closed(failureCount: 0))
    }

    @Test("does not listen to calls that began before it opened")
    mutating func lateOutcomes() {
        guard case .admitted(let early) = breaker.admit(now: .zero) else {
            Issue.record("not admitted")
            return
        }
        for _ in 0..<10 { _ = call(.retryable, at: 0) }
        breaker.record(.answered, of: early, now: .seconds(1))
        #expect(breaker.state == .open(until: .seconds(5)))
    }
}
