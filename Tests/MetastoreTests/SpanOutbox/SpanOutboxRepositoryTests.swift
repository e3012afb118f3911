import PostgresClient
import PostgresTesting
import Testing

@testable import Metastore

@Suite("Spans on their way")
struct SpanOutboxRepositoryTests {
    private func add(_ count: Int, to test: TestMetastore) async throws {
        for number in 0..<count {
            try await test.connection.query(
                "INSERT INTO span_outbox (project_id, body, created_at) VALUES ($1, $2, now() - interval '10 seconds')",
                [test.project.id.value, .bytes([UInt8(number + 1)])])
        }
    }

    @Test("the oldest are leased first, nobody else has them meanwhile, and what was delivered is gone")
    func life() async throws {
        let test = try await TestMetastore.open(), outbox = test.metastore.spanOutbox
        #expect(try await outbox.backlog() == OutboxBacklog(count: 0, oldestAgeSeconds: nil))
        try await add(5, to: test)
        let backlog = try await outbox.backlog()
        #expect(backlog.count == 5 && (10...60).contains(backlog.oldestAgeSeconds ?? 0))
        let first = try await outbox.lease(count: 2, seconds: 60), second = try await outbox.lease(count: 9, seconds: 60)
        #expect(first.map(\.body) == [[1], [2]] && second.map(\.body) == [[3], [4], [5]])
        #expect(first.allSatisfy { $0.projectID == test.project.id })
        #expect(try await outbox.lease(count: 9, seconds: 60).isEmpty)
        try await outbox.delete(first.map(\.id))
        try await outbox.delete(first.map(\.id) + [-1])
        try await outbox.delete([])
        #expect(try await outbox.backlog().count == 3)
    }

    @Test("what a worker leased and did not deliver goes to another when its time is over")
    func expiry() async throws {
        let test = try await TestMetastore.open(), outbox = test.metastore.spanOutbox
        try await add(2, to: test)
        let lost = try await outbox.lease(count: 1, seconds: 0)
        #expect(try await outbox.lease(count: 1, seconds: 60) == lost)
        #expect(try await outbox.lease(count: 9, seconds: 60).map(\.body) == [[2]])
    }

    @Test("of workers at once each gets others")
    func atOnce() async throws {
        let test = try await TestMetastore.open(connections: 8), outbox = test.metastore.spanOutbox
        try await add(40, to: test)
        let leased = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for _ in 0..<8 { group.addTask { try await outbox.lease(count: 5, seconds: 60).map(\.id) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(leased.count == Set(leased).count)
        let rest = try await outbox.lease(count: 40, seconds: 60)
        #expect(Set(leased).isDisjoint(with: rest.map(\.id)) && leased.count + rest.count == 40)
    }
}
