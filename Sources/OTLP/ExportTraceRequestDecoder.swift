import ByteCoding
import TraceModel

/// OTLP export requests -> `SpanBatch`: the way in of every span.
///
/// A bad span never costs its neighbours: it becomes a `SpanRejection` of the batch. An `OTLPError` is thrown only for a body whose
/// outer levels cannot be read, so that not even its spans could be told apart.
///
/// Replay passes `.unlimited` and, as `skipping`, the ordinals that were rejected when the request was acknowledged: the batch
/// then has the same spans as then, whatever the limits are by now.
package enum ExportTraceRequestDecoder {
    /// Rises with each change of what a body decodes to. Stored with every WAL entry.
    package static let version: UInt16 = 1

    /// Decodes an `ExportTraceServiceRequest` in protobuf.
    package static func decodeProtobuf(
        _ body: consuming [UInt8], limits: OTLPLimits = OTLPLimits(), skipping ordinals: [Int] = []
    ) throws(OTLPError) -> SpanBatch {
        try checkLength(of: body)
        let (columns, appendix) = try body.withUnsafeBufferPointer { bytes throws(OTLPError) in
            let bytes = UnsafeRawBufferPointer(bytes)
            var decoder = SpanMessageDecoder(builder: SpanBatchBuilder(body: bytes, limits: limits, skipping: ordinals))
            try decoder.request(WireCursor(bytes, shift: 0))
            return decoder.builder.finish()
        }
        return joined(columns, body: body, appendix: appendix)
    }

    /// Decodes an `ExportTraceServiceRequest` in JSON.
    package static func decodeJSON(
        _ body: consuming [UInt8], limits: OTLPLimits = OTLPLimits(), skipping ordinals: [Int] = []
    ) throws(OTLPError) -> SpanBatch {
        try checkLength(of: body)
        let (columns, appendix) = try body.withUnsafeBufferPointer { bytes throws(OTLPError) in
            let bytes = UnsafeRawBufferPointer(bytes)
            var decoder = SpanJSONDecoder(builder: SpanBatchBuilder(body: bytes, limits: limits, skipping: ordinals))
            try decoder.request(bytes)
            return decoder.finish()
        }
        return joined(columns, body: body, appendix: appendix)
    }

    static func checkLength(of body: borrowing [UInt8]) throws(OTLPError) {
        guard body.count <= OTLPLimits.maximumBodyByteCount else {
            throw OTLPError(
                .tooLarge, "the request is larger than \(OTLPLimits.maximumBodyByteCount) bytes; send smaller batches")
        }
    }

    /// The body is moved, not copied, unless an appendix must be put behind it.
    static func joined(_ columns: consuming SpanBatch, body: consuming [UInt8], appendix: [UInt8]) -> SpanBatch {
        columns.bodyLength = body.count
        columns.bytes = body
        if !appendix.isEmpty {
            columns.bytes.reserveCapacity(columns.bodyLength + appendix.count)
            columns.bytes.append(contentsOf: appendix)
        }
        return columns
    }
}
