import ByteCoding
import Testing

@Suite("Base64") struct Base64Tests {
    @Test("base64 reads back what it wrote, with or without padding, in both alphabets")
    func base64() {
        for count in 0..<20 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 67 + 251) }
            let text = Base64.encode(bytes)
            #expect(text.count % 4 == 0)
            #expect(text.withUnsafeBytes(Base64.decode) == bytes)
            let bare = text.filter { $0 != UInt8(ascii: "=") }.map {
                $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
            }
            #expect(bare.withUnsafeBytes(Base64.decode) == bytes)
            #expect(Base64.urlText(bytes) == String(decoding: bare, as: UTF8.self))
        }
        #expect(Base64.encode(Array("any carnal pleas".utf8)) == Array("YW55IGNhcm5hbCBwbGVhcw==".utf8))
    }

    @Test("what is no base64 is refused", arguments: ["A", "AAAAA", "A===", "====", "AA=A", "A A=", "AA=", "AAA==", "AA==="])
    func noBase64(text: String) {
        #expect(Array(text.utf8).withUnsafeBytes(Base64.decode) == nil)
    }
}
