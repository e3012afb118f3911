/// OTLP over HTTP: `POST /v1/traces`, `/v1/logs`, `/v1/metrics` and their aliases. Everything about the protocol is here, nothing about what
/// is exported.

import Access
import HTTPServer
import HTTPTypes
import Hummingbird
import Ingest
import Logging
import NIOCore
import OTLP

package struct OTLPReceiver: Sendable {
    typealias Signal = ExportTraceResponseEncoder.Signal

    /// The paths of the specification, and the prefixes that Langfuse's and other makers' SDKs put before them.
    static let paths: [(operationID: String, path: String, signal: Signal)] = [
        ("exportTraces", "/v1/traces", Signal.traces), ("exportLogs", "/v1/logs", .logs), ("exportMetrics", "/v1/metrics", .metrics),
    ].flatMap { operationID, path, signal in
        [("", ""), ("UnderOTel", "/otel"), ("UnderAPIPublic", "/api/public/otel")].map { (operationID + $0, $1 + path, signal) }
    }

    /// What an export may answer.
    package static let statuses = [200, 400, 401, 403, 404, 408, 413, 415, 429, 500, 503]

    private let intake: ExportIntake

    package init(ingestor: Ingestor, accessControl: AccessControl, crossOrigin: any CrossOriginPolicy = NoCrossOrigin()) {
        intake = ExportIntake(ingestor: ingestor, accessControl: accessControl, crossOrigin: crossOrigin)
    }

    package var routes: [Route] {
        Self.paths.map { operationID, path, signal in
            Route(operationID, .post, path, access: Permission.ingestSpans.rawValue, statuses: Self.statuses) { request, context in
                await export(signal, request, context, takesWorkers: operationID == "exportTraces")
            }
        }
    }

    /// The routes of OTLP/gRPC, for a listener of their own.
    package var grpcRoutes: [Route] { GRPCReceiver(intake: intake).routes }

    /// Answers every request, refused ones in the encoding they came in. `takesWorkers`: whether a worker's token opens the path.
    func export(_ signal: Signal, _ request: Request, _ context: ServerRequestContext, takesWorkers: Bool) async -> Response {
        let contentType = OTLPContentType(header: request.headers[.contentType])
        let encoder = ExportTraceResponseEncoder(format: contentType == .json ? .json : .protobuf, signal: signal)
        do {
            let reply = try await intake.take(signal, request, context, takesWorkers: takesWorkers) {
                guard let contentType else { throw ExportRefusal.unsupportedContentType }
                let encoding = try ContentEncoding(header: request.headers[.contentEncoding])
                return (contentType, ExportIntake.Framing { _, _ in encoding })
            }
            var response = Self.response(.ok, encoder.body(of: reply), contentType ?? .protobuf)
            response.headers[.spandrelReceipt] = reply.receipt
            return response
        } catch {
            let refusal = ExportRefusal(error)
            intake.refused(refusal, error, context)
            var response = Self.response(refusal.status, refusal.body(encoder), contentType ?? .protobuf)
            if let seconds = refusal.retryAfterSeconds { response.headers[.retryAfter] = String(seconds) }
            if refusal.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
            return response
        }
    }

    private static func response(_ status: HTTPResponse.Status, _ body: [UInt8], _ contentType: OTLPContentType) -> Response {
        Response(status: status, headers: [.contentType: contentType.rawValue], body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}

extension HTTPField.Name {
    /// The id of an acknowledged export's receipt (`GET /api/v1/receipts/{id}`); over gRPC initial metadata. A valid token, so not nil.
    static let spandrelReceipt = HTTPField.Name("x-spandrel-receipt")!
}

extension ExportIntake {
    /// Counts a refusal, and tells the operator of one that is the server's fault.
    func refused(_ refusal: ExportRefusal, _ error: any Error, _ context: ServerRequestContext) {
        ingestor.metrics.refused(refusal.reason)
        guard refusal.status.code >= 500 else { return }
        context.logger.warning("export refused", metadata: ["reason": "\(refusal.reason)", "error": "\(error)"])
    }
}

extension ExportTraceResponseEncoder {
    func body(of reply: IngestReply) -> [UInt8] {
        reply.isFullSuccess ? success() : partialSuccess(rejected: reply.rejectedSpanCount, message: reply.errorMessage)
    }
}

extension ExportRefusal {
    /// `google.rpc.Status`.
    func body(_ encoder: ExportTraceResponseEncoder) -> [UInt8] {
        encoder.status(code, message: message, detail: detail)
    }
}

extension OTLPContentType {
    /// Tolerant of parameters, case and the older name of protobuf's type; nil for anything else.
    init?(header: String?) {
        switch MediaType.name(header) {
        case "application/x-protobuf", "application/protobuf": self = .protobuf
        case "application/json": self = .json
        default: return nil
        }
    }
}

enum MediaType {
    /// What `Content-Type` names, without parameters, case and spaces.
    static func name(_ header: String?) -> String {
        (header ?? "").prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
    }
}
