/// Takes the PROXY header off the front of a connection, then leaves the pipeline. A connection without one is closed: if they were
/// optional, any client could write its own.

import NIOCore

final class ProxyHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let peer: ConnectionPeer
    private let timeout: TimeAmount
    /// Called when the connection does not begin as it must.
    private let refused: @Sendable (String) -> Void
    private var buffered: ByteBuffer?
    private var timer: Scheduled<Void>?

    init(peer: ConnectionPeer, timeout: TimeAmount, refused: @escaping @Sendable (String) -> Void) {
        self.peer = peer
        self.timeout = timeout
        self.refused = refused
    }

    func handlerAdded(context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { self.refuse("no PROXY header in time", context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        if buffered == nil { buffered = bytes } else { buffered?.writeImmutableBuffer(bytes) }
        guard let buffer = buffered else { return }
        switch ProxyHeader(buffer.readableBytesView) {
        case .needsMore: break
        case .invalid(let reason): refuse(reason, context)
        case .source(let address, let byteCount):
            if let address { peer.replace(address: address) }
            var rest = buffer
            rest.moveReaderIndex(forwardBy: byteCount)
            buffered = nil
            let hasMore = rest.readableBytes > 0
            if hasMore { context.fireChannelRead(wrapInboundOut(rest)) }
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // Nobody behind this handler asks for more before the header is through.
        if buffered != nil { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A peer that leaves or a server that stops before the header: there is nothing to finish.
        if event as? ChannelEvent == .inputClosed || event is ChannelShouldQuiesceEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    private func refuse(_ reason: String, _ context: ChannelHandlerContext) {
        buffered = nil
        refused(reason)
        context.close(promise: nil)
    }
}

@available(*, unavailable)
extension ProxyHeaderHandler: Sendable {}
