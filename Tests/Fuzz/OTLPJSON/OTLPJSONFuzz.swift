import ByteCoding
import OTLP
import TraceModel

/// libFuzzer entry: any bytes as a JSON export request, as JSON and as an attribute value.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOTLPJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let body = Array(UnsafeBufferPointer(start: start, count: count))
    let value = try? JSONValue.parse(body)
    if let value { precondition(isSame(try? JSONValue.parse(value.bytes), value), "what was written must read back") }
    if let attribute = try? AttributeValueJSON.parsePlainJSON(body), let plain = AttributeValueJSON.plainJSON(of: attribute) {
        precondition((try? AttributeValueJSON.parsePlainJSON(plain)) == attribute, "a plain value must read back")
    }
    if let attribute = try? AttributeValueJSON.parseOTLPJSON(body) {
        precondition(
            (try? AttributeValueJSON.parseOTLPJSON(AttributeValueJSON.otlpJSON(of: attribute))) != nil, "an OTLP value must read back")
    }
    guard let batch = try? ExportTraceRequestDecoder.decodeJSON(body) else { return 0 }
    precondition(batch.spanCount + batch.rejections.count == batch.receivedSpanCount, "every span is stored or rejected")
    for rejection in batch.rejections { precondition(rejection.source.indices.upperBound <= body.count, "a source lies in the body") }
    guard let records = try? batch.records(),
        let again = try? ExportTraceRequestDecoder.decodeJSON(TracesDataJSONEncoder.encode(records), limits: .unlimited)
    else { preconditionFailure("what was accepted must read back and encode") }
    precondition(again.spanCount == records.count, "no span is lost on the way through JSON")
    if let batch = try? ExportLogsRequestDecoder.decodeJSON(body) { checkLogs(batch) }
    _ = try? MetricsRequestCounter.countJSON(body)
    return 0
}

private func isSame(_ a: JSONValue?, _ b: JSONValue) -> Bool { a?.bytes == b.bytes }

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
