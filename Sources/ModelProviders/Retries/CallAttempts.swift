/// One call with its tries: the budget's turn, the circuit's leave, the try itself, and what follows from its outcome.

import CurlClient
import GenAIConventions

/// What became of one try.
enum AttemptOutcome<Answer: Sendable>: Sendable {
    /// - Parameter usedTokenCount: as the provider counted; nil when it did not.
    case answered(Answer, CurlHeaders, usedTokenCount: Int?)
    /// - Parameters:
    ///   - headers: nil when there was no response.
    ///   - usage: what the provider had counted by then.
    case failed(ProviderFault, CurlHeaders?, hasPassedOn: Bool, usage: TokenUsage? = nil)
}

struct CallAttempts: Sendable {
    let key: RateBudgetKey
    let estimatedTokenCount: Int
    let budget: any RateBudget
    let breakers: CircuitBreakers
    let policy: RetryPolicy
    let totalTimeout: Duration?
    let clock: ProviderClock
    /// Taken out of what the provider says.
    let secret: ProviderKey?

    /// Tries until there is an answer or no use in trying.
    ///
    /// - Parameter attempt: is given the time that is left, nil for all the time there is.
    /// Errors: the last fault with all tries; `limited` at once when the server asks for more patience than there is time.
    func run<Answer: Sendable>(
        _ attempt: (_ remaining: Duration?) async -> AttemptOutcome<Answer>
    ) async throws(ProviderError) -> (Answer, [ProviderAttempt]) {
        let deadline = totalTimeout.map { clock.uptime() + $0 }
        var retries = RetryState(policy)
        var random = SystemRandomNumberGenerator()
        var attempts: [ProviderAttempt] = []
        var waitStart = clock.uptime()
        while true {
            let permit: CircuitBreaker.Permit
            do { permit = try await leave(deadline) } catch { throw ProviderError(error.fault, attempts: attempts) }
            let start = clock.uptime(), startUnixNano = clock.nowUnixNano()
            let outcome = await attempt(deadline.map { $0 - start })
            let end = clock.uptime()
            var record = ProviderAttempt(startUnixNano: startUnixNano, duration: end - start, waited: start - waitStart)
            switch outcome {
            case .answered(let answer, let headers, let usedTokenCount):
                breakers.record(.answered, of: permit, key, now: end)
                var report = RateLimitReport(headers, nowUnixNano: clock.nowUnixNano())
                report.unusedTokenCount = usedTokenCount.map { estimatedTokenCount - $0 } ?? 0
                await tell(report)
                attempts.append(record)
                return (answer, attempts)
            case .failed(var fault, let headers, let hasPassedOn, let usage):
                if let secret { fault.conceal(secret.text) }
                breakers.record(CircuitBreaker.Outcome(fault), of: permit, key, now: end)
                if let headers {
                    var report = RateLimitReport(headers, nowUnixNano: clock.nowUnixNano())
                    if fault.kind == .limited { report.retryAfter = fault.retryAfter }
                    await tell(report)
                }
                record.fault = fault
                record.lostUsage = usage
                attempts.append(record)
                waitStart = end
                let decision = retries.decide(
                    after: fault, hasPassedOn: hasPassedOn, remaining: deadline.map { $0 - clock.uptime() }, using: &random)
                switch decision {
                case .wait(let delay):
                    do { try await clock.wait(delay) } catch { throw ProviderError(error.fault, attempts: attempts) }
                case .giveUp(let end): throw ProviderError(Self.final(fault, end), attempts: attempts)
                }
            }
        }
    }

    /// The budget's turn and the circuit's leave. The circuit is asked last: it may have opened during the wait.
    private func leave(_ deadline: Duration?) async throws(ProviderError) -> CircuitBreaker.Permit {
        if Task.isCancelled { throw .cancelled }
        let remaining = deadline.map { $0 - clock.uptime() }
        if let remaining, remaining <= .zero { throw ProviderError(.retryable, "the call's time is up") }
        try await budget.acquire(key, tokens: estimatedTokenCount, maximumWait: remaining)
        do {
            return try breakers.admit(key, now: clock.uptime())
        } catch {
            var report = RateLimitReport()
            report.unusedTokenCount = estimatedTokenCount
            report.wasSent = false
            await budget.report(key, report)
            throw error
        }
    }

    private func tell(_ report: RateLimitReport) async {
        if !report.isEmpty { await budget.report(key, report) }
    }

    /// What the caller is told: a server that asks to come back later than there is time for limits us, whatever its status was.
    private static func final(_ fault: ProviderFault, _ end: RetryEnd) -> ProviderFault {
        var fault = fault
        switch end {
        case .serverDelayTooLong: fault.kind = .limited
        case .deadline where fault.retryAfter != nil: fault.kind = .limited
        case .deadline, .notRetryable, .passedOn, .attemptsUsedUp: break
        }
        return fault
    }
}
