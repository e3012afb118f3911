/// The rules of one HTTP/1.1 connection, between NIO's codec and Hummingbird's request loop.
///
/// It turns NIO's HTTP/1 parts into the parts Hummingbird reads and back, and on the way it
/// - lets one request at a time through (pipelined ones wait, and with them the socket),
/// - ends the connection after any request with an `Upgrade` header: NIO's decoder stops behind such a request, so a client that
///   offers `h2c` and keeps the connection would wait for ever for its second answer,
/// - hands the connection over to a WebSocket when a handler answers 101 (`WebSocketUpgrade`),
/// - answers `Expect: 100-continue` when a handler asks for the body (`RequestBodyWanted`), so that a refusal costs no upload,
/// - tells a handler that waits for something else than its client when the client has closed its side (`InputEndWatch`),
/// - closes after a refusal that came before the end of the body, reading on for a while so that the refusal is seen,
/// - bounds slow senders and slow readers in time (`ConnectionLimits`),
/// - answers a malformed request with 400, and leaves on SIGTERM as soon as nothing is in progress.

import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Sent down the pipeline by a handler before it reads the request's body: a client that waits for `100 Continue` gets it, and over HTTP/2
/// the window of a large one.
package struct RequestBodyWanted: Sendable {
    package init() {}
}

/// Sent down the pipeline by a handler that lets its client wait: called once when the client has closed its side, or its connection has
/// ended, before the answer. A client that has gone says no more than that. On HTTP/2, where a side is closed with every request, it is
/// called when the stream was reset or its connection has ended.
package struct InputEndWatch: Sendable {
    let ended: @Sendable () -> Void

    package init(ended: @escaping @Sendable () -> Void) { self.ended = ended }
}

/// The sender of a body was slower than `ConnectionLimits` allows.
package struct RequestBodyTimeout: Error, Equatable {}

final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        /// No request is in progress; the next thing to come is a head.
        case idle
        /// From a request's head to the last part of its response.
        case request
        /// The last response is being flushed; then the connection ends.
        case closing
        /// Nothing more is sent; what still comes in is thrown away.
        case lingering
        case closed
    }

    private let limits: ConnectionLimits
    private let isSecure: Bool
    private let refusal: @Sendable (HTTPResponse.Status, String) -> (HTTPFields, ByteBuffer)
    private var phase = Phase.idle
    private var requestEnded = true
    private var keepsAlive = true
    private var expectsContinue = false
    private var asksForWebSocket = false
    /// The input is at its end (half-closed) or can no longer be parsed.
    private var inputEnded = false
    /// Of the request in progress.
    private var inputEndWatches: [InputEndWatch] = []
    private var held = CircularBuffer<HTTPServerRequestPart>()
    private var readHeld = false
    private var inputClosedHeld = false

    private var deadline: NIODeadline?
    private var scheduled: (task: Scheduled<Void>, at: NIODeadline)?
    private var bodyBudget = TimeAmount.zero
    private var waitingSince: NIODeadline?
    private var lingeredByteCount = 0
    private var lastBufferedByteCount = Int.max

    /// - Parameter refusal: headers and body of an answer that no handler gives (malformed requests).
    init(
        limits: ConnectionLimits, isSecure: Bool = false,
        refusal: @escaping @Sendable (HTTPResponse.Status, String) -> (HTTPFields, ByteBuffer)
    ) {
        self.limits = limits
        self.isSecure = isSecure
        self.refusal = refusal
    }

    func handlerAdded(context: ChannelHandlerContext) { arm(.now() + limits.headTimeout, context) }

    func handlerRemoved(context: ChannelHandlerContext) {
        scheduled?.task.cancel()
        scheduled = nil
    }

    // MARK: Inbound

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch phase {
        case .lingering, .closing, .closed: discard(part, context)
        case .idle: receive(part, context)
        case .request:
            if !held.isEmpty || requestEnded { held.append(part) } else { receive(part, context) }
        }
    }

    private func receive(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head): begin(head, context)
        case .body(let bytes):
            spendWaitingTime()
            bodyBudget = min(
                limits.bodyGrace,
                bodyBudget + .nanoseconds(Int64(bytes.readableBytes) * 1_000_000_000 / Int64(limits.minimumBodyBytesPerSecond)))
            expectsContinue = false
            context.fireChannelRead(wrapInboundOut(.body(bytes)))
        case .end(let trailers):
            requestEnded = true
            expectsContinue = false
            waitingSince = nil
            deadline = nil
            context.fireChannelRead(wrapInboundOut(.end(trailers.map { HTTPFields($0, splitCookie: false) })))
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        phase = .request
        requestEnded = false
        guard head.version.major == 1, head.version.minor == 0 || head.headers["host"].count == 1 else {
            return refuse(.badRequest, "an HTTP/1.1 request needs exactly one Host header", context)
        }
        guard head.method != .CONNECT, var request = try? HTTPRequest(head, secure: isSecure, splitCookie: false) else {
            return refuse(.badRequest, "the request line names no method and path this server knows", context)
        }
        // CONNECT and Upgrade stop the decoder; see the head of this file.
        if !head.isKeepAlive || head.headers.contains(name: "upgrade") { keepsAlive = false }
        if !keepsAlive { request.headerFields[.connection] = "close" }
        asksForWebSocket = WebSocketUpgrade.isAsked(by: head)
        // What this connection cannot become, no handler needs to know of.
        if !asksForWebSocket { request.headerFields[.upgrade] = nil }
        expectsContinue = head.version.minor > 0 && head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
        bodyBudget = limits.bodyGrace
        deadline = nil
        context.fireChannelRead(wrapInboundOut(.head(request)))
    }

    private func discard(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        if case .body(let bytes) = part { lingeredByteCount += bytes.readableBytes }
        if lingeredByteCount > limits.lingerByteCount { close(context) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // Nobody behind this handler asks for more once the answer is out.
        if phase == .lingering || phase == .closing { context.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        phase = .closed
        deadline = nil
        tellInputEnd()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            switch phase {
            case .idle, .lingering: close(context)
            case .request, .closing:
                keepsAlive = false
                let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
                let channel = context.channel
                context.eventLoop.scheduleTask(in: limits.drain) { if bound.value.phase != .closed { channel.close(promise: nil) } }
            case .closed: break
            }
        case ChannelEvent.inputClosed:
            inputEnded = true
            tellInputEnd()
            switch phase {
            case .idle, .lingering: close(context)
            case .request where !held.isEmpty: inputClosedHeld = true
            default: context.fireUserInboundEventTriggered(event)
            }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch phase {
        case .idle:
            guard let error = error as? HTTPParserError else { return close(context) }
            inputEnded = true
            switch error {
            // The peer left in the middle of a head: there is nobody to answer.
            case .invalidEOFState: close(context)
            case .headerOverflow: refuse(.requestHeaderFieldsTooLarge, "the request's head is too large", context)
            default: refuse(.badRequest, "the request is not valid HTTP/1.1: \(error)", context)
            }
        case .request:
            keepsAlive = false
            inputEnded = true
            if !requestEnded { context.fireErrorCaught(error) }
        case .closing, .lingering, .closed: break
        }
    }

    // MARK: Outbound

    func read(context: ChannelHandlerContext) {
        // Behind a request for a WebSocket come frames, which nobody can read before the answer.
        guard held.isEmpty, !(asksForWebSocket && requestEnded && phase == .request) else {
            readHeld = true
            return
        }
        if phase == .request, !requestEnded, waitingSince == nil {
            let now = NIODeadline.now()
            waitingSince = now
            arm(now + bodyBudget, context)
        }
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let response) where response.status == .switchingProtocols: becomeWebSocket(response, promise, context)
        case .head(var response):
            if response.status.kind != .informational {
                releaseRead(context)
                expectsContinue = false
                // An answer before the end of the body: the rest of the body must not be taken for the next request.
                if !requestEnded || inputEnded && held.isEmpty { keepsAlive = false }
                if !keepsAlive { response.headerFields[.connection] = "close" }
            }
            context.write(wrapOutboundOut(.head(HTTPResponseHead(response))), promise: promise)
        case .body(let bytes):
            context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: promise)
        case .end(let trailers):
            inputEndWatches = []
            let end = wrapOutboundOut(.end(trailers.map { HTTPHeaders($0) }))
            guard phase == .request else { return context.write(end, promise: promise) }
            if keepsAlive {
                context.write(end, promise: promise)
                next(context)
            } else {
                finish(end, promise, context)
            }
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        if let watch = event as? InputEndWatch {
            if phase == .request || phase == .closed { inputEndWatches.append(watch) }
            // Pipelined requests wait for their answers: their client is there.
            if inputEnded && held.isEmpty || phase == .closed { tellInputEnd() }
            promise?.succeed()
            return
        }
        guard event is RequestBodyWanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
        if expectsContinue, phase == .request {
            expectsContinue = false
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
        }
        promise?.succeed()
    }

    private func tellInputEnd() {
        let watches = inputEndWatches
        inputEndWatches = []
        for watch in watches { watch.ended() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if !context.channel.isWritable, phase == .request, deadline == nil { arm(.now() + limits.writeStall, context) }
        context.fireChannelWritabilityChanged()
    }

    private func becomeWebSocket(_ response: HTTPResponse, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        guard asksForWebSocket, requestEnded, !inputEnded, phase == .request else {
            promise?.fail(ChannelError.operationUnsupported)
            return close(context)
        }
        context.write(wrapOutboundOut(.head(HTTPResponseHead(response))), promise: promise)
        context.flush()
        let channel = context.channel
        do {
            try WebSocketUpgrade.install(replacing: context, limits: limits)
            if readHeld { channel.read() }
        } catch {
            close(context)
        }
    }

    private func releaseRead(_ context: ChannelHandlerContext) {
        guard asksForWebSocket else { return }
        asksForWebSocket = false
        guard readHeld, held.isEmpty else { return }
        readHeld = false
        read(context: context)
    }

    /// The response is written and the connection stays: the next request, waiting or to come.
    private func next(_ context: ChannelHandlerContext) {
        phase = .idle
        arm(.now() + limits.headTimeout, context)
        guard !held.isEmpty else { return }
        while let part = held.first {
            if phase == .request, requestEnded { break }
            held.removeFirst()
            receive(part, context)
        }
        context.fireChannelReadComplete()
        guard held.isEmpty else { return }
        if inputClosedHeld { context.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
        if readHeld {
            readHeld = false
            read(context: context)
        }
    }

    /// Writes the last part of the last response, waits until it is out, and ends the connection.
    private func finish(_ end: NIOAny, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        phase = .closing
        arm(.now() + limits.writeStall, context)
        let flushed = promise ?? context.eventLoop.makePromise(of: Void.self)
        let unread = !requestEnded || !held.isEmpty
        held.removeAll()
        flushed.futureResult.assumeIsolated().whenComplete { _ in
            guard self.phase == .closing else { return }
            guard unread, !self.inputEnded else { return self.close(context) }
            self.phase = .lingering
            self.arm(.now() + self.limits.linger, context)
            context.close(mode: .output, promise: nil)
            context.read()
        }
        context.write(end, promise: flushed)
    }

    /// Answers a request that reaches no handler and ends the connection.
    private func refuse(_ status: HTTPResponse.Status, _ detail: String, _ context: ChannelHandlerContext) {
        keepsAlive = false
        var (headers, body) = refusal(status, detail)
        headers[.connection] = "close"
        headers[.contentLength] = String(body.readableBytes)
        context.write(wrapOutboundOut(.head(HTTPResponseHead(HTTPResponse(status: status, headerFields: headers)))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        finish(wrapOutboundOut(.end(nil)), nil, context)
        context.flush()
    }

    private func close(_ context: ChannelHandlerContext) {
        guard phase != .closed else { return }
        phase = .closed
        deadline = nil
        context.close(promise: nil)
    }

    // MARK: Time

    private func spendWaitingTime() {
        guard let since = waitingSince else { return }
        bodyBudget = bodyBudget - (NIODeadline.now() - since)
        waitingSince = nil
        deadline = nil
    }

    private func arm(_ at: NIODeadline, _ context: ChannelHandlerContext) {
        deadline = at
        lastBufferedByteCount = .max
        schedule(at, context)
    }

    /// One timer at a time: when it fires it looks at the deadline of the moment, so that moving the deadline back costs nothing.
    private func schedule(_ at: NIODeadline, _ context: ChannelHandlerContext) {
        if let scheduled {
            guard at < scheduled.at else { return }
            scheduled.task.cancel()
        }
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: at) {
            self.scheduled = nil
            guard let deadline = self.deadline else { return }
            if deadline > .now() { self.schedule(deadline, context) } else { self.deadlineReached(context) }
        }
        scheduled = (task, at)
    }

    private func deadlineReached(_ context: ChannelHandlerContext) {
        deadline = nil
        switch phase {
        case .request where !requestEnded && waitingSince != nil:
            waitingSince = nil
            keepsAlive = false
            inputEnded = true
            context.fireErrorCaught(RequestBodyTimeout())
        case .idle, .request, .closing:
            // A large response on its way to a slow reader is no idle connection, as long as it moves.
            let buffered = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
            if buffered > 0, buffered < lastBufferedByteCount {
                lastBufferedByteCount = buffered
                deadline = .now() + limits.writeStall
                schedule(.now() + limits.writeStall, context)
            } else if phase != .request || buffered > 0 {
                close(context)
            }
        case .lingering: close(context)
        case .closed: break
        }
    }
}

@available(*, unavailable)
extension ConnectionHandler: Sendable {}
