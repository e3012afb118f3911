/// What rules would do to a pasted span: the engine of ingest on one span in OTLP's JSON, without a store behind it.

import OTLP

package struct RedactionPreview: Equatable, Sendable {
    /// The span as it would be kept, in OTLP's JSON.
    package let span: [UInt8]
    package let counts: RedactionCounts

    /// - Parameters:
    ///   - json: a span object of OTLP's JSON; ids and times may be missing.
    ///   - stop: ends the work at the next text; the result is of no use then.
    package init(of json: [UInt8], under program: RedactionProgram, stop: RedactionStop? = nil) throws(IngestError) {
        guard json.count <= RedactionLimits.maximumPreviewByteCount else {
            throw IngestError(.tooLarge, "a span for the preview has at most \(RedactionLimits.maximumPreviewByteCount) bytes")
        }
        var rewriter = SpanJSONRewriter(filter: RedactionPass(program, stop: stop))
        guard let span = json.withUnsafeBytes({ rewriter.span($0) }) else {
            throw IngestError(.malformedBody, "the text is no span in OTLP's JSON: an object with members like name and attributes")
        }
        self.span = span
        counts = rewriter.filter.counts
    }
}
