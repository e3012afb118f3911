/// The write path between a protocol and the store: decompress, decode, redact, map, price, append. Knows no HTTP.
///
/// Every way in goes through `ingest`, so the redaction rules of a project hold for all of them. Where a project has rules, nothing
/// behind `decode` sees what was received.

import ByteCoding
import GenAIConventions
import OTLP
import SpanStore
import TraceModel

package struct Ingestor: Sendable {
    package let limits: IngestLimits
    package let metrics: IngestMetrics
    package let admission: AdmissionControl
    let store: SpanStore
    private let prices: CurrentPriceBook
    let redaction: any RedactionSource
    let redactionThreads = RedactionThreads()
    let replays = ReplayTurns()
    let changeTurns = ChangeTurns()
    let quarantineTurns = QuarantineTurns()
    private let quotas: ByteQuotas
    /// Memory for bodies, which those who read them take and give back.
    package let bodies: ByteArrayPool
    let decoderLimits: OTLPLimits
    let scores: any EvaluationScoreKeeper
    let receiptSeal: ReceiptSeal

    package init(
        store: SpanStore, prices: CurrentPriceBook, redaction: any RedactionSource = NoRedaction(),
        scores: any EvaluationScoreKeeper = NoEvaluationScores(), quotas: ByteQuotas = ByteQuotas(),
        limits: IngestLimits = IngestLimits(), decoderLimits: OTLPLimits = OTLPLimits(), metrics: IngestMetrics = IngestMetrics(),
        bodies: ByteArrayPool = ByteArrayPool(maximumByteCount: IngestLimits.maximumKeptBodyByteCount)
    ) {
        self.store = store
        self.prices = prices
        self.redaction = redaction
        self.scores = scores
        self.quotas = quotas
        self.limits = limits
        self.decoderLimits = decoderLimits
        self.metrics = metrics
        self.bodies = bodies
        receiptSeal = ReceiptSeal(secret: store.receiptKey)
        admission = AdmissionControl(limits: limits)
    }

    /// Takes one export request. Returns when its spans are on disk and visible to queries.
    ///
    /// - Parameters:
    ///   - body: as received, still compressed.
    ///   - exporter: what the sender calls itself; kept with spans that are refused.
    ///   - admission: the request's share of the memory budget; grows here if the body decompresses to more.
    package func ingest(
        _ body: consuming [UInt8], encoding: ContentEncoding, contentType: OTLPContentType, project: ProjectID, exporter: String? = nil,
        admission: Admission
    ) async throws(IngestError) -> IngestReply {
        try requireRoom(of: project)
        let bodyByteCount = body.count
        try admission.reserve(bodyByteCount: bodyByteCount)
        let plain = try decompress(body, encoding, admission: admission)
        defer { if encoding != .identity { giveBack(plain) } }
        let program = try await redaction.program(of: project)
        let batch = try decode(plain, contentType)
        var summary = BatchSummary(batch)
        // Nothing to store and nothing to keep: an empty request is a success that leaves no trace.
        guard !summary.isEmpty else {
            metrics.accepted(summary, encoding: encoding, contentType: contentType, bodyByteCount: bodyByteCount)
            var reply = IngestReply(summary)
            reply.receipt = receiptIDOfEmptyRequest(in: project)
            return reply
        }
        let outcome = try await take(batch, contentType, project: project, program, exporter: exporter, reply: IngestReply(summary))
        summary.isDuplicate = outcome.isDuplicate
        metrics.accepted(summary, encoding: encoding, contentType: contentType, bodyByteCount: bodyByteCount)
        // A repeat is told what the first request was told.
        var reply = IngestReply(
            rejectedSpanCount: outcome.reply.rejectedSpanCount, errorMessage: outcome.reply.errorMessage,
            receipt: receiptID(of: outcome, in: project))
        reply.isRepetition = outcome.isDuplicate
        return reply
    }

    /// A body as it was before it was compressed, within the limits of one. Where it was compressed, its memory is of `bodies`.
    package func decompress(
        _ body: consuming [UInt8], _ encoding: ContentEncoding, admission: Admission
    ) throws(IngestError) -> [UInt8] {
        let plain = try BodyDecompressor.decompress(body, encoding, limits: limits, memory: bodies) { byteCount throws(IngestError) in
            try admission.reserve(bodyByteCount: byteCount)
        }
        try admission.reserve(bodyByteCount: plain.count)
        return plain
    }

    /// The memory of a body that nobody will look at again is of use to the next.
    package func giveBack(_ body: consuming [UInt8]) { bodies.give(body) }

    /// Spans of a request, refused ones among them. Errors: as of a request that cannot be decoded.
    package func spanCount(of body: [UInt8], _ contentType: OTLPContentType) throws(IngestError) -> Int {
        try decode(body, contentType).receivedSpanCount
    }

    /// Errors: `quotaReached`.
    package func requireRoom(of project: ProjectID) throws(IngestError) {
        guard !quotas.isReached(by: project) else {
            throw IngestError(
                .quotaReached, "the project has stored as many bytes as its settings allow: raise byte_quota or shorten retention")
        }
    }

    /// From a decoded request to the acknowledgement: redacts, maps, prices, appends, and keeps what was refused.
    func take(
        _ decoded: consuming SpanBatch, _ contentType: OTLPContentType, project: ProjectID, _ program: RedactionProgram?, exporter: String?,
        reply: IngestReply
    ) async throws(IngestError) -> AppendOutcome {
        var batch = decoded
        let rejections = RefusedSpans.receiptRejections(of: batch, contentType)
        var codec: WALEntry.Codec = contentType == .protobuf ? .otlpProtobuf : .otlpJSON
        let rejected: [RejectedSpan]
        var redactions = RedactionCounts()
        if let program {
            let redacted = try await redact(batch, contentType, exporter: exporter, program)
            batch = redacted.batch
            rejected = redacted.rejected
            redactions = redacted.counts
            codec = .rewrittenProtobuf
        } else {
            rejected = RefusedSpans.spans(of: batch, contentType, exporter: exporter, now: WallClock.nowUnixNano())
        }
        var fields = AttributeMapping.current.apply(to: &batch)
        prices.book(of: project).price(&fields, batch: batch)
        let outcome: AppendOutcome
        do {
            outcome = try await store.append(
                AppendRequest(
                    project: project, batch: batch, fields: fields, codec: codec,
                    reply: StoredReply(rejectedSpanCount: reply.rejectedSpanCount, errorMessage: reply.errorMessage),
                    rejections: rejections))
        } catch {
            throw IngestError(storeError: error, limits: limits)
        }
        if !outcome.isDuplicate {
            // A repeat's rejected spans are in the quarantine already, and what was redacted in it is counted.
            if !rejected.isEmpty { store.quarantine.submit(rejected, of: project) }
            program?.add(redactions)
            metrics.redacted(redactions)
        }
        return outcome
    }

    func redact(
        _ batch: SpanBatch, _ contentType: OTLPContentType, exporter: String?, _ program: RedactionProgram
    ) async throws(IngestError) -> Redactor.Redacted {
        let now = WallClock.nowUnixNano()
        guard program.isLong(batch.bodyLength) else {
            return try Redactor(program: program).redact(batch, contentType, exporter: exporter, now: now)
        }
        return try await redactionThreads.run { (stop) throws(IngestError) in
            try Redactor(program: program, stop: stop).redact(batch, contentType, exporter: exporter, now: now)
        }
    }

    func decode(_ body: consuming [UInt8], _ contentType: OTLPContentType) throws(IngestError) -> SpanBatch {
        do {
            switch contentType {
            case .protobuf: return try ExportTraceRequestDecoder.decodeProtobuf(body, limits: decoderLimits)
            case .json: return try ExportTraceRequestDecoder.decodeJSON(body, limits: decoderLimits)
            }
        } catch {
            throw IngestError(error.code == .tooLarge ? .tooLarge : .malformedBody, error.description, cause: error)
        }
    }
}

extension IngestError {
    /// A fault of the store that may pass is told as such: exporters throw away what gets any other 5xx.
    init(storeError error: StoreError, limits: IngestLimits) {
        switch error.code {
        case .limit: self.init(.tooLarge, error.message, cause: error)
        case .busy: self.init(.overloaded, "the store is busy; try again", retryAfterSeconds: limits.retryAfterSeconds, cause: error)
        case .full, .poisoned, .io, .closed, .corrupt, .newerFormat, .locked:
            self.init(
                .unavailable, "the store cannot take spans now (\(error.code.rawValue)); try again",
                retryAfterSeconds: 5 * limits.retryAfterSeconds,
                cause: error)
        case .invalid: self.init(.failed, error.message, cause: error)
        }
    }
}
