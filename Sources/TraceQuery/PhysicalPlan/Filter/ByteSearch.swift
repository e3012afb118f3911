import Glibc

/// Searching bytes in bytes, the inner loop of full-text predicates.
///
/// Eight positions at a time are compared with the first and the last byte of the needle, in one machine word each; only
/// where both agree is the rest compared (after Wojciech Muła, "SIMD-friendly algorithms for substring searching"; words
/// because the vector types of the standard library compile to slow code here). Prompts are long and matches rare.
enum ByteSearch {
    static func contains(_ text: UnsafeRawBufferPointer, _ needle: UnsafeRawBufferPointer) -> Bool {
        guard let needleBase = needle.baseAddress, needle.count > 0 else { return true }
        guard let base = text.baseAddress, text.count >= needle.count else { return false }
        let first = needle[0]
        let distance = needle.count - 1
        let last = needle[distance]
        let firsts = UInt64(first) &* ones
        let lasts = UInt64(last) &* ones
        let end = text.count - distance
        var position = 0
        // Bounds: the loads end at most at `position + distance + 8 <= text.count`.
        while position &+ 8 <= end {
            let heads = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let tails = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position &+ distance, as: UInt64.self))
            let differences = (heads ^ firsts) | (tails ^ lasts)
            // The lowest mark is a zero byte for certain; marks above it may be its carry, which the comparison finds out.
            var marks = (differences &- ones) & ~differences & highBits
            while marks != 0 {
                if equal(base + position + marks.trailingZeroBitCount &>> 3, needleBase, needle.count) { return true }
                marks &= marks &- 1
            }
            position &+= 8
        }
        while position < end {
            if base.load(fromByteOffset: position, as: UInt8.self) == first,
                base.load(fromByteOffset: position &+ distance, as: UInt8.self) == last, equal(base + position, needleBase, needle.count)
            {
                return true
            }
            position &+= 1
        }
        return false
    }

    private static var ones: UInt64 { 0x0101_0101_0101_0101 }
    private static var highBits: UInt64 { 0x8080_8080_8080_8080 }

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
