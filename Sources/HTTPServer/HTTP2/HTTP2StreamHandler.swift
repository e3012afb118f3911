/// The rules of one HTTP/2 stream, which is one request: the same that `ConnectionHandler` keeps for HTTP/1.1, between NIO's codec and
/// Hummingbird's request loop.
///
/// It bounds a slow sender of a body and a slow reader of an answer in time, answers `Expect: 100-continue` when a handler asks for the body,
/// refuses heads no handler should see, and after an answer that came before the end of the body reads on for a while, so that the
/// answer is seen, and then resets the stream. Handlers that let their client wait hear when the stream is gone (`InputEndWatch`).

import HTTPTypes
import NIOCore
import NIOHTTP2
import NIOHTTPTypes

final class HTTP2StreamHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ConnectionLimits
    private let refusal: ChannelRefusal
    /// Tells what the client's window lets out.
    private let connection: HTTP2ConnectionHandler
    private var id: HTTP2StreamID?
    private var requestEnded = false
    private var answered = false
    private var expectsContinue = false
    private var lingeredByteCount = 0
    private var bodyBudget: TimeAmount
    private var waitingSince: NIODeadline?
    private var bodyTimer: Scheduled<Void>?
    private var lingerTimer: Scheduled<Void>?
    private var inputEndWatches: [InputEndWatch] = []

    // What is on its way to the client.
    private var unsentPartCount = 0
    private var lastProgress = NIODeadline.now()
    private var writeTimer: Scheduled<Void>?

    /// Larger buffers go in pieces, so that a slow reader is seen to move within one. What NIO's frames have at most.
    private static let pieceByteCount = 16 << 10

    init(limits: ConnectionLimits, refusal: ChannelRefusal, connection: HTTP2ConnectionHandler) {
        self.limits = limits
        self.refusal = refusal
        self.connection = connection
        bodyBudget = limits.bodyGrace
    }

    func handlerAdded(context: ChannelHandlerContext) {
        id = try? context.channel.syncOptions?.getOption(HTTP2StreamChannelOptions.streamID)
        if let id { connection.add(self, of: id) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        if let id { connection.remove(id) }
        for timer in [bodyTimer, lingerTimer, writeTimer] { timer?.cancel() }
    }

    // MARK: Inbound

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard head.method != .connect else {
                return refuse(
                    .badRequest, "over HTTP/2 there are neither tunnels nor WebSockets here; follow events as text/event-stream", context)
            }
            guard head.path?.isEmpty == false else {
                return refuse(.badRequest, "the request names no method and path this server knows", context)
            }
            guard head.headerFields.count <= limits.maximumHeaderFieldCount else {
                return refuse(.requestHeaderFieldsTooLarge, "the request has too many header fields", context)
            }
            expectsContinue = head.headerFields[.expect]?.lowercased() == "100-continue"
            context.fireChannelRead(data)
        case .body(let bytes):
            spendWaitingTime()
            expectsContinue = false
            if answered {
                lingeredByteCount += bytes.readableBytes
                if lingeredByteCount > limits.lingerByteCount { context.close(promise: nil) }
            }
            bodyBudget = min(
                limits.bodyGrace,
                bodyBudget + .nanoseconds(Int64(bytes.readableBytes) * 1_000_000_000 / Int64(limits.minimumBodyBytesPerSecond)))
            context.fireChannelRead(data)
        case .end:
            requestEnded = true
            lingerTimer?.cancel()
            spendWaitingTime()
            context.fireChannelRead(data)
        }
    }

    func read(context: ChannelHandlerContext) {
        if !requestEnded, !answered, waitingSince == nil {
            waitingSince = .now()
            bodyTimer = context.eventLoop.assumeIsolated().scheduleTask(in: bodyBudget) {
                self.waitingSince = nil
                self.requestEnded = true
                context.fireErrorCaught(RequestBodyTimeout())
            }
        }
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        let watches = inputEndWatches
        inputEndWatches = []
        for watch in watches { watch.ended() }
        context.fireChannelInactive()
    }

    private func spendWaitingTime() {
        guard let since = waitingSince else { return }
        bodyBudget = bodyBudget - (NIODeadline.now() - since)
        waitingSince = nil
        bodyTimer?.cancel()
    }

    // MARK: Outbound

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .body(var bytes):
            while bytes.readableBytes > Self.pieceByteCount, let piece = bytes.readSlice(length: Self.pieceByteCount) {
                send(.body(piece), nil, context)
            }
            send(.body(bytes), promise, context)
        case .head(let head): send(.head(head), promise, context)
        case .end(let trailers):
            answered = true
            inputEndWatches = []
            spendWaitingTime()
            send(.end(trailers), promise, context)
            guard !requestEnded else { return }
            lingerTimer = context.eventLoop.assumeIsolated().scheduleTask(in: limits.linger) { context.close(promise: nil) }
        }
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        armWriteTimer(context)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        if let watch = event as? InputEndWatch {
            if context.channel.isActive { inputEndWatches.append(watch) } else { watch.ended() }
            promise?.succeed()
            return
        }
        if event is RequestBodyWanted, expectsContinue {
            expectsContinue = false
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
        context.triggerUserOutboundEvent(event, promise: promise)
    }

    private func refuse(_ status: HTTPResponse.Status, _ detail: String, _ context: ChannelHandlerContext) {
        var (headers, body) = refusal.answer(status, detail)
        headers[.contentLength] = String(body.readableBytes)
        send(.head(HTTPResponse(status: status, headerFields: headers)), nil, context)
        send(.body(body), nil, context)
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        send(.end(nil), sent, context)
        flush(context: context)
    }

    // MARK: Slow readers

    private func send(_ part: HTTPResponsePart, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        if unsentPartCount == 0 { lastProgress = .now() }
        unsentPartCount += 1
        let sent = promise ?? context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in
            self.unsentPartCount -= 1
            self.lastProgress = .now()
        }
        context.write(wrapOutboundOut(part), promise: sent)
    }

    /// The client's window has let out bytes of the answer, perhaps a few of a large piece.
    func sentBytes() { lastProgress = .now() }

    /// Runs while something is on its way, the end of the answer included: a client that takes no byte of it for so long is gone.
    private func armWriteTimer(_ context: ChannelHandlerContext) {
        guard unsentPartCount > 0, writeTimer == nil else { return }
        writeTimer = context.eventLoop.assumeIsolated().scheduleTask(deadline: lastProgress + limits.writeStall) {
            self.writeTimer = nil
            guard self.unsentPartCount > 0 else { return }
            guard NIODeadline.now() >= self.lastProgress + self.limits.writeStall else { return self.armWriteTimer(context) }
            context.close(promise: nil)
        }
    }
}

@available(*, unavailable)
extension HTTP2StreamHandler: Sendable {}
