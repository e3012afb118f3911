/// The child channel Hummingbird's `Application` serves: HTTP/1.1 with the rules of `ConnectionHandler`.

import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

package struct HTTPServerChannel: ServerChildChannel, HTTPChannelHandler {
    package typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    package let responder: HTTPChannelHandler.Responder
    let limits: ConnectionLimits

    package init(responder: @escaping HTTPChannelHandler.Responder, limits: ConnectionLimits = ConnectionLimits()) {
        self.responder = responder
        self.limits = limits
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            var decoder = NIOHTTPDecoderLimitConfiguration()
            decoder.maxHeaderFieldSize = limits.maximumHeaderFieldBytes
            decoder.maxHeaderListSize = limits.maximumHeaderBytes
            decoder.maxHeaderFieldCount = limits.maximumHeaderFieldCount
            try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
                withEncoderConfiguration: .init(),
                withDecoderLimitConfiguration: decoder)
            try channel.pipeline.syncOperations.addHandler(ConnectionHandler(limits: limits, refusal: Self.refusal))
            try channel.syncOptions?.setOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: limits.maximumReadByteCount))
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(
                    backPressureStrategy: .init(lowWatermark: 1, highWatermark: limits.maximumWaitingReadCount),
                    isOutboundHalfClosureEnabled: true))
        }
    }

    package func handle(value: Value, logger: Logger) async { await handleHTTP(asyncChannel: value, logger: logger) }

    /// A malformed request never reaches a handler; it gets its problem document and its request id here.
    private static let refusal: @Sendable (HTTPResponse.Status, String) -> (HTTPFields, ByteBuffer) = { status, detail in
        let requestID = RequestID.random()
        let problem = Problem(status, detail)
        return ([.contentType: Problem.contentType, .requestID: requestID.text], ByteBuffer(bytes: problem.document(requestID: requestID)))
    }
}
