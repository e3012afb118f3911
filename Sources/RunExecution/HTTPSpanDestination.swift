/// The server's endpoint for spans, for workers that run apart from it.

import CurlClient
import Logging
import Metastore
import TraceModel

package struct HTTPSpanDestination: SpanDestination {
    private let url: CurlURL
    private let token: String
    private let client: CurlClient
    private let logger: Logger

    /// - Parameters:
    ///   - server: the server's URL, with whatever path a proxy puts before its own.
    ///   - token: a worker's credential.
    /// Errors: `invalidRequest` for what is no URL.
    package init(server: String, token: String, client: CurlClient, logger: Logger) throws(CurlError) {
        url = try CurlURL(server.hasSuffix("/") ? server + "v1/traces" : server + "/v1/traces")
        self.token = token
        self.client = client
        self.logger = logger
    }

    package func deliver(_ body: [UInt8], project: ProjectID) async -> SpanDeliveryResult {
        let headers: CurlHeaders = [
            "content-type": "application/x-protobuf", "authorization": "Bearer \(token)", "spandrel-project-id": project.uuid,
        ]
        var request = CurlRequest("POST", url, headers: headers, body: body, addressPolicy: .operatorConfigured)
        request.timeouts.total = .seconds(RunExecutionLimits.deliveryTimeoutSeconds)
        let response: CurlWholeResponse
        do throws(CurlError) {
            response = try await client.send(request, maximumByteCount: RunExecutionLimits.deliveryAnswerByteCount)
        } catch { return .unreachable(error.message) }
        let result = SpanDeliveryResult(status: response.status)
        if result == .delivered, !response.body.isEmpty {
            // OTLP: a full success is an empty message.
            logger.warning("the server took a part of a run's spans only", metadata: ["project": "\(project.uuid)"])
        }
        return result
    }
}

extension SpanDeliveryResult {
    /// What an answer's status says. Spans are given up only when the server has judged them: a server that is not there or a credential
    /// that was revoked can be mended.
    init(status: Int) {
        switch status {
        case 200..<300: self = .delivered
        case 401: self = .later("the server does not know the worker's credential: make one with `spandrel worker create`")
        case 408, 425, 429: self = .later("the server answered \(status)")
        case 400..<500: self = .refused("the server answered \(status)")
        default: self = .later("the server answered \(status)")
        }
    }
}
