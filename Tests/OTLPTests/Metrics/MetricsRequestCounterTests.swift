import OTLP
import Testing

@Suite("MetricsRequestCounter") struct MetricsRequestCounterTests {
    private static func metric(_ field: Int, points: Int) -> [UInt8] {
        Wire.string(1, "requests")
            + Wire.bytes(field, (0..<points).flatMap { Wire.bytes(1, Wire.fixed64(3, UInt64($0))) } + Wire.integer(2, 2))
    }

    private static func request(_ metrics: [[UInt8]]) -> [UInt8] {
        Wire.request(
            Wire.bytes(2, metrics.flatMap { Wire.bytes(2, $0) }) + Wire.bytes(1, []), Wire.bytes(2, Wire.bytes(2, metric(5, points: 1))))
    }

    @Test("data points of every kind of metric are counted")
    func protobuf() throws {
        let metrics = [5, 7, 9, 10, 11].map { Self.metric($0, points: 3) } + [Wire.string(1, "empty")]
        #expect(try MetricsRequestCounter.countProtobuf(Self.request(metrics)) == 16)
        #expect(try MetricsRequestCounter.countProtobuf([]) == 0)
    }

    @Test("and in JSON")
    func json() throws {
        let body = #"""
            {"resourceMetrics":[{"resource":{},"scopeMetrics":[{"metrics":[{"name":"a","gauge":{"dataPoints":[{"asInt":"1"},{}]}},
            {"name":"b","sum":{"dataPoints":[{}],"aggregationTemporality":2}},{"name":"c","histogram":{"dataPoints":[{},{},{}]}},
            {"name":"d","exponentialHistogram":{"dataPoints":[{}]}},{"name":"e","summary":{"dataPoints":null}},{"name":"f"}]}]},
            {"scopeMetrics":null}]}
            """#
        #expect(try MetricsRequestCounter.countJSON(Array(body.utf8)) == 7)
        #expect(try MetricsRequestCounter.countJSON(Array("{}".utf8)) == 0)
    }

    @Test(
        "a body that is none is refused",
        arguments: [[0x0a, 0x7f], [0x0a, 0x02, 0x10, 0x01], Wire.request(Wire.bytes(2, Wire.integer(2, 1)))])
    func malformed(body: [UInt8]) {
        #expect(throws: OTLPError.self) { try MetricsRequestCounter.countProtobuf(body) }
        #expect(throws: OTLPError.self) { try MetricsRequestCounter.countJSON(Array("[1]".utf8)) }
    }
}
