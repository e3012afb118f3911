import Glibc

/// Searching bytes in bytes, the inner loop of full-text predicates.
///
/// Thirty-two positions at a time are compared with the first and the last byte of the needle; only where both agree is the
/// rest compared (Wojciech Muła, "SIMD-friendly algorithms for substring searching"). Prompts are long and matches rare, so
/// the loop runs at memory speed.
enum ByteSearch {
    static func contains(_ text: UnsafeRawBufferPointer, _ needle: UnsafeRawBufferPointer) -> Bool {
        guard let needleBase = needle.baseAddress, needle.count > 0 else { return true }
        guard let base = text.baseAddress, text.count >= needle.count else { return false }
        let first = needle[0]
        let distance = needle.count - 1
        let last = needle[distance]
        let firsts = SIMD32<UInt8>(repeating: first)
        let lasts = SIMD32<UInt8>(repeating: last)
        let end = text.count - distance
        var position = 0
        // Bounds: both loads end at most at `position + distance + 32 <= text.count`.
        while position &+ 32 <= end {
            let heads = base.loadUnaligned(fromByteOffset: position, as: SIMD32<UInt8>.self)
            let tails = base.loadUnaligned(fromByteOffset: position &+ distance, as: SIMD32<UInt8>.self)
            let differences = (heads ^ firsts) | (tails ^ lasts)
            if anyZero(differences) {
                for lane in 0..<32 where differences[lane] == 0 {
                    if equal(base + position + lane, needleBase, needle.count) { return true }
                }
            }
            position &+= 32
        }
        while position < end {
            if text[position] == first, text[position &+ distance] == last, equal(base + position, needleBase, needle.count) {
                return true
            }
            position &+= 1
        }
        return false
    }

    /// As `contains`; ASCII letters match in either case. The needle is lower case.
    static func containsIgnoringCase(_ text: UnsafeRawBufferPointer, _ needle: UnsafeRawBufferPointer) -> Bool {
        guard needle.count > 0 else { return true }
        guard text.count >= needle.count else { return false }
        let first = needle[0]
        for position in 0...(text.count - needle.count) where lower(text[position]) == first {
            if equalIgnoringCase(text, position, needle) { return true }
        }
        return false
    }

    static func hasPrefix(_ text: UnsafeRawBufferPointer, _ needle: UnsafeRawBufferPointer, ignoringCase: Bool) -> Bool {
        text.count >= needle.count && matches(text, 0, needle, ignoringCase)
    }

    static func hasSuffix(_ text: UnsafeRawBufferPointer, _ needle: UnsafeRawBufferPointer, ignoringCase: Bool) -> Bool {
        text.count >= needle.count && matches(text, text.count - needle.count, needle, ignoringCase)
    }

    static func equal(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        guard a.count == b.count else { return false }
        guard let a = a.baseAddress, let other = b.baseAddress else { return true }
        return equal(a, other, b.count)
    }

    /// Order of the bytes, which is the order of Unicode scalars.
    static func precedes(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        let shared = min(a.count, b.count)
        var position = 0
        while position < shared, a[position] == b[position] { position &+= 1 }
        return position < shared ? a[position] < b[position] : a.count < b.count
    }

    /// Eight bytes at once: the exact zero-byte test of a word, which carries cannot disturb when it only says "any".
    @inline(__always)
    private static func anyZero(_ vector: SIMD32<UInt8>) -> Bool {
        let words = unsafeBitCast(vector, to: SIMD4<UInt64>.self)
        let zeros = (words &- SIMD4(repeating: 0x0101_0101_0101_0101)) & ~words & SIMD4(repeating: 0x8080_8080_8080_8080)
        return zeros[0] | zeros[1] | zeros[2] | zeros[3] != 0
    }

    @inline(__always)
    private static func equal(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ count: Int) -> Bool { memcmp(a, b, count) == 0 }

    private static func matches(
        _ text: UnsafeRawBufferPointer, _ position: Int, _ needle: UnsafeRawBufferPointer, _ ignoringCase: Bool
    ) -> Bool {
        ignoringCase
            ? equalIgnoringCase(text, position, needle)
            : equal(UnsafeRawBufferPointer(rebasing: text[position..<position + needle.count]), needle)
    }

    private static func equalIgnoringCase(_ text: UnsafeRawBufferPointer, _ position: Int, _ needle: UnsafeRawBufferPointer) -> Bool {
        for offset in 0..<needle.count where lower(text[position + offset]) != needle[offset] { return false }
        return true
    }

    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
}
