/// The command line's HTTP/1.1 client: one request a connection, the answer read as a whole.

import ByteCoding
import HTTPServer
import IPAddresses
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import ProcessSetup

struct APIClient: Sendable {
    let address: ServerAddress
    let credentials: ClientCredentials
    /// The project that is meant, where it is not the session's own.
    var project: String?

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]
    }

    /// What the server or the connection said instead of an answer, in words for a terminal.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Sends, and once more with a renewed session when it had ended.
    ///
    /// - Parameter path: from the slash on, with its query.
    func send(_ method: HTTPMethod, _ path: String, body: [UInt8] = [], contentType: String = "application/json") async throws -> Answer {
        let answer = try await sendOnce(method, path, body, contentType)
        guard answer.status == 401, case .session(let session) = credentials else { return answer }
        try await session.renew()
        return try await sendOnce(method, path, body, contentType)
    }

    private func sendOnce(_ method: HTTPMethod, _ path: String, _ body: [UInt8], _ contentType: String) async throws -> Answer {
        let channel: any Channel
        let address = address
        let tls = address.isSecure ? try Self.tlsContext() : nil
        do {
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(5))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        if let tls {
                            let isName = IPAddress(address.host) == nil
                            try channel.pipeline.syncOperations.addHandler(
                                NIOSSLClientHandler(context: tls, serverHostname: isName ? address.host : nil))
                        }
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(AnswerCollector(channel.eventLoop.makePromise(of: Answer.self)))
                    }
                }
                .connect(host: address.host, port: address.port).get()
        } catch {
            throw Failure(description: "no server answers at \(address.url); start one with: spandrel serve")
        }
        let answer = try await channel.pipeline.handler(type: AnswerCollector.self).map(\.promise.futureResult).get()
        var headers: HTTPHeaders = [
            "host": address.authority, "connection": "close", "accept": "application/json", "content-length": String(body.count),
            "user-agent": "spandrel-cli",
        ]
        for (name, value) in await credentials.headers() { headers.add(name: name, value: value) }
        if let project { headers.replaceOrAdd(name: "spandrel-project", value: project) }
        if !body.isEmpty { headers.add(name: "content-type", value: contentType) }
        channel.write(
            HTTPClientRequestPart.head(.init(version: .http1_1, method: method, uri: address.prefix + path, headers: headers)), promise: nil
        )
        if !body.isEmpty { channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil) }
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        return try await answer.get()
    }

    /// Certificates are always checked: against the system's roots, and those in the PEM file SPANDREL_CA_CERTIFICATE for one's own.
    private static func tlsContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let path = EnvironmentDefault.text("SPANDREL_CA_CERTIFICATE") { configuration.additionalTrustRoots = [.file(path)] }
        do { return try NIOSSLContext(configuration: configuration) } catch {
            throw Failure(description: "TLS cannot be set up: is SPANDREL_CA_CERTIFICATE a PEM file?")
        }
    }

    /// Sends and reads JSON; a problem document becomes a failure with its words.
    func json(_ method: HTTPMethod, _ path: String, body: JSONValue? = nil) async throws -> JSONValue {
        try Self.value(of: try await send(method, path, body: body?.bytes ?? []))
    }

    /// Sends where the answer has no body.
    func done(_ method: HTTPMethod, _ path: String) async throws {
        let answer = try await send(method, path)
        if !(200..<300).contains(answer.status) { _ = try Self.value(of: answer) }
    }

    /// Every item of a list, page after page.
    func everyItem(_ path: String) async throws -> [JSONValue] {
        var items: [JSONValue] = [], cursor: String?
        repeat {
            let page = try await json(.GET, path + "?limit=500" + (cursor.map { "&cursor=" + $0 } ?? ""))
            items += page["data"]?.arrayValue ?? []
            cursor = page["next_cursor"]?.stringValue
        } while cursor != nil
        return items
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

    /// A connection that never came about: there is nobody who waits, and the promise has to end all the same.
    func handlerRemoved(context: ChannelHandlerContext) { fail("the connection was given up") }

    private func fail(_ reason: String) {
        guard !isDone else { return }
        isDone = true
        promise.fail(APIClient.Failure(description: reason))
    }
}
