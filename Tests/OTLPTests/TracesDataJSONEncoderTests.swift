import OTLP
import Testing
import TraceModel

@Suite("TracesDataJSONEncoder") struct TracesDataJSONEncoderTests {
    private func record(_ name: String, service: String?, scope: String = "s") -> SpanRecord {
        var record = SpanRecord(
            traceID: TraceID(high: 1, low: 2), spanID: SpanID(rawValue: 3), name: name, startTimeUnixNano: 4, endTimeUnixNano: 5)
        record.resource.encoded = service.map {
            ResourceEncoder.encode(DecodedResource(attributes: [KeyValue("service.name", .string($0))]))
        }
        record.scope.encoded = ScopeEncoder.encode(DecodedScope(name: scope))
        return record
    }

    @Test("no spans are an empty list")
    func empty() {
        #expect(String(decoding: TracesDataJSONEncoder.encode([]), as: UTF8.self) == #"{"resourceSpans":[]}"#)
    }

    @Test("a span is written as OTLP wants: hex ids, 64-bit numbers as strings, enums as numbers, defaults left out")
    func form() {
        var span = record("n", service: nil)
        span.kind = 3
        span.attributes = [KeyValue("i", .int(1)), KeyValue("d", .double(2)), KeyValue("n", .double(.nan)), KeyValue("y", .bytes([255]))]
        span.status = .init(code: 0, message: "")
        let text = String(decoding: TracesDataJSONEncoder.encode([span]), as: UTF8.self)
        #expect(
            text
                == #"{"resourceSpans":[{"scopeSpans":[{"scope":{"name":"s"},"spans":[{"traceId":"00000000000000010000000000000002","spanId":"0000000000000003","#
                + #""name":"n","kind":3,"startTimeUnixNano":"4","endTimeUnixNano":"5","attributes":[{"key":"i","value":{"intValue":"1"}},"#
                + #"{"key":"d","value":{"doubleValue":2.0}},{"key":"n","value":{"doubleValue":"NaN"}},{"key":"y","value":{"bytesValue":"/w=="}}],"status":{}}]}]}]}"#
        )
    }

    @Test("spans are grouped by resource and scope in the order of their first")
    func grouping() throws {
        let records = [
            record("1", service: "a"), record("2", service: "b"), record("3", service: "a", scope: "t"), record("4", service: "a"),
            record("5", service: nil),
        ]
        let batch = try ExportTraceRequestDecoder.decodeJSON(TracesDataJSONEncoder.encode(records))
        #expect(batch.names.map(batch.text) == ["1", "4", "3", "2", "5"])
        #expect(batch.resources.count == 3)
        #expect(batch.scopes.count == 4)
    }

    @Test("a resource that cannot be read costs its attributes, not its spans")
    func brokenResource() throws {
        var span = record("n", service: "a")
        span.resource.encoded = [0xff]
        #expect(try ExportTraceRequestDecoder.decodeJSON(TracesDataJSONEncoder.encode([span])).spanCount == 1)
    }
}
