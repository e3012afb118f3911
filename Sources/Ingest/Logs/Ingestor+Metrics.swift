/// The way in of metrics, which ends here: they are counted, and the sender is told that none is stored.

import OTLP
import TraceModel

extension Ingestor {
    /// Answers one export request of metrics.
    ///
    /// - Parameter body: as received, still compressed.
    package func ingestMetrics(
        _ body: consuming [UInt8], encoding: ContentEncoding, contentType: OTLPContentType, admission: Admission
    ) throws(IngestError) -> IngestReply {
        let bodyByteCount = body.count
        try admission.reserve(bodyByteCount: bodyByteCount)
        let plain = try decompress(body, encoding, admission: admission)
        defer { if encoding != .identity { giveBack(plain) } }
        let count: Int
        do {
            count = try contentType == .json ? MetricsRequestCounter.countJSON(plain) : MetricsRequestCounter.countProtobuf(plain)
        } catch {
            throw IngestError(.malformedBody, error.description, cause: error)
        }
        metrics.acceptedMetrics(
            dataPointCount: count, encoding: encoding, contentType: contentType, bodyByteCount: bodyByteCount,
            decompressedByteCount: plain.count)
        guard count > 0 else { return IngestReply() }
        return IngestReply(
            rejectedSpanCount: count,
            errorMessage: "\(count) \(count == 1 ? "data point" : "data points") rejected: Spandrel stores no metrics, "
                + "only spans with their GenAI and exception events")
    }
}
