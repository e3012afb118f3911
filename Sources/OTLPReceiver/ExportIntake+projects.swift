/// Exports of a key with several projects that leave the choice to their resources, as Phoenix's clients do: each resource goes to the
/// project that its attribute `openinference.project.name` names, those without it to the key's own.
///
///     body -> resources -> by project -> may each project take its part? -> a request for each project -> one answer
///
/// Whatever would refuse a part for good, or its whole, is asked before anything is stored: origins, rates, quotas, whether it can be
/// decoded. After that a part can fail only for a while; then the whole is answered 503, and when it comes again, the parts that were
/// stored are found to be repeats. What no project takes goes into the quarantine of the key's own, once the other parts are stored.

import Access
import HTTPServer
import HTTPTypes
import Hummingbird
import Ingest
import Logging
import OTLP
import TraceModel

extension ExportIntake {
    private struct Part {
        let project: ProjectID
        var body: [UInt8]
    }

    /// - Parameter chooser: the key, counted in; its projects are not yet.
    func take(
        _ message: ExportedMessage, choosing chooser: Principal, _ request: Request, _ context: ServerRequestContext
    ) async throws -> IngestReply {
        let signal = message.signal, contentType = message.contentType, admission = message.admission
        let body = try ingestor.decompress(message.bytes, message.encoding, admission: admission)
        let (parts, refused) = try parts(of: body, signal, contentType, chooser, admission)
        context.account.projectID = parts[0].project.uuid
        var allowances: [RequestAllowance] = []
        defer { for allowance in allowances { allowance.end() } }
        for part in parts {
            try await context.checkOrigin(of: request, project: part.project.uuid, crossOrigin)
            let allowance = try accessControl.beginIngest(nil, into: part.project) { context.account.setHeaders($0.headers) }
            allowances.append(allowance)
            guard part.body.count <= allowance.maximumBodyByteCount else {
                throw RequestBodyError.tooLarge(maximumByteCount: allowance.maximumBodyByteCount)
            }
            try allowance.arrived(part.body.count)
            try ingestor.requireRoom(of: part.project)
            if parts.count > 1 { _ = try recordCount(of: part.body, signal, contentType) }
        }
        var reply = IngestReply(), warnings: [String] = []
        if let refused {
            reply.rejectedSpanCount = try recordCount(of: refused, signal, contentType)
            let reason = AccessError.projectNotChoosable(place: "the resource attribute \(ProjectSelector.resourceAttribute)")
            let records = signal == .logs ? "log records" : "spans"
            if reply.rejectedSpanCount > 0 {
                warnings.append("\(reply.rejectedSpanCount) \(records) are not stored: \(reason.description)")
            }
        }
        var receipts: [String] = [], isNew = false
        for part in parts {
            var sent = message
            sent.bytes = part.body
            sent.encoding = .identity
            let taken = try await store(sent, of: part.project)
            reply.rejectedSpanCount += taken.rejectedSpanCount
            if !taken.errorMessage.isEmpty { warnings.append(taken.errorMessage) }
            if let receipt = taken.receipt { receipts.append(receipt) }
            if !taken.isRepetition { isNew = true }
        }
        // Of a request that repeats another they are there already. Log records have no quarantine.
        if isNew, signal == .traces, let refused, let own = chooser.projectID {
            do { try await ingestor.keepUnchosen(refused, contentType, of: own, exporter: message.exporter) } catch {
                // The other parts are stored: the request is not to come again for what is only kept to be looked at.
                context.logger.warning("spans that no project takes are not kept", metadata: ["error": "\(error.code.rawValue)"])
            }
        }
        // One of each project: whoever may read there can ask for it.
        reply.receipt = receipts.isEmpty ? nil : receipts.prefix(IngestLimits.maximumReceiptCount).joined(separator: ", ")
        reply.errorMessage = warnings.joined(separator: ". ")
        return reply
    }

    /// What goes to each project, in the order in which they are named first, and what may go to none. Errors: `projectNotChoosable` when
    /// nothing may go anywhere.
    private func parts(
        of body: [UInt8], _ signal: ExportTraceResponseEncoder.Signal, _ contentType: OTLPContentType, _ chooser: Principal,
        _ admission: Admission
    ) throws -> (parts: [Part], refused: [UInt8]?) {
        let attribute = ProjectSelector.resourceAttribute
        guard let own = chooser.projectID else { throw AccessError.projectMissing }
        let resources =
            contentType == .protobuf
            ? RequestResources(protobuf: body, attribute: attribute)
            : RequestResources(json: body, attribute: attribute, member: signal == .logs ? "resourceLogs" : "resourceSpans")
        // Where the decoder refuses a body, it says why.
        guard let resources, !resources.texts.isEmpty else { return ([Part(project: own, body: body)], nil) }
        guard !resources.hasTooMany else {
            throw IngestError(
                .tooLarge,
                "the request has more than \(OTLPLimits.maximumChosenResourceCount) resources, which may go to different projects; "
                    + "send it in parts, or with a key of one project")
        }
        var order: [ProjectID] = [], places: [ProjectID: [Int]] = [:], refused: [Int] = []
        for (place, text) in resources.texts.enumerated() {
            guard let project = text.map({ chooser.choice(named: $0) }) ?? own else {
                refused.append(place)
                continue
            }
            if places[project] == nil { order.append(project) }
            places[project, default: []].append(place)
        }
        if order.isEmpty { throw AccessError.projectNotChoosable(place: "the resource attribute \(attribute)") }
        if order.count == 1, refused.isEmpty { return ([Part(project: order[0], body: body)], nil) }
        // The parts are held beside the whole.
        try admission.reserve(bodyByteCount: 2 * body.count)
        let parts = order.map { Part(project: $0, body: resources.request(of: places[$0] ?? [], in: body)) }
        return (parts, refused.isEmpty ? nil : resources.request(of: refused, in: body))
    }

    private func recordCount(
        of body: [UInt8], _ signal: ExportTraceResponseEncoder.Signal, _ contentType: OTLPContentType
    ) throws(IngestError) -> Int {
        signal == .logs ? try ingestor.logRecordCount(of: body, contentType) : try ingestor.spanCount(of: body, contentType)
    }
}
