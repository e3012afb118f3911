/// Sets up an HTTP/2 connection with the limits of HTTP/1.1 and answers its streams.
///
/// Headers are as large as `ConnectionLimits` allows; streams as many as `maximumStreamCount`; resets, errors and control frames in a row
/// as many as `limits` say, so that opening and cancelling streams as fast as the network goes ("rapid reset") ends the connection.

import HTTPTypes
import Logging
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP2

struct HTTP2ServerChannel: Sendable {
    typealias Stream = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    typealias Connection = NIOHTTP2Handler.AsyncStreamMultiplexer<Stream>

    let limits: ConnectionLimits
    let refusal: ChannelRefusal

    func setup(channel: any Channel) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture {
            let handler = HTTP2ConnectionHandler(limits: limits)
            let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
            let connection = try channel.pipeline.syncOperations.configureAsyncHTTP2Pipeline(
                mode: .server, streamDelegate: HTTP2StreamCounter(handler: bound), frameDelegate: HTTP2FrameCounter(handler: bound),
                configuration: configuration
            ) { stream in
                stream.eventLoop.makeCompletedFuture {
                    try stream.pipeline.syncOperations.addHandlers(
                        HTTP2BodyWindow(limits: limits), HTTP2FramePayloadToHTTPServerCodec(),
                        HTTP2StreamHandler(limits: limits, refusal: refusal, connection: bound.value))
                    return try Stream(
                        wrappingChannelSynchronously: stream,
                        configuration: .init(
                            backPressureStrategy: .init(lowWatermark: 1, highWatermark: limits.maximumWaitingReadCount)))
                }
            }
            try channel.pipeline.syncOperations.addHandler(handler)
            return connection
        }
    }

    private var configuration: NIOHTTP2Handler.Configuration {
        var configuration = NIOHTTP2Handler.Configuration()
        configuration.connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: limits.maximumStreamCount),
            HTTP2Setting(parameter: .maxHeaderListSize, value: limits.maximumHeaderBytes),
            HTTP2Setting(parameter: .initialWindowSize, value: limits.streamWindowByteCount),
            HTTP2Setting(parameter: .maxFrameSize, value: limits.maximumFrameByteCount),
        ]
        configuration.connection.targetWindowSize = limits.connectionWindowByteCount
        configuration.connection.controlFrameRateLimit.maximumCount = limits.maximumControlFrameCount
        configuration.stream.targetWindowSize = limits.streamWindowByteCount
        configuration.stream.outboundBufferSizeHighWatermark = 64 << 10
        configuration.stream.outboundBufferSizeLowWatermark = 32 << 10
        configuration.stream.streamResetFrameRateLimit.maximumCount = limits.maximumStreamResetCount
        configuration.stream.streamErrorRateLimit.maximumCount = limits.maximumStreamResetCount
        return configuration
    }

    /// - Parameter answer: answers the request of one stream; what is left of its body is thrown away within the limits of
    ///   `HTTP2StreamHandler`.
    func handle(_ connection: Connection, logger: Logger, answer: @escaping @Sendable (Stream) async -> Void) async {
        do {
            try await withThrowingDiscardingTaskGroup { group in
                for try await stream in connection.inbound { group.addTask { await answer(stream) } }
            }
        } catch {
            logger.debug("an HTTP/2 connection ended", metadata: ["error": "\(error)"])
        }
    }
}
