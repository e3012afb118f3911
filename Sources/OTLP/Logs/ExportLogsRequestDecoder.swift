import ByteCoding
import TraceModel

/// OTLP logs export requests -> `SpanBatch` of event records: one row per log record that is stored.
///
/// A row has the record's trace and span, its event's name as name, its time (the observed one where it has none) as start and end, and
/// its attributes behind those of `LogRecordKeys`. Records of other kinds are counted (`otherRecordCount`); one of a kind that is stored
/// but cannot be (no ids, damaged, over a limit) becomes a rejection. An `OTLPError` is thrown only for a body whose outer levels
/// cannot be read.
package enum ExportLogsRequestDecoder {
    /// Decodes an `ExportLogsServiceRequest` in protobuf.
    package static func decodeProtobuf(
        _ body: consuming [UInt8], limits: OTLPLimits = OTLPLimits()
    ) throws(OTLPError) -> SpanBatch {
        try ExportTraceRequestDecoder.checkLength(of: body)
        let (columns, appendix) = try body.withUnsafeBufferPointer { bytes throws(OTLPError) in
            let bytes = UnsafeRawBufferPointer(bytes)
            var decoder = SpanMessageDecoder(builder: SpanBatchBuilder(body: bytes, limits: limits, skipping: []), signal: .logs)
            try decoder.request(WireCursor(bytes, shift: 0))
            return decoder.builder.finish()
        }
        return events(ExportTraceRequestDecoder.joined(columns, body: body, appendix: appendix))
    }

    /// Decodes an `ExportLogsServiceRequest` in JSON.
    package static func decodeJSON(
        _ body: consuming [UInt8], limits: OTLPLimits = OTLPLimits()
    ) throws(OTLPError) -> SpanBatch {
        try ExportTraceRequestDecoder.checkLength(of: body)
        let (columns, appendix) = try body.withUnsafeBufferPointer { bytes throws(OTLPError) in
            let bytes = UnsafeRawBufferPointer(bytes)
            var decoder = SpanJSONDecoder(builder: SpanBatchBuilder(body: bytes, limits: limits, skipping: []), signal: .logs)
            try decoder.request(bytes)
            return decoder.finish()
        }
        return events(ExportTraceRequestDecoder.joined(columns, body: body, appendix: appendix))
    }

    private static func events(_ batch: consuming SpanBatch) -> SpanBatch {
        batch.record = .event
        return batch
    }
}
