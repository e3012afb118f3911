/// A TCP server on loopback whose every connection follows a script: it can be as late, as silent or as wrong as a test wants.

import NIOCore
import NIOPosix

struct LoopbackServer: Sendable {
    let port: Int

    var url: String { "http://127.0.0.1:\(port)" }

    /// Serves while `body` runs. A connection is closed at the end of its script.
    static func run<Value: Sendable>(
        _ script: @escaping @Sendable (LoopbackPeer) async throws -> Void, _ body: @Sendable (LoopbackServer) async throws -> Value
    ) async throws -> Value {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let server = LoopbackServer(port: listener.channel.localAddress?.port ?? 0)
        return try await withThrowingTaskGroup(of: Value?.self) { tasks in
            tasks.addTask {
                try await withThrowingDiscardingTaskGroup { connections in
                    try await listener.executeThenClose { accepted in
                        for try await connection in accepted {
                            connections.addTask {
                                // A connection that broke is what many a test is about.
                                try? await connection.executeThenClose { inbound, outbound in
                                    try await script(LoopbackPeer(inbound: inbound, outbound: outbound))
                                }
                            }
                        }
                    }
                }
                return nil
            }
            defer { tasks.cancelAll() }
            return try await body(server)
        }
    }
}

/// The server's side of one connection.
final class LoopbackPeer {
    struct Request: Sendable {
        var line: String
        var headers: [String: String]
        var body: [UInt8]
    }

    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var unread: [UInt8] = []

    init(inbound: NIOAsyncChannelInboundStream<ByteBuffer>, outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// Without its line end; nil when the client has closed.
    func line() async throws -> String? {
        while true {
            if let end = unread.firstIndex(of: 0x0a) {
                defer { unread.removeSubrange(...end) }
                return String(decoding: unread[..<end].filter { $0 != 0x0d }, as: UTF8.self)
            }
            guard try await readMore() else { return nil }
        }
    }

    /// Nil when the client has closed.
    func request() async throws -> Request? {
        guard let first = try await line() else { return nil }
        var request = Request(line: first, headers: [:], body: [])
        while let field = try await line(), !field.isEmpty {
            let parts = field.split(separator: ":", maxSplits: 1).map(String.init)
            request.headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        let length = Int(request.headers["content-length"] ?? "") ?? 0
        while unread.count < length { guard try await readMore() else { return nil } }
        request.body = Array(unread.prefix(length))
        unread.removeFirst(length)
        return request
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    func answer(_ status: String = "200 OK", headers: String = "", _ body: String = "") async throws {
        try await send("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    /// Answers every request of the connection.
    func answerAll(_ answer: (Request) -> (status: String, headers: String, body: String)) async throws {
        while let request = try await request() {
            let (status, headers, body) = answer(request)
            try await self.answer(status, headers: headers, body)
        }
    }

    /// Returns when the client has closed its side, or the connection is reset.
    func waitUntilClosed() async {
        while true {
            unread = []
            guard (try? await readMore()) == true else { return }
        }
    }

    private func readMore() async throws -> Bool {
        guard let piece = try await inbound.next() else { return false }
        unread += piece.readableBytesView
        return true
    }
}
