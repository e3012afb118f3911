import OTLP
import SeededRandom
import Testing
import TraceModel

/// Bytes that no encoder wrote: whatever comes of them, nothing is half there, and what is taken can be written anew and read again.
@Suite("Hostile logs requests") struct HostileLogsRequestTests {
    private static let sample: [UInt8] = LogWire.request([
        LogWire.record(
            LogWire.details,
            Wire.keyValue(6, "gen_ai.output.messages", Wire.anyValue(.array([.keyValueList([KeyValue("role", .string("assistant"))])])))),
        LogWire.record("gen_ai.choice", Wire.bytes(5, Wire.anyValue(.keyValueList([KeyValue("index", .int(0))])))),
        LogWire.record(nil, Wire.bytes(5, Wire.string(1, "plain")) + Wire.keyValue(6, "event.name", Wire.string(1, "exception"))),
        LogWire.record("http.server.request"),
    ])

    private static let sampleJSON = LogWire.jsonRequest(
        #"{"eventName":"gen_ai.choice","timeUnixNano":"5","body":{"kvlistValue":{"values":[{"key":"index","value":{"intValue":"0"}}]}},\#(LogWire.jsonIDs)}"#,
        #"{"attributes":[{"key":"event.name","value":{"stringValue":"exception"}}],"severityNumber":"SEVERITY_NUMBER_WARN",\#(LogWire.jsonIDs)}"#
    )

    private func check(_ batch: SpanBatch, _ seed: UInt64) throws {
        #expect(batch.spanCount + batch.rejections.count + batch.otherRecordCount == batch.receivedSpanCount, "seed \(seed)")
        #expect(batch.attributeStarts.last == UInt32(batch.attributes.count), "seed \(seed)")
        for rejection in batch.rejections { #expect(rejection.source.indices.upperBound <= batch.bodyLength, "seed \(seed)") }
        let request = try EventRecordsEncoder.encode(batch, identity: [1]), again = try EventRecordsEncoder.decode(request)
        // By their bytes: not a number is not equal to itself.
        #expect(try EventRecordsEncoder.encode(again, identity: [1]) == request && again.rejections.isEmpty, "seed \(seed)")
        #expect(LogRejections(of: batch).rejectedRecordCount == batch.rejections.count + batch.otherRecordCount, "seed \(seed)")
    }

    @Test("requests with changed, lost and doubled bytes are taken or refused, never half", arguments: [true, false])
    func mutations(isJSON: Bool) throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("hostile logs: seed \(seed)")
        var generator = SeededGenerator(seed: seed), taken = 0
        for _ in 0..<4000 {
            var body = isJSON ? Self.sampleJSON : Self.sample
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<body.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: body[place] = UInt8.random(in: 0 ... .max, using: &generator)
                case 1: body.removeSubrange(place..<min(body.count, place + Int.random(in: 1...8, using: &generator)))
                case 2: body.insert(contentsOf: body[place..<min(body.count, place + 16)], at: place)
                default: body[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                }
                if body.isEmpty { body = [0] }
            }
            do {
                let batch = isJSON ? try ExportLogsRequestDecoder.decodeJSON(body) : try ExportLogsRequestDecoder.decodeProtobuf(body)
                try check(batch, seed)
                taken += 1
            } catch is OTLPError {}
        }
        #expect(taken > 100)
    }

    @Test("bad UTF-8 in names, keys and bodies is mended and counted")
    func badText() throws {
        let batch = try ExportLogsRequestDecoder.decodeProtobuf(
            LogWire.request([
                LogWire.record(
                    "gen_ai.x", Wire.bytes(5, Wire.bytes(1, [0x61, 0xff])) + Wire.bytes(6, Wire.bytes(1, [0xfe]) + Wire.bytes(2, [])))
            ]))
        #expect(batch.replacedStringCount == 2)
        #expect(try batch.records().first?.attributes == [KeyValue("log.body", .string("a\u{fffd}")), KeyValue("\u{fffd}", .empty)])
        try check(batch, 0)
    }

    @Test("a sender's own attributes of the names that a record's fields have stand behind them")
    func reservedNames() throws {
        let batch = try ExportLogsRequestDecoder.decodeProtobuf(
            LogWire.request([
                LogWire.record("exception", Wire.keyValue(6, "log.body", Wire.string(1, "mine")) + Wire.bytes(5, Wire.string(1, "body")))
            ]))
        #expect(
            try batch.records().first?.attributes == [KeyValue("log.body", .string("body")), KeyValue("log.body", .string("mine"))])
    }
}
