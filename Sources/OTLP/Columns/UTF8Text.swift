/// Checks that bytes are UTF-8, quickly when they are ASCII, as nearly all telemetry is.
///
/// Bounds argument: each load of n bytes at `position` stands behind `position + n <= count`, and callers pass a `base` with
/// `count` readable bytes (a `WireCursor`'s rest or a buffer's own count).
enum UTF8Text {
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    @inline(__always)
    static func isValid(_ base: UnsafeRawPointer, count: Int) -> Bool {
        var position = 0
        while position &+ 32 <= count {
            let a = base.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            let b = base.loadUnaligned(fromByteOffset: position &+ 8, as: UInt64.self)
            let c = base.loadUnaligned(fromByteOffset: position &+ 16, as: UInt64.self)
            let d = base.loadUnaligned(fromByteOffset: position &+ 24, as: UInt64.self)
            if (a | b | c | d) & highBits != 0 { return isValid(base, from: position, count: count) }
            position &+= 32
        }
        var rest: UInt64 = 0
        while position &+ 8 <= count {
            rest |= base.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            position &+= 8
        }
        while position < count {
            rest |= UInt64(base.load(fromByteOffset: position, as: UInt8.self))
            position &+= 1
        }
        // The words are checked together, so a hit says nothing about where: look again from the start of the last 32 bytes or
        // fewer, all before it being ASCII.
        return rest & highBits == 0 || isValid(base, from: count & ~31, count: count)
    }

    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        return isValid(base, count: bytes.count)
    }

    /// Checks from `start` on, before which all is valid. Table 3-7 of the Unicode standard, read byte by byte; ASCII in
    /// between is skipped eight bytes at a time.
    @inline(never)
    private static func isValid(_ base: UnsafeRawPointer, from start: Int, count: Int) -> Bool {
        @inline(__always) func byte(_ position: Int) -> UInt8 { base.load(fromByteOffset: position, as: UInt8.self) }
        @inline(__always) func isContinuation(_ position: Int) -> Bool { byte(position) & 0xc0 == 0x80 }
        var position = start
        while position < count {
            let lead = byte(position)
            switch lead {
            case 0..<0x80:
                position &+= 1
                while position &+ 8 <= count,
                    base.loadUnaligned(fromByteOffset: position, as: UInt64.self) & highBits == 0
                {
                    position &+= 8
                }
            case 0xc2...0xdf:
                guard position &+ 2 <= count, isContinuation(position &+ 1) else { return false }
                position &+= 2
            case 0xe0...0xef:
                guard position &+ 3 <= count, isContinuation(position &+ 1), isContinuation(position &+ 2) else { return false }
                let second = byte(position &+ 1)
                if lead == 0xe0, second < 0xa0 { return false }  // overlong
                if lead == 0xed, second > 0x9f { return false }  // surrogates
                position &+= 3
            case 0xf0...0xf4:
                guard position &+ 4 <= count, isContinuation(position &+ 1), isContinuation(position &+ 2),
                    isContinuation(position &+ 3)
                else { return false }
                let second = byte(position &+ 1)
                if lead == 0xf0, second < 0x90 { return false }  // overlong
                if lead == 0xf4, second > 0x8f { return false }  // beyond U+10FFFF
                position &+= 4
            default: return false
            }
        }
        return true
    }
}
