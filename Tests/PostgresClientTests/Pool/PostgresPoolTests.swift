import Glibc
import PostgresClient
import PostgresTesting
import Testing

@Suite struct PostgresPoolTests {
    @Test("many callers share few connections, and each gets its own answer")
    func sharing() async throws {
        let pool = PostgresPool(try await TestServer.makeDatabase(), maximumConnectionCount: 3, logger: TestServer.logger)
        let sum = try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in 0..<200 {
                group.addTask { try await pool.query("SELECT $1::int8 AS n", [.integer(Int64(number))]).first?.decode("n") ?? -1 }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == 199 * 200 / 2)
        #expect(pool.statistics.connectionCount <= 3 && pool.statistics.leasedConnectionCount == 0)
        await pool.shutDown()
        await #expect { try await pool.query("SELECT 1") } throws: { ($0 as? PostgresError)?.code == .closed }
        #expect(pool.statistics.connectionCount == 0)
    }

    @Test("a caller that is cancelled while it waits is gone at once, and takes no connection along")
    func cancelledWaiter() async throws {
        let pool = PostgresPool(try await TestServer.makeDatabase(), maximumConnectionCount: 1, logger: TestServer.logger)
        try await pool.withConnection { _ throws(PostgresError) in
            let waiter = Task { try await pool.query("SELECT 1") }
            do { try await eventually("it waits") { pool.statistics.waiterCount == 1 } } catch { Issue.record(error) }
            waiter.cancel()
            let result = await waiter.result
            #expect { try result.get() } throws: { ($0 as? PostgresError)?.code == .cancelled }
        }
        #expect(try await pool.query("SELECT 1").count == 1)
        await pool.shutDown()
    }

    @Test("a connection lent back inside of a transaction is not lent again")
    func openTransaction() async throws {
        let pool = PostgresPool(try await TestServer.makeDatabase(), maximumConnectionCount: 1, logger: TestServer.logger)
        try await pool.query("CREATE TABLE t (n int8)")
        try await pool.withConnection { connection throws(PostgresError) in
            _ = try await connection.script("BEGIN; INSERT INTO t VALUES (1)")
        }
        #expect(try await pool.query("SELECT * FROM t").isEmpty)
        await pool.shutDown()
    }

    @Test("a transaction whose task is cancelled leaves nothing, and its connection works")
    func cancelledTransaction() async throws {
        let pool = PostgresPool(try await TestServer.makeDatabase(), maximumConnectionCount: 1, logger: TestServer.logger)
        try await pool.query("CREATE TABLE t (n int8)")
        let task = Task {
            try await pool.withTransaction { connection throws(PostgresError) in
                try await connection.query("INSERT INTO t VALUES (1)")
                withUnsafeCurrentTask { $0?.cancel() }
                try await connection.query("INSERT INTO t VALUES (2)")
            }
        }
        await #expect { try await task.value } throws: { ($0 as? PostgresError)?.code == .cancelled }
        #expect(try await pool.query("SELECT * FROM t").isEmpty)
        await pool.shutDown()
    }

    @Test("connections which the server ended while they were idle are replaced before a caller sees one")
    func staleConnections() async throws {
        let configuration = try await TestServer.makeDatabase()
        let pool = PostgresPool(configuration, maximumConnectionCount: 4, logger: TestServer.logger)
        let other = try await PostgresConnection.connect(configuration)
        for _ in 0..<20 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await pool.query("SELECT pg_sleep(0.001)") } }
                try await group.waitForAll()
            }
            let idle = "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
            var processes: Set<Int32> = []
            // More than once: a connection may have been on its way still.
            try await eventually("they are told to go") {
                let told = try await other.query("SELECT pid::bigint AS pid, pg_terminate_backend(pid) FROM (\(idle)) AS p")
                for row in told { processes.insert(Int32(try row.decode("pid", as: Int64.self))) }
                return told.isEmpty
            }
            // PostgreSQL forgets a process before the process closes its socket.
            try await eventually("they are gone") { processes.allSatisfy { kill($0, 0) != 0 && errno == ESRCH } }
            #expect(try await pool.query("SELECT 1").count == 1)
        }
        await pool.shutDown()
    }

    @Test("no server: callers fail with a transient error, soon at once, and the pool can be shut down")
    func noServer() async throws {
        let configuration = try PostgresConfiguration(socketDirectory: "/tmp/spandrel-nowhere", database: "d", user: "u")
        let pool = PostgresPool(configuration, logger: TestServer.logger)
        for _ in 0..<3 {
            await #expect { try await pool.query("SELECT 1") } throws: {
                ($0 as? PostgresError)?.code == .connection && ($0 as? PostgresError)?.isTransient == true
            }
        }
        await pool.shutDown()
    }
}
