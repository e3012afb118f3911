/// What every way of exporting has in common: who sends, whether they may, how much they may send now, the body, and the ingest behind it.
/// Knows of no answer.
///
/// The order of checks is that of their price: the key before anything is read, the announced length before the body, the
/// memory budget before either is held.

import Access
import HTTPServer
import HTTPTypes
import Hummingbird
import Ingest
import OTLP
import TraceModel

struct ExportIntake: Sendable {
    /// How a protocol wraps an export's message into the body of a request.
    struct Framing: Sendable {
        /// Bytes of a body that are not the message's.
        var overheadByteCount = 0
        /// The message as it was sent, still compressed, and how it is.
        let unwrap: @Sendable (consuming [UInt8]) throws -> (message: [UInt8], encoding: ContentEncoding)
    }

    let ingestor: Ingestor
    let accessControl: AccessControl
    let crossOrigin: any CrossOriginPolicy

    /// Takes one export. Returns when what is stored of it is on disk.
    ///
    /// - Parameters:
    ///   - signal: what the message is an export of.
    ///   - takesWorkers: whether a worker's token opens this way in.
    ///   - prepare: reads off the request what the message is and how it is wrapped; called once the sender is known.
    /// - Throws: what `ExportRefusal` can be made of.
    func take(
        _ signal: ExportTraceResponseEncoder.Signal, _ request: Request, _ context: ServerRequestContext, takesWorkers: Bool = false,
        prepare: () throws -> (contentType: OTLPContentType, framing: Framing)
    ) async throws -> IngestReply {
        let caller = try await caller(of: request, context, takesWorkers: takesWorkers)
        context.account.projectID = caller.projectID?.uuid
        guard let project = caller.projectID else { throw AccessError.projectMissing }
        try await context.checkOrigin(of: request, project: project.uuid, crossOrigin)
        try caller.requireIngest()
        let allowance = try accessControl.beginIngest(caller, into: project) { context.account.setHeaders($0.headers) }
        defer { allowance.end() }
        let (contentType, framing) = try prepare()
        let admission = ingestor.admission.begin()
        let maximum = min(ingestor.limits.maximumBodyByteCount, allowance.maximumBodyByteCount) + framing.overheadByteCount
        let body = try await context.readBody(of: request, maximumByteCount: maximum) { byteCount in
            try allowance.announce(byteCount)
            try admission.reserve(bodyByteCount: byteCount)
        } arrived: { byteCount, total in
            try allowance.arrived(byteCount)
            try admission.reserve(bodyByteCount: total)
        }
        let (message, encoding) = try framing.unwrap(body)
        switch signal {
        case .traces:
            return try await ingestor.ingest(
                message, encoding: encoding, contentType: contentType, project: project, exporter: request.headers[.userAgent],
                admission: admission)
        case .logs:
            return try await ingestor.ingestLogs(
                message, encoding: encoding, contentType: contentType, project: project, author: caller.principal?.name ?? "",
                admission: admission)
        case .metrics:
            return try ingestor.ingestMetrics(message, encoding: encoding, contentType: contentType, admission: admission)
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
}
