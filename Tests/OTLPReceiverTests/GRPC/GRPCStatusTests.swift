import ByteCoding
import HTTPTypes
import OTLP
import Testing

@testable import OTLPReceiver

@Suite("Trailers of gRPC")
struct GRPCStatusTests {
    private static func trailers(_ message: String, retryAfterSeconds: Int? = nil) -> HTTPFields {
        GRPCStatus(
            ExportRefusal(
                status: .serviceUnavailable, code: .unavailable, reason: "test", message: message, retryAfterSeconds: retryAfterSeconds)
        ).trailers
    }

    @Test("a status has its code, its message and both in the details")
    func plain() throws {
        let fields = Self.trailers("try again")
        #expect(fields[.grpcStatus] == "14")
        #expect(fields[.grpcMessage] == "try again")
        // Status { code 14, message }
        #expect(fields[.grpcStatusDetails] == Base64.unpaddedText([8, 14, 18, 9] + Array("try again".utf8)))
        #expect(fields[.retryInfo] == nil)
    }

    @Test("a delay is told in both places that clients look at")
    func delay() throws {
        let fields = Self.trailers("m", retryAfterSeconds: 7)
        // RetryInfo { retry_delay { seconds 7 } }, and nanoseconds of zero.
        let retryInfo: [UInt8] = [10, 2, 8, 7]
        #expect(fields[.retryInfo] == Base64.unpaddedText(retryInfo))
        let type = Array("type.googleapis.com/google.rpc.RetryInfo".utf8)
        let any: [UInt8] = [10, UInt8(type.count)] + type + [18, UInt8(retryInfo.count)] + retryInfo
        #expect(fields[.grpcStatusDetails] == Base64.unpaddedText([8, 14, 18, 1, UInt8(ascii: "m"), 26, UInt8(any.count)] + any))
    }

    @Test("what is wrong with a request for good is told as the violation of a field")
    func violation() throws {
        let refusal = ExportRefusal(status: .badRequest, code: .invalidArgument, reason: "malformed_body", message: "no")
        let violation: [UInt8] = [10, 4] + Array("body".utf8) + [18, 2] + Array("no".utf8)
        let badRequest: [UInt8] = [10, UInt8(violation.count)] + violation, type = Array("type.googleapis.com/google.rpc.BadRequest".utf8)
        let any: [UInt8] = [10, UInt8(type.count)] + type + [18, UInt8(badRequest.count)] + badRequest
        #expect(
            GRPCStatus(refusal).trailers[.grpcStatusDetails]
                == Base64.unpaddedText([8, 3, 18, 2] + Array("no".utf8) + [26, UInt8(any.count)] + any))
        #expect(
            refusal.body(ExportTraceResponseEncoder(format: .protobuf)) == [8, 3, 18, 2] + Array("no".utf8) + [26, UInt8(any.count)] + any)
        // JSON has no form for it in OTLP.
        #expect(refusal.body(ExportTraceResponseEncoder(format: .json)) == Array(#"{"code":3,"message":"no"}"#.utf8))
    }

    @Test("a message is printable ASCII on the wire, whatever it says")
    func percent() {
        #expect(GRPCStatus.percentEncoded("100 % sure: é\r\n\u{7f}") == "100 %25 sure: %C3%A9%0D%0A%7F")
    }

    @Test("a long message is cut between characters, so that the trailers stay within what clients take")
    func long() throws {
        let fields = Self.trailers(String(repeating: "é", count: 5000), retryAfterSeconds: 1)
        #expect(fields[.grpcMessage] == String(repeating: "%C3%A9", count: 512))
        let violated = GRPCStatus(
            ExportRefusal(
                status: .badRequest, code: .invalidArgument, reason: "test", message: String(repeating: "é", count: 5000))
        ).trailers
        for fields in [fields, violated] {
            #expect(fields.reduce(0) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 32 } < 8 << 10)
        }
    }
}
