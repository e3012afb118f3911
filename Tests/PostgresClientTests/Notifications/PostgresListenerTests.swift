import Glibc
import PostgresTesting
import Testing

@testable import PostgresClient

@Suite struct PostgresListenerTests {
    private func listener(_ configuration: PostgresConfiguration, _ channels: [String] = ["first", "second"]) -> PostgresListener {
        PostgresListener(channels: channels, configuration: configuration, logger: TestServer.logger)
    }

    private func notification(_ channel: String, _ payload: String) -> PostgresListener.Event {
        .notification(PostgresNotification(channel: channel, payload: payload))
    }

    /// The sessions that listen, by process.
    private func listeners(_ connection: PostgresConnection) async throws -> [Int64] {
        try await connection.query(
            """
            SELECT pid::bigint AS pid FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND datname = current_database() AND query LIKE 'LISTEN%'
            """
        ).map { try $0.decode("pid") }
    }

    @Test("a listener begins with resumed, then has each channel's notifications in the order of their commits, others not")
    func order() async throws {
        let configuration = try await TestServer.makeDatabase()
        let other = try await PostgresConnection.connect(configuration)
        var events = listener(configuration).makeAsyncIterator()
        #expect(await events.next() == .resumed)
        _ = try await other.script("NOTIFY first, 'a'; NOTIFY third, 'x'; NOTIFY second, 'b'")
        try await other.query("SELECT pg_notify('first', repeat('é', 3000))")
        _ = try await other.script("BEGIN; NOTIFY first, 'never'; ROLLBACK; NOTIFY second")
        #expect(await events.next() == notification("first", "a"))
        #expect(await events.next() == notification("second", "b"))
        #expect(await events.next() == notification("first", String(repeating: "é", count: 3000)))
        #expect(await events.next() == notification("second", ""))
    }

    @Test("a killed session is made again, however often, and each time resumed says so before the next notification")
    func killedSessions() async throws {
        let configuration = try await TestServer.makeDatabase()
        let other = try await PostgresConnection.connect(configuration)
        var events = listener(configuration).makeAsyncIterator()
        #expect(await events.next() == .resumed)
        for round in 0..<5 {
            let process = try #require(try await listeners(other).first)
            try await other.query("SELECT pg_terminate_backend($1)", [.integer(process)])
            #expect(await events.next() == .resumed)
            try await other.query("SELECT pg_notify('first', $1)", [.text("\(round)")])
            #expect(await events.next() == notification("first", "\(round)"))
        }
    }

    @Test("what came before the session was killed is still delivered before resumed")
    func deliveredBeforeResumed() async throws {
        let configuration = try await TestServer.makeDatabase()
        let other = try await PostgresConnection.connect(configuration)
        var events = listener(configuration).makeAsyncIterator()
        #expect(await events.next() == .resumed)
        _ = try await other.script("BEGIN; NOTIFY first, '1'; NOTIFY first, '2'; COMMIT")
        #expect(await events.next() == notification("first", "1"))
        let process = try #require(try await listeners(other).first)
        try await other.query("SELECT pg_terminate_backend($1)", [.integer(process)])
        #expect(await events.next() == notification("first", "2"))
        #expect(await events.next() == .resumed)
    }

    @Test("cancelling ends the loop at once, while it waits and while there is no server, and the session goes with it")
    func cancellation() async throws {
        let configuration = try await TestServer.makeDatabase()
        let other = try await PostgresConnection.connect(configuration)
        let counts = Shared(0)
        let loop = Task { for await _ in listener(configuration) { counts.change { $0 += 1 } } }
        try await eventually("it listens") { counts.value == 1 }
        loop.cancel()
        await loop.value
        try await eventually("the session is gone") { try await listeners(other).isEmpty }

        let nowhere = try PostgresConfiguration(socketDirectory: "/tmp/spandrel-nowhere", database: "d", user: "u")
        let vain = Task { for await _ in listener(nowhere) { counts.change { $0 += 1 } } }
        vain.cancel()
        await vain.value
        #expect(counts.value == 1)
    }

    @Test("a server that is killed and started again is listened to again")
    func restartedServer() async throws {
        let directory = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(directory) }
        let cluster = try await PrivateCluster.start(directory: directory + "/postgres", logger: TestServer.logger)
        var events = listener(cluster.configuration).makeAsyncIterator()
        #expect(await events.next() == .resumed)
        kill(try #require(cluster.processID), SIGKILL)
        #expect(await events.next() == .resumed)
        let other = try await PostgresConnection.connect(cluster.configuration)
        try await other.query("SELECT pg_notify('second', 'back')")
        #expect(await events.next() == notification("second", "back"))
        await cluster.stop()
    }

    @Test("the wait between attempts doubles from 50 ms to 2 s")
    func backOff() {
        var backOff = ConnectBackOff()
        #expect((0..<8).map { _ in backOff.next() } == [50, 100, 200, 400, 800, 1600, 2000, 2000])
    }
}
