import Glibc

/// Cuts a long text into the parts it is stored as, so that what two texts have in common becomes equal parts.
///
/// A conversation that is sent again with one message more is the same bytes up to the end of the last message. Cut in front of every
/// message, the second text differs from the first in its last parts only. The rules look at nothing behind the cut, so the cut of a
/// prefix is a prefix of the cut:
///
/// - **JSON** (a text that begins with `[` or `{`) is cut before a comma of the two outermost levels once the part has 512 bytes, and
///   before the bracket that closes the outermost level: a list that grew has its new elements where this bracket stood. What follows
///   the outermost level is cut as plain text.
/// - **Plain text** is cut before a line feed once the part has 1 KiB.
///
/// Whatever the bytes are, the parts one behind the other are the text: a text that only looks like JSON is cut at odd places and no
/// worse off. Cuts stand before ASCII characters only, so the parts of UTF-8 text are UTF-8.
struct PayloadCutter {
    /// A comma ends a part of JSON of at least this many bytes.
    static let minimumJSONPartByteCount = 512
    /// The closing bracket ends a part of at least this many bytes: `[x]` is not worth three rows.
    static let minimumLastElementByteCount = 16
    /// A line feed ends a part of plain text of at least this many bytes.
    static let minimumTextPartByteCount = 1024

    /// What the bytes before a place mean for those behind it: enough to go on cutting there without having seen them.
    struct State: BitwiseCopyable, Equatable {
        /// Brackets open (at most 126) and, in the highest bit, whether a string is; 127 is plain text.
        let rawValue: UInt8

        init(rawValue: UInt8) { self.rawValue = rawValue }
        init(depth: Int, isInString: Bool) { rawValue = UInt8(min(depth, 126)) | (isInString ? 0x80 : 0) }

        static let plain = State(rawValue: 127)

        var isPlain: Bool { rawValue & 0x7f == 127 }
        var depth: Int { Int(rawValue & 0x7f) }
        var isInString: Bool { rawValue & 0x80 != 0 }
    }

    private let base: UnsafeRawPointer
    private let count: Int
    /// Where the next part begins.
    private(set) var position: Int
    /// Of the bytes before `position`.
    private(set) var state: State

    /// - Parameters:
    ///   - text: kept by the caller for as long as it cuts.
    ///   - position: a place at or before the end, where the first part begins, with the `state` there; nil at the beginning.
    init(_ text: UnsafeRawBufferPointer, from position: Int = 0, state: State? = nil) {
        // No byte of an empty text is read.
        base = text.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
        count = text.count
        self.position = position
        let first = text.first
        let isJSON = first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
        self.state = state ?? (isJSON ? State(depth: 0, isInString: false) : .plain)
    }

    /// The next part; nil behind the last. Parts are never empty.
    mutating func next() -> Range<Int>? {
        guard position < count else { return nil }
        let start = position
        position = state.isPlain ? plainEnd(start) : jsonEnd(start)
        return start..<position
    }

    private func plainEnd(_ start: Int) -> Int {
        let first = start + Self.minimumTextPartByteCount
        guard first < count, let found = memchr(base + first, 0x0a, count - first) else { return count }
        return UnsafeRawPointer(found) - base
    }

    /// Every index below is from `start` up to `count`; eight bytes are loaded only where eight are left.
    private mutating func jsonEnd(_ start: Int) -> Int {
        var index = start, depth = state.depth, isInString = state.isInString
        while index < count {
            if isInString {
                guard let end = Self.stringEnd(base, from: index, to: count, notBefore: start) else { break }
                index = end &+ 1
                isInString = false
                continue
            }
            // Eight bytes without a meaning are passed over at once.
            if count &- index >= 8 {
                let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                var found = Self.structural(word)
                if depth <= 2, index &- start >= Self.minimumJSONPartByteCount &- 7 { found |= Self.equal(word, 0x2c) }
                if found == 0 {
                    index &+= 8
                    continue
                }
                index &+= found.trailingZeroBitCount &>> 3
            }
            switch base.load(fromByteOffset: index, as: UInt8.self) {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: ","):
                if depth <= 2, index &- start >= Self.minimumJSONPartByteCount {
                    state = State(depth: depth, isInString: false)
                    return index
                }
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth &+= 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if depth <= 1 {
                    if index &- start >= Self.minimumLastElementByteCount {
                        state = State(depth: depth, isInString: false)
                        return index
                    }
                    // The outermost level ends here: what follows is text.
                    state = .plain
                    return plainEnd(start)
                }
                depth &-= 1
            default: break
            }
            index &+= 1
        }
        state = State(depth: depth, isInString: isInString)
        return count
    }

    /// The quote that ends the string around `start`: the first with an even number of backslashes before it. Backslashes in front of
    /// `first` are not looked at.
    private static func stringEnd(_ base: UnsafeRawPointer, from start: Int, to end: Int, notBefore first: Int) -> Int? {
        var index = start
        while index < end, let found = memchr(base + index, 0x22, end &- index) {
            let quote = UnsafeRawPointer(found) - base
            var place = quote
            while place > first, base.load(fromByteOffset: place &- 1, as: UInt8.self) == 0x5c { place &-= 1 }
            if (quote &- place) & 1 == 0 { return quote }
            index = quote &+ 1
        }
        return nil
    }

    // MARK: Eight bytes at once

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The high bit of every byte that equals `byte`; bytes above the lowest such one may be marked wrongly.
    @inline(__always)
    private static func equal(_ word: UInt64, _ byte: UInt64) -> UInt64 {
        let difference = word ^ (byte &* ones)
        return (difference &- ones) & ~difference & highs
    }

    /// Quotes and brackets. `[` and `{`, `]` and `}` differ in one bit.
    @inline(__always)
    private static func structural(_ word: UInt64) -> UInt64 {
        let folded = word | 0x20 &* ones
        return equal(word, 0x22) | equal(folded, 0x7b) | equal(folded, 0x7d)
    }
}
