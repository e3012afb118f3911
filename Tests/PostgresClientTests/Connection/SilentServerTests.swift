import Glibc
import PostgresTesting
import Testing

@testable import PostgresClient

/// A server that lets one connection in, takes its statements and never says a word again, to it or to anybody.
private final class SilentServer: Sendable {
    let port: UInt16
    /// Ends once the statement has come.
    let statement: AsyncStream<Void>
    private let listener: Int32

    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 8) == 0 && getsockname(listener, pointer, &length) == 0
            }
        }
        guard isListening else { throw CancellationError() }
        port = UInt16(bigEndian: address.sin_port)
        let (statement, continuation) = AsyncStream.makeStream(of: Void.self)
        self.statement = statement
        try DetachedThread.start { Self.serve(listener, continuation) }
    }

    deinit { close(listener) }

    private static func serve(_ listener: Int32, _ statement: AsyncStream<Void>.Continuation) {
        defer { statement.finish() }
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 4096)
        // The start-up message: authenticated, ready. The session's settings: done, ready.
        guard read(client, &buffer, buffer.count) > 0 else { return }
        send(client, [UInt8(ascii: "R"), 0, 0, 0, 8, 0, 0, 0, 0] + ready)
        guard read(client, &buffer, buffer.count) > 0 else { return }
        send(client, [UInt8(ascii: "C"), 0, 0, 0, 8] + Array("SET\0".utf8) + ready)
        guard read(client, &buffer, buffer.count) > 0 else { return }
        statement.finish()
        // Until the client gives up.
        while read(client, &buffer, buffer.count) > 0 {}
        close(client)
    }

    private static let ready = [UInt8(ascii: "Z"), 0, 0, 0, 5, UInt8(ascii: "I")]

    private static func send(_ client: Int32, _ bytes: [UInt8]) { _ = write(client, bytes, bytes.count) }
}

@Suite struct SilentServerTests {
    private func connection(_ server: SilentServer) async throws -> PostgresConnection {
        try await PostgresConnection.connect(
            PostgresConfiguration(connectionString: "host=127.0.0.1 port=\(server.port) user=u dbname=d sslmode=disable gssencmode=disable")
        )
    }

    @Test("a statement that a frozen server never answers ends in seconds, and so does its connection")
    func statement() async throws {
        let server = try SilentServer()
        let connection = try await connection(server)
        let start = ContinuousClock.now
        await #expect { try await connection.query("SELECT 1") } throws: { ($0 as? PostgresError)?.code == .connection }
        #expect(ContinuousClock.now - start < .seconds(15))
        #expect(await !connection.isReusable)
        withExtendedLifetime(server) {}
    }

    @Test("a cancelled statement does not wait for a frozen server to take the cancel request")
    func cancellation() async throws {
        let server = try SilentServer()
        let connection = try await connection(server)
        let start = ContinuousClock.now
        let task = Task { try await connection.query("SELECT 1") }
        for await _ in server.statement {}
        task.cancel()
        await #expect(throws: PostgresError.self) { try await task.value }
        #expect(ContinuousClock.now - start < .seconds(15))
        withExtendedLifetime(server) {}
    }
}
