import Glibc

/// Searching bytes in bytes, the inner loop of full-text predicates.
///
/// Eight positions at a time are compared with the first and the last byte of the needle, in one machine word each; only
/// where both agree is the rest compared (after Wojciech Muła, "SIMD-friendly algorithms for substring searching"; words
/// because the vector types of the standard library compile to slow code here). Prompts are long and matches rare.
enum ByteSearch {
    static func contains(_ text: UnsafeRawBufferPointer, _ needle: UnsafeRawBufferPointer) -> Bool {
        guard let needleBase = needle.baseAddress, needle.count > 0 else { return true }
        return find(text, needle, firstCase: 0, lastCase: 0) { equal($0, needleBase, needle.count) }
    }

    /// As `contains`; ASCII letters match in either case. The needle is lower case.
    static func containsIgnoringCase(_ text: UnsafeRawBufferPointer, _ needle: UnsafeRawBufferPointer) -> Bool {
        guard let needleBase = needle.baseAddress, needle.count > 0 else { return true }
        return find(text, needle, firstCase: caseBit(of: needle[0]), lastCase: caseBit(of: needle[needle.count - 1])) {
            equalIgnoringCase($0, needleBase, needle.count)
        }
    }

    /// The bit in which both cases of a letter differ; 0 for every other byte. Set in a text's byte it may make a letter of what is none,
    /// which the comparison of the whole finds out.
    @inline(__always)
    private static func caseBit(of byte: UInt8) -> UInt8 { byte >= 0x61 && byte <= 0x7A ? 0x20 : 0 }

    /// `firstCase`, `lastCase`: bits that are set in the text's bytes before they are compared with the needle's first and last one.
    @inline(__always)
    private static func find(
        _ text: UnsafeRawBufferPointer, _ needle: UnsafeRawBufferPointer, firstCase: UInt8, lastCase: UInt8,
        _ isThere: (UnsafeRawPointer) -> Bool
    ) -> Bool {
        guard let base = text.baseAddress, text.count >= needle.count else { return false }
        let first = needle[0]
        let distance = needle.count - 1
        let last = needle[distance]
        let firsts = UInt64(first) &* ones
        let lasts = UInt64(last) &* ones
        let firstCases = UInt64(firstCase) &* ones
        let lastCases = UInt64(lastCase) &* ones
        let end = text.count - distance
        var position = 0
        // Bounds: the loads end at most at `position + distance + 8 <= text.count`.
        while position &+ 8 <= end {
            let heads = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let tails = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position &+ distance, as: UInt64.self))
            let differences = ((heads | firstCases) ^ firsts) | ((tails | lastCases) ^ lasts)
            // The lowest mark is a zero byte for certain; marks above it may be its carry, which the comparison finds out.
            var marks = (differences &- ones) & ~differences & highBits
            while marks != 0 {
                if isThere(base + position + marks.trailingZeroBitCount &>> 3) { return true }
                marks &= marks &- 1
            }
            position &+= 8
        }
        while position < end {
            if base.load(fromByteOffset: position, as: UInt8.self) | firstCase == first,
                base.load(fromByteOffset: position &+ distance, as: UInt8.self) | lastCase == last, isThere(base + position)
            {
                return true
            }
            position &+= 1
        }
        return false
    }

    private static var ones: UInt64 { 0x0101_0101_0101_0101 }
    private static var highBits: UInt64 { 0x8080_8080_8080_8080 }

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

    @inline(__always)
    private static func equalIgnoringCase(_ text: UnsafeRawPointer, _ needle: UnsafeRawPointer, _ count: Int) -> Bool {
        for offset in 0..<count
        where lower(text.load(fromByteOffset: offset, as: UInt8.self)) != needle.load(fromByteOffset: offset, as: UInt8.self) {
            return false
        }
        return true
    }

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
