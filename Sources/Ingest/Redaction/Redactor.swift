/// Applies a project's rules to a decoded request: what comes out is all that the store, the log and the quarantine ever see of it.

import OTLP
import SpanStore
import TraceModel

struct Redactor {
    /// A request after its rules.
    struct Redacted: Sendable {
        /// Decoded from the redacted encoding, as replay will decode it.
        var batch: SpanBatch
        var rejected: [RejectedSpan]
        var counts: RedactionCounts
    }

    let program: RedactionProgram
    var stop: RedactionStop?

    /// - Parameter batch: as decoded from the body, with its rejections.
    func redact(
        _ batch: consuming SpanBatch, _ contentType: OTLPContentType, exporter: String? = nil, now: UInt64
    ) throws(IngestError) -> Redacted {
        var pass = RedactionPass(program, stop: stop)
        let rejected = rejectedSpans(of: batch, contentType, exporter: exporter, now: now, &pass)
        do {
            let identity = batch.bytes.withUnsafeBytes { [length = batch.bodyLength] in
                program.identity(of: UnsafeRawBufferPointer(rebasing: $0[..<length]))
            }
            var rewriter = TraceRequestRewriter(filter: pass)
            let encoded: [UInt8]
            switch contentType {
            case .protobuf:
                let ordinals = batch.rejections.map(\.ordinal).sorted()
                let length = batch.bodyLength
                encoded = try batch.bytes.withUnsafeBytes { bytes throws(OTLPError) in
                    try rewriter.request(UnsafeRawBufferPointer(rebasing: bytes[..<length]), skipping: ordinals, identity: identity)
                }
            case .json:
                // In the records the rejected spans are left out already.
                let request = ExportTraceRequestEncoder.encode(try batch.records())
                encoded = try request.withUnsafeBytes { bytes throws(OTLPError) in
                    try rewriter.request(bytes, skipping: [], identity: identity)
                }
            }
            pass = rewriter.filter
            let redacted = try ExportTraceRequestDecoder.decodeProtobuf(encoded, limits: .unlimited)
            guard redacted.spanCount == batch.spanCount, redacted.rejections.isEmpty else {
                throw IngestError(.failed, "the redacted request does not have the spans of the request")
            }
            return Redacted(batch: redacted, rejected: rejected, counts: pass.counts)
        } catch let error as IngestError {
            throw error
        } catch {
            throw IngestError(.failed, "the request could not be redacted and was not stored", cause: error)
        }
    }

    /// The refused spans as far as they may be kept: redacted where their bytes can be read, else only that they were there. What stood
    /// above them, and the exporter's name, under the same rules.
    private func rejectedSpans(
        of batch: borrowing SpanBatch, _ contentType: OTLPContentType, exporter: String?, now: UInt64, _ pass: inout RedactionPass
    ) -> [RejectedSpan] {
        guard !batch.rejections.isEmpty else { return [] }
        let owners = RefusedSpans.owners(of: batch, contentType)
        let shownExporter = exporter.map { Self.shown($0, &pass) }
        let origins = owners.owners.map { owner in
            RefusedSpans.origin(owner.flatMap { redacted($0, contentType, &pass) }, contentType, exporter: shownExporter)
        }
        let unknown = RefusedSpans.origin(nil, contentType, exporter: shownExporter)
        return batch.rejections.indices.map { number in
            let rejection = batch.rejections[number]
            let source = batch.bytes.withUnsafeBytes { bytes in
                let span = UnsafeRawBufferPointer(rebasing: bytes[rejection.source.indices])
                switch contentType {
                case .protobuf:
                    var rewriter = TraceRequestRewriter(filter: pass)
                    defer { pass = rewriter.filter }
                    return rewriter.span(span)
                case .json:
                    var rewriter = SpanJSONRewriter(filter: pass)
                    defer { pass = rewriter.filter }
                    return rewriter.span(span)
                }
            }
            if source == nil { pass.foundUnreadable() }
            var span = RejectedSpan(
                receivedUnixNano: now, reason: rejection.reason, codec: contentType == .protobuf ? .otlpProtobuf : .otlpJSON,
                redactedSource: source ?? [], sourceByteCount: rejection.source.count)
            span.origin = owners.place(of: number).map { origins[$0] } ?? unknown
            return span
        }
    }

    /// What an exporter calls itself, under the rules.
    static func shown(_ exporter: String, _ program: RedactionProgram) -> String {
        var pass = RedactionPass(program)
        return shown(exporter, &pass)
    }

    private static func shown(_ exporter: String, _ pass: inout RedactionPass) -> String {
        Array(exporter.utf8).withUnsafeBytes { pass.replacement(of: $0) }.map { String(decoding: $0, as: UTF8.self) } ?? exporter
    }

    private func redacted(_ owner: SpanOwner, _ contentType: OTLPContentType, _ pass: inout RedactionPass) -> SpanOwner? {
        switch contentType {
        case .protobuf:
            var rewriter = TraceRequestRewriter(filter: pass)
            defer { pass = rewriter.filter }
            return rewriter.owner(owner)
        case .json:
            var rewriter = SpanJSONRewriter(filter: pass)
            defer { pass = rewriter.filter }
            return rewriter.owner(owner)
        }
    }
}
