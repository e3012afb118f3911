/// The rules of one HTTP/2 stream, which is one request: the same that `ConnectionHandler` keeps for HTTP/1.1, between NIO's codec and
/// Hummingbird's request loop.
///
/// It bounds a slow sender of a body and a slow reader of an answer in time, answers `Expect: 100-continue` when a handler asks for the body,
/// refuses heads no handler should see, and after an answer that came before the end of the body reads on for a while, so that the
/// answer is seen, and then resets the stream.

import HTTPTypes
import NIOCore
import NIOHTTPTypes

final class HTTP2StreamHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ConnectionLimits
    private let refusal: ChannelRefusal
    private var requestEnded = false
    private var answered = false
    private var expectsContinue = false
    private var lingeredByteCount = 0
    private var bodyBudget: TimeAmount
    private var waitingSince: NIODeadline?
    /// What the next deadline ends.
    private enum Wait { case body, write, linger }
    private var timer: Scheduled<Void>?

    init(limits: ConnectionLimits, refusal: ChannelRefusal) {
        self.limits = limits
        self.refusal = refusal
        bodyBudget = limits.bodyGrace
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

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
            spendWaitingTime()
            context.fireChannelRead(data)
        }
    }

    func read(context: ChannelHandlerContext) {
        if !requestEnded, !answered, waitingSince == nil {
            waitingSince = .now()
            arm(.body, in: bodyBudget, context)
        }
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        context.write(data, promise: promise)
        guard case .end = unwrapOutboundIn(data) else { return }
        answered = true
        if !requestEnded { arm(.linger, in: limits.linger, context) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if waitingSince == nil {
            if context.channel.isWritable { disarm() } else { arm(.write, in: limits.writeStall, context) }
        }
        context.fireChannelWritabilityChanged()
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is RequestBodyWanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
        if expectsContinue {
            expectsContinue = false
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
        promise?.succeed()
    }

    private func refuse(_ status: HTTPResponse.Status, _ detail: String, _ context: ChannelHandlerContext) {
        var (headers, body) = refusal.answer(status, detail)
        headers[.contentLength] = String(body.readableBytes)
        context.write(wrapOutboundOut(.head(HTTPResponse(status: status, headerFields: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
    }

    private func spendWaitingTime() {
        guard let since = waitingSince else { return }
        bodyBudget = bodyBudget - (NIODeadline.now() - since)
        waitingSince = nil
        disarm()
    }

    private func disarm() {
        guard !answered else { return }
        timer?.cancel()
        timer = nil
    }

    private func arm(_ wait: Wait, in time: TimeAmount, _ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            self.timer = nil
            guard wait == .body else { return context.close(promise: nil) }
            self.waitingSince = nil
            self.requestEnded = true
            context.fireErrorCaught(RequestBodyTimeout())
        }
    }
}

@available(*, unavailable)
extension HTTP2StreamHandler: Sendable {}
