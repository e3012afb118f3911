import Testing

@testable import OTLP

@Suite("UTF-8 and base64") struct TextTests {
    @Test("UTF-8 is told from other bytes as the standard library does, at every offset")
    func utf8() {
        let sequences: [[UInt8]] = [
            [], [0x41], [0x7f], [0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xc2, 0x80], [0xc2], [0xc2, 0x41], [0xdf, 0xbf], [0xe0, 0x80, 0x80],
            [0xe0, 0xa0, 0x80], [0xe0, 0xa0],
            [0xed, 0x9f, 0xbf], [0xed, 0xa0, 0x80], [0xee, 0x80, 0x80], [0xef, 0xbf, 0xbf], [0xf0, 0x80, 0x80, 0x80],
            [0xf0, 0x8f, 0xbf, 0xbf], [0xf0, 0x90, 0x80, 0x80],
            [0xf0, 0x90, 0x80], [0xf4, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xff],
            [0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80],
        ]
        for sequence in sequences {
            for before in 0..<70 {
                for after in [0, 1, 7, 8, 40] {
                    let text = [UInt8](repeating: 0x61, count: before) + sequence + [UInt8](repeating: 0x62, count: after)
                    let isValid = text.withUnsafeBytes(UTF8Text.isValid)
                    let expected = String(validating: text, as: UTF8.self) != nil
                    if isValid != expected { Issue.record("\(sequence) behind \(before), before \(after) bytes") }
                }
            }
        }
    }

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
        }
        #expect(Base64.encode(Array("any carnal pleas".utf8)) == Array("YW55IGNhcm5hbCBwbGVhcw==".utf8))
    }

    @Test("what is no base64 is refused", arguments: ["A", "AAAAA", "A===", "====", "AA=A", "A A=", "AA=", "AAA==", "AA==="])
    func noBase64(text: String) {
        #expect(Array(text.utf8).withUnsafeBytes(Base64.decode) == nil)
    }
}
