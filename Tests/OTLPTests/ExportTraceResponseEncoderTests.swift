import ByteCoding
import OTLP
import Testing
import TraceModel

@Suite("ExportTraceResponseEncoder") struct ExportTraceResponseEncoderTests {
    private let protobuf = ExportTraceResponseEncoder(format: .protobuf)
    private let json = ExportTraceResponseEncoder(format: .json)

    @Test("success leaves partial_success unset")
    func success() {
        #expect(protobuf.success() == [])
        #expect(json.success() == Array("{}".utf8))
    }

    @Test("a partial success names count and message")
    func partialSuccess() {
        #expect(protobuf.partialSuccess(rejected: 3, message: "nope") == Wire.bytes(1, Wire.integer(1, 3) + Wire.string(2, "nope")))
        #expect(
            String(decoding: json.partialSuccess(rejected: 3, message: "n\"o"), as: UTF8.self)
                == #"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"n\"o"}}"#)
        #expect(
            String(decoding: json.partialSuccess(rejected: 0, message: "warning"), as: UTF8.self)
                == #"{"partialSuccess":{"errorMessage":"warning"}}"#)
        let logs = ExportTraceResponseEncoder(format: .json, signal: .logs).partialSuccess(rejected: 1, message: "")
        #expect(String(decoding: logs, as: UTF8.self) == #"{"partialSuccess":{"rejectedLogRecords":"1"}}"#)
    }

    @Test("a status carries code, message and detail")
    func status() {
        #expect(String(decoding: json.status(.invalidArgument, message: "bad"), as: UTF8.self) == #"{"code":3,"message":"bad"}"#)
        let retry = Wire.bytes(
            3,
            Wire.string(1, "type.googleapis.com/google.rpc.RetryInfo")
                + Wire.bytes(2, Wire.bytes(1, Wire.integer(1, 1) + Wire.integer(2, 500_000_000))))
        #expect(
            protobuf.status(.unavailable, message: "busy", detail: .retryInfo(delayMilliseconds: 1500)) == Wire.integer(1, 14)
                + Wire.string(2, "busy") + retry)
        let badRequest = Wire.bytes(
            3,
            Wire.string(1, "type.googleapis.com/google.rpc.BadRequest")
                + Wire.bytes(2, Wire.bytes(1, Wire.string(1, "body") + Wire.string(2, "truncated"))))
        #expect(
            protobuf.status(.invalidArgument, message: "bad", detail: .badRequest(field: "body", description: "truncated"))
                == Wire.integer(1, 3) + Wire.string(2, "bad") + badRequest)
    }

    @Test("no answer exceeds 4 MiB, and a shortened message ends with a whole character")
    func cap() throws {
        for message in [
            String(repeating: "\u{1}", count: 5 << 20), String(repeating: "€", count: 2 << 20),
            String(repeating: "e\u{301}", count: 2 << 20),
        ] {
            for encoder in [protobuf, json] {
                let bodies = [
                    encoder.partialSuccess(rejected: 1, message: message),
                    encoder.status(.internal, message: message, detail: .badRequest(field: message, description: message)),
                ]
                for body in bodies { #expect(body.count <= 4 << 20) }
            }
            let text = try JSONValue.parse(json.status(.internal, message: message))["message"]?.stringValue ?? ""
            #expect(!text.isEmpty && message.utf8.starts(with: text.utf8))
        }
    }
}

@Suite("RejectionSummary") struct RejectionSummaryTests {
    private func rejections(_ reasons: [SpanRejection.Reason]) -> [SpanRejection] {
        reasons.map { SpanRejection(ordinal: 0, reason: $0, source: .empty) }
    }

    @Test("nothing rejected is no message")
    func none() {
        #expect(RejectionSummary([], receivedSpanCount: 4).errorMessage == "")
    }

    @Test("reasons are counted, the most frequent first")
    func counts() {
        let summary = RejectionSummary(rejections([.valueTooLarge, .traceIDLength, .traceIDLength]), receivedSpanCount: 9)
        #expect(summary.rejectedSpanCount == 3)
        #expect(
            summary.errorMessage
                == "3 spans rejected: 2 trace_id_length (a trace id has 16 bytes), 1 value_too_large (a value has at most 32 MiB)")
    }

    @Test("the message stays short with every reason there is")
    func bounded() {
        let summary = RejectionSummary(rejections((0..<1000).flatMap { _ in SpanRejection.Reason.allCases }), receivedSpanCount: 1_000_000)
        #expect(summary.errorMessage.utf8.count < 2000)
        #expect(SpanRejection.Reason.allCases.allSatisfy { summary.errorMessage.contains($0.rawValue) })
    }
}
