import OTLP
import SeededRandom
import Testing
import TraceModel

@Suite("Ids of refused spans")
struct SpanIdentityTests {
    private static let trace = [UInt8](1...16), span = [UInt8](1...8)
    private static let traceID = TraceID(hex: "0102030405060708090a0b0c0d0e0f10")
    private static let spanID = SpanID(hex: "0102030405060708")

    private func protobuf(_ bytes: [UInt8]) -> (traceID: TraceID?, spanID: SpanID?) {
        bytes.withUnsafeBytes { SpanIdentityFinder.inProtobuf($0) }
    }

    private func json(_ text: String) -> (traceID: TraceID?, spanID: SpanID?) {
        Array(text.utf8).withUnsafeBytes { SpanIdentityFinder.inJSON($0) }
    }

    @Test("ids of the right length are read, whatever stands beside them")
    func protobufIDs() {
        let whole = protobuf([0x2a, 2, 65, 66, 0x0a, 16] + Self.trace + [0x12, 8] + Self.span + [0x39, 1, 2, 3, 4, 5, 6, 7, 8])
        #expect(whole == (Self.traceID, Self.spanID))
        #expect(protobuf([0x0a, 16] + Self.trace + [0x12, 7] + Self.span.prefix(7)) == (Self.traceID, nil))
        #expect(protobuf([0x0a, 16] + Self.trace + [0x12, 80, 1]) == (Self.traceID, nil), "behind damage nothing is read")
        #expect(protobuf([0x0a, 17, 0] + Self.trace + [0x12, 8] + Self.span) == (nil, Self.spanID))
        #expect(protobuf([]) == (nil, nil))
        #expect(protobuf([0xff, 0xff]) == (nil, nil))
    }

    @Test("the same in JSON")
    func jsonIDs() {
        let trace = #""traceId":"0102030405060708090A0B0C0D0E0F10""#, span = #""spanId":"0102030405060708""#
        #expect(json("{\(trace),\(span),\"name\":") == (Self.traceID, Self.spanID))
        #expect(json("{\"events\":[{\"spanId\":\"ffffffffffffffff\"}],\(span)}") == (nil, Self.spanID))
        #expect(json("{\(trace),\"spanId\":\"a secret of mine\"}") == (Self.traceID, nil))
        #expect(json("{\(trace),\"spanId\":7}") == (Self.traceID, nil))
        #expect(json("[]") == (nil, nil))
        #expect(json("{\(trace),\"spanId\"") == (Self.traceID, nil))
    }

    @Test("random bytes are read without a fault", arguments: TestSeed.several(2))
    func random(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
            _ = protobuf(bytes)
            _ = protobuf([0x0a, 16] + bytes)
            _ = json("{" + String(decoding: bytes, as: UTF8.self))
        }
    }
}
