import ModelProviders
import Testing

@Suite("The budget of one process")
struct InMemoryRateBudgetTests {
    private let key = RateBudgetKey(provider: .openAI, baseURL: "https://example.org", model: "m", credentialID: "c")
    private let time = FakeClock()

    private func kind(_ body: () async throws(ProviderError) -> Void) async -> ProviderFault? {
        do { try await body() } catch { return error.fault }
        return nil
    }

    @Test("makes callers wait for their turn, each key for itself")
    func turns() async throws {
        let budget = InMemoryRateBudget(limits: { _ in RateLimits(requestsPerMinute: 60) }, clock: time.clock)
        for _ in 0..<60 { try await budget.acquire(key, tokens: 1, maximumWait: nil) }
        #expect(time.sleeps.isEmpty)
        try await budget.acquire(key, tokens: 1, maximumWait: nil)
        #expect(time.sleeps == [.seconds(1)])
        var other = key
        other.model = "n"
        try await budget.acquire(other, tokens: 1, maximumWait: .zero)
        let fault = await kind { () async throws(ProviderError) in try await budget.acquire(key, tokens: 1, maximumWait: .milliseconds(10))
        }
        #expect(fault?.kind == .limited && fault?.retryAfter == .seconds(1))
    }

    @Test("waits on when the provider asks for silence meanwhile, unless that is too long")
    func silence() async throws {
        let budget = InMemoryRateBudget(clock: time.clock)
        var report = RateLimitReport()
        report.retryAfter = .seconds(30)
        await budget.report(key, report)
        try await budget.acquire(key, tokens: 1, maximumWait: .seconds(31))
        #expect(time.sleeps == [.seconds(30)])
        await budget.report(key, report)
        let fault = await kind { () async throws(ProviderError) in try await budget.acquire(key, tokens: 1, maximumWait: .seconds(29)) }
        #expect(fault?.kind == .limited)
    }

    @Test("gives back what a cancelled caller had taken")
    func cancelled() async throws {
        let budget = InMemoryRateBudget(limits: { _ in RateLimits(requestsPerMinute: 1) }, clock: time.clock)
        try await budget.acquire(key, tokens: 1, maximumWait: nil)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await kind { () async throws(ProviderError) in try await budget.acquire(key, tokens: 1, maximumWait: nil) }
        }
        #expect(await task.value?.kind == .cancelled)
        #expect(budget.state(of: key)?.requests?.level == 0)
    }
}
