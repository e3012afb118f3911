import OTLP
import TraceModel

/// libFuzzer entry: any bytes as a protobuf export request. What is accepted must read back, and survive JSON.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOTLPProtobuf(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let body = Array(UnsafeBufferPointer(start: start, count: count))
    for limits in [OTLPLimits(), .unlimited] {
        guard let batch = try? ExportTraceRequestDecoder.decodeProtobuf(body, limits: limits) else { continue }
        precondition(batch.spanCount + batch.rejections.count == batch.receivedSpanCount, "every span is stored or rejected")
        precondition(batch.attributeStarts.last == UInt32(batch.attributes.count), "the last span's attributes end the column")
        for rejection in batch.rejections { precondition(rejection.source.indices.upperBound <= body.count, "a source lies in the body") }
        guard let records = try? batch.records() else { preconditionFailure("what was accepted must read back") }
        guard let json = try? ExportTraceRequestDecoder.decodeJSON(TracesDataJSONEncoder.encode(records), limits: .unlimited) else {
            preconditionFailure("what was encoded must decode")
        }
        precondition(json.spanCount == records.count, "no span is lost on the way through JSON")
    }
    if let batch = try? ExportLogsRequestDecoder.decodeProtobuf(body) { checkLogs(batch) }
    _ = try? MetricsRequestCounter.countProtobuf(body)
    return 0
}

/// The same bytes as a request of log records: what is taken of them must survive being written anew.
func checkLogs(_ batch: SpanBatch) {
    precondition(
        batch.spanCount + batch.rejections.count + batch.otherRecordCount == batch.receivedSpanCount, "every record is stored or rejected")
    guard let request = try? EventRecordsEncoder.encode(batch, identity: [1]), let again = try? EventRecordsEncoder.decode(request),
        let repeated = try? EventRecordsEncoder.encode(again, identity: [1])
    else { preconditionFailure("what was accepted must read back") }
    // By their bytes: not a number is not equal to itself.
    precondition(repeated == request, "what is written anew is what was accepted")
}
