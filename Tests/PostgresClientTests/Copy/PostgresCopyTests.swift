import PostgresClient
import PostgresTesting
import Testing

@Suite("COPY")
struct PostgresCopyTests {
    private struct Refusal: Error {}

    private func connect() async throws -> PostgresConnection { try await PostgresConnection.connect(try await TestServer.makeDatabase()) }

    private func count(_ connection: PostgresConnection, _ table: String) async throws -> Int {
        try await connection.query("SELECT count(*) AS count FROM \(table)").only { row throws(PostgresError) in try row.decode("count") }
    }

    @Test("rows that are copied out and in again are the same, whatever they hold and wherever the pieces end")
    func roundTrip() async throws {
        let connection = try await connect()
        _ = try await connection.script(
            """
            CREATE TABLE a (n bigint, t text, b bytea, d double precision, l text[]);
            INSERT INTO a SELECT n, CASE WHEN n % 5 = 0 THEN NULL ELSE E'tab\\t line\\n \\\\N \\\\. ü' || repeat('x', (n % 3000)::int) END,
                sha256(n::text::bytea), n / 7.0, ARRAY['a', NULL, '{"q"}'] FROM generate_series(1, 2000) AS n;
            CREATE TABLE b (LIKE a);
            SET extra_float_digits = 3;
            """)
        let copied = Shared([UInt8]())
        #expect(try await connection.copyOut("COPY a TO STDOUT") { bytes in copied.change { $0.append(contentsOf: bytes) } } == 2000)
        let rest = Shared(copied.value[...])
        let rowCount = try await connection.copyIn("COPY b FROM STDIN") {
            let piece = Array(rest.value.prefix(999))
            rest.change { $0 = $0.dropFirst(999) }
            return piece
        }
        #expect(rowCount == 2000)
        let difference = try await connection.query(
            "SELECT 1 FROM a FULL JOIN b USING (n) WHERE a.t IS DISTINCT FROM b.t OR a.b <> b.b OR a.d <> b.d OR a.l <> b.l OR a.n IS NULL")
        #expect(difference.isEmpty)
    }

    @Test("what the server refuses is told, and the session goes on")
    func refused() async throws {
        let connection = try await connect()
        _ = try await connection.script("CREATE TABLE a (n integer)")
        for sql in ["COPY nothing TO STDOUT", "COPY nothing FROM STDIN"] {
            let error = await #expect(throws: PostgresError.self) {
                sql.hasSuffix("STDIN") ? try await connection.copyIn(sql) { [] } : try await connection.copyOut(sql) { _ in }
            }
            #expect(error?.code == .server && error?.sqlstate == "42P01")
        }
        let sent = Shared(false)
        let error = await #expect(throws: PostgresError.self) {
            try await connection.copyIn("COPY a FROM STDIN") {
                if sent.value { return [] }
                sent.change { $0 = true }
                return Array("1\nnot a number\n".utf8)
            }
        }
        #expect(error?.sqlstate == "22P02")
        #expect(try await count(connection, "a") == 0)
    }

    @Test("who fails while rows come or go gets the failure, and the session is of no more use")
    func abandoned() async throws {
        let out = try await connect()
        await #expect(throws: Refusal.self) {
            try await out.copyOut("COPY (SELECT generate_series(1, 100000)) TO STDOUT") { _ in throw Refusal() }
        }
        let lost = await #expect(throws: PostgresError.self) { try await out.query("SELECT 1") }
        #expect(lost?.code == .connection)
        let configuration = try await TestServer.makeDatabase()
        let into = try await PostgresConnection.connect(configuration)
        _ = try await into.script("CREATE TABLE a (n integer)")
        await #expect(throws: Refusal.self) { try await into.copyIn("COPY a FROM STDIN") { throw Refusal() } }
        #expect(try await count(PostgresConnection.connect(configuration), "a") == 0)
    }
}
