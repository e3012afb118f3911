import OTLP
import Testing
import TraceModel

@Suite("ExportLogsRequestDecoder") struct ExportLogsRequestDecoderTests {
    private static let messages = AttributeValue.array([
        .keyValueList([
            KeyValue("role", .string("user")),
            KeyValue("parts", .array([.keyValueList([KeyValue("type", .string("text")), KeyValue("content", .string("hello"))])])),
        ])
    ])
    private static let body = AttributeValue.keyValueList([
        KeyValue("content", .string("hi")), KeyValue("n", .int(-3)), KeyValue("e", .empty),
    ])

    /// With every field, body last: fields may come in any order.
    private static let full: [UInt8] =
        LogWire.record(
            LogWire.details,
            Wire.integer(2, 9) + Wire.string(3, "INFO") + Wire.keyValue(6, "gen_ai.input.messages", Wire.anyValue(messages))
                + Wire.keyValue(6, "plain", Wire.anyValue(.string("x"))) + Wire.integer(7, 2) + Wire.fixed32(8, 257)
                + Wire.fixed64(11, 700) + Wire.bytes(5, Wire.anyValue(body)))

    private static let fullJSON = #"""
        {"timeUnixNano":"500","observedTimeUnixNano":700,"severityNumber":9,"severityText":"INFO","eventName":"gen_ai.client.inference.operation.details",
        "body":{"kvlistValue":{"values":[{"key":"content","value":{"stringValue":"hi"}},{"key":"n","value":{"intValue":"-3"}},{"key":"e","value":{}}]}},
        "attributes":[{"key":"gen_ai.input.messages","value":{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"role","value":{"stringValue":"user"}},
        {"key":"parts","value":{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"type","value":{"stringValue":"text"}},
        {"key":"content","value":{"stringValue":"hello"}}]}}]}}}]}}]}}},{"key":"plain","value":{"stringValue":"\u0078"}}],
        "droppedAttributesCount":2,"flags":257,\#(LogWire.jsonIDs)}
        """#

    private func check(_ batch: SpanBatch) throws {
        #expect(batch.record == .event && batch.rejections.isEmpty && batch.otherRecordCount == 0 && batch.receivedSpanCount == 1)
        let record = try #require(try batch.records().first)
        #expect(record.traceID.bytes == Wire.traceID && record.spanID.bytes == Wire.spanID && record.parentSpanID.isZero)
        #expect(record.name == LogWire.details && record.startTimeUnixNano == 500 && record.endTimeUnixNano == 500)
        #expect(record.flags == 257 && record.droppedAttributesCount == 2)
        #expect(
            record.attributes == [
                KeyValue("log.body", Self.body), KeyValue("log.severity_number", .int(9)), KeyValue("log.severity_text", .string("INFO")),
                KeyValue("log.observed_time_unix_nano", .int(700)), KeyValue("gen_ai.input.messages", Self.messages),
                KeyValue("plain", .string("x")),
            ])
        let resource = try ResourceDecoder.decode(try #require(record.resource.encoded))
        #expect(resource.attributes == [KeyValue("service.name", .string("shop"))])
        #expect(try ScopeDecoder.decode(try #require(record.scope.encoded)).name == "tests")
    }

    @Test("a record with every field becomes the row it describes, in either format")
    func everyField() throws {
        try check(try ExportLogsRequestDecoder.decodeProtobuf(LogWire.request([Self.full])))
        try check(try ExportLogsRequestDecoder.decodeJSON(LogWire.jsonRequest(Self.fullJSON)))
    }

    @Test("what is written anew for the log reads back as the same records")
    func rewritten() throws {
        let batch = try ExportLogsRequestDecoder.decodeProtobuf(LogWire.request([LogWire.record("http.request"), Self.full]))
        let request = try EventRecordsEncoder.encode(batch, identity: [1, 2, 3])
        let again = try EventRecordsEncoder.decode(request)
        #expect(again.record == .event && again.spanCount == 1 && again.rejections.isEmpty)
        #expect(try again.records() == batch.records())
        #expect(try EventRecordsEncoder.encode(batch, identity: [1, 2, 4]) != request)
    }

    @Test(
        "the kind of a record is told by its event's name, in the field or in the attribute",
        arguments: [
            (LogWire.record("gen_ai.user.message"), "gen_ai.user.message"), (LogWire.record("exception"), "exception"),
            (LogWire.record(nil, Wire.keyValue(6, "event.name", Wire.string(1, "gen_ai.choice"))), "gen_ai.choice"),
            (LogWire.record("", Wire.keyValue(6, "event.name", Wire.string(1, "gen_ai.choice"))), "gen_ai.choice"),
            (LogWire.record("gen_ai.tool.message", Wire.keyValue(6, "event.name", Wire.string(1, "other"))), "gen_ai.tool.message"),
            (LogWire.record(nil), nil), (LogWire.record("gen_ai."), nil), (LogWire.record("gen_aix.y"), nil),
            (LogWire.record("exceptional"), nil), (LogWire.record("log.body"), nil),
            (LogWire.record("device.crash", Wire.keyValue(6, "event.name", Wire.string(1, "gen_ai.choice"))), nil),
            (LogWire.record(nil, Wire.keyValue(6, "event.name", Wire.integer(3, 1))), nil),
        ] as [([UInt8], String?)])
    func kinds(record: [UInt8], name: String?) throws {
        let batch = try ExportLogsRequestDecoder.decodeProtobuf(LogWire.request([record]))
        #expect(batch.rejections.isEmpty)
        #expect(try batch.records().map(\.name) == (name.map { [$0] } ?? []))
        #expect(batch.otherRecordCount == (name == nil ? 1 : 0))
    }

    @Test("JSON tells kinds the same way")
    func kindsInJSON() throws {
        let batch = try ExportLogsRequestDecoder.decodeJSON(
            LogWire.jsonRequest(
                #"{"eventName":"exception",\#(LogWire.jsonIDs)}"#,
                #"{"attributes":[{"value":{"stringValue":"gen_ai.ch\u006fice"},"key":"event.name"}],\#(LogWire.jsonIDs)}"#,
                #"{"body":{"stringValue":"started"},\#(LogWire.jsonIDs)}"#, #"{"eventName":"http","traceId":"zz"}"#))
        #expect(try batch.records().map(\.name) == ["exception", "gen_ai.choice"])
        #expect(batch.otherRecordCount == 2 && batch.rejections.isEmpty)
    }

    @Test("a record without a time has the observed one")
    func observedTime() throws {
        let batch = try ExportLogsRequestDecoder.decodeProtobuf(
            LogWire.request([LogWire.ids() + Wire.string(12, "exception") + Wire.fixed64(11, 800)]))
        let record = try #require(try batch.records().first)
        #expect(record.startTimeUnixNano == 800 && record.endTimeUnixNano == 800 && record.attributes.isEmpty)
    }

    @Test(
        "a record of a kind that is stored but cannot be is rejected alone, with its reason",
        arguments: [
            (Wire.string(12, "exception"), .traceIDLength), (Wire.string(12, "exception") + Wire.bytes(9, Wire.traceID), .spanIDLength),
            (Wire.string(12, "exception") + LogWire.ids(trace: [UInt8](repeating: 0, count: 16)), .traceIDZero),
            (Wire.string(12, "exception") + LogWire.ids(span: [UInt8](repeating: 0, count: 8)), .spanIDZero),
            (LogWire.record("exception", Wire.fixed64(1, 1 << 63)), .timeOutOfRange),
            (LogWire.record("exception", Wire.fixed64(11, 1 << 63)), .timeOutOfRange),
            (LogWire.record("exception", Wire.keyValue(6, String(repeating: "k", count: 257), [])), .keyTooLong),
            (LogWire.record("exception", Wire.bytes(5, Wire.anyValue(Wire.nested(65)))), .nestingTooDeep),
            (LogWire.record("exception", (0..<1025).flatMap { Wire.keyValue(6, "k\($0)", []) }), .tooManyAttributes),
            // A body in pieces without bytes.
            (LogWire.record("exception", (0..<1025).flatMap { _ in [5 << 3 | 2, 0] as [UInt8] }), .tooManyAttributes),
            (LogWire.record("exception", Wire.integer(5, 1)), .malformed), (LogWire.record("exception", Wire.bytes(5, [0x0a])), .malformed),
            (LogWire.record("exception", Wire.tag(6, 2) + [9]), .malformed),
        ] as [([UInt8], SpanRejection.Reason)])
    func rejections(record: [UInt8], reason: SpanRejection.Reason) throws {
        let batch = try ExportLogsRequestDecoder.decodeProtobuf(LogWire.request([Self.full, record, LogWire.record("http"), Self.full]))
        #expect(batch.rejections.map(\.reason) == [reason] && batch.rejections[0].ordinal == 1)
        #expect(batch.spanCount == 2 && batch.otherRecordCount == 1 && batch.receivedSpanCount == 4)
        #expect(batch.attributeStarts == [0, 6, 12] && batch.attributes.count == 12)
        let told = LogRejections(of: batch)
        #expect(told.rejectedRecordCount == 2)
        #expect(
            told.errorMessage.hasPrefix(
                "2 log records rejected: 1 of kinds that are not stored (Spandrel stores only GenAI and exception events"))
        #expect(told.errorMessage.contains("1 \(reason.rawValue) ("))
    }

    @Test("who sends everything it has is told in one sentence that it is not stored")
    func others() throws {
        let batch = try ExportLogsRequestDecoder.decodeProtobuf(
            LogWire.request((0..<3).map { _ in Wire.string(3, "INFO") + Wire.bytes(5, Wire.string(1, "started")) }))
        #expect(batch.spanCount == 0 && batch.rejections.isEmpty)
        #expect(
            LogRejections(of: batch).errorMessage
                == "3 log records rejected: 3 of kinds that are not stored (Spandrel stores only GenAI and exception events of spans: "
                + "event names gen_ai.* and exception)")
        #expect(LogRejections(of: try ExportLogsRequestDecoder.decodeProtobuf(LogWire.request([Self.full]))).errorMessage == "")
    }

    @Test("a body that is no request of log records is refused whole, by its right name")
    func noRequest() {
        func error(_ body: () throws -> SpanBatch) -> OTLPError? {
            do {
                _ = try body()
                return nil
            } catch { return error as? OTLPError }
        }
        let protobuf = error { try ExportLogsRequestDecoder.decodeProtobuf([0x0a, 0x7f]) }
        #expect(protobuf?.code == .malformedProtobuf && protobuf?.message.contains("no ExportLogsServiceRequest:") == true)
        let json = error { try ExportLogsRequestDecoder.decodeJSON(Array(#"{"resourceLogs":5}"#.utf8)) }
        #expect(json?.code == .malformedJSON && json?.message.contains("no ExportLogsServiceRequest in JSON") == true)
        var limits = OTLPLimits()
        limits.maximumSpanCount = 1
        let many = error { try ExportLogsRequestDecoder.decodeProtobuf(LogWire.request([Self.full, Self.full]), limits: limits) }
        #expect(many?.code == .tooLarge && many?.message.contains("1 log records") == true)
    }

    @Test("a resource or scope that breaks a rule takes its records with it")
    func owner() throws {
        let request = Wire.request(
            Wire.bytes(1, Wire.integer(1, 1)) + Wire.bytes(2, Wire.bytes(2, Self.full)))
        let batch = try ExportLogsRequestDecoder.decodeProtobuf(request)
        #expect(batch.spanCount == 0 && batch.rejections.map(\.reason) == [.malformed])
    }
}
