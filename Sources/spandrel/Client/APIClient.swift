/// The command line's HTTP/1.1 client: one request a connection, plain http, the answer read as a whole.

import ByteCoding
import HTTPServer
import NIOCore
import NIOHTTP1
import NIOPosix

struct APIClient: Sendable {
    let address: ServerAddress
    let key: String

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]
    }

    /// What the server or the connection said instead of an answer, in words for a terminal.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// - Parameter path: from the slash on, with its query.
    func send(_ method: HTTPMethod, _ path: String, body: [UInt8] = [], contentType: String = "application/json") async throws -> Answer {
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(5))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(AnswerCollector(channel.eventLoop.makePromise(of: Answer.self)))
                    }
                }
                .connect(host: address.host, port: address.port).get()
        } catch {
            throw Failure(description: "no server answers at http://\(address.authority); start one with: spandrel serve")
        }
        let answer = try await channel.pipeline.handler(type: AnswerCollector.self).map(\.promise.futureResult).get()
        var headers: HTTPHeaders = [
            "host": address.authority, "connection": "close", "authorization": "Bearer \(key)", "accept": "application/json",
            "content-length": String(body.count), "user-agent": "spandrel-cli",
        ]
        if !body.isEmpty { headers.add(name: "content-type", value: contentType) }
        channel.write(
            HTTPClientRequestPart.head(.init(version: .http1_1, method: method, uri: address.prefix + path, headers: headers)), promise: nil
        )
        if !body.isEmpty { channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil) }
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        return try await answer.get()
    }

    /// Sends and reads JSON; a problem document becomes a failure with its words.
    func json(_ method: HTTPMethod, _ path: String, body: JSONValue? = nil) async throws -> JSONValue {
        try Self.value(of: try await send(method, path, body: body?.bytes ?? []))
    }

    static func value(of answer: Answer) throws -> JSONValue {
        let value = try? JSONValue.parse(answer.body)
        guard (200..<300).contains(answer.status) else {
            guard let value, let detail = value["detail"]?.stringValue else {
                throw Failure(description: "the server answered \(answer.status)")
            }
            let fields = (value["errors"]?.arrayValue ?? []).map { error in
                "\n  \(error["field"]?.stringValue ?? ""): \(error["message"]?.stringValue ?? "")"
            }
            throw Failure(description: "\(answer.status): \(detail)\(fields.joined())")
        }
        guard let value else { throw Failure(description: "the server's answer is not JSON") }
        return value
    }
}

private final class AnswerCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    let promise: EventLoopPromise<APIClient.Answer>
    private var head: HTTPResponseHead?
    private var body: [UInt8] = []
    private var isDone = false

    init(_ promise: EventLoopPromise<APIClient.Answer>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(let bytes): bytes.withUnsafeReadableBytes { body.append(contentsOf: $0) }
        case .end:
            guard let head, !isDone else { return }
            isDone = true
            promise.succeed(.init(status: Int(head.status.code), headers: head.headers, body: body))
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail("the connection failed: \(error)")
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail("the server closed the connection before it answered")
        context.fireChannelInactive()
    }

    private func fail(_ reason: String) {
        guard !isDone else { return }
        isDone = true
        promise.fail(APIClient.Failure(description: reason))
    }
}
