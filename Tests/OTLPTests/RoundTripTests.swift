import OTLP
import SeededRandom
import Testing
import TraceModel

@Suite("Round trips") struct RoundTripTests {
    /// One request: resources and scopes in random number, each with its spans; and the records it stands for.
    static func request(_ random: inout RandomSpans) -> (body: [UInt8], records: [SpanRecord]) {
        var body: [UInt8] = []
        var records: [SpanRecord] = []
        for resourceNumber in 0..<random.int(1..<4) {
            // Attributes that differ keep equal resources from being grouped, which would change the order of spans.
            let resource = ResourceEncoder.encode(
                DecodedResource(
                    attributes: [KeyValue("number", .int(Int64(resourceNumber)))] + random.keyValues(),
                    droppedAttributesCount: random.count(),
                    entityRefs: random.chance(2)
                        ? [] : [.init(schemaURL: random.text(), type: random.text(), idKeys: ["a", random.text()])]))
            let resourceURL = random.text()
            var scopeSpans: [UInt8] = []
            for scopeNumber in 0..<random.int(1..<3) {
                let scope = ScopeEncoder.encode(
                    DecodedScope(
                        name: "\(scopeNumber)" + random.text(), version: random.text(), attributes: random.keyValues(),
                        droppedAttributesCount: random.count()))
                let scopeURL = random.text()
                var spans: [UInt8] = []
                for _ in 0..<random.int(1..<4) {
                    var record = random.span()
                    record.resource = SpanRecord.Resource(encoded: resource, schemaURL: resourceURL)
                    record.scope = SpanRecord.Scope(encoded: scope, schemaURL: scopeURL)
                    spans += Wire.bytes(2, Wire.span(record))
                    records.append(record)
                }
                scopeSpans += Wire.bytes(2, Wire.bytes(1, scope) + spans + Wire.string(3, scopeURL))
            }
            body += Wire.bytes(1, Wire.bytes(1, resource) + scopeSpans + Wire.string(3, resourceURL))
        }
        return (body, records)
    }

    @Test("protobuf decodes to the records it was made of, and JSON of those to the same again")
    func protobufAndJSON() throws {
        let seed = TestSeed.next()
        var random = RandomSpans(seed: seed)
        for round in 0..<60 {
            let (body, records) = Self.request(&random)
            let batch = try ExportTraceRequestDecoder.decodeProtobuf(body)
            try #require(batch.rejections.isEmpty, "seed \(seed), round \(round): \(batch.rejections)")
            let decoded = try batch.records()
            try #require(decoded == records, "SPANDREL_TEST_SEED=\(seed), round \(round)")
            let json = try ExportTraceRequestDecoder.decodeJSON(TracesDataJSONEncoder.encode(decoded))
            try #require(json.rejections.isEmpty, "SPANDREL_TEST_SEED=\(seed), round \(round): \(json.rejections)")
            try #require(try json.records() == records, "SPANDREL_TEST_SEED=\(seed), round \(round)")
        }
    }

    @Test("values survive protobuf, OTLP's JSON and, where there is one, plain JSON")
    func values() throws {
        let seed = TestSeed.next()
        var random = RandomSpans(seed: seed)
        var plainCount = 0
        for _ in 0..<600 {
            let value = random.value()
            try #require(AttributeValueEncoder.encodeAnyValue(value) == Wire.anyValue(value), "SPANDREL_TEST_SEED=\(seed)")
            try #require(try AttributeValueDecoder.decodeAnyValue(Wire.anyValue(value)) == value, "SPANDREL_TEST_SEED=\(seed)")
            try #require(
                try AttributeValueJSON.parseOTLPJSON(AttributeValueJSON.otlpJSON(of: value)) == value, "SPANDREL_TEST_SEED=\(seed)")
            if let plain = AttributeValueJSON.plainJSON(of: value) {
                plainCount += 1
                try #require(try AttributeValueJSON.parsePlainJSON(plain) == value, "SPANDREL_TEST_SEED=\(seed)")
            }
        }
        #expect(plainCount > 150)
    }

    @Test("random damage is an error or a rejection, never a crash, and what is accepted can be read back")
    func damage() throws {
        let seed = TestSeed.next()
        var random = RandomSpans(seed: seed)
        for _ in 0..<300 {
            var body = Self.request(&random).body
            for _ in 0..<random.int(1..<4) { body[random.int(0..<body.count)] = UInt8(truncatingIfNeeded: random.next()) }
            guard let batch = try? ExportTraceRequestDecoder.decodeProtobuf(body) else { continue }
            let records = try batch.records()
            let json = try ExportTraceRequestDecoder.decodeJSON(TracesDataJSONEncoder.encode(records))
            try #require(json.spanCount == records.count, "SPANDREL_TEST_SEED=\(seed)")
        }
    }
}
