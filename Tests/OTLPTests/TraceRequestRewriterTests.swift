import OTLP
import SeededRandom
import Testing
import TraceModel

@Suite("Writing requests anew") struct TraceRequestRewriterTests {
    /// Lets everything through, or puts a mark behind every text and drops every third key.
    struct MarkingFilter: TelemetryFilter {
        var isMarking: Bool
        let maximumValueByteCount = Int.max
        func action(onPath path: UnsafeRawBufferPointer) -> AttributeAction {
            isMarking && path.count % 3 == 2 ? .drop : .keep
        }
        func replacement(ofKey key: UnsafeRawBufferPointer) -> [UInt8]? { nil }
        func replacement(of text: UnsafeRawBufferPointer) -> [UInt8]? { isMarking && !text.isEmpty ? Array(text) + [33] : nil }
        func replacement(of integer: Int64) -> [UInt8]? { isMarking && integer == 1 ? Array("one".utf8) : nil }
        func digest(_ value: UnsafeRawBufferPointer) -> [UInt8] { Array(value) }
        func foundLongValue() {}
    }

    @Test("records encode to a request that decodes to the same records")
    func encoder() throws {
        let seed = TestSeed.next()
        var random = RandomSpans(seed: seed)
        for round in 0..<60 {
            let (_, records) = RoundTripTests.request(&random)
            let batch = try ExportTraceRequestDecoder.decodeProtobuf(ExportTraceRequestEncoder.encode(records))
            try #require(batch.rejections.isEmpty, "SPANDREL_TEST_SEED=\(seed), round \(round)")
            try #require(try batch.records() == records, "SPANDREL_TEST_SEED=\(seed), round \(round)")
        }
    }

    @Test("a filter that lets everything through changes nothing, whatever identity stands behind it")
    func unchanged() throws {
        let seed = TestSeed.next()
        var random = RandomSpans(seed: seed)
        for round in 0..<60 {
            let (body, records) = RoundTripTests.request(&random)
            var rewriter = TraceRequestRewriter(filter: MarkingFilter(isMarking: false))
            let written = try body.withUnsafeBytes { try rewriter.request($0, skipping: [], identity: [1, 2, 3]) }
            let decoded = try ExportTraceRequestDecoder.decodeProtobuf(written).records()
            try #require(decoded == records, "SPANDREL_TEST_SEED=\(seed), round \(round)")
        }
    }

    @Test("spans to skip are left out, and owners without spans with them")
    func skipping() throws {
        let seed = TestSeed.next()
        var random = RandomSpans(seed: seed)
        for round in 0..<60 {
            let (body, records) = RoundTripTests.request(&random)
            let skipped = records.indices.filter { _ in random.chance(2) }
            var rewriter = TraceRequestRewriter(filter: MarkingFilter(isMarking: false))
            let written = try body.withUnsafeBytes { try rewriter.request($0, skipping: Array(skipped), identity: []) }
            let kept = records.indices.filter { !skipped.contains($0) }.map { records[$0] }
            try #require(
                try ExportTraceRequestDecoder.decodeProtobuf(written).records() == kept, "SPANDREL_TEST_SEED=\(seed), round \(round)")
        }
    }

    @Test("protobuf and JSON are filtered alike")
    func alike() throws {
        let seed = TestSeed.next()
        var random = RandomSpans(seed: seed)
        for round in 0..<200 {
            var record = random.span()
            record.resource = SpanRecord.Resource()
            record.scope = SpanRecord.Scope()
            let body = ExportTraceRequestEncoder.encode([record])
            var rewriter = TraceRequestRewriter(filter: MarkingFilter(isMarking: true))
            let protobuf = try body.withUnsafeBytes { try rewriter.request($0, skipping: [], identity: []) }
            let json = TracesDataJSONEncoder.encode([record])
            // The span object stands between the brackets of the only list of spans.
            let text = String(decoding: json, as: UTF8.self)
            let prefix = #"{"resourceSpans":[{"scopeSpans":[{"spans":["#
            let suffix = "]}]}]}"
            try #require(text.hasPrefix(prefix) && text.hasSuffix(suffix))
            let span = Array(json.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count))
            var spanRewriter = SpanJSONRewriter(filter: MarkingFilter(isMarking: true))
            let written = try #require(span.withUnsafeBytes { spanRewriter.span($0) })
            let fromJSON = try ExportTraceRequestDecoder.decodeJSON(Array(prefix.utf8) + written + Array(suffix.utf8)).records()
            let fromProtobuf = try ExportTraceRequestDecoder.decodeProtobuf(protobuf).records()
            try #require(fromJSON == fromProtobuf, "SPANDREL_TEST_SEED=\(seed), round \(round)")
        }
    }

    @Test("a field no schema has is not written again, and a broken message is not written at all")
    func unknownAndBroken() throws {
        var rewriter = TraceRequestRewriter(filter: MarkingFilter(isMarking: false))
        let name: [UInt8] = [5 << 3 | 2, 1, 97]
        let unknown: [UInt8] = [0x9A, 0x06, 3, 120, 121, 122]
        #expect((name + unknown).withUnsafeBytes { rewriter.span($0) } == name)
        #expect([5 << 3 | 2, 9, 97].withUnsafeBytes { rewriter.span($0) } == nil)
    }
}
