/// One WebSocket on its event loop, between NIO's frame decoder and the channel that Hummingbird writes the answer's body to: the shell
/// around `WebSocketRules`.
///
/// The body's bytes are whole frames and pass as they are; pongs, pings and closes go out between them. Nothing a client sends gets further.

import HTTPTypes
import NIOCore
import NIOHTTPTypes
import NIOWebSocket

final class WebSocketHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = ByteBuffer

    private let limits: ConnectionLimits
    private var rules: WebSocketRules
    /// What a client that does not read its pongs gets when it does: the last one answers all of its pings.
    private var heldPong: [UInt8]?
    private var timer: Scheduled<Void>?

    init(limits: ConnectionLimits) {
        self.limits = limits
        rules = WebSocketRules(maximumMessageByteCount: limits.maximumMessageByteCount)
    }

    func handlerAdded(context: ChannelHandlerContext) { schedulePing(context) }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    // MARK: Inbound

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        perform(
            rules.received(
                WebSocketRules.Frame(
                    isFinal: frame.fin, opcode: UInt8(webSocketOpcode: frame.opcode),
                    hasReservedBits: frame.rsv1 || frame.rsv2 || frame.rsv3,
                    isMasked: frame.maskKey != nil, payload: Array(frame.unmaskedData.readableBytesView))), context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed: context.close(promise: nil)
        // The handler that writes the body is told as well and knows more to say. Where it was quicker, the wait for the end goes on.
        case is ChannelShouldQuiesceEvent where rules.phase == .open:
            arm(in: limits.webSocketDrainGrace, context) { handler, context in
                handler.perform(handler.rules.close(WebSocketClosure(.serviceRestart, "the server stops")), context)
            }
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error as? NIOWebSocketError {
        case .invalidFrameLength: perform(rules.tooBig(), context)
        case .fragmentedControlFrame, .multiByteControlFrameLength: perform(rules.malformed(), context)
        case nil: context.close(promise: nil)
        }
    }

    // MARK: Outbound

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .body(let frames):
            guard rules.phase == .open else {
                promise?.fail(ChannelError.outputClosed)
                return
            }
            context.write(wrapOutboundOut(frames), promise: promise)
        case .head: promise?.succeed()
        case .end:
            perform(rules.close(WebSocketClosure(.normal)), context)
            promise?.succeed()
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let closure = event as? WebSocketClosure else { return context.triggerUserOutboundEvent(event, promise: promise) }
        perform(rules.close(closure), context)
        promise?.succeed()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        // The end of the body is no end of the connection: the client's close frame is still to come.
        guard mode == .output else { return context.close(mode: mode, promise: promise) }
        perform(rules.close(WebSocketClosure(.normal)), context)
        promise?.succeed()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, let payload = heldPong {
            heldPong = nil
            if rules.phase == .open { send(WebSocketFrames.pong(payload), context) }
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Actions

    private func perform(_ action: WebSocketRules.Action?, _ context: ChannelHandlerContext) {
        switch action {
        case nil: break
        case .pong(let payload):
            if context.channel.isWritable { send(WebSocketFrames.pong(payload), context) } else { heldPong = payload }
        case .ping: send(WebSocketFrames.ping(), context)
        case .close(let payload):
            send(WebSocketFrames.close(payload), context)
            awaitEnd(context)
        case .closeAndEnd(let payload):
            send(WebSocketFrames.close(payload), context) { $0.close(promise: nil) }
            awaitEnd(context)
        case .fail(let payload):
            // What the client still sends is read and thrown away, or a reset would overtake the close frame.
            send(WebSocketFrames.close(payload), context) { $0.close(mode: .output, promise: nil) }
            awaitEnd(context)
        case .end: context.close(promise: nil)
        }
    }

    private func send(_ frame: ByteBuffer, _ context: ChannelHandlerContext, then: ((ChannelHandlerContext) -> Void)? = nil) {
        guard let then else { return context.writeAndFlush(wrapOutboundOut(frame), promise: nil) }
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in then(context) }
        context.writeAndFlush(wrapOutboundOut(frame), promise: sent)
    }

    // MARK: Time

    private func schedulePing(_ context: ChannelHandlerContext) {
        arm(in: limits.webSocketPingInterval, context) { handler, context in
            handler.schedulePing(context)
            handler.perform(handler.rules.pingDue(), context)
        }
    }

    /// The end comes in time, or as long as a slow reader still takes what was sent before the close.
    private func awaitEnd(_ context: ChannelHandlerContext, bufferedByteCount: Int = .max) {
        arm(in: limits.webSocketCloseTimeout, context) { handler, context in
            let buffered = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
            guard buffered > 0, buffered < bufferedByteCount else { return context.close(promise: nil) }
            handler.awaitEnd(context, bufferedByteCount: buffered)
        }
    }

    /// One timer at a time: pings until the close, then the wait for the end.
    private func arm(
        in time: TimeAmount, _ context: ChannelHandlerContext, _ body: @escaping (WebSocketHandler, ChannelHandlerContext) -> Void
    ) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { body(self, context) }
    }
}

@available(*, unavailable)
extension WebSocketHandler: Sendable {}
