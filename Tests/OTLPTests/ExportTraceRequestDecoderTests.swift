import OTLP
import Testing
import TraceModel

@Suite("ExportTraceRequestDecoder, protobuf") struct ExportTraceRequestDecoderTests {
    private func decode(_ spans: [UInt8]..., limits: OTLPLimits = OTLPLimits()) throws -> SpanBatch {
        try ExportTraceRequestDecoder.decodeProtobuf(Wire.request(spans: spans), limits: limits)
    }

    @Test("an empty body is a request without spans")
    func empty() throws {
        let batch = try ExportTraceRequestDecoder.decodeProtobuf([])
        #expect(batch.spanCount == 0)
        #expect(batch.receivedSpanCount == 0)
        #expect(batch.attributeStarts == [0])
    }

    @Test("text stays where it is in the body, and a clean body has no appendix")
    func ranges() throws {
        let body = Wire.request(spans: [Wire.span(Wire.keyValue(9, "http.route", Wire.string(1, "/v1")))])
        let batch = try ExportTraceRequestDecoder.decodeProtobuf(body)
        #expect(batch.bytes == body)
        #expect(batch.bodyLength == body.count)
        #expect(batch.text(batch.names[0]) == "GET /")
        #expect(batch.keys.map(batch.text) == ["service.name", "http.route"])
        #expect(batch.resources.count == 1)
        #expect(batch.scopes.map { batch.text($0.name) } == ["tests"])
        #expect(batch.resources[0].attributeCount == 1)
        #expect(batch.nestedAttributes.count == 1)
    }

    @Test("fields come in any order, and the owner of spans may stand behind them")
    func order() throws {
        let span = Wire.fixed64(8, 250) + Wire.string(5, "late ids") + Wire.ids() + Wire.fixed64(7, 100)
        let scopeSpans = Wire.string(3, "urn:scope") + Wire.bytes(2, span) + Wire.bytes(1, Wire.string(1, "behind"))
        let resource = Wire.keyValue(1, "service.name", Wire.string(1, "behind"))
        let batch = try ExportTraceRequestDecoder.decodeProtobuf(
            Wire.request(Wire.string(3, "urn:resource") + Wire.bytes(2, scopeSpans) + Wire.bytes(1, resource)))
        let record = try #require(try batch.records().first)
        #expect(record.name == "late ids")
        #expect(record.scope == .init(encoded: Wire.string(1, "behind"), schemaURL: "urn:scope"))
        #expect(record.resource == .init(encoded: resource, schemaURL: "urn:resource"))
    }

    @Test("messages sent in parts are merged, scalars sent twice count the last time")
    func merging() throws {
        let parts = [Wire.keyValue(1, "a", Wire.string(1, "1")), Wire.keyValue(1, "b", Wire.string(1, "2")), Wire.integer(2, 7)]
        let scopeParts = [Wire.string(1, "first"), Wire.string(1, "last"), Wire.string(2, "v")]
        let list = Wire.bytes(2, Wire.bytes(5, Wire.bytes(1, Wire.string(1, "x"))))
        let attribute = Wire.bytes(9, Wire.string(1, "old") + Wire.string(1, "list") + list + list + list)
        let replaced = Wire.bytes(9, Wire.string(1, "replaced") + list + Wire.bytes(2, Wire.integer(3, 5)))
        let span = Wire.span(
            attribute + replaced + Wire.bytes(15, Wire.string(2, "why")) + Wire.bytes(15, Wire.integer(3, 2)) + Wire.string(5, "last"))
        let scopeSpans = Wire.bytes(1, scopeParts[0]) + Wire.bytes(1, scopeParts[1]) + Wire.bytes(2, span) + Wire.bytes(1, scopeParts[2])
        let batch = try ExportTraceRequestDecoder.decodeProtobuf(
            Wire.request(Wire.bytes(1, parts[0]) + Wire.bytes(2, scopeSpans) + Wire.bytes(1, parts[1]) + Wire.bytes(1, parts[2])))
        let record = try #require(try batch.records().first)
        #expect(record.name == "last")
        #expect(record.status == .init(code: 2, message: "why"))
        #expect(
            record.attributes == [KeyValue("list", .array([.string("x"), .string("x"), .string("x")])), KeyValue("replaced", .int(5))])
        #expect(record.resource.encoded == parts.flatMap { $0 })
        #expect(try ResourceDecoder.decode(record.resource.encoded ?? []).droppedAttributesCount == 7)
        let scope = try ScopeDecoder.decode(record.scope.encoded ?? [])
        #expect(scope == DecodedScope(name: "last", version: "v"))
        #expect(batch.scopes.map { batch.text($0.name) } == ["last"])
        #expect(batch.resources[0].attributeCount == 2)
    }

    @Test("unknown fields of every wire type, groups among them, are skipped at every level")
    func unknownFields() throws {
        let group = Wire.tag(99, 3) + Wire.integer(1, 5) + Wire.tag(98, 3) + Wire.tag(98, 4) + Wire.string(2, "x") + Wire.tag(99, 4)
        let unknown = Wire.integer(100, 1) + Wire.fixed64(101, 2) + Wire.string(102, "u") + Wire.fixed32(103, 3) + group
        let value = Wire.bytes(9, unknown + Wire.string(1, "k") + Wire.integer(3, 4) + Wire.bytes(2, unknown + Wire.string(1, "v")))
        let span = Wire.span(unknown + value + Wire.bytes(15, unknown) + Wire.bytes(11, unknown) + Wire.bytes(13, unknown + Wire.ids()))
        let body =
            Wire.request(unknown + Wire.bytes(1, unknown) + Wire.bytes(2, unknown + Wire.bytes(1, unknown) + Wire.bytes(2, span))) + unknown
        let batch = try ExportTraceRequestDecoder.decodeProtobuf(body)
        #expect(batch.rejections.isEmpty)
        #expect(try batch.records().first?.attributes == [KeyValue("k", .string("v"))])
        #expect(batch.events.count == 1)
        #expect(batch.links.count == 1)
    }

    @Test("a status message that is empty differs from none")
    func emptyStatus() throws {
        #expect(try decode(Wire.span()).records()[0].status == nil)
        #expect(try decode(Wire.span(Wire.bytes(15, []))).records()[0].status == .init(code: 0, message: ""))
    }

    @Test("a parent of zeros or no bytes is no parent")
    func roots() throws {
        let batch = try decode(Wire.span(), Wire.span(Wire.bytes(4, [])), Wire.span(Wire.bytes(4, Array(repeating: 0, count: 8))))
        #expect(batch.parentSpanIDs == [.none, .none, .none])
        #expect(batch.rejections.isEmpty)
    }

    @Test("times from 1970 to 2262 and ends before starts are kept as sent")
    func times() throws {
        let year2200: UInt64 = 7_258_118_400_000_000_000
        let batch = try decode(
            Wire.ids() + Wire.fixed64(7, 500) + Wire.fixed64(8, 100), Wire.ids(),
            Wire.ids() + Wire.fixed64(7, year2200) + Wire.fixed64(8, year2200))
        #expect(batch.startTimesUnixNano == [500, 0, year2200])
        #expect(batch.endTimesUnixNano == [100, 0, year2200])
    }

    @Test("unknown kinds, status codes and flags are kept as sent")
    func unknownNumbers() throws {
        let negative = UInt64(bitPattern: -3)
        let batch = try decode(Wire.span(Wire.integer(6, negative) + Wire.fixed32(16, .max) + Wire.bytes(15, Wire.integer(3, 77))))
        #expect(batch.kinds == [-3])
        #expect(batch.flags == [.max])
        #expect(batch.statusCodes == [77])
    }

    @Test("duplicate keys are kept, and equal keys share one index")
    func duplicateKeys() throws {
        let twice = Wire.keyValue(9, "k", Wire.string(1, "1")) + Wire.keyValue(9, "k", Wire.string(1, "2"))
        let batch = try decode(Wire.span(twice), Wire.span(twice))
        #expect(batch.attributes.map(\.keyIndex) == [1, 1, 1, 1])
        #expect(try batch.records()[1].attributes == [KeyValue("k", .string("1")), KeyValue("k", .string("2"))])
    }

    @Test("thousands of distinct keys are all found again")
    func manyKeys() throws {
        let spans = (0..<8).map { round in
            Wire.span((0..<1000).flatMap { Wire.keyValue(9, "key.\(($0 * 7 + round * 500) % 4000)", Wire.integer(3, UInt64($0))) })
        }
        let batch = try ExportTraceRequestDecoder.decodeProtobuf(Wire.request(spans: spans))
        #expect(batch.rejections.isEmpty)
        #expect(Set(batch.keys.map(batch.text)).count == batch.keys.count)
        for span in 0..<8 {
            for (place, attribute) in batch.attributes(ofSpan: span).enumerated() {
                try #require(batch.text(batch.keys[Int(attribute.keyIndex)]) == "key.\((place * 7 + span * 500) % 4000)")
            }
        }
    }

    @Test("a ResourceSpans or ScopeSpans without spans leaves no trace")
    func emptyEnvelopes() throws {
        let resource = Wire.bytes(1, Wire.keyValue(1, "a", Wire.string(1, "b")))
        let body =
            Wire.request([], resource, resource + Wire.bytes(2, []), resource + Wire.bytes(2, Wire.bytes(1, Wire.string(1, "s"))))
            + Wire.request(spans: [Wire.span()])
        let batch = try ExportTraceRequestDecoder.decodeProtobuf(body)
        #expect(batch.spanCount == 1)
        #expect(batch.resources.count == 1)
        #expect(batch.scopes.count == 1)
        #expect(batch.nestedAttributes.count == 1)
    }

    @Test("spans without resource and scope are kept without")
    func noOwners() throws {
        let batch = try ExportTraceRequestDecoder.decodeProtobuf(Wire.request(Wire.bytes(2, Wire.bytes(2, Wire.span()))))
        let record = try #require(try batch.records().first)
        #expect(record.resource == SpanRecord.Resource())
        #expect(record.scope == SpanRecord.Scope())
    }

    @Test("ordinals to be skipped are passed over without a rejection, and the others keep theirs")
    func skipping() throws {
        let bad = Wire.ids(trace: [1])
        let body = Wire.request(spans: [Wire.span(), Wire.span(), bad, Wire.span(Wire.string(3, "third"))])
        let batch = try ExportTraceRequestDecoder.decodeProtobuf(body, limits: .unlimited, skipping: [1, 0])
        #expect(batch.spanCount == 1)
        #expect(batch.receivedSpanCount == 4)
        #expect(batch.rejections.map(\.ordinal) == [2])
        #expect(batch.text(batch.traceStates[0]) == "third")
    }
}
