import Ingest
import OTLP
import Testing

@testable import OTLPReceiver

@Suite("Messages of gRPC")
struct GRPCMessageTests {
    private static func unwrap(_ body: [UInt8], _ encoding: ContentEncoding) throws(ExportRefusal) -> ([UInt8], ContentEncoding) {
        let message = Array(body.dropFirst(5))
        return (message, try GRPCMessage.check(Array(body.prefix(5)), messageByteCount: message.count, encoding: encoding))
    }

    private static func refusal(of body: [UInt8], _ encoding: ContentEncoding = .identity) -> ExportTraceResponseEncoder.StatusCode? {
        do {
            _ = try unwrap(body, encoding)
            return nil
        } catch { return error.code }
    }

    @Test("a message comes out of its frame as it went in")
    func roundTrip() throws {
        for length in [0, 1, 255, 256, 70_000] {
            let message = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
            let frame = GRPCMessage.wrap(message)
            #expect(frame.count == length + 5)
            let (unwrapped, encoding) = try Self.unwrap(frame, .gzip)
            // What is not said to be compressed is not, whatever the call's encoding.
            #expect(unwrapped == message && encoding == .identity)
        }
        #expect(GRPCMessage.wrap([7, 8]) == [0, 0, 0, 0, 2, 7, 8])
    }

    @Test("a compressed message has the call's encoding, and needs one")
    func compressed() throws {
        let (message, encoding) = try Self.unwrap([1, 0, 0, 0, 1, 9], .gzip)
        #expect(message == [9] && encoding == .gzip)
        #expect(Self.refusal(of: [1, 0, 0, 0, 1, 9]) == .internal)
    }

    @Test(
        "a body that is not exactly one message is refused",
        arguments: [
            [], [0], [0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 1, 2, 3], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 255, 255, 255, 255, 1],
            [2, 0, 0, 0, 1, 9], [255, 0, 0, 0, 0],
        ] as [[UInt8]])
    func refused(_ body: [UInt8]) { #expect(Self.refusal(of: body, .gzip) == .invalidArgument) }

    @Test("an encoding this server cannot read is unimplemented, and the answer says which it can")
    func encodings() throws {
        for (name, encoding) in [("identity", ContentEncoding.identity), ("gzip", .gzip), ("deflate", .deflate), ("zstd", .zstd)] {
            #expect(try ContentEncoding(grpcEncoding: name) == encoding)
        }
        #expect(try ContentEncoding(grpcEncoding: nil) == .identity)
        do {
            _ = try ContentEncoding(grpcEncoding: "snappy")
            Issue.record("snappy is read")
        } catch {
            #expect(error.code == .unimplemented && error.message.contains("zstd"))
        }
    }
}
