import Metastore
import MetastoreTesting
import ModelProviders
import PostgresClient
import PostgresTesting
import Testing

@testable import RunExecution

@Suite("Rate budgets that workers share")
struct SharedRateBudgetTests {
    private static let key = RateBudgetKey(provider: .openAI, baseURL: "https://x/v1", model: "m", credentialID: "c")

    /// Two processes' budgets on one database, the key's bucket of requests as given.
    private static func pair(
        capacity: Double, refillPerSecond: Double, clock: ProviderClock = .system
    ) async throws -> (first: SharedRateBudget, second: SharedRateBudget, metastore: Metastore) {
        let database = try await TestDatabase.make()
        let metastore = try await Metastore.open(PostgresPool(database, logger: TestServer.logger))
        let other = try await Metastore.open(PostgresPool(database, logger: TestServer.logger))
        try await metastore.rateBudgets.change(key.storedKey) { budget, now in
            var state = RateBudgetState()
            state.requests = TokenBucket(capacity: capacity, refillPerSecond: refillPerSecond, nowUnixNano: now)
            budget = StoredRateBudget(state)
        }
        return (
            SharedRateBudget(metastore.rateBudgets, clock: clock, logger: TestServer.logger),
            SharedRateBudget(other.rateBudgets, clock: clock, logger: TestServer.logger), metastore
        )
    }

    @Test("two workers on one database never get more turns than the bucket has, however many ask at once")
    func sharing() async throws {
        // A day to refill by one.
        let (first, second, _) = try await Self.pair(capacity: 10, refillPerSecond: 1.0 / 86_400)
        let outcomes = await withTaskGroup(of: ProviderFault.Kind?.self) { group in
            for number in 0..<200 {
                group.addTask {
                    do throws(ProviderError) {
                        try await (number % 2 == 0 ? first : second).acquire(Self.key, tokens: 1, maximumWait: .zero)
                        return nil
                    } catch { return error.kind }
                }
            }
            return await group.reduce(into: [ProviderFault.Kind?]()) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == nil } == 10)
        #expect(outcomes.count { $0 == .limited } == 190)
    }

    @Test("who has to wait gets a turn of its own: no two workers are promised the same one")
    func queue() async throws {
        let waits = Shared<[Duration]>([])
        // Waits for turns are long, rests between two changes of a row are not.
        let clock = ProviderClock(nowUnixNano: { 0 }, uptime: { ProviderClock.system.uptime() }) { duration in
            if duration > .milliseconds(RunExecutionLimits.budgetChangeMilliseconds) { waits.change { $0.append(duration) } }
        }
        let (first, second, _) = try await Self.pair(capacity: 5, refillPerSecond: 0.01, clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<25 {
                group.addTask { try await (number % 2 == 0 ? first : second).acquire(Self.key, tokens: 1, maximumWait: nil) }
            }
            try await group.waitForAll()
        }
        let sorted = waits.value.sorted()
        #expect(sorted.count == 20)
        // A hundred seconds apart; the test takes less than a minute.
        for (index, wait) in sorted.enumerated() { #expect(wait > .seconds(100 * index) && wait <= .seconds(100 * (index + 1))) }
    }

    @Test("what one worker's provider says is known to the other")
    func reports() async throws {
        let (first, second, metastore) = try await Self.pair(capacity: 5, refillPerSecond: 1)
        var report = RateLimitReport()
        report.retryAfter = .seconds(600)
        await first.report(Self.key, report)
        try await eventually("the report") { try await metastore.rateBudgets.find(Self.key.storedKey)?.blockedUntilUnixNano ?? 0 > 0 }
        await #expect {
            try await second.acquire(Self.key, tokens: 1, maximumWait: .seconds(1))
        } throws: { error in
            let fault = (error as? ProviderError)?.fault
            return fault?.kind == .limited && fault?.retryAfter ?? .zero > .seconds(500)
        }
    }

    /// A budget that has seen its row without limits, of which another process knows then that one call may be made, and none for a day.
    private static func overtaken(_ time: Shared<Duration>) async throws -> (budget: SharedRateBudget, metastore: Metastore) {
        let clock = ProviderClock(nowUnixNano: { 0 }, uptime: { time.value }) { _ in }
        let metastore = try await Metastore.open(
            PostgresPool(try await TestDatabase.make(), logger: TestServer.logger))
        let budget = SharedRateBudget(metastore.rateBudgets, clock: clock, logger: TestServer.logger)
        try await budget.acquire(key, tokens: 1, maximumWait: .zero)
        try await metastore.rateBudgets.change(key.storedKey) { budget, now in
            var state = RateBudgetState()
            state.requests = TokenBucket(capacity: 1, refillPerSecond: 1.0 / 86_400, nowUnixNano: now)
            budget = StoredRateBudget(state)
        }
        return (budget, metastore)
    }

    private static func isLimited(_ budget: SharedRateBudget) async throws -> Bool {
        do throws(ProviderError) {
            try await budget.acquire(key, tokens: 1, maximumWait: .zero)
            return false
        } catch {
            guard error.kind == .limited else { throw error }
            return true
        }
    }

    @Test("a budget without limits keeps nobody waiting, and a limit that others learn of is seen by a look beside the calls")
    func unlimited() async throws {
        let time = Shared(Duration.zero)
        let (budget, metastore) = try await Self.overtaken(time)
        var unused = RateLimitReport()
        unused.unusedTokenCount = 1
        for _ in 0..<3 {
            #expect(try await !Self.isLimited(budget))
            await budget.report(Self.key, unused)
        }
        time.change { $0 += .milliseconds(RunExecutionLimits.unlimitedBudgetLookMilliseconds + 1) }
        // This one passes, and the look that it starts ends the freedom: one more call has its turn.
        #expect(try await !Self.isLimited(budget))
        try await eventually("the limit") { try await Self.isLimited(budget) }
        await metastore.close()
    }

    @Test("a look at a budget without limits that is too long ago counts no more")
    func stale() async throws {
        let time = Shared(Duration.zero)
        let (budget, metastore) = try await Self.overtaken(time)
        time.change { $0 += .milliseconds(RunExecutionLimits.unlimitedBudgetMilliseconds + 1) }
        #expect(try await !Self.isLimited(budget), "the one that may be made")
        #expect(try await Self.isLimited(budget))
        await metastore.close()
    }

    @Test("what this process's own provider says counts at once, though the budget was without limits")
    func reportEndsUnlimited() async throws {
        let database = try await TestDatabase.make()
        let metastore = try await Metastore.open(PostgresPool(database, logger: TestServer.logger))
        let budget = SharedRateBudget(metastore.rateBudgets, logger: TestServer.logger)
        try await budget.acquire(Self.key, tokens: 1, maximumWait: .zero)
        var report = RateLimitReport()
        report.retryAfter = .seconds(600)
        await budget.report(Self.key, report)
        await #expect(throws: ProviderError.self) { try await budget.acquire(Self.key, tokens: 1, maximumWait: .seconds(1)) }
        await metastore.close()
    }

    @Test("while PostgreSQL is away nobody gets a turn, and everybody is told to try again")
    func outage() async throws {
        let (first, _, metastore) = try await Self.pair(capacity: 5, refillPerSecond: 1)
        await metastore.close()
        await #expect {
            try await first.acquire(Self.key, tokens: 1, maximumWait: nil)
        } throws: { error in
            (error as? ProviderError)?.kind == .retryable
        }
        await first.report(Self.key, RateLimitReport())
    }

    @Test("keys that differ in any part, or in where a part ends, are other rows")
    func keys() {
        let keys = [
            Self.key, RateBudgetKey(provider: .openAI, baseURL: "https://x/v1m", model: "", credentialID: "c"),
            RateBudgetKey(provider: .openAI, baseURL: "https://x/v1", model: "mc", credentialID: ""),
            RateBudgetKey(provider: .xAI, baseURL: "https://x/v1", model: "m", credentialID: "c"),
        ]
        #expect(Set(keys.map(\.storedKey)).count == keys.count && keys.allSatisfy { $0.storedKey.count == 32 })
    }
}
