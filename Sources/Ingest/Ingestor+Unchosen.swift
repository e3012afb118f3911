/// Spans that no project takes: their resource names one that their sender's key may not send to (docs/access.md). They are kept in the
/// quarantine of the key's own project, whose people can see what an exporter sends amiss. That tells nobody of another project: the spans
/// came with this one's key, and a name that somebody sent is no sign that such a project exists.

import ByteCoding
import OTLP
import SpanStore
import TraceModel

extension Ingestor {
    /// Keeps the spans of a request of nothing else, under the rules of the project that keeps them.
    package func keepUnchosen(
        _ body: [UInt8], _ contentType: OTLPContentType, of project: ProjectID, exporter: String?
    ) async throws(IngestError) {
        let program = try await redaction.program(of: project)
        var batch = try decode(body, contentType)
        metrics.unchosen(spanCount: batch.receivedSpanCount)
        var shownExporter = exporter
        // What could not have been stored in any project.
        let faulty: [RejectedSpan]
        if let program {
            let redacted = try await redact(batch, contentType, exporter: exporter, program)
            (batch, faulty) = (redacted.batch, redacted.rejected)
            program.add(redacted.counts)
            metrics.redacted(redacted.counts)
            shownExporter = exporter.map { Redactor.shown($0, program) }
        } else {
            faulty = RefusedSpans.spans(of: batch, contentType, exporter: exporter, now: WallClock.nowUnixNano())
        }
        guard let records = try? batch.records() else { return }
        let unchosen = RefusedSpans.unchosen(records, exporter: shownExporter, isRedacted: program != nil)
        store.quarantine.submit(faulty + unchosen, of: project)
    }
}

extension RefusedSpans {
    /// Of spans that nothing else is wrong with, as many as the quarantine keeps. They are kept in protobuf, whatever they came in.
    static func unchosen(_ records: [SpanRecord], exporter: String?, isRedacted: Bool) -> [RejectedSpan] {
        let now = WallClock.nowUnixNano()
        var origins: [SpanOwner: RejectedSpanOrigin] = [:]
        return records.prefix(QuarantineLimits().maximumSpanCount).map { record in
            let owner = SpanOwner(
                resource: record.resource.encoded, resourceSchemaURL: text(record.resource.schemaURL), scope: record.scope.encoded,
                scopeSchemaURL: text(record.scope.schemaURL))
            let origin = origins[owner] ?? origin(owner, .protobuf, exporter: exporter)
            origins[owner] = origin
            let source = ExportTraceRequestEncoder.span(record)
            var span =
                isRedacted
                ? RejectedSpan(
                    receivedUnixNano: now, reason: .projectNotChoosable, codec: .otlpProtobuf, redactedSource: source,
                    sourceByteCount: source.count)
                : RejectedSpan(receivedUnixNano: now, reason: .projectNotChoosable, codec: .otlpProtobuf, source: source)
            span.origin = origin
            return span
        }
    }

    private static func text(_ text: String) -> [UInt8]? { text.isEmpty ? nil : Array(text.utf8) }
}
