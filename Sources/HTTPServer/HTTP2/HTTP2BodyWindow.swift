/// How much of a body a client may send over HTTP/2 before somebody wants it.
///
/// NIO gives credit back for what it hands on, up to the window that the settings announce, and for the connection as a whole as bytes
/// arrive. So what a connection may have here unread is what its streams' windows allow, and these stay small until a handler asks for
/// the body (`RequestBodyWanted`), which none does before it knows who sends. From then on this handler gives the stream a window for
/// bodies of megabytes, and credit for what is taken out of it.

import NIOCore
import NIOHTTP2

final class HTTP2BodyWindow: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let unwantedByteCount: Int
    private let wantedByteCount: Int
    private var isWanted = false
    private var isOpened = false
    private var hasEnded = false
    /// Handed on since credit was given last.
    private var takenByteCount = 0

    init(limits: ConnectionLimits) {
        unwantedByteCount = limits.streamWindowByteCount
        wantedByteCount = max(limits.streamWindowByteCount, limits.bodyWindowByteCount)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .data(let frame):
            takenByteCount += frame.data.readableBytes
            if frame.endStream { hasEnded = true }
        case .headers(let frame): if frame.endStream { hasEnded = true }
        default: break
        }
        context.fireChannelRead(data)
    }

    /// All that had arrived was handed on, so a body that has ended is known to have.
    func channelReadComplete(context: ChannelHandlerContext) {
        giveCredit(context)
        context.fireChannelReadComplete()
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is RequestBodyWanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
        isWanted = true
        promise?.succeed()
    }

    private func giveCredit(_ context: ChannelHandlerContext) {
        guard isWanted, !hasEnded else { return }
        // What came before the window was opened NIO has given credit for.
        let byteCount = isOpened ? takenByteCount : wantedByteCount - unwantedByteCount
        guard byteCount > 0, !isOpened || byteCount >= wantedByteCount / 4 else { return }
        isOpened = true
        takenByteCount = 0
        context.writeAndFlush(wrapOutboundOut(.windowUpdate(windowSizeIncrement: byteCount)), promise: nil)
    }
}

@available(*, unavailable)
extension HTTP2BodyWindow: Sendable {}
