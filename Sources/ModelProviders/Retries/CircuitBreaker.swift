/// Whether calls to one place go through at all: a pure value.
///
///     closed --n retryable faults in a row--> open(until) --time--> half open: one probe
///     half open --any sign of life--> closed          half open --retryable fault--> open, twice as long
///
/// Only retryable faults count. A rate limit, a refusal or a bad request is an answer: whoever gives it is alive.

package struct CircuitBreaker: Sendable, Hashable {
    package enum State: Sendable, Hashable {
        case closed(failureCount: Int)
        case open(until: Duration)
        /// One call has gone to see, at that time.
        case halfOpen(probeStart: Duration)
    }

    /// Leave to send. Outcomes of calls that began before the circuit last changed are of no more interest.
    package struct Permit: Sendable, Hashable {
        fileprivate let generation: Int
        package let isProbe: Bool
    }

    package enum Admission: Sendable, Hashable {
        case admitted(Permit)
        /// Until the next probe may go.
        case refused(retryAfter: Duration)
    }

    package enum Outcome: Sendable, Hashable {
        case answered
        case failed
        /// The caller left before there was an outcome.
        case abandoned

        package init(_ fault: ProviderFault?) {
            self =
                switch fault?.kind {
                case .retryable: .failed
                case .cancelled: .abandoned
                case nil, .limited, .refused, .invalid, .auth: .answered
                }
        }
    }

    package private(set) var state = State.closed(failureCount: 0)
    private var generation = 0
    /// How often in a row it has opened.
    private var openingCount = 0
    /// When it last changed or was asked; the same clock as `now`.
    package private(set) var lastUse = Duration.zero

    package init() {}

    package mutating func admit(now: Duration) -> Admission {
        lastUse = now
        switch state {
        case .closed: return .admitted(Permit(generation: generation, isProbe: false))
        case .open(let until):
            guard now >= until else { return .refused(retryAfter: until - now) }
            return probe(now)
        case .halfOpen(let start):
            // A probe of which nothing was heard must not keep the circuit open for ever.
            let end = start + .seconds(ModelProvidersLimits.circuitProbeSeconds)
            guard now >= end else { return .refused(retryAfter: min(end - now, .seconds(ModelProvidersLimits.circuitOpenSeconds))) }
            return probe(now)
        }
    }

    package mutating func record(_ outcome: Outcome, of permit: Permit, now: Duration) {
        guard permit.generation == generation else { return }
        lastUse = now
        switch (state, outcome) {
        case (.closed, .answered):
            state = .closed(failureCount: 0)
            openingCount = 0
        case (.closed(let count), .failed):
            if count + 1 < ModelProvidersLimits.circuitFailureCount { state = .closed(failureCount: count + 1) } else { open(now) }
        case (.halfOpen, .answered):
            generation += 1
            openingCount = 0
            state = .closed(failureCount: 0)
        case (.halfOpen, .failed): open(now)
        // The next one may probe at once.
        case (.halfOpen, .abandoned): state = .open(until: now)
        case (.closed, .abandoned), (.open, _): break
        }
    }

    private mutating func probe(_ now: Duration) -> Admission {
        generation += 1
        state = .halfOpen(probeStart: now)
        return .admitted(Permit(generation: generation, isProbe: true))
    }

    private mutating func open(_ now: Duration) {
        generation += 1
        var time = Duration.seconds(ModelProvidersLimits.circuitOpenSeconds)
        let maximum = Duration.seconds(ModelProvidersLimits.maximumCircuitOpenSeconds)
        for _ in 0..<openingCount where time < maximum { time = time * 2 }
        openingCount += 1
        state = .open(until: now + min(time, maximum))
    }
}
