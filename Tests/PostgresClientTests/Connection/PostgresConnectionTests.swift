import Glibc
import PostgresClient
import PostgresTesting
import Testing

@Suite struct PostgresConnectionTests {
    private func connect() async throws -> PostgresConnection {
        try await PostgresConnection.connect(try await TestServer.makeDatabase())
    }

    @Test("every kind of value comes back as it was sent")
    func roundTrip() async throws {
        let connection = try await connect()
        let rows = try await connection.query(
            """
            SELECT $1::bool AS a, $2::int8 AS b, $3::int4 AS c, $4::int2 AS d, $5::float8 AS e, $6::text AS f, $7::bytea AS g, \
            $8::uuid AS h, $9::timestamptz AS i, $10::jsonb AS j, $11::text[] AS k, $12::text AS l, $13::json AS m, \
            $14::numeric::text AS n, $15::numeric::float8 AS o, $16::text[] AS p
            """,
            [
                .bool(true), .integer(.min), -7, 300, .double(-0.0), "Grüße 'quoted' \\ 😀", .bytes([0, 1, 255]),
                .uuid(PostgresUUID(high: 0x0123_4567_89ab_cdef, low: .max)), .timestamp(unixNano: -1_001), .json(Array("{\"a\": 1}".utf8)),
                .texts(["", "NULL", "a,b\"{}"]), .null, .json(Array("[ 1 ]".utf8)), .double(1e-7), .integer(.max), .texts([]),
            ])
        let row = try #require(rows.first)
        #expect(try row.decode("a", as: Bool.self))
        #expect(try row.decode("b", as: Int64.self) == .min)
        #expect(try row.decode("c", as: Int.self) == -7)
        #expect(try row.decode("d", as: Int64.self) == 300)
        #expect(try row.decode("e", as: Double.self).sign == .minus)
        #expect(try row.decode("f", as: String.self) == "Grüße 'quoted' \\ 😀")
        #expect(try row.decode("g", as: [UInt8].self) == [0, 1, 255])
        #expect(try row.decode("h", as: PostgresUUID.self) == PostgresUUID(high: 0x0123_4567_89ab_cdef, low: .max))
        #expect(try row.unixNano("i") == -2_000)
        #expect(try row.decode("j", as: PostgresJSON.self).bytes == Array("{\"a\": 1}".utf8))
        #expect(try row.texts("k") == ["", "NULL", "a,b\"{}"])
        #expect(try row.decodeIfPresent("l", as: String.self) == nil)
        #expect(try row.decode("m", as: PostgresJSON.self).bytes == Array("[ 1 ]".utf8))
        #expect(try row.decode("n", as: String.self) == "0.0000001")
        #expect(try row.decode("o", as: Double.self) == 9.223372036854775807e18)
        #expect(try row.texts("p").isEmpty)
    }

    @Test("arrays of ids, numbers and times reach the server whole")
    func arrays() async throws {
        let connection = try await connect()
        let rows = try await connection.query(
            "SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::int8[], $4::float8[]) AS t(id, at, n, x) ORDER BY n",
            [
                .uuids([PostgresUUID(high: 1, low: 2), PostgresUUID(high: 3, low: 4)]), .timestamps(unixNano: [5_000, 6_000]),
                .integers([-1, 9]), .doubles([0.5, .infinity]),
            ])
        #expect(try rows.map { try $0.decode("id", as: PostgresUUID.self).high } == [1, 3])
        #expect(try rows.map { try $0.unixNano("at") } == [5_000, 6_000])
        #expect(try rows.map { try $0.decode("x", as: Double.self) } == [0.5, .infinity])
    }

    @Test("a wrong number or kind of parameters is refused before anything is sent, and the connection stays usable")
    func wrongParameters() async throws {
        let connection = try await connect()
        await #expect(throws: PostgresError.self) { try await connection.query("SELECT $1::int8", []) }
        for (type, value) in [
            ("int8", PostgresValue.bool(true)), ("int2", 40_000), ("int4", .integer(1 << 40)), ("text", "a\u{0}b"), ("int8", "1\u{0}"),
            ("text[]", .texts(["\u{0}"])), ("uuid", .integer(1)), ("bytea", .json([])),
        ] {
            do {
                try await connection.query("SELECT $1::\(type)", [value])
                Issue.record("\(value) was sent as \(type)")
            } catch {
                #expect(error.code == .parameter, "\(error)")
            }
        }
        #expect(try await connection.query("SELECT 1 AS one").first?.decode("one", as: Int.self) == 1)
    }

    @Test("a column is not read as a type it does not have, nor NULL as a value, nor a column that is not there")
    func wrongColumns() async throws {
        let connection = try await connect()
        let row = try #require(
            try await connection.query(
                """
                SELECT 1::int8 AS n, NULL::text AS t, 'infinity'::timestamptz AS i, '9999-01-01'::timestamptz AS late,
                    ARRAY[NULL]::text[] AS a
                """
            ).first)
        #expect(throws: PostgresError.self) { try row.decode("n", as: String.self) }
        #expect(throws: PostgresError.self) { try row.decode("t", as: String.self) }
        #expect(throws: PostgresError.self) { try row.decode("absent", as: String.self) }
        #expect(throws: PostgresError.self) { try row.unixNano("i") }
        #expect(throws: PostgresError.self) { try row.unixNano("late") }
        #expect(throws: PostgresError.self) { try row.texts("a") }
    }

    @Test("the server's refusal carries its SQLSTATE and constraint, and the connection goes on")
    func serverErrors() async throws {
        let connection = try await connect()
        _ = try await connection.script("CREATE TABLE t (n int8 CONSTRAINT positive CHECK (n > 0) UNIQUE)")
        do {
            try await connection.query("INSERT INTO t VALUES ($1)", [-1])
            Issue.record("the row was stored")
        } catch {
            #expect(error.sqlstate == "23514" && error.constraint == "positive" && !error.isTransient)
            #expect(!error.description.contains("Failing row"))
        }
        #expect(try await connection.query("INSERT INTO t VALUES ($1), ($2)", [1, 2]).affectedRowCount == 2)
        await #expect { try await connection.query("INSERT INTO t VALUES ($1)", [1]) } throws: {
            ($0 as? PostgresError)?.sqlstate == "23505"
        }
        await #expect { try await connection.query("SELEC 1") } throws: { ($0 as? PostgresError)?.sqlstate == "42601" }
    }

    @Test("strings made to break out of SQL are stored literally")
    func injection() async throws {
        let connection = try await connect()
        _ = try await connection.script("CREATE TABLE t (v text)")
        let strings = [
            "'; DROP TABLE t; --", "\\'; DROP TABLE t", "$1", "%s%n", "\u{202e}'\"`", "a' OR 'a'='a", "E'\\x27'", "/* */", "{}{\"",
            "\r\n\t",
        ]
        for string in strings { try await connection.query("INSERT INTO t VALUES ($1)", [.text(string)]) }
        #expect(try await connection.query("SELECT v FROM t ORDER BY ctid").map { try $0.decode("v", as: String.self) } == strings)
    }

    @Test("a cancelled task stops its statement on the server, and the connection is usable at once")
    func cancellation() async throws {
        let configuration = try await TestServer.makeDatabase()
        let connection = try await PostgresConnection.connect(configuration)
        let observer = try await PostgresConnection.connect(configuration)
        for _ in 0..<20 {
            let sleeper = Task { try await connection.query("SELECT pg_sleep(600)") }
            try await eventually("the statement runs") {
                try await !observer.query("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(600)%' AND state = 'active'")
                    .isEmpty
            }
            sleeper.cancel()
            await #expect { try await sleeper.value } throws: { ($0 as? PostgresError)?.code == .cancelled }
            // A cancel request that came late would hit one of these.
            for number in 0..<5 { #expect(try await connection.query("SELECT $1::int8 AS n", [.integer(Int64(number))]).count == 1) }
        }
    }

    @Test("cancels at any moment never hit another statement")
    func cancellationRaces() async throws {
        let connection = try await connect()
        for round in 0..<200 {
            let task = Task { try await connection.query("SELECT count(*) FROM generate_series(1, \(round * 50))") }
            for _ in 0..<(round % 7) { await Task.yield() }
            task.cancel()
            do { _ = try await task.value } catch { #expect((error as? PostgresError)?.code == .cancelled) }
            #expect(try await connection.query("SELECT 1").count == 1)
        }
    }

    @Test("a task that is cancelled already sends nothing")
    func cancelledBefore() async throws {
        let connection = try await connect()
        _ = try await connection.script("CREATE TABLE t (v text)")
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await connection.query("INSERT INTO t VALUES ('x')")
        }
        await #expect { try await task.value } throws: { ($0 as? PostgresError)?.code == .cancelled }
        #expect(try await connection.query("SELECT * FROM t").isEmpty)
    }

    @Test("the server stops a statement at its time limit")
    func statementTimeout() async throws {
        var configuration = try await TestServer.makeDatabase()
        configuration.statementTimeoutMilliseconds = 50
        let connection = try await PostgresConnection.connect(configuration)
        await #expect { try await connection.query("SELECT pg_sleep(60)") } throws: {
            ($0 as? PostgresError)?.code == .timedOut && ($0 as? PostgresError)?.isTransient == true
        }
        #expect(try await connection.query("SELECT 1").count == 1)
    }

    @Test("a statement prepared before its table changed is prepared again")
    func changedTable() async throws {
        let connection = try await connect()
        _ = try await connection.script("CREATE TABLE t (a int8); INSERT INTO t VALUES (1)")
        #expect(try await connection.query("SELECT * FROM t").count == 1)
        _ = try await connection.script("ALTER TABLE t ADD COLUMN b text DEFAULT 'new'")
        #expect(try await connection.query("SELECT * FROM t").first?.decode("b", as: String.self) == "new")
        _ = try await connection.script("DEALLOCATE ALL")
        #expect(try await connection.query("SELECT * FROM t").count == 1)
    }

    @Test("more distinct statements than are kept still work")
    func manyStatements() async throws {
        let connection = try await connect()
        for number in 0..<600 { #expect(try await connection.query("SELECT \(number) AS n").first?.decode("n", as: Int.self) == number) }
        #expect(try await connection.query("SELECT name FROM pg_prepared_statements").count <= PostgresLimits.maximumPreparedStatementCount)
    }

    @Test("a transaction stores all or nothing, and says so when the server rolled it back")
    func transactions() async throws {
        let connection = try await connect()
        _ = try await connection.script("CREATE TABLE t (n int8 PRIMARY KEY)")
        struct Refused: Error {}
        try await connection.withTransaction { connection throws(PostgresError) in
            try await connection.query("INSERT INTO t VALUES (1)")
            try await connection.query("INSERT INTO t VALUES (2)")
        }
        await #expect {
            try await connection.withTransaction { connection throws(PostgresError) in
                try await connection.query("INSERT INTO t VALUES (3)")
                try await connection.query("INSERT INTO t VALUES (1)")
            }
        } throws: { ($0 as? PostgresError)?.sqlstate == "23505" }
        // The body swallows the failure of a statement: COMMIT then rolls back, which must not look like success.
        await #expect {
            try await connection.withTransaction { connection throws(PostgresError) in
                _ = try? await connection.query("INSERT INTO t VALUES (1)")
            }
        } throws: { ($0 as? PostgresError)?.sqlstate == "40000" }
        #expect(try await connection.query("SELECT n FROM t ORDER BY n").map { try $0.decode("n", as: Int.self) } == [1, 2])
    }

    @Test("an unusable database URL is refused without repeating its password")
    func connectionStrings() throws {
        for text in ["", "postgres://user:hunter2@[::1/database", "nonsense hunter2", "host='hunter2"] {
            do {
                _ = try PostgresConfiguration(connectionString: text)
                Issue.record("accepted: \(text)")
            } catch {
                #expect(error.code == .configuration && !error.description.contains("hunter2"))
            }
        }
        _ = try PostgresConfiguration(connectionString: "postgres://user:p%40ss@host:5432/database?sslmode=require")
    }

    @Test("a server that is not there is a transient error")
    func noServer() async throws {
        let configuration = try PostgresConfiguration(socketDirectory: "/tmp/spandrel-nowhere", database: "d", user: "u")
        await #expect { try await PostgresConnection.connect(configuration) } throws: {
            ($0 as? PostgresError)?.code == .connection && ($0 as? PostgresError)?.isTransient == true
        }
    }
}
