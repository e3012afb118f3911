import PostgresClient
import PostgresTesting
import Testing

@Suite struct MigratorTests {
    private let first = Migration(number: 1, name: "first", sql: "CREATE TABLE a (n int8); INSERT INTO a VALUES (1);")
    private let second = Migration(number: 2, name: "second", sql: "ALTER TABLE a ADD COLUMN m text;")

    private func migrate(_ migrations: [Migration], _ configuration: PostgresConfiguration) async throws(PostgresError) -> [Int] {
        try await Migrator(migrations, logger: TestServer.logger).migrate(configuration)
    }

    @Test("migrations are applied in order, once, and later ones to what is there")
    func inOrder() async throws {
        let database = try await TestServer.makeDatabase()
        #expect(try await migrate([first], database) == [1])
        #expect(try await migrate([first, second], database) == [2])
        #expect(try await migrate([first, second], database) == [])
        let connection = try await PostgresConnection.connect(database)
        #expect(try await connection.query("SELECT n, m FROM a").count == 1)
        #expect(
            try await connection.query("SELECT name FROM spandrel_migrations ORDER BY number").map {
                try $0.decode("name", as: String.self)
            } == ["first", "second"])
    }

    @Test("servers that start together apply each migration once")
    func concurrently() async throws {
        let database = try await TestServer.makeDatabase()
        let applied = try await withThrowingTaskGroup(of: [Int].self) { group in
            for _ in 0..<8 { group.addTask { try await migrate([first, second], database) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied.sorted() == [1, 2])
        let connection = try await PostgresConnection.connect(database)
        #expect(try await connection.query("SELECT n FROM a").count == 1)
    }

    @Test("a failing migration leaves nothing behind, and the ones before it stay")
    func failing() async throws {
        let database = try await TestServer.makeDatabase()
        let broken = Migration(number: 2, name: "broken", sql: "CREATE TABLE b (n int8); INSERT INTO a VALUES ('not a number');")
        await #expect { try await migrate([first, broken], database) } throws: { "\($0)".contains("migration 2 (broken) failed") }
        let connection = try await PostgresConnection.connect(database)
        #expect(try await connection.query("SELECT 1 FROM pg_tables WHERE tablename = 'b'").isEmpty)
        #expect(try await connection.query("SELECT 1 FROM spandrel_migrations").count == 1)
        #expect(try await migrate([first, second], database) == [2])
    }

    @Test("a migration that commits by itself is refused")
    func committing() async throws {
        let database = try await TestServer.makeDatabase()
        let committing = Migration(number: 1, name: "committing", sql: "CREATE TABLE b (n int8); COMMIT;")
        await #expect { try await migrate([committing], database) } throws: { ($0 as? PostgresError)?.code == .migration }
        let connection = try await PostgresConnection.connect(database)
        #expect(try await connection.query("SELECT 1 FROM spandrel_migrations").isEmpty)
    }

    @Test("an edited, a renamed, a missing and a newer migration are each refused with what to do")
    func tamperedHistory() async throws {
        let database = try await TestServer.makeDatabase()
        _ = try await migrate([first, second], database)
        let edited = Migration(number: 1, name: "first", sql: first.sql + " ")
        let renamed = Migration(number: 1, name: "other", sql: first.sql)
        for list in [[edited, second], [renamed, second]] {
            await #expect { try await migrate(list, database) } throws: {
                ($0 as? PostgresError)?.code == .migration && "\($0)".contains("make the change in a new migration")
            }
        }
        await #expect { try await migrate([first], database) } throws: { "\($0)".contains("newer Spandrel") }
        let connection = try await PostgresConnection.connect(database)
        try await connection.query("DELETE FROM spandrel_migrations WHERE number = 1")
        await #expect { try await migrate([first, second], database) } throws: { "\($0)".contains("missing") }
        #expect(throws: PostgresError.self) { try Migrator([second], logger: TestServer.logger) }
    }
}
