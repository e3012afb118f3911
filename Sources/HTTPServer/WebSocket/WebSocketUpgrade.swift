/// Turns an HTTP/1.1 connection into a WebSocket, within its own pipeline:
///
///     encoder, decoder, ConnectionHandler  ->  frame decoder, WebSocketHandler

import NIOCore
import NIOHTTP1
import NIOWebSocket

enum WebSocketUpgrade {
    /// Whether a request asks for what this connection can do: RFC 6455 wants a GET of HTTP/1.1, and nothing comes after its head.
    static func isAsked(by head: HTTPRequestHead) -> Bool {
        head.method == .GET && head.version == .http1_1
            && head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
            && head.headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
            && !head.headers.contains(name: "transfer-encoding") && head.headers["content-length"].allSatisfy { $0 == "0" }
    }

    /// Called by the connection's handler once the head of the answer is written. What the client sent behind its request is the first
    /// the frame decoder reads.
    static func install(replacing handler: ChannelHandlerContext, limits: ConnectionLimits) throws {
        let pipeline = handler.pipeline.syncOperations
        let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
        let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let frames = ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.maximumMessageByteCount))
        try pipeline.addHandler(frames, position: .before(handler.handler))
        try pipeline.addHandler(WebSocketHandler(limits: limits), position: .after(frames))
        pipeline.removeHandler(context: handler, promise: nil)
        pipeline.removeHandler(context: encoder, promise: nil)
        pipeline.removeHandler(context: decoder, promise: nil)
    }
}
