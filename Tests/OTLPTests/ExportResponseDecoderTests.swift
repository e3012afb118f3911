import OTLP
import Testing

@Suite("A collector's response")
struct ExportResponseDecoderTests {
    @Test("tells how much was rejected")
    func rejected() throws {
        let encoder = ExportTraceResponseEncoder(format: .protobuf)
        #expect(try ExportResponseDecoder.rejectedCount(encoder.success()) == 0)
        #expect(try ExportResponseDecoder.rejectedCount(encoder.partialSuccess(rejected: 300, message: "too old")) == 300)
        #expect(try ExportResponseDecoder.rejectedCount(encoder.partialSuccess(rejected: 0, message: "a warning")) == 0)
    }

    @Test("that is no message is an error", arguments: [[UInt8]([0x0a, 0x05, 0x08]), Array("<html>".utf8), [0x08, 0x01]])
    func malformed(body: [UInt8]) { #expect(throws: OTLPError.self) { try ExportResponseDecoder.rejectedCount(body) } }
}
