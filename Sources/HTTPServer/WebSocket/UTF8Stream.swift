/// Whether bytes that come in pieces are UTF-8 so far (Unicode 15, table 3-7): no surrogates, no overlong forms, nothing past U+10FFFF.

struct UTF8Stream: Sendable {
    /// Bytes that must follow to end the character begun.
    private var missingCount = 0
    /// What the next of them may be: narrower than the others behind some first bytes.
    private var nextRange: ClosedRange<UInt8> = 0x80...0xbf

    /// At the end of a character.
    var isComplete: Bool { missingCount == 0 }

    /// False as soon as a byte cannot be; then the stream is of no more use.
    mutating func accept(_ bytes: some Sequence<UInt8>) -> Bool {
        for byte in bytes where !accept(byte) { return false }
        return true
    }

    private mutating func accept(_ byte: UInt8) -> Bool {
        if missingCount > 0 {
            guard nextRange.contains(byte) else { return false }
            missingCount -= 1
            nextRange = 0x80...0xbf
            return true
        }
        switch byte {
        case 0x00...0x7f: return true
        case 0xc2...0xdf: begin(1, 0x80...0xbf)
        case 0xe0: begin(2, 0xa0...0xbf)
        case 0xed: begin(2, 0x80...0x9f)
        case 0xe1...0xef: begin(2, 0x80...0xbf)
        case 0xf0: begin(3, 0x90...0xbf)
        case 0xf1...0xf3: begin(3, 0x80...0xbf)
        case 0xf4: begin(3, 0x80...0x8f)
        default: return false
        }
        return true
    }

    private mutating func begin(_ count: Int, _ range: ClosedRange<UInt8>) {
        missingCount = count
        nextRange = range
    }
}
