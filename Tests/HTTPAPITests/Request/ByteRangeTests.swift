import Testing

@testable import HTTPAPI

@Suite("Ranges of bytes")
struct ByteRangeTests {
    @Test("a range with a first byte, with both, or from the end; cut at the end of what there is")
    func ranges() {
        #expect(ByteRange("bytes=0-9", byteCount: 100) == .part(0..<10))
        #expect(ByteRange("bytes=90-", byteCount: 100) == .part(90..<100))
        #expect(ByteRange("Bytes=-10", byteCount: 100) == .part(90..<100))
        #expect(ByteRange("bytes=-1000", byteCount: 100) == .part(0..<100))
        #expect(ByteRange("bytes=99-9223372036854775807", byteCount: 100) == .part(99..<100))
        #expect(ByteRange("bytes=5-99999999999999999999999", byteCount: 100) == .part(5..<100))
    }

    @Test("what asks for no byte that is there cannot be satisfied; what is no single range means the whole")
    func others() {
        for text in ["bytes=100-", "bytes=-0", "bytes=99999999999999999999999-"] {
            #expect(ByteRange(text, byteCount: 100) == .unsatisfiable, "\(text)")
        }
        #expect(ByteRange("bytes=0-", byteCount: 0) == .unsatisfiable)
        for text in [
            nil, "", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b", "bytes= 0-1", "bytes=--1", "bytes=+1-2",
        ] {
            #expect(ByteRange(text, byteCount: 100) == .whole, "\(text ?? "nil")")
        }
    }
}
