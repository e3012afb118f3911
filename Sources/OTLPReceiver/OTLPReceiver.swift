/// OTLP over HTTP: `POST /v1/traces` and its aliases. Everything about the protocol is here, nothing about spans.
///
/// The order of checks is that of their price: the key before anything is read, the announced length before the body, the
/// memory budget before either is held.

import Access
import HTTPServer
import HTTPTypes
import Hummingbird
import Ingest
import Logging
import NIOCore
import OTLP
import TraceModel

package struct OTLPReceiver: Sendable {
    /// The path of the specification, and the prefixes that Langfuse's and other makers' SDKs put before it.
    package static let tracesPaths: [(operationID: String, path: String)] = [
        ("exportTraces", "/v1/traces"), ("exportTracesUnderOTel", "/otel/v1/traces"),
        ("exportTracesUnderAPIPublic", "/api/public/otel/v1/traces"),
    ]

    /// What an export may answer.
    package static let statuses = [200, 400, 401, 403, 404, 408, 413, 415, 429, 500, 503]

    private let ingestor: Ingestor
    private let accessControl: AccessControl
    private let crossOrigin: any CrossOriginPolicy

    package init(ingestor: Ingestor, accessControl: AccessControl, crossOrigin: any CrossOriginPolicy = NoCrossOrigin()) {
        self.ingestor = ingestor
        self.accessControl = accessControl
        self.crossOrigin = crossOrigin
    }

    package var routes: [Route] {
        Self.tracesPaths.map { operationID, path in
            Route(operationID, .post, path, access: Permission.ingestSpans.rawValue, statuses: Self.statuses) { request, context in
                await exportTraces(request, context, takesWorkers: operationID == "exportTraces")
            }
        }
    }

    /// Answers every request, refused ones in the encoding they came in. `takesWorkers`: whether a worker's token opens the path.
    func exportTraces(_ request: Request, _ context: ServerRequestContext, takesWorkers: Bool) async -> Response {
        let contentType = OTLPContentType(header: request.headers[.contentType])
        let encoder = ExportTraceResponseEncoder(format: contentType == .json ? .json : .protobuf)
        do {
            let caller = try await caller(of: request, context, takesWorkers: takesWorkers)
            let reply = try await take(request, context, contentType, from: caller)
            let body =
                reply.isFullSuccess
                ? encoder.success() : encoder.partialSuccess(rejected: reply.rejectedSpanCount, message: reply.errorMessage)
            return Self.response(.ok, body, contentType ?? .protobuf)
        } catch {
            let refusal = ExportRefusal(error)
            ingestor.metrics.refused(refusal.reason)
            if refusal.status.code >= 500 {
                context.logger.warning("export refused", metadata: ["reason": "\(refusal.reason)", "error": "\(error)"])
            }
            let detail = refusal.retryAfterSeconds.map { ExportTraceResponseEncoder.StatusDetail.retryInfo(delayMilliseconds: $0 * 1000) }
            var response = Self.response(
                refusal.status, encoder.status(refusal.code, message: refusal.message, detail: detail), contentType ?? .protobuf)
            if let seconds = refusal.retryAfterSeconds { response.headers[.retryAfter] = String(seconds) }
            if refusal.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
            return response
        }
    }

    private func caller(
        of request: Request, _ context: ServerRequestContext, takesWorkers: Bool
    ) async throws(AccessError) -> ExportCaller {
        let credential = Credential.find(in: request.headers.value(ofName:)), project = request.headers[.spandrelProject]
        guard takesWorkers else {
            return .principal(try await accessControl.authenticate(credential, project: project, address: context.remoteAddress))
        }
        return try await accessControl.authenticateExport(
            credential, project: project, workerProject: request.headers[.spandrelProjectID], address: context.remoteAddress)
    }

    private func take(
        _ request: Request, _ context: ServerRequestContext, _ contentType: OTLPContentType?, from caller: ExportCaller
    ) async throws -> IngestReply {
        context.account.projectID = caller.projectID?.uuid
        guard let project = caller.projectID else { throw AccessError.projectMissing }
        try await context.checkOrigin(of: request, project: project.uuid, crossOrigin)
        try caller.requireIngest()
        let allowance = try accessControl.beginIngest(caller, into: project) { context.account.setHeaders($0.headers) }
        defer { allowance.end() }
        guard let contentType else { throw ExportRefusal.unsupportedContentType }
        let encoding = try ContentEncoding(header: request.headers[.contentEncoding])
        let admission = ingestor.admission.begin()
        let body = try await context.readBody(
            of: request, maximumByteCount: min(ingestor.limits.maximumBodyByteCount, allowance.maximumBodyByteCount)
        ) { byteCount in
            try allowance.announce(byteCount)
            try admission.reserve(bodyByteCount: byteCount)
        } arrived: { byteCount, total in
            try allowance.arrived(byteCount)
            try admission.reserve(bodyByteCount: total)
        }
        return try await ingestor.ingest(
            body, encoding: encoding, contentType: contentType, project: project, exporter: request.headers[.userAgent],
            admission: admission)
    }

    private static func response(_ status: HTTPResponse.Status, _ body: [UInt8], _ contentType: OTLPContentType) -> Response {
        Response(status: status, headers: [.contentType: contentType.rawValue], body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}

extension OTLPContentType {
    /// Tolerant of parameters, case and the older name of protobuf's type; nil for anything else.
    init?(header: String?) {
        switch (header ?? "").prefix(while: { $0 != ";" }).lowercased().filter({ $0 != " " && $0 != "\t" }) {
        case "application/x-protobuf", "application/protobuf": self = .protobuf
        case "application/json": self = .json
        default: return nil
        }
    }
}
