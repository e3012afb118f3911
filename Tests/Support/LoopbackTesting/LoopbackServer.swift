/// A TCP server on loopback whose every connection follows a script: it can be as late, as silent or as wrong as a test wants.

import NIOCore
import NIOPosix

package struct LoopbackServer: Sendable {
    package let port: Int

    package var url: String { "http://127.0.0.1:\(port)" }

    /// Serves while `body` runs. A connection is closed at the end of its script.
    package static func run<Value: Sendable>(
        _ script: @escaping @Sendable (LoopbackPeer) async throws -> Void, _ body: @Sendable (LoopbackServer) async throws -> Value
    ) async throws -> Value {
        let (connections, arrival) = AsyncStream.makeStream(of: LoopbackConnection.self)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (pieces, feed) = AsyncStream.makeStream(of: ByteBuffer.self)
                    try channel.pipeline.syncOperations.addHandler(LoopbackFeed(feed))
                    arrival.yield(LoopbackConnection(channel: channel, pieces: pieces))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = LoopbackServer(port: listener.localAddress?.port ?? 0)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                await withDiscardingTaskGroup { scripts in
                    for await connection in connections { scripts.addTask { await connection.follow(script) } }
                }
            }
            let result: Result<Value, any Error>
            do { result = .success(try await body(server)) } catch { result = .failure(error) }
            try await listener.close()
            tasks.cancelAll()
            return try result.get()
        }
    }
}

/// An accepted connection before its script begins.
private struct LoopbackConnection: Sendable {
    let channel: any Channel
    let pieces: AsyncStream<ByteBuffer>

    func follow(_ script: @Sendable (LoopbackPeer) async throws -> Void) async {
        await withTaskCancellationHandler {
            // A connection that broke is what many a test is about.
            try? await script(LoopbackPeer(channel: channel, pieces: pieces))
            try? await channel.close()
        } onCancel: {
            channel.close(promise: nil)
        }
    }
}

/// Hands what arrives to the script.
private final class LoopbackFeed: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let feed: AsyncStream<ByteBuffer>.Continuation

    init(_ feed: AsyncStream<ByteBuffer>.Continuation) { self.feed = feed }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { feed.yield(unwrapInboundIn(data)) }

    func channelInactive(context: ChannelHandlerContext) { feed.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// The server's side of one connection.
package final class LoopbackPeer {
    package struct Request: Sendable {
        package var line: String
        package var headers: [String: String]
        package var body: [UInt8]
    }

    private let channel: any Channel
    private var pieces: AsyncStream<ByteBuffer>.AsyncIterator
    private var unread: [UInt8] = []

    init(channel: any Channel, pieces: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.pieces = pieces.makeAsyncIterator()
    }

    /// Without its line end; nil when the client has closed.
    package func line() async -> String? {
        while true {
            if let end = unread.firstIndex(of: 0x0a) {
                defer { unread.removeSubrange(...end) }
                return String(decoding: unread[..<end].filter { $0 != 0x0d }, as: UTF8.self)
            }
            guard await readMore() else { return nil }
        }
    }

    /// Nil when the client has closed.
    package func request() async -> Request? {
        guard let first = await line() else { return nil }
        var request = Request(line: first, headers: [:], body: [])
        while let field = await line(), !field.isEmpty {
            let parts = field.split(separator: ":", maxSplits: 1).map(String.init)
            request.headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        let length = Int(request.headers["content-length"] ?? "") ?? 0
        while unread.count < length { guard await readMore() else { return nil } }
        request.body = Array(unread.prefix(length))
        unread.removeFirst(length)
        return request
    }

    package func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    /// Returns when the system has taken the bytes: a client that does not read makes this wait.
    package func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    package func answer(_ status: String = "200 OK", headers: String = "", _ body: String = "") async throws {
        try await send("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    /// Answers every request of the connection.
    package func answerAll(_ answer: (Request) -> (status: String, headers: String, body: String)) async throws {
        while let request = await request() {
            let (status, headers, body) = answer(request)
            try await self.answer(status, headers: headers, body)
        }
    }

    /// Returns when the client has closed its side, or the connection is reset.
    package func waitUntilClosed() async {
        while true {
            unread = []
            guard await readMore() else { return }
        }
    }

    private func readMore() async -> Bool {
        guard let piece = await pieces.next() else { return false }
        unread += piece.readableBytesView
        return true
    }
}
