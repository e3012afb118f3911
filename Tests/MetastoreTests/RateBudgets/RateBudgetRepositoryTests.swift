import PostgresClient
import PostgresTesting
import Testing

@testable import Metastore

@Suite("Rate budgets")
struct RateBudgetRepositoryTests {
    private let key = [UInt8](repeating: 1, count: 32)

    @Test("what becomes of a budget is what the next one finds, to the last bit, by the database's clock")
    func roundTrip() async throws {
        let test = try await TestMetastore.open(), budgets = test.metastore.rateBudgets
        #expect(try await budgets.find(key) == nil)
        let requests = StoredRateBucket(
            capacity: 60, refillPerSecond: 0.1 + 0.2, level: -1.5, updatedTimeUnixNano: 1_700_000_000_123_456_789)
        let stored = StoredRateBudget(requests: requests, tokens: nil, blockedUntilUnixNano: 1_700_000_000_987_654_321)
        let (wasThere, now) = try await budgets.change(key) { budget, now in
            defer { budget = stored }
            return (budget != nil, now)
        }
        #expect(!wasThere && now > 1_700_000_000_000_000_000)
        #expect(try await budgets.find(key) == stored)
        let (found, later) = try await budgets.change(key) { budget, now in
            let found = budget
            budget?.tokens = requests
            budget?.requests = nil
            return (found, now)
        }
        #expect(found == stored && later > now)
        #expect(try await budgets.find(key) == StoredRateBudget(tokens: requests, blockedUntilUnixNano: stored.blockedUntilUnixNano))
        try await budgets.change(key) { budget, _ in budget = nil }
        #expect(try await budgets.change(key) { budget, _ in budget == nil })
        #expect(await failure { try await budgets.change([1]) { _, _ in } }?.field == "key")
    }

    @Test("what no row can hold is cut to what one can")
    func nonsense() async throws {
        let test = try await TestMetastore.open(), budgets = test.metastore.rateBudgets
        let bucket = StoredRateBucket(capacity: .infinity, refillPerSecond: .nan, level: -.infinity, updatedTimeUnixNano: .max)
        try await budgets.change(key) { budget, _ in
            budget = StoredRateBudget(requests: bucket, tokens: bucket, blockedUntilUnixNano: .max)
        }
        let kept = StoredRateBucket(capacity: 1e15, refillPerSecond: 0, level: -1e15, updatedTimeUnixNano: UInt64(Int64.max))
        #expect(try await budgets.find(key) == StoredRateBudget(requests: kept, tokens: kept, blockedUntilUnixNano: UInt64(Int64.max)))
    }

    @Test("of changes at once none is lost, from the first on; other keys do not wait")
    func atOnce() async throws {
        let test = try await TestMetastore.open(connections: 8), budgets = test.metastore.rateBudgets
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try await budgets.change([UInt8](repeating: UInt8(number % 2), count: 32)) { budget, now in
                        let level = budget?.requests?.level ?? 0
                        budget = StoredRateBudget(
                            requests: StoredRateBucket(capacity: 1, refillPerSecond: 1, level: level - 1, updatedTimeUnixNano: now))
                    }
                }
            }
            try await group.waitForAll()
        }
        for number in 0..<2 {
            #expect(try await budgets.find([UInt8](repeating: UInt8(number), count: 32))?.requests?.level == -50)
        }
    }

    @Test("budgets that nobody asked for in a long time go")
    func deletion() async throws {
        let test = try await TestMetastore.open(), budgets = test.metastore.rateBudgets
        try await budgets.change(key) { budget, _ in budget = StoredRateBudget(blockedUntilUnixNano: 5) }
        #expect(try await budgets.deleteUnused(forSeconds: 3_600) == 0)
        try await test.connection.query("UPDATE rate_budgets SET updated_at = now() - interval '2 hours'")
        #expect(try await budgets.deleteUnused(forSeconds: 3_600) == 1)
        #expect(try await budgets.find(key) == nil)
    }
}
