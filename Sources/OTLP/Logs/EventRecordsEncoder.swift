import TraceModel

/// Event records as they are logged and kept: an `ExportTraceServiceRequest` whose spans are the records of a logs request that are
/// stored, without the others.
package enum EventRecordsEncoder {
    /// - Parameters:
    ///   - batch: as `ExportLogsRequestDecoder` made it.
    ///   - identity: tells requests apart that differ only in what is not kept; see `RequestIdentity`.
    package static func encode(_ batch: SpanBatch, identity: [UInt8] = []) throws(OTLPError) -> [UInt8] {
        let request = ExportTraceRequestEncoder.encode(try batch.records())
        guard !identity.isEmpty else { return request }
        var writer = ProtobufWriter()
        writer.append(request)
        writer.content(RequestIdentity.field, identity)
        return writer.bytes
    }

    /// The records again, as rows.
    package static func decode(_ request: consuming [UInt8]) throws(OTLPError) -> SpanBatch {
        var batch = try ExportTraceRequestDecoder.decodeProtobuf(request, limits: .unlimited)
        batch.record = .event
        return batch
    }
}
