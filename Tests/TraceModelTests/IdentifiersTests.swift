import Testing
import TraceModel

@Suite("Identifiers") struct IdentifiersTests {
    @Test("a trace id reads and writes 32 hex digits, upper or lower case")
    func traceIDHex() throws {
        let id = try #require(TraceID(hex: "0AF7651916cd43dd8448eb211c80319c"))
        #expect(id.hex == "0af7651916cd43dd8448eb211c80319c")
        #expect(id.bytes.count == 16)
        #expect(id.bytes[0] == 0x0a)
        #expect(id.bytes.withUnsafeBytes { TraceID(unchecked: $0.baseAddress!) } == id)
        for bad in [
            "", "0af7651916cd43dd8448eb211c80319", "0af7651916cd43dd8448eb211c80319c0", "0af7651916cd43dd8448eb211c80319g",
            "éaf7651916cd43dd8448eb211c80319",
        ] {
            #expect(TraceID(hex: bad) == nil)
        }
    }

    @Test("ids sort as their hex text does")
    func order() throws {
        let texts = [
            "00000000000000000000000000000001", "0000000000000001ffffffffffffffff", "00000000000000020000000000000000",
            "ffffffffffffffff0000000000000000",
        ]
        let ids = try texts.map { try #require(TraceID(hex: $0)) }
        #expect(ids.shuffled().sorted() == ids)
        #expect(SpanID(rawValue: 1) < SpanID(rawValue: 1 << 63))
    }

    @Test("a span id reads and writes 16 hex digits, and zero is none")
    func spanID() throws {
        let id = try #require(SpanID(hex: "00f067aa0ba902B7"))
        #expect(id.hex == "00f067aa0ba902b7")
        #expect(id.bytes == [0x00, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7])
        #expect(SpanID.none.isZero)
        #expect(SpanID(hex: "00f067aa0ba902b") == nil)
    }

    @Test("a project id reads and writes a UUID, and nothing else")
    func projectID() throws {
        let id = try #require(ProjectID(uuid: "018F3C2a-0b1c-7def-8123-456789abcdef"))
        #expect(id.uuid == "018f3c2a-0b1c-7def-8123-456789abcdef")
        for bad in ["", "018f3c2a0b1c7def8123456789abcdef", "018f3c2a-0b1c-7def-8123-456789abcdeg", "018f3c2a-0b1c-7def-8123_456789abcdef"]
        {
            #expect(ProjectID(uuid: bad) == nil)
        }
    }
}
