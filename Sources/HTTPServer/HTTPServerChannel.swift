/// The child channel Hummingbird's `Application` serves: what `EdgeConfiguration` says, then HTTP/1.1 with the rules of `ConnectionHandler`
/// or HTTP/2 with those of `HTTP2StreamHandler`: over TLS whichever the client wants, in the clear whichever the listener is for.
///
///     socket -> [PROXY header] -> [TLS, ALPN] -> HTTP/1.1 | HTTP/2 -> Hummingbird's request loop

import HTTPTypes
import HummingbirdCore
import IPAddresses
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOHTTPTypes
import NIOSSL

package struct HTTPServerChannel: ServerChildChannel, HTTPChannelHandler {
    typealias HTTP1Connection = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    typealias Negotiated = NIONegotiatedHTTPVersion<HTTP1Connection, HTTP2ServerChannel.Connection>

    /// A connection that has been set up.
    package struct Value: ServerChildChannelValue {
        enum Form {
            case plain(HTTP1Connection)
            case plainHTTP2(HTTP2ServerChannel.Connection)
            case secure(EventLoopFuture<Negotiated>)
        }

        package let channel: any Channel
        let form: Form
        let peer: ConnectionPeer
    }

    /// What clients speak that speak no TLS: they cannot be asked.
    package enum ClearText: Sendable { case http1, http2 }

    package let responder: HTTPChannelHandler.Responder
    let clearText: ClearText
    let edge: EdgeConfiguration
    let metrics: HTTPMetrics

    package init(
        responder: @escaping HTTPChannelHandler.Responder, clearText: ClearText = .http1, edge: EdgeConfiguration = EdgeConfiguration(),
        metrics: HTTPMetrics = HTTPMetrics()
    ) {
        self.responder = responder
        self.clearText = clearText
        self.edge = edge
        self.metrics = metrics
    }

    private var limits: ConnectionLimits { edge.limits }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        guard metrics.connectionOpened(maximumCount: limits.maximumConnectionCount) else {
            logger.warning("a connection over the limit was closed", metadata: ["limit": .stringConvertible(limits.maximumConnectionCount)])
            // Nobody else closes a connection whose setting up failed.
            channel.close(promise: nil)
            return channel.eventLoop.makeFailedFuture(ConnectionLimitReached())
        }
        channel.closeFuture.whenComplete { [metrics] _ in metrics.connectionClosed() }
        let peer = ConnectionPeer(address: channel.remoteAddress.flatMap { IPAddress($0) }, isSecure: edge.tls != nil)
        do {
            if edge.readsProxyHeader {
                let handler = ProxyHeaderHandler(peer: peer, timeout: limits.handshakeTimeout) { reason in
                    logger.info("a connection was closed", metadata: ["reason": .string(reason)])
                }
                try channel.pipeline.syncOperations.addHandler(handler)
            }
            if let tls = edge.tls { return try setUpTLS(channel, tls, peer, logger) }
            switch clearText {
            case .http1:
                let connection = try setUpHTTP1(channel, peer, logger)
                return channel.eventLoop.makeSucceededFuture(Value(channel: channel, form: .plain(connection), peer: peer))
            case .http2:
                return http2(peer, logger).setup(channel: channel).map { Value(channel: channel, form: .plainHTTP2($0), peer: peer) }
            }
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    private func setUpTLS(
        _ channel: any Channel, _ tls: CurrentTLSContext, _ peer: ConnectionPeer, _ logger: Logger
    ) throws -> EventLoopFuture<Value> {
        let handshake = HandshakeGuard(timeout: limits.handshakeTimeout)
        try channel.pipeline.syncOperations.addHandlers(handshake, NIOSSLServerHandler(context: tls.value))
        let guardBound = NIOLoopBound(handshake, eventLoop: channel.eventLoop)
        let http2 = http2(peer, logger)
        return channel.configureHTTP2AsyncSecureUpgrade(
            http1ConnectionInitializer: { channel in
                channel.eventLoop.makeCompletedFuture { try setUpHTTP1(channel, peer, logger) }
            },
            http2ConnectionInitializer: { http2.setup(channel: $0) }
        ).map { negotiated in
            negotiated.whenSuccess { _ in channel.pipeline.syncOperations.removeHandler(guardBound.value, promise: nil) }
            return Value(channel: channel, form: .secure(negotiated), peer: peer)
        }
    }

    private func http2(_ peer: ConnectionPeer, _ logger: Logger) -> HTTP2ServerChannel {
        HTTP2ServerChannel(limits: limits, refusal: ChannelRefusal(metrics: metrics, logger: logger, peer: peer))
    }

    private func setUpHTTP1(_ channel: any Channel, _ peer: ConnectionPeer, _ logger: Logger) throws -> HTTP1Connection {
        var decoder = NIOHTTPDecoderLimitConfiguration()
        decoder.maxHeaderFieldSize = limits.maximumHeaderFieldBytes
        decoder.maxHeaderListSize = limits.maximumHeaderBytes
        decoder.maxHeaderFieldCount = limits.maximumHeaderFieldCount
        // What follows a request for a WebSocket is for the frame decoder that takes this one's place.
        try channel.pipeline.syncOperations.addHandlers(
            HTTPResponseEncoder(),
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: decoder)))
        let refusal = ChannelRefusal(metrics: metrics, logger: logger, peer: peer)
        try channel.pipeline.syncOperations.addHandler(
            ConnectionHandler(limits: limits, isSecure: peer.isSecure) { refusal.answer($0, $1) })
        try channel.syncOptions?.setOption(
            .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: limits.maximumReadByteCount))
        return try NIOAsyncChannel(
            wrappingChannelSynchronously: channel,
            configuration: .init(
                backPressureStrategy: .init(lowWatermark: 1, highWatermark: limits.maximumWaitingReadCount),
                isOutboundHalfClosureEnabled: true))
    }

    package func handle(value: Value, logger: Logger) async {
        await ConnectionPeer.$current.withValue(value.peer) {
            switch value.form {
            case .plain(let connection): await handleHTTP(asyncChannel: connection, logger: logger)
            case .plainHTTP2(let connection): await handle(connection, value, logger)
            case .secure(let negotiated): await handle(negotiated, value, logger)
            }
        }
    }

    private func handle(_ connection: HTTP2ServerChannel.Connection, _ value: Value, _ logger: Logger) async {
        await http2(value.peer, logger).handle(connection, logger: logger) { await handleHTTP(asyncChannel: $0, logger: logger) }
    }

    private func handle(_ negotiated: EventLoopFuture<Negotiated>, _ value: Value, _ logger: Logger) async {
        do {
            switch try await negotiated.get() {
            case .http1_1(let connection): await handleHTTP(asyncChannel: connection, logger: logger)
            case .http2(let connection): await handle(connection, value, logger)
            }
        } catch {
            // No TLS, a version too old, no cipher in common, or gone in the middle: there is no way to answer.
            metrics.handshakeFailed()
            logger.debug("a TLS handshake failed", metadata: ["error": "\(error)"])
            try? await value.channel.close()
        }
    }
}

/// The server holds as many connections as it may.
private struct ConnectionLimitReached: Error {}
