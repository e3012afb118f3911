import OTLP
import Testing
import TraceModel

@Suite("ExportTraceRequestDecoder, JSON") struct TraceRequestJSONTests {
    private static let ids = #""traceId":"0102030405060708090A0b0c0d0e0f10","spanId":"0102030405060708""#

    /// A request of one resource and scope with these span objects.
    private func request(_ spans: String...) -> [UInt8] {
        Array(
            (#"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"#
                + #""scopeSpans":[{"scope":{"name":"tests"},"spans":["# + spans.joined(separator: ",") + "]}]}]}").utf8)
    }

    private func span(_ members: String = "") -> String { "{" + Self.ids + (members.isEmpty ? "" : "," + members) + "}" }

    private func decode(_ spans: String..., limits: OTLPLimits = OTLPLimits()) throws -> SpanBatch {
        let body = request(spans.joined(separator: ","))
        return try ExportTraceRequestDecoder.decodeJSON(body, limits: limits)
    }

    @Test("a span with every field becomes the record it describes")
    func everyField() throws {
        let batch = try decode(
            span(
                #"""
                "traceState":"a=b","parentSpanId":"00000000000000ff","name":"GET \u0041","kind":3,"startTimeUnixNano":"100","endTimeUnixNano":250,
                "attributes":[{"key":"s","value":{"stringValue":"x\n"}},{"key":"i","value":{"intValue":"-9223372036854775808"}},
                {"key":"n","value":{"intValue":7}},{"key":"b","value":{"boolValue":true}},{"key":"d","value":{"doubleValue":1.5}},
                {"key":"nan","value":{"doubleValue":"-Infinity"}},{"key":"y","value":{"bytesValue":"AAE="}},{"key":"e","value":{}},{"key":"missing"},
                {"key":"a","value":{"arrayValue":{"values":[{"stringValue":"1"},{}]}}},
                {"key":"m","value":{"kvlistValue":{"values":[{"key":"k","value":{"intValue":"1"}}]}}}],
                "droppedAttributesCount":1,"events":[{"timeUnixNano":"5","name":"ev","attributes":[{"key":"s","value":{"stringValue":"v"}}],"droppedAttributesCount":2}],
                "droppedEventsCount":3,"links":[{"traceId":"000102030405060708090a0b0c0d0e0f","spanId":"0000000000000000","traceState":"l=1","flags":1}],
                "droppedLinksCount":4,"status":{"code":2,"message":"bad"},"flags":257
                """#))
        #expect(batch.rejections.isEmpty)
        let record = try #require(try batch.records().first)
        #expect(record.traceID.hex == "0102030405060708090a0b0c0d0e0f10")
        #expect(record.parentSpanID.rawValue == 255)
        #expect(record.name == "GET A" && record.traceState == "a=b" && record.kind == 3 && record.flags == 257)
        #expect(record.startTimeUnixNano == 100 && record.endTimeUnixNano == 250)
        #expect(
            record.attributes == [
                KeyValue("s", .string("x\n")), KeyValue("i", .int(.min)), KeyValue("n", .int(7)), KeyValue("b", .bool(true)),
                KeyValue("d", .double(1.5)),
                KeyValue("nan", .double(-.infinity)), KeyValue("y", .bytes([0, 1])), KeyValue("e", .empty), KeyValue("missing", .empty),
                KeyValue("a", .array([.string("1"), .empty])), KeyValue("m", .keyValueList([KeyValue("k", .int(1))])),
            ])
        #expect(record.events == [.init(timeUnixNano: 5, name: "ev", attributes: [KeyValue("s", .string("v"))], droppedAttributesCount: 2)])
        #expect(record.links.map(\.traceState) == ["l=1"])
        #expect(record.droppedAttributesCount == 1 && record.droppedEventsCount == 3 && record.droppedLinksCount == 4)
        #expect(record.status == .init(code: 2, message: "bad"))
        #expect(record.resource.encoded == Wire.keyValue(1, "service.name", Wire.string(1, "shop")))
        #expect(record.scope.encoded == Wire.string(1, "tests"))
    }

    @Test("text without escapes stays a range of the body, other text lies in the appendix")
    func ranges() throws {
        let batch = try decode(span(#""name":"plain é","traceState":"a\tb""#))
        #expect(batch.names[0].start < batch.bodyLength)
        #expect(batch.traceStates[0].start >= batch.bodyLength)
        #expect(batch.text(batch.names[0]) == "plain é")
        #expect(batch.text(batch.traceStates[0]) == "a\tb")
    }

    @Test("null is absent, unknown keys are ignored, enums may be names, numbers may be strings")
    func liberties() throws {
        let batch = try decode(
            span(
                #""name":null,"attributes":null,"unknown":{"a":[1,{"b":null}]},"kind":"SPAN_KIND_SERVER","status":{"code":"STATUS_CODE_ERROR"},"flags":"3""#
            ),
            span(
                #""kind":"2","status":null,"trace_state":"snake","startTimeUnixNano":1.5e3,"attributes":[{"key":"k","value":null,"extra":1}],"events":[]"#
            ))
        #expect(batch.rejections.isEmpty)
        #expect(batch.kinds == [2, 2])
        #expect(batch.statusCodes == [2, 0])
        #expect(batch.hasStatus == [true, false])
        #expect(batch.flags == [3, 0])
        #expect(batch.startTimesUnixNano == [0, 1500])
        #expect(batch.traceStates.map(batch.text) == ["", ""])
        #expect(try batch.records()[1].attributes == [KeyValue("k", .empty)])
        #expect(try ExportTraceRequestDecoder.decodeJSON(Array("{}".utf8)).receivedSpanCount == 0)
        #expect(try ExportTraceRequestDecoder.decodeJSON(Array(#" {"resourceSpans":null,"other":[]} "#.utf8)).receivedSpanCount == 0)
    }

    @Test("a parent may be missing, empty, zeros or null")
    func roots() throws {
        let batch = try decode(
            span(), span(#""parentSpanId":"""#), span(#""parentSpanId":"0000000000000000""#), span(#""parentSpanId":null"#))
        #expect(batch.parentSpanIDs == [.none, .none, .none, .none])
    }

    @Test(
        "a bad span is rejected alone with its own text as source",
        arguments: [
            ("{}", .traceIDLength), (#"{"traceId":"","spanId":"0102030405060708"}"#, .traceIDLength),
            (#"{"traceId":"AQIDBAUGBwgJCgsMDQ4PEA==","spanId":"0102030405060708"}"#, .traceIDLength),
            (#"{"traceId":"00000000000000000000000000000000","spanId":"0102030405060708"}"#, .traceIDZero),
            (#"{"traceId":"0102030405060708090a0b0c0d0e0f1g","spanId":"0102030405060708"}"#, .malformed),
            (#"{"traceId":"0102030405060708090a0b0c0d0e0f10"}"#, .spanIDLength),
            (#"{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0000000000000000"}"#, .spanIDZero),
            ("{" + ids + #","parentSpanId":"01"}"#, .parentSpanIDLength), ("{" + ids + #","links":[{"traceId":"01"}]}"#, .linkIDLength),
            ("{" + ids + #","startTimeUnixNano":"9223372036854775808"}"#, .timeOutOfRange),
            ("{" + ids + #","events":[{"timeUnixNano":9223372036854775808}]}"#, .timeOutOfRange),
            ("{" + ids + #","attributes":{"a":"b"}}"#, .malformed), ("{" + ids + #","attributes":[{"key":"a","value":"b"}]}"#, .malformed),
            ("{" + ids + #","attributes":[{"key":1}]}"#, .malformed), ("{" + ids + #","attributes":[null]}"#, .malformed),
            ("{" + ids + #","name":5}"#, .malformed),
            ("{" + ids + #","kind":"CLIENT"}"#, .malformed), ("{" + ids + #","kind":2.5}"#, .malformed),
            ("{" + ids + #","kind":4294967296}"#, .malformed),
            ("{" + ids + #","startTimeUnixNano":-1}"#, .malformed), ("{" + ids + #","startTimeUnixNano":"1x"}"#, .malformed),
            ("{" + ids + #","startTimeUnixNano":"99999999999999999999"}"#, .malformed),
            ("{" + ids + #","attributes":[{"key":"a","value":{"intValue":"9223372036854775808"}}]}"#, .malformed),
            ("{" + ids + #","attributes":[{"key":"a","value":{"intValue":""}}]}"#, .malformed),
            ("{" + ids + #","attributes":[{"key":"a","value":{"boolValue":"true"}}]}"#, .malformed),
            ("{" + ids + #","attributes":[{"key":"a","value":{"doubleValue":"inf"}}]}"#, .malformed),
            ("{" + ids + #","attributes":[{"key":"a","value":{"doubleValue":1e999}}]}"#, .malformed),
            ("{" + ids + #","attributes":[{"key":"a","value":{"bytesValue":"A"}}]}"#, .malformed),
            ("5", .malformed), ("null", .malformed), ("[]", .malformed), (#""span""#, .malformed),
        ] as [(String, SpanRejection.Reason)])
    func rejected(text: String, reason: SpanRejection.Reason) throws {
        let batch = try decode(span(), text, span())
        #expect(batch.rejections.map(\.reason) == [reason])
        #expect(batch.rejections.map(\.ordinal) == [1])
        #expect(batch.rejections.map { batch.text($0.source) } == [text])
        #expect(batch.spanCount == 2)
        #expect(batch.receivedSpanCount == 3)
        #expect(batch.attributes.isEmpty && batch.events.isEmpty && batch.links.isEmpty)
    }

    @Test("limits hold to the last unit, and not for replay")
    func limits() throws {
        func attributes(_ count: Int) -> String {
            "[" + (0..<count).map { #"{"key":"k\#($0)","value":{"intValue":1}}"# }.joined(separator: ",") + "]"
        }
        func key(_ count: Int) -> String { #"[{"key":"\#(String(repeating: "k", count: count))"}]"# }
        func nested(_ depth: Int) -> String {
            #"[{"key":"k","value":\#(String(repeating: #"{"kvlistValue":{"values":[{"key":"k","value":"#, count: depth))"#
                + "{}" + String(repeating: "}]}}", count: depth) + "}]"
        }
        for (fine, bad, reason) in [
            (attributes(1024), attributes(1025), SpanRejection.Reason.tooManyAttributes), (key(256), key(257), .keyTooLong),
            (key(255) + "", #"[{"key":"\u0041\#(String(repeating: "k", count: 256))"}]"#, .keyTooLong),
            (nested(64), nested(65), .nestingTooDeep),
        ] {
            for owner in [#""attributes":\#(fine)"#, #""events":[{"attributes":\#(fine)}]"#] {
                #expect(try decode(span(owner)).rejections.isEmpty)
            }
            for owner in [
                #""attributes":\#(bad)"#, #""events":[{"attributes":\#(bad)}]"#, #""links":[{\#(Self.ids),"attributes":\#(bad)}]"#,
            ] {
                #expect(try decode(span(owner), span()).rejections.map(\.reason) == [reason])
                #expect(try decode(span(owner), limits: .unlimited).records().count == 1)
            }
        }
        var small = OTLPLimits()
        small.maximumValueByteCount = 10
        for value in [
            #"{"stringValue":"12345678901"}"#, #"{"stringValue":"1234567890\n"}"#, #"{"bytesValue":"MTIzNDU2Nzg5MDE="}"#,
            #"{"arrayValue":{"values":[{"stringValue":"12345678"}]}}"#,
        ] {
            #expect(
                try decode(span(#""attributes":[{"key":"k","value":\#(value)}]"#), limits: small).rejections.map(\.reason) == [
                    .valueTooLarge
                ])
        }
        small.maximumSpanCount = 2
        #expect(try decode(span(), span(), limits: small).spanCount == 2)
        let error = #expect(throws: OTLPError.self) { try decode(span(), span(), "1", limits: small) }
        #expect(error?.code == .tooLarge)
    }

    @Test("owners may stand behind their spans, repeat or be missing")
    func order() throws {
        let spans = #""spans":["# + span() + "]"
        let body =
            #"{"resourceSpans":[{"schemaUrl":"urn:r","scopeSpans":[{"schemaUrl":"urn:s",\#(spans),"scope":{"name":"late","version":"1"}}],"resource":{"droppedAttributesCount":3}},"#
            + #"{"resource":{},"scopeSpans":[{"scope":{"name":"empty"},"spans":[]},{\#(spans),"schemaUrl":"urn:last"}]},{"resource":{},"scopeSpans":[]},{"scopeSpans":[{\#(spans)}]}]}"#
        let batch = try ExportTraceRequestDecoder.decodeJSON(Array(body.utf8))
        let records = try batch.records()
        #expect(records.map(\.resource) == [.init(encoded: Wire.integer(2, 3), schemaURL: "urn:r"), .init(encoded: []), .init()])
        #expect(
            records.map(\.scope) == [
                .init(encoded: Wire.string(1, "late") + Wire.string(2, "1"), schemaURL: "urn:s"), .init(schemaURL: "urn:last"), .init(),
            ])
        #expect(batch.resources.count == 3)
        #expect(batch.scopes.count == 3)
    }

    @Test("a resource or scope that breaks a rule takes its spans with it, and only those")
    func owners() throws {
        for (owner, reason) in [
            (#""resource":{"attributes":{"a":"b"}}"#, SpanRejection.Reason.malformed), (#""resource":[]"#, .malformed),
            (#""resource":{"attributes":[{"key":"\#(String(repeating: "k", count: 257))"}]}"#, .keyTooLong),
        ] {
            let good = String(decoding: request(span()), as: UTF8.self).dropFirst(18).dropLast(2)
            let body = #"{"resourceSpans":[{\#(owner),"scopeSpans":[{"spans":[\#(span()),{}]}]},\#(good)]}"#
            let batch = try ExportTraceRequestDecoder.decodeJSON(Array(body.utf8))
            #expect(batch.rejections.map(\.reason) == [reason, reason])
            #expect(batch.spanCount == 1)
            #expect(batch.resources.count == 1)
        }
    }

    @Test("bad UTF-8 and half surrogate pairs are replaced and counted")
    func invalidText() throws {
        var body = request(
            span(
                #""name":"a?b","traceState":"\ud800","attributes":[{"key":"k?","value":{"stringValue":"\t?"}},{"key":"l","value":{"arrayValue":{"values":[{"stringValue":"?"}]}}}]"#
            ))
        for (index, byte) in body.enumerated() where byte == UInt8(ascii: "?") { body[index] = 0xff }
        let batch = try ExportTraceRequestDecoder.decodeJSON(body)
        let record = try #require(try batch.records().first)
        #expect(record.name == "a\u{FFFD}b" && record.traceState == "\u{FFFD}")
        #expect(record.attributes == [KeyValue("k\u{FFFD}", .string("\t\u{FFFD}")), KeyValue("l", .array([.string("\u{FFFD}")]))])
        #expect(batch.replacedStringCount == 5)
    }

    @Test(
        "what is not JSON, or no request, is refused whole with the byte",
        arguments: [
            "", "{", "[]", "5", "null", #"{"resourceSpans":{}}"#, #"{"resourceSpans":[5]}"#, #"{"resourceSpans":[{"scopeSpans":{}}]}"#,
            #"{"resourceSpans":[{"scopeSpans":[{"spans":{}}]}]}"#,
            #"{"resourceSpans":[]} x"#, #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"a":}]}]}]}"#,
            #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"\x"}]}]}]}"#,
            #"{"resourceSpans":[{"scopeSpans":[{"spans":[{}"#, #"{"resourceSpans":[{"resource":{"attributes":[}}]}"#,
            #"{"resourceSpans":[{"schemaUrl":5}]}"#,
        ])
    func refused(text: String) {
        let error = #expect(throws: OTLPError.self) { try ExportTraceRequestDecoder.decodeJSON(Array(text.utf8)) }
        #expect(error?.code == .malformedJSON)
        #expect(error?.byteOffset != nil)
    }

    @Test("a request cut at any byte is refused")
    func truncated() throws {
        var random = RandomSpans(seed: 11)
        let json = TracesDataJSONEncoder.encode([random.span()])
        for length in 0..<json.count {
            #expect(throws: OTLPError.self) { try ExportTraceRequestDecoder.decodeJSON(Array(json[..<length])) }
        }
    }

    @Test("nesting that no value reaches is refused, not followed")
    func depth() {
        let body = #"{"x":"# + String(repeating: "[", count: 100_000)
        let error = #expect(throws: OTLPError.self) { try ExportTraceRequestDecoder.decodeJSON(Array(body.utf8)) }
        #expect(error?.code == .malformedJSON)
    }

    @Test("ordinals to be skipped are passed over without a rejection")
    func skipping() throws {
        let batch = try ExportTraceRequestDecoder.decodeJSON(
            request("{}", span(#""name":"kept""#), "7"), limits: .unlimited, skipping: [0, 2])
        #expect(batch.names.map(batch.text) == ["kept"])
        #expect(batch.rejections.isEmpty)
        #expect(batch.receivedSpanCount == 3)
    }
}
