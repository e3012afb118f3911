/// The id under which a request stands in its reply, in the log and in problem documents.

import ByteCoding
import HTTPTypes

package struct RequestID: Hashable, Sendable {
    package let text: String

    /// Takes over the sender's id when it is short and plain enough to be logged and sent back.
    package init?(header: String) {
        let isPlain = header.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "+"),
                UInt8(ascii: "="):
                true
            default: false
            }
        }
        guard isPlain, (1...128).contains(header.utf8.count) else { return nil }
        text = header
    }

    private init(text: String) { self.text = text }

    /// A UUIDv7: ids sort as the requests came.
    package static func random() -> RequestID {
        let milliseconds = WallClock.nowUnixNano() / 1_000_000
        var generator = SystemRandomNumberGenerator()
        let high = milliseconds << 16 | 0x7000 | UInt64.random(in: 0...0xfff, using: &generator)
        let low = 0x8000_0000_0000_0000 | generator.next() >> 2
        let digits = Array((hexDigits(high) + hexDigits(low)).utf8)
        let groups = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
        return RequestID(text: groups.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-"))
    }

    private static func hexDigits(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}

extension HTTPField.Name {
    // A valid token, so not nil.
    package static let requestID = HTTPField.Name("x-request-id")!
}
