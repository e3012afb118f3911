/// One connection: collects a request, lets `StandIn` decide the reply, and carries out its steps. A request that comes while an answer
/// is under way waits. Reading never stops, so that a client who leaves is noticed while it waits for a slow answer.

import NIOCore
import NIOHTTP1

final class CallHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// What providers take at most, and then some.
    static let maximumBodyByteCount = 64 << 20
    private static let fillerPiece = ByteBuffer(repeating: UInt8(ascii: " "), count: 256 << 10)

    private let standIn: StandIn
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var held = CircularBuffer<HTTPServerRequestPart>()
    private var steps: ArraySlice<Reply.Step> = []
    private var timer: Scheduled<Void>?
    private var isBusy = false
    private var entry: CallLedger.Entry?
    private var keepsAlive = true

    init(_ standIn: StandIn) { self.standIn = standIn }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        guard !isBusy else { return held.append(part) }
        receive(part, context)
    }

    private func receive(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head):
            self.head = head
            body.removeAll(keepingCapacity: true)
            keepsAlive = head.isKeepAlive
            if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
            }
        case .body(let bytes):
            guard body.count + bytes.readableBytes <= Self.maximumBodyByteCount else { return context.close(promise: nil) }
            body.append(contentsOf: bytes.readableBytesView)
        case .end:
            guard let head else { return }
            isBusy = true
            let (reply, entry) = standIn.reply(to: HTTPCall(head: head, body: body))
            self.entry = entry
            steps = reply.steps[...]
            advance(context)
        }
    }

    private func advance(_ context: ChannelHandlerContext) {
        while let step = steps.popFirst() {
            switch step {
            case .wait(let milliseconds):
                context.flush()
                timer = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(milliseconds))) { self.advance(context) }
                return
            case .head(let status, var headers):
                if !keepsAlive { headers.replaceOrAdd(name: "connection", value: "close") }
                let status = status == 529 ? HTTPResponseStatus.custom(code: 529, reasonPhrase: "Overloaded") : .init(statusCode: status)
                context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
            case .body(let bytes): context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
            case .filler(let byteCount): return fill(byteCount, context)
            case .end:
                finish()
                let flushed = context.eventLoop.makePromise(of: Void.self)
                if !keepsAlive { flushed.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) } }
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: flushed)
                return receiveHeld(context)
            case .cut:
                finish()
                context.flush()
                return context.close(promise: nil)
            case .silence: return context.flush()
            }
        }
    }

    /// One piece at a time, so that a huge body takes no memory.
    private func fill(_ byteCount: Int, _ context: ChannelHandlerContext) {
        var piece = Self.fillerPiece
        guard byteCount > 0, let bytes = piece.readSlice(length: min(byteCount, piece.readableBytes)) else { return advance(context) }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess { self.fill(byteCount - bytes.readableBytes, context) }
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: written)
    }

    private func receiveHeld(_ context: ChannelHandlerContext) {
        while !isBusy, let part = held.popFirst() { receive(part, context) }
    }

    private func finish() {
        if let entry { standIn.ledger.ended(entry) }
        entry = nil
        isBusy = false
        timer = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        steps = []
        finish()
        context.fireChannelInactive()
    }

    /// Malformed HTTP, a reset: there is nobody to tell.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
