import PostgresTesting
import Testing

@testable import Metastore
@testable import PostgresClient

@Suite("Events of tasks")
struct TaskEventsTests {
    private func append(_ types: [String], to task: TaskID, of test: TestMetastore, on connection: PostgresConnection? = nil) async throws {
        try await (connection ?? test.connection).withTransaction { connection throws(PostgresError) in
            try await TaskRepository.append(types.map { TaskEventDraft($0, Array(#"{"a":1}"#.utf8)) }, to: task, on: connection)
        }
    }

    @Test("they are numbered from 1 on, kept as they were written, and read from any number on")
    func order() async throws {
        let test = try await TestMetastore.open(), tasks = test.metastore.tasks
        let task = try await tasks.create(kind: "seal", project: nil).id, other = try await tasks.create(kind: "seal", project: nil).id
        try await append(["a.a", "a.b", "a.c"], to: task, of: test)
        try await append([], to: task, of: test)
        try await append(["b.a"], to: other, of: test)
        try await append(["a.d"], to: task, of: test)
        let events = try await tasks.events(of: task, after: 0, limit: 10)
        #expect(events.map(\.sequence) == [1, 2, 3, 4] && events.map(\.type) == ["a.a", "a.b", "a.c", "a.d"])
        #expect(events.allSatisfy { text($0.data) == #"{"a":1}"# && $0.timeUnixNano > 0 })
        #expect(try await tasks.events(of: task, after: 1, limit: 2).map(\.sequence) == [2, 3])
        #expect(try await tasks.events(of: task, after: 4, limit: 2).isEmpty)
        #expect(try await tasks.events(of: other, after: 0, limit: 2).map(\.sequence) == [1])
        #expect(try await tasks.events(of: .make(), after: 0, limit: 2).isEmpty)
    }

    @Test("what is rolled back leaves no gap, and of many who append at once each number is given once")
    func gapless() async throws {
        let test = try await TestMetastore.open()
        let task = try await test.metastore.tasks.create(kind: "seal", project: nil).id
        let pool = test.metastore.tasks.pool
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    try? await pool.withTransaction { connection throws(PostgresError) in
                        try await TaskRepository.append(
                            (0...number % 3).map { TaskEventDraft("n.e\(["a", "b", "c"][$0])", Array("{}".utf8)) }, to: task, on: connection
                        )
                        if number % 4 == 0 { throw PostgresError(.cancelled, "it went wrong") }
                    }
                }
            }
            try await group.waitForAll()
        }
        let sequences = try await test.metastore.tasks.events(of: task, after: 0, limit: 1_000).map(\.sequence)
        let expected = (0..<40).filter { $0 % 4 != 0 }.reduce(0) { $0 + $1 % 3 + 1 }
        #expect(sequences == (1...Int64(expected)).map { $0 })
    }

    @Test("listeners are told when the transaction is committed, and not before")
    func announcement() async throws {
        let test = try await TestMetastore.open()
        let task = try await test.metastore.tasks.create(kind: "seal", project: nil).id
        let listener = try await PostgresConnection.connect(test.metastore.tasks.pool.configuration)
        _ = try await listener.script("LISTEN \(TaskRepository.eventChannel)")
        try await test.connection.withTransaction { connection throws(PostgresError) in
            try await TaskRepository.append([TaskEventDraft("a.b", Array("{}".utf8))], to: task, on: connection)
            #expect(!listener.hasUnexpectedInput)
        }
        try await eventually("a notification") { listener.hasUnexpectedInput }
    }
}
