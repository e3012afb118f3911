/// The way in of log records: decompress, decode, write anew without what is not stored, redact, map, append. Behind `append` they are rows
/// of the span table like any other (docs/logs.md).
///
///     body -> decode -> records that are stored -> written anew, redacted -> read again -> scores, then store
///
/// What replay reads is what was written anew: nothing of the other records is kept, and a project's rules hold for these as for spans.

import Crypto
import GenAIConventions
import OTLP
import SpanStore
import TraceModel

extension Ingestor {
    /// Takes one export request of log records. Returns when those that are stored are on disk and visible.
    ///
    /// - Parameters:
    ///   - body: as received, still compressed.
    ///   - author: who sends, as scores name it.
    package func ingestLogs(
        _ body: consuming [UInt8], encoding: ContentEncoding, contentType: OTLPContentType, project: ProjectID, author: String,
        admission: Admission
    ) async throws(IngestError) -> IngestReply {
        try requireRoom(of: project)
        let bodyByteCount = body.count
        try admission.reserve(bodyByteCount: bodyByteCount)
        let plain = try decompress(body, encoding, admission: admission)
        defer { if encoding != .identity { giveBack(plain) } }
        // What is written anew, and its columns, are alive beside the body and its own.
        try admission.reserve(bodyByteCount: 2 * plain.count)
        let program = try await redaction.program(of: project)
        let received = try decodeLogs(plain, contentType)
        var summary = LogSummary(received)
        // Nothing to store: the request leaves no trace but in the reply.
        guard received.spanCount > 0 else {
            metrics.accepted(summary, encoding: encoding, contentType: contentType, bodyByteCount: bodyByteCount)
            return summary.reply
        }
        var events = try await eventRecords(of: received, program)
        // For good, and so before anything is stored of it.
        guard events.batch.bodyLength <= store.maximumBodyByteCount else {
            throw IngestError(
                .tooLarge,
                "as they are stored, the \(received.spanCount) GenAI and exception events of this request have "
                    + "\(events.batch.bodyLength) bytes, and those of one request may have \(store.maximumBodyByteCount); send smaller batches"
            )
        }
        // Before the events themselves: what fails here is sent again, and finds the scores that are there already.
        let scores = EvaluationScore.all(in: events.batch, author: author)
        if !scores.isEmpty { try await self.scores.keep(scores, of: project) }
        let fields = AttributeMapping.current.apply(to: &events.batch)
        let reply = StoredReply(rejectedSpanCount: summary.reply.rejectedSpanCount, errorMessage: summary.reply.errorMessage)
        let outcome: AppendOutcome
        do {
            outcome = try await store.append(
                AppendRequest(project: project, batch: events.batch, fields: fields, codec: .rewrittenProtobuf, reply: reply))
        } catch {
            throw IngestError(storeError: error, limits: limits)
        }
        summary.isDuplicate = outcome.isDuplicate
        if !outcome.isDuplicate {
            program?.add(events.redactions)
            metrics.redacted(events.redactions)
        }
        metrics.accepted(summary, encoding: encoding, contentType: contentType, bodyByteCount: bodyByteCount)
        return IngestReply(
            rejectedSpanCount: outcome.reply.rejectedSpanCount, errorMessage: outcome.reply.errorMessage,
            receipt: receiptID(of: outcome, in: project))
    }

    /// Log records of a request, those that are not stored among them. Errors: as of a request that cannot be decoded.
    package func logRecordCount(of body: [UInt8], _ contentType: OTLPContentType) throws(IngestError) -> Int {
        let batch = try decodeLogs(body, contentType)
        return batch.spanCount + LogRejections(of: batch).rejectedRecordCount
    }

    private func decodeLogs(_ body: consuming [UInt8], _ contentType: OTLPContentType) throws(IngestError) -> SpanBatch {
        do {
            switch contentType {
            case .protobuf: return try ExportLogsRequestDecoder.decodeProtobuf(body, limits: decoderLimits)
            case .json: return try ExportLogsRequestDecoder.decodeJSON(body, limits: decoderLimits)
            }
        } catch {
            throw IngestError(error.code == .tooLarge ? .tooLarge : .malformedBody, error.description, cause: error)
        }
    }

    private struct EventRecordBatch: Sendable {
        /// Decoded from what was written anew, as replay will decode it.
        var batch: SpanBatch
        var redactions: RedactionCounts
    }

    private func eventRecords(of received: SpanBatch, _ program: RedactionProgram?) async throws(IngestError) -> EventRecordBatch {
        guard let program, program.isLong(received.bodyLength) else { return try Self.eventRecords(of: received, program, stop: nil) }
        return try await redactionThreads.run { (stop) throws(IngestError) in
            try Self.eventRecords(of: received, program, stop: stop)
        }
    }

    private static func eventRecords(
        of received: SpanBatch, _ program: RedactionProgram?, stop: RedactionStop?
    ) throws(IngestError) -> EventRecordBatch {
        let identity = received.bytes.withUnsafeBytes { [length = received.bodyLength] bytes in
            let body = UnsafeRawBufferPointer(rebasing: bytes[..<length])
            return program?.identity(of: body) ?? Self.identity(of: body)
        }
        do throws(OTLPError) {
            var request = try EventRecordsEncoder.encode(received, identity: program == nil ? identity : [])
            var redactions = RedactionCounts()
            if let program {
                var rewriter = TraceRequestRewriter(filter: RedactionPass(program, stop: stop))
                request = try request.withUnsafeBufferPointer { (bytes) throws(OTLPError) in
                    try rewriter.request(UnsafeRawBufferPointer(bytes), skipping: [], identity: identity)
                }
                redactions = rewriter.filter.counts
            }
            let batch = try EventRecordsEncoder.decode(request)
            guard batch.spanCount == received.spanCount, batch.rejections.isEmpty else {
                throw OTLPError(.malformedProtobuf, "the records that were written anew are not those of the request")
            }
            return EventRecordBatch(batch: batch, redactions: redactions)
        } catch {
            throw IngestError(.failed, "the log records could not be written anew and were not stored", cause: error)
        }
    }

    /// Tells bodies apart: what is stored of them may be the same.
    private static func identity(of body: UnsafeRawBufferPointer) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("spandrel logs request".utf8))
        hash.update(bufferPointer: body)
        return Array(hash.finalize().prefix(16))
    }
}

/// What a logs request was, for counters and for the reply.
struct LogSummary: Sendable {
    let decompressedByteCount: Int
    let storedRecordCount: Int
    let reply: IngestReply
    let replacedStringCount: Int
    var isDuplicate = false

    init(_ batch: SpanBatch) {
        decompressedByteCount = batch.bodyLength
        storedRecordCount = batch.spanCount
        replacedStringCount = batch.replacedStringCount
        let rejections = LogRejections(of: batch)
        reply = IngestReply(
            rejectedCount: rejections.rejectedRecordCount, errorMessage: rejections.errorMessage,
            replacedStringCount: batch.replacedStringCount)
    }
}
