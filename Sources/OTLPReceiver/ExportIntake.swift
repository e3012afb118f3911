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
        /// Of a body that is not the message alone.
        var prefix: RequestBodyPrefix?
        /// How the message is compressed, once it is there: by its prefix and its length.
        let encoding: @Sendable (_ prefix: [UInt8], _ messageByteCount: Int) throws -> ContentEncoding
    }

    /// A message that came, and what is known of it.
    struct ExportedMessage: Sendable {
        let signal: ExportTraceResponseEncoder.Signal
        /// Still compressed.
        var bytes: [UInt8]
        var encoding: ContentEncoding
        let contentType: OTLPContentType
        /// What the sender calls itself.
        let exporter: String?
        /// Who sends, as scores name it.
        let author: String
        let admission: Admission
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
        let selector = ProjectSelector.find(in: request.headers.value(ofName:))
        let caller = try await caller(of: request, context, selector, takesWorkers: takesWorkers)
        context.account.projectID = caller.projectID?.uuid
        guard let project = caller.projectID else { throw AccessError.projectMissing }
        try await context.checkOrigin(of: request, project: project.uuid, crossOrigin)
        try caller.requireIngest()
        // Where the resources choose, the limits of the key count now, and those of the projects once they are known.
        let chooser = caller.chooser(selector)
        let allowance =
            chooser == nil
            ? try accessControl.beginIngest(caller, into: project) { context.account.setHeaders($0.headers) }
            : try accessControl.begin(chooser) { context.account.setHeaders($0.headers) }
        defer { allowance.end() }
        let (contentType, framing) = try prepare()
        let admission = ingestor.admission.begin()
        let maximum = min(ingestor.limits.maximumBodyByteCount, allowance.maximumBodyByteCount) + (framing.prefix?.byteCount ?? 0)
        let (prefix, message) = try await context.readBody(
            of: request, behind: framing.prefix, maximumByteCount: maximum, memory: ingestor.bodies
        ) { byteCount in
            try allowance.announce(byteCount)
            try admission.reserve(bodyByteCount: byteCount)
        } arrived: { byteCount, total in
            try allowance.arrived(byteCount)
            try admission.reserve(bodyByteCount: total)
        }
        let sent = ExportedMessage(
            signal: signal, bytes: message, encoding: try framing.encoding(prefix, message.count), contentType: contentType,
            exporter: request.headers[.userAgent], author: caller.principal?.name ?? "", admission: admission)
        defer { ingestor.giveBack(sent.bytes) }
        // Of metrics nothing is stored, wherever they were meant to go.
        if let chooser, signal != .metrics { return try await take(sent, choosing: chooser, request, context) }
        return try await store(sent, of: project)
    }

    /// Errors: of ingest.
    func store(_ message: ExportedMessage, of project: ProjectID) async throws(IngestError) -> IngestReply {
        switch message.signal {
        case .traces:
            try await ingestor.ingest(
                message.bytes, encoding: message.encoding, contentType: message.contentType, project: project, exporter: message.exporter,
                admission: message.admission)
        case .logs:
            try await ingestor.ingestLogs(
                message.bytes, encoding: message.encoding, contentType: message.contentType, project: project, author: message.author,
                admission: message.admission)
        case .metrics:
            try ingestor.ingestMetrics(
                message.bytes, encoding: message.encoding, contentType: message.contentType, admission: message.admission)
        }
    }

    private func caller(
        of request: Request, _ context: ServerRequestContext, _ selector: ProjectSelector?, takesWorkers: Bool
    ) async throws(AccessError) -> ExportCaller {
        let credential = Credential.find(in: request.headers.value(ofName:))
        guard takesWorkers else {
            return .principal(try await accessControl.authenticateSender(credential, selector: selector, address: context.remoteAddress))
        }
        return try await accessControl.authenticateExport(
            credential, selector: selector, workerProject: request.headers[.spandrelProjectID], address: context.remoteAddress)
    }
}
