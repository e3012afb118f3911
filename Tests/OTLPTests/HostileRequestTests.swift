import OTLP
import Testing
import TraceModel

/// Bodies that are wrong on purpose. A neighbour that is good must always be stored.
@Suite("Hostile protobuf requests") struct HostileRequestTests {
    /// The reason for which a span between two good ones is rejected; nil when it is stored.
    private func reason(_ span: [UInt8], limits: OTLPLimits = OTLPLimits()) throws -> SpanRejection.Reason? {
        let batch = try ExportTraceRequestDecoder.decodeProtobuf(Wire.request(spans: [Wire.span(), span, Wire.span()]), limits: limits)
        #expect(batch.receivedSpanCount == 3)
        guard let rejection = batch.rejections.first else {
            #expect(batch.spanCount == 3)
            return nil
        }
        #expect(batch.rejections.count == 1)
        #expect(batch.spanCount == 2)
        #expect(rejection.ordinal == 1)
        #expect(Array(batch.bytes[rejection.source.indices]) == span)
        // What the rejected span had put into the columns is gone.
        #expect(batch.attributeStarts == [0, 0, 0])
        #expect(batch.attributes.isEmpty && batch.events.isEmpty && batch.links.isEmpty)
        #expect(batch.nestedAttributes.count == 1)
        #expect(batch.replacedStringCount == 0)
        return rejection.reason
    }

    private static let zeros8 = [UInt8](repeating: 0, count: 8)
    private static let zeros16 = [UInt8](repeating: 0, count: 16)

    @Test(
        "a span with impossible ids, links or times is rejected alone",
        arguments: [
            ([], .traceIDLength), (Wire.bytes(1, Wire.traceID), .spanIDLength), (Wire.bytes(2, Wire.spanID), .traceIDLength),
            (Wire.ids(trace: Array(1...15)), .traceIDLength), (Wire.ids(trace: Array(1...17)), .traceIDLength),
            (Wire.ids(trace: []), .traceIDLength),
            (Wire.ids(trace: zeros16), .traceIDZero), (Wire.ids(span: Array(1...7)), .spanIDLength), (Wire.ids(span: zeros8), .spanIDZero),
            (Wire.span(Wire.bytes(4, [1, 2, 3])), .parentSpanIDLength), (Wire.span(Wire.bytes(4, Wire.traceID)), .parentSpanIDLength),
            (Wire.span(Wire.bytes(13, [])), .linkIDLength), (Wire.span(Wire.bytes(13, Wire.ids(span: [1]))), .linkIDLength),
            (Wire.span(Wire.bytes(13, Wire.ids(trace: zeros16, span: zeros8))), nil),
            (Wire.span(Wire.fixed64(7, 1 << 63)), .timeOutOfRange),
            (Wire.span(Wire.fixed64(8, .max)), .timeOutOfRange), (Wire.span(Wire.bytes(11, Wire.fixed64(1, 1 << 63))), .timeOutOfRange),
            (Wire.span(Wire.fixed64(7, 1 << 63 - 1)), nil), (Wire.ids(trace: [1]) + Wire.ids(), nil),
        ] as [([UInt8], SpanRejection.Reason?)])
    func fields(span: [UInt8], expected: SpanRejection.Reason?) throws {
        if expected == nil {
            let batch = try ExportTraceRequestDecoder.decodeProtobuf(Wire.request(spans: [span]))
            #expect(batch.spanCount == 1)
        } else {
            #expect(try reason(span) == expected)
        }
    }

    @Test(
        "a span whose own bytes are broken is rejected alone",
        arguments: [
            Wire.span(Wire.tag(9, 2)), Wire.span(Wire.tag(9, 2) + [5]), Wire.span(Wire.tag(9, 2) + [0x80]),
            Wire.span(Wire.tag(5, 2) + Wire.varint(.max)), Wire.span(Wire.tag(5, 2) + Wire.varint(1 << 32)),
            Wire.span([0]), Wire.span([7]), Wire.span([0x0e]), Wire.span([0x0f]), Wire.span(Wire.tag(100, 4)), Wire.span(Wire.tag(100, 3)),
            Wire.span(Wire.tag(100, 3) + Wire.tag(101, 4)), Wire.span(Wire.varint(1 << 35)), Wire.span([0x80, 0x00]),
            Wire.span(Wire.tag(10, 0) + [UInt8](repeating: 0x80, count: 10) + [1]),
            Wire.span(Wire.tag(10, 0) + [UInt8](repeating: 0xff, count: 9) + [2]),
            Wire.span(Wire.tag(7, 1) + [1, 2, 3]), Wire.span(Wire.tag(16, 5) + [1]),
            // Known fields of the wrong wire type.
            Wire.span(Wire.integer(1, 1)), Wire.span(Wire.integer(5, 1)), Wire.span(Wire.integer(7, 1)),
            Wire.span(Wire.string(6, "CLIENT")),
            Wire.span(Wire.fixed32(9, 1)), Wire.span(Wire.fixed64(16, 1)), Wire.span(Wire.tag(9, 3) + Wire.tag(9, 4)),
            Wire.span(Wire.bytes(11, Wire.integer(1, 1))),
            Wire.span(Wire.bytes(15, Wire.integer(2, 1))), Wire.span(Wire.bytes(13, Wire.integer(6, 1))),
            Wire.span(Wire.bytes(9, Wire.integer(1, 1))),
            Wire.span(Wire.bytes(9, Wire.integer(2, 1))), Wire.span(Wire.keyValue(9, "k", Wire.integer(1, 1))),
            Wire.span(Wire.keyValue(9, "k", Wire.integer(4, 1))),
            Wire.span(Wire.keyValue(9, "k", Wire.bytes(5, Wire.integer(1, 1)))),
            Wire.span(Wire.keyValue(9, "k", Wire.bytes(6, Wire.bytes(1, Wire.integer(2, 0))))),
            Wire.span(Wire.keyValue(9, "k", Wire.bytes(5, Wire.bytes(1, [0x0a])))),
        ])
    func malformed(span: [UInt8]) throws {
        #expect(try reason(span) == .malformed)
    }

    @Test("limits hold to the last unit, and not for replay")
    func limits() throws {
        func attributes(_ field: Int, _ count: Int) -> [UInt8] {
            (0..<count).flatMap { Wire.keyValue(field, "k\($0)", Wire.integer(3, 1)) }
        }
        func key(_ count: Int) -> [UInt8] { Wire.keyValue(9, String(repeating: "k", count: count), Wire.integer(3, 1)) }
        let cases: [(fine: [UInt8], bad: [UInt8], SpanRejection.Reason)] = [
            (attributes(9, 1024), attributes(9, 1025), .tooManyAttributes), (attributes(9, 1), attributes(9, 10_000), .tooManyAttributes),
            (Wire.bytes(11, attributes(3, 1024)), Wire.bytes(11, attributes(3, 1025)), .tooManyAttributes),
            (Wire.bytes(13, Wire.ids() + attributes(4, 1024)), Wire.bytes(13, Wire.ids() + attributes(4, 1025)), .tooManyAttributes),
            (key(256), key(257), .keyTooLong),
            (Wire.keyValue(9, "k", Wire.anyValue(Wire.nested(64))), Wire.keyValue(9, "k", Wire.anyValue(Wire.nested(65))), .nestingTooDeep),
        ]
        for (fine, bad, expected) in cases {
            let batch = try ExportTraceRequestDecoder.decodeProtobuf(Wire.request(spans: [Wire.span(fine)]))
            #expect(batch.rejections.isEmpty)
            #expect(try reason(Wire.span(bad)) == expected)
            let replayed = try ExportTraceRequestDecoder.decodeProtobuf(Wire.request(spans: [Wire.span(bad)]), limits: .unlimited)
            #expect(replayed.spanCount == 1)
            #expect(try replayed.records().count == 1)
        }
    }

    @Test("values of up to 32 MiB are stored, larger ones rejected, of any type")
    func valueSize() throws {
        var limits = OTLPLimits()
        limits.maximumValueByteCount = 1000
        for field in [1, 7] {
            #expect(
                try reason(Wire.span(Wire.keyValue(9, "k", Wire.bytes(field, [UInt8](repeating: 97, count: 1001)))), limits: limits)
                    == .valueTooLarge)
            let body = Wire.request(spans: [Wire.span(Wire.keyValue(9, "k", Wire.bytes(field, [UInt8](repeating: 97, count: 1000))))])
            #expect(try ExportTraceRequestDecoder.decodeProtobuf(body, limits: limits).spanCount == 1)
        }
        #expect(
            try reason(
                Wire.span(Wire.keyValue(9, "k", Wire.bytes(5, Wire.bytes(1, Wire.bytes(1, [UInt8](repeating: 97, count: 1000)))))),
                limits: limits) == .valueTooLarge)
        #expect(try reason(Wire.span(Wire.string(5, String(repeating: "n", count: 1001))), limits: limits) == .valueTooLarge)

        func request(_ byteCount: Int) -> [UInt8] {
            Wire.request(spans: [Wire.span(Wire.keyValue(9, "k", Wire.bytes(1, [UInt8](repeating: 97, count: byteCount))))])
        }
        #expect(try ExportTraceRequestDecoder.decodeProtobuf(request(31 << 20)).spanCount == 1)
        #expect(try ExportTraceRequestDecoder.decodeProtobuf(request(33 << 20)).rejections.map(\.reason) == [.valueTooLarge])
        #expect(try ExportTraceRequestDecoder.decodeProtobuf(request(33 << 20), limits: .unlimited).spanCount == 1)
    }

    @Test("recursion stops even for replay")
    func recursion() throws {
        let body = Wire.request(spans: [Wire.span(Wire.keyValue(9, "k", Wire.anyValue(Wire.nested(3000))))])
        #expect(try ExportTraceRequestDecoder.decodeProtobuf(body, limits: .unlimited).rejections.map(\.reason) == [.nestingTooDeep])
        let groups = Wire.span((0..<5000).flatMap { _ in Wire.tag(100, 3) })
        #expect(try reason(groups) == .malformed)
    }

    @Test("a body with more spans than allowed is refused whole, and tiny elements cannot fill the memory")
    func floods() throws {
        var limits = OTLPLimits()
        limits.maximumSpanCount = 10
        let spans = { (count: Int) in Wire.request(spans: Array(repeating: [], count: count)) }
        #expect(try ExportTraceRequestDecoder.decodeProtobuf(spans(10), limits: limits).rejections.count == 10)
        let error = #expect(throws: OTLPError.self) { try ExportTraceRequestDecoder.decodeProtobuf(spans(11), limits: limits) }
        #expect(error?.code == .tooLarge)
        limits.maximumEventCount = 5
        #expect(try reason(Wire.span((0..<6).flatMap { _ in Wire.bytes(11, []) }), limits: limits) == .tooManyAttributes)
        #expect(try reason(Wire.span((0..<6).flatMap { _ in Wire.bytes(13, Wire.ids()) }), limits: limits) == .tooManyAttributes)
        limits.maximumElementCount = 20
        let nested = Wire.bytes(11, (0..<25).flatMap { _ in Wire.bytes(3, []) })
        #expect(try reason(Wire.span(nested), limits: limits) == .tooManyAttributes)
        #expect(try reason(Wire.span((0..<25).flatMap { _ in Wire.bytes(9, []) }), limits: limits) == .tooManyAttributes)
    }

    @Test("many parts of one list cost no more than their bytes")
    func manyParts() throws {
        let part = Wire.bytes(2, Wire.bytes(5, Wire.bytes(1, Wire.integer(3, 1))))
        let span = Wire.span(Wire.bytes(9, Wire.string(1, "k") + (0..<20_000).flatMap { _ in part }))
        let batch = try ExportTraceRequestDecoder.decodeProtobuf(Wire.request(spans: [span]))
        #expect(batch.bytes.count - batch.bodyLength < span.count)
        guard case .array(let elements) = try batch.records()[0].attributes[0].value else {
            throw OTLPError(.malformedProtobuf, "no array")
        }
        #expect(elements.count == 20_000)
    }

    @Test("parts of a scope between spans that need an appendix are put together once")
    func lateScopeParts() throws {
        let span = Wire.bytes(2, Wire.ids() + Wire.bytes(5, [0xff]))
        let scope = Wire.bytes(1, Wire.string(1, String(repeating: "n", count: 10_000)))
        let parts = (0..<1000).flatMap { _ in span + Wire.bytes(1, Wire.string(2, "v")) }
        let batch = try ExportTraceRequestDecoder.decodeProtobuf(Wire.request(Wire.bytes(2, scope + parts)))
        #expect(batch.spanCount == 1000)
        #expect(batch.bytes.count < batch.bodyLength * 2)
        #expect(batch.scopes.count == 1)
        #expect(try ScopeDecoder.decode(batch.records()[0].scope.encoded ?? []).version == "v")
    }

    @Test("a resource or scope that breaks a rule takes its spans with it, and only those")
    func owners() throws {
        let bad: [([UInt8], SpanRejection.Reason)] = [
            (Wire.bytes(1, [0xff]), .malformed), (Wire.integer(1, 1), .malformed),
            (Wire.keyValue(1, String(repeating: "k", count: 257), []), .keyTooLong),
            ((0..<1025).flatMap { Wire.keyValue(1, "k\($0)", []) }, .tooManyAttributes),
            (Wire.keyValue(1, "k", Wire.anyValue(Wire.nested(65))), .nestingTooDeep),
            (Wire.bytes(3, Wire.integer(1, 1)), .malformed),
        ]
        for (resource, expected) in bad {
            let body =
                Wire.request(Wire.bytes(1, resource) + Wire.bytes(2, Wire.bytes(2, Wire.span()) + Wire.bytes(2, [])))
                + Wire.request(spans: [Wire.span()])
            let batch = try ExportTraceRequestDecoder.decodeProtobuf(body)
            #expect(batch.rejections.map(\.reason) == [expected, expected])
            #expect(batch.rejections.map(\.ordinal) == [0, 1])
            #expect(batch.spanCount == 1)
            #expect(batch.resources.count == 1)
            #expect(try batch.records()[0].resource.encoded == Wire.keyValue(1, "service.name", Wire.string(1, "shop")))
        }
        let scope = Wire.keyValue(3, String(repeating: "k", count: 257), [])
        let body = Wire.request(
            Wire.bytes(2, Wire.bytes(1, scope) + Wire.bytes(2, Wire.span())) + Wire.bytes(2, Wire.bytes(2, Wire.span())))
        let batch = try ExportTraceRequestDecoder.decodeProtobuf(body)
        #expect(batch.rejections.map(\.reason) == [.keyTooLong])
        #expect(batch.spanCount == 1)
        #expect(batch.scopes.count == 1)
    }

    @Test("an envelope that is cut or of the wrong shape is refused whole")
    func envelope() {
        for body: [UInt8] in [
            [0x0a], [0x0a, 5], [0x0a, 5, 1], [0xff, 0xff], Wire.integer(1, 1), Wire.request(Wire.integer(2, 1)),
            Wire.request(Wire.bytes(2, Wire.integer(2, 1))),
            Wire.request([0x12, 9]), Wire.request(Wire.bytes(2, [0x12, 9])), Wire.request(Wire.bytes(2, [0x12])),
            Array("{\"resourceSpans\":[]}".utf8), [0x1f, 0x8b, 8, 0],
            Wire.request(Wire.bytes(2, Wire.bytes(2, Wire.span()) + [0x1a])),
            Wire.request(Wire.bytes(2, Wire.bytes(2, Wire.span()))) + [0x0b],
        ] {
            let error = #expect(throws: OTLPError.self, "\(body)") { try ExportTraceRequestDecoder.decodeProtobuf(body) }
            #expect(error?.code == .malformedProtobuf)
        }
    }

    @Test("a request cut at any byte is an error or a shorter request")
    func truncated() throws {
        var random = RandomSpans(seed: 7)
        let (body, records) = RoundTripTests.request(&random)
        for length in 0..<body.count {
            guard let batch = try? ExportTraceRequestDecoder.decodeProtobuf(Array(body[..<length])) else { continue }
            #expect(try Array(records.prefix(batch.spanCount)) == batch.records())
        }
    }

    @Test("a logs request sent to the traces endpoint is a request of rejected spans with a hint")
    func logs() throws {
        let record = Wire.fixed64(1, 100) + Wire.integer(2, 9) + Wire.string(3, "INFO") + Wire.bytes(5, Wire.string(1, "body"))
        let batch = try ExportTraceRequestDecoder.decodeProtobuf(Wire.request(spans: [record, record]))
        #expect(batch.rejections.map(\.reason) == [.malformed, .malformed])
        #expect(RejectionSummary(of: batch).errorMessage.contains("/v1/logs"))
    }

    @Test("bad UTF-8 is replaced wherever it stands, and counted")
    func invalidUTF8() throws {
        let bad: [UInt8] = [0x61, 0xff, 0x62]
        let mended = "a\u{FFFD}b"
        let list = Wire.bytes(
            5,
            Wire.bytes(1, Wire.bytes(1, bad))
                + Wire.bytes(1, Wire.bytes(6, Wire.bytes(1, Wire.bytes(1, bad) + Wire.bytes(2, Wire.integer(3, 9))))))
        let attributes =
            Wire.bytes(9, Wire.bytes(1, bad) + Wire.bytes(2, Wire.bytes(1, bad))) + Wire.bytes(9, Wire.bytes(1, bad) + Wire.bytes(2, list))
        let event = Wire.bytes(11, Wire.bytes(2, bad))
        let span = Wire.ids() + Wire.bytes(5, bad) + Wire.bytes(3, bad) + attributes + event + Wire.bytes(15, Wire.bytes(2, bad))
        let owner = Wire.bytes(1, Wire.bytes(1, Wire.bytes(1, bad)))
        let scope = Wire.bytes(1, Wire.bytes(1, bad))
        let batch = try ExportTraceRequestDecoder.decodeProtobuf(
            Wire.request(owner + Wire.bytes(2, scope + Wire.bytes(2, span)) + Wire.bytes(3, bad)))
        let record = try #require(try batch.records().first)
        #expect(record.name == mended && record.traceState == mended && record.status?.message == mended && record.events[0].name == mended)
        let mendedList = AttributeValue.array([.string(mended), .keyValueList([KeyValue(mended, .int(9))])])
        #expect(record.attributes == [KeyValue(mended, .string(mended)), KeyValue(mended, mendedList)])
        #expect(record.resource.schemaURL == mended)
        #expect(try ResourceDecoder.decode(record.resource.encoded ?? []).attributes == [KeyValue(mended, .empty)])
        #expect(try ScopeDecoder.decode(record.scope.encoded ?? []).name == mended)
        #expect(batch.keys.count == 1)
        // Seven texts and a key of the span, a key again, two in the list; a resource key, a scope name, a schema URL.
        #expect(batch.replacedStringCount == 12)
        #expect(
            Array(batch.bytes[..<batch.bodyLength]) == Wire.request(owner + Wire.bytes(2, scope + Wire.bytes(2, span)) + Wire.bytes(3, bad))
        )
    }
}
