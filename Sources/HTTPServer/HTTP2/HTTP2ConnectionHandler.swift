/// One HTTP/2 connection around its streams: ends it when it has been idle for as long as an HTTP/1.1 connection may be, and on SIGTERM
/// tells the client to open no more streams, lets those under way finish, and closes. It tells streams of bytes that went out.

import NIOCore
import NIOHTTP2

final class HTTP2ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias InboundOut = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private let limits: ConnectionLimits
    private var openStreamCount = 0
    private var streams: [HTTP2StreamID: HTTP2StreamHandler] = [:]
    private var lastStreamID = HTTP2StreamID.rootStream
    private var isLeaving = false
    private var timer: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    init(limits: ConnectionLimits) { self.limits = limits }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        arm(in: limits.headTimeout, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        self.context = nil
    }

    func add(_ stream: HTTP2StreamHandler, of id: HTTP2StreamID) { streams[id] = stream }
    func remove(_ id: HTTP2StreamID) { streams[id] = nil }

    func wrote(_ frame: HTTP2Frame) {
        if case .data(let data) = frame.payload, data.data.readableBytes > 0 { streams[frame.streamID]?.sentBytes() }
    }

    func streamOpened(_ id: HTTP2StreamID) {
        openStreamCount += 1
        lastStreamID = max(lastStreamID, id)
        guard !isLeaving else { return }
        timer?.cancel()
        timer = nil
    }

    func streamClosed() {
        openStreamCount -= 1
        guard openStreamCount == 0, let context else { return }
        // The last frames of the stream are still on their way through the pipeline.
        if isLeaving {
            context.eventLoop.assumeIsolated().execute { context.close(promise: nil) }
        } else {
            arm(in: limits.headTimeout, context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: leave(context)
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Faults of the protocol: NIO has sent its GOAWAY; nothing more can be understood.
        if !(error is NIOHTTP2Errors.StreamError) { context.close(promise: nil) }
    }

    private func leave(_ context: ChannelHandlerContext) {
        guard !isLeaving else { return }
        isLeaving = true
        let frame = HTTP2Frame(
            streamID: .rootStream, payload: .goAway(lastStreamID: lastStreamID, errorCode: .noError, opaqueData: nil))
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
        if openStreamCount == 0 { context.close(promise: nil) } else { arm(in: limits.drain, context) }
    }

    /// Idle for too long, or not finished in time: the end either way.
    private func arm(in time: TimeAmount, _ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            if self.isLeaving { context.close(promise: nil) } else { self.leave(context) }
        }
    }
}

@available(*, unavailable)
extension HTTP2ConnectionHandler: Sendable {}

/// Tells the connection's handler of its streams; NIO calls it on the connection's own event loop.
struct HTTP2StreamCounter: NIOHTTP2StreamDelegate {
    let handler: NIOLoopBound<HTTP2ConnectionHandler>

    func streamCreated(_ id: HTTP2StreamID, channel: any Channel) { handler.value.streamOpened(id) }
    func streamClosed(_ id: HTTP2StreamID, channel: any Channel) { handler.value.streamClosed() }
}

/// Tells it of frames on their way to the socket, behind the client's windows; NIO calls it on the connection's own event loop.
struct HTTP2FrameCounter: NIOHTTP2FrameDelegate {
    let handler: NIOLoopBound<HTTP2ConnectionHandler>

    func wroteFrame(_ frame: HTTP2Frame) { handler.value.wrote(frame) }
}
