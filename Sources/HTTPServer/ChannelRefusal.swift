/// Answers that no handler gives: malformed requests, heads that are too large. Each has its problem document, its request id, its line in
/// the log and its place in the counts, like any other answer.

import HTTPTypes
import IPAddresses
import Logging
import NIOCore

package struct ChannelRefusal: Sendable {
    let metrics: HTTPMetrics?
    let logger: Logger
    let peer: ConnectionPeer

    init(metrics: HTTPMetrics?, logger: Logger, peer: ConnectionPeer) {
        self.metrics = metrics
        self.logger = logger
        self.peer = peer
    }

    /// Headers and body of the refusal. Counts and logs it.
    func answer(_ status: HTTPResponse.Status, _ detail: String) -> (HTTPFields, ByteBuffer) {
        let requestID = RequestID.random()
        metrics?.refusedBeforeRouting(status: status.code)
        var metadata: Logger.Metadata = [
            "request_id": .string(requestID.text), "status": .stringConvertible(status.code), "reason": .string(detail),
        ]
        if let address = peer.address { metadata["remote_address"] = .string(address.description) }
        logger.info("refused before routing", metadata: metadata)
        var headers: HTTPFields = [.contentType: Problem.contentType, .requestID: requestID.text]
        SecurityHeaders(isSecure: peer.isSecure).apply(to: &headers, isAuthenticated: false)
        return (headers, ByteBuffer(bytes: Problem(status, detail).document(requestID: requestID)))
    }
}
