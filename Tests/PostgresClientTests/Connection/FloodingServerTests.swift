import Glibc
import PostgresTesting
import Synchronization
import Testing

@testable import PostgresClient

/// A server that answers the first statement without an end.
private final class FloodingServer: Sendable {
    enum Answer: Sendable {
        /// Rows of this length, one after the other.
        case rows(byteCount: Int)
        /// One row that says to be of a gigabyte.
        case longRow
        /// A short row now and then.
        case trickle
    }

    static let maximumByteCount = 1 << 30
    let port: UInt16
    private let listener: Int32
    private let sent: Sent

    private final class Sent: Sendable { let byteCount = Atomic<Int>(0) }

    init(_ answer: Answer) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener, sent = Sent()
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 8) == 0 && getsockname(listener, pointer, &length) == 0
            }
        }
        guard isListening else { throw CancellationError() }
        port = UInt16(bigEndian: address.sin_port)
        self.sent = sent
        try DetachedThread.start { Self.serve(listener, answer, sent) }
    }

    deinit { close(listener) }

    var sentByteCount: Int { sent.byteCount.load(ordering: .relaxed) }

    var configuration: PostgresConfiguration {
        get throws {
            try PostgresConfiguration(
                foreignServer: "host=127.0.0.1 port=\(port) user=u dbname=d sslmode=disable", addresses: ["127.0.0.1": ["127.0.0.1"]])
        }
    }

    private static func serve(_ listener: Int32, _ answer: Answer, _ sent: Sent) {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        defer { close(client) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        // The start-up message: authenticated, ready. The session's settings: a row, and more.
        guard read(client, &buffer, buffer.count) > 0 else { return }
        guard send(client, message("R", [0, 0, 0, 0]) + message("Z", Array("I".utf8)), sent) else { return }
        guard read(client, &buffer, buffer.count) > 0 else { return }
        let column = Array("c\0".utf8) + [0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0]
        guard send(client, message("T", [0, 1] + column), sent) else { return }
        switch answer {
        case .rows(let byteCount):
            let row = message("D", [0, 1] + bytes(byteCount) + [UInt8](repeating: 120, count: byteCount))
            while sent.byteCount.load(ordering: .relaxed) < maximumByteCount, send(client, row, sent) {}
        case .longRow:
            let head = [UInt8(ascii: "D")] + bytes(maximumByteCount) + [0, 1] + bytes(maximumByteCount - 10)
            guard send(client, head, sent) else { return }
            let part = [UInt8](repeating: 120, count: 1 << 20)
            while sent.byteCount.load(ordering: .relaxed) < maximumByteCount, send(client, part, sent) {}
        case .trickle:
            let row = message("D", [0, 1, 0, 0, 0, 1, 120])
            var entry = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
            // Until the client is gone.
            while poll(&entry, 1, 10) == 0, send(client, row, sent) {}
        }
    }

    private static func bytes(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } }

    private static func message(_ type: Character, _ body: [UInt8]) -> [UInt8] {
        Array(String(type).utf8) + bytes(body.count + 4) + body
    }

    /// False once the client is gone.
    private static func send(_ client: Int32, _ message: [UInt8], _ sent: Sent) -> Bool {
        var start = 0
        while start < message.count {
            let count = message[start...].withUnsafeBytes { Glibc.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            start += count
            sent.byteCount.add(count, ordering: .relaxed)
        }
        return true
    }
}

@Suite("Servers that users name and that send without an end") struct FloodingServerTests {
    @Test("an answer is read up to the limit and no further, be it of many rows or of a long one", arguments: [false, true])
    func flood(isOneRow: Bool) async throws {
        let server = try FloodingServer(isOneRow ? .longRow : .rows(byteCount: 1 << 20)), configuration = try server.configuration
        await #expect {
            try await PostgresConnection.connect(configuration)
        } throws: { error in
            let error = error as? PostgresError
            return error?.code == .connection && error?.message.contains("the server sent more than 64 MiB") == true
        }
        // What the kernels hold for both sides, and what came between two looks.
        #expect(server.sentByteCount < FloodingServer.maximumByteCount / 2)
    }

    @Test("an answer that never ends is over at the statement's time limit, though there is always something to read")
    func trickle() async throws {
        let server = try FloodingServer(.trickle)
        var configuration = try server.configuration
        configuration.statementTimeoutMilliseconds = 200
        let start = ContinuousClock.now, ready = configuration
        await #expect {
            try await PostgresConnection.connect(ready)
        } throws: { error in
            (error as? PostgresError)?.message.contains("did not end its answer within the time limit") == true
        }
        #expect(ContinuousClock.now - start < .seconds(20))
        withExtendedLifetime(server) {}
    }
}
