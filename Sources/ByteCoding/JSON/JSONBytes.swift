/// The byte arithmetic that JSON's scanner and writer share.
package enum JSONBytes {
    static let highBits: UInt64 = 0x8080_8080_8080_8080
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// The high bit of each byte of a little-endian word that a JSON string cannot hold as it is: a quote, a backslash or a
    /// control character. Only the lowest set bit is exact (a borrow may mark bytes above it), so readers take the lowest.
    @inline(__always)
    static func stops(in word: UInt64) -> UInt64 {
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5c)
        return (((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes) | ((word &- ones &* 0x20) & ~word)) & highBits
    }

    /// The UTF-16 code unit that four hex digits at `position` spell.
    static func codeUnit(in bytes: UnsafeRawBufferPointer, at position: Int) -> UInt32? {
        guard position + 4 <= bytes.count else { return nil }
        var unit: UInt32 = 0
        for digit in bytes[position..<position + 4] {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt32(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt32(digit - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt32(digit - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return unit
    }

    /// How many bytes from `start` on are no backslash.
    ///
    /// Bounds: the eight-byte load stands behind `position + 8 <= text.count`.
    static func runWithoutBackslash(in text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var position = start
        while position &+ 8 <= text.count {
            let word = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: position, as: UInt64.self)) ^ (ones &* 0x5c)
            let hits = (word &- ones) & ~word & highBits
            if hits != 0 { return position &- start &+ hits.trailingZeroBitCount &>> 3 }
            position &+= 8
        }
        while position < text.count, text[position] != UInt8(ascii: "\\") { position &+= 1 }
        return position - start
    }

    /// What an escape of one letter stands for; quotes, backslashes and slashes stand for themselves.
    static func character(ofEscape letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }

    /// Writes a scalar (below 0x110000, no surrogate) in UTF-8; returns its byte count.
    static func write(scalar: UInt32, to target: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        func continuation(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: scalar >> shift) & 0x3f }
        switch scalar {
        case 0..<0x80:
            target[offset] = UInt8(truncatingIfNeeded: scalar)
            return 1
        case 0x80..<0x800:
            target[offset] = 0xc0 | UInt8(truncatingIfNeeded: scalar >> 6)
            target[offset + 1] = continuation(0)
            return 2
        case 0x800..<0x10000:
            target[offset] = 0xe0 | UInt8(truncatingIfNeeded: scalar >> 12)
            target[offset + 1] = continuation(6)
            target[offset + 2] = continuation(0)
            return 3
        default:
            target[offset] = 0xf0 | UInt8(truncatingIfNeeded: scalar >> 18)
            target[offset + 1] = continuation(12)
            target[offset + 2] = continuation(6)
            target[offset + 3] = continuation(0)
            return 4
        }
    }

    /// Reads decimal digits; nil for anything else and beyond 64 bits. Not generic: generic code is not specialized for other
    /// modules.
    package static func uint64(_ text: UnsafeRawBufferPointer) -> UInt64? {
        guard !text.isEmpty else { return nil }
        var value: UInt64 = 0
        for byte in text {
            let digit = byte &- UInt8(ascii: "0")
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (next, isBeyond) = product.addingReportingOverflow(UInt64(digit))
            guard digit < 10, !isTooLarge, !isBeyond else { return nil }
            value = next
        }
        return value
    }

    /// Reads an optional minus and decimal digits; nil for anything else and beyond 64 bits.
    package static func int64(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard text.first == UInt8(ascii: "-") else { return uint64(text).flatMap { Int64(exactly: $0) } }
        guard let magnitude = uint64(UnsafeRawBufferPointer(rebasing: text.dropFirst())), magnitude <= 1 << 63 else { return nil }
        return Int64(truncatingIfNeeded: 0 &- magnitude)
    }

    /// Reads a number in JSON's grammar; nil beyond the range of doubles.
    package static func double(_ text: UnsafeRawBufferPointer) -> Double? {
        if let value = shortDouble(text) { return value }
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }

    /// Digits with at most one point, below 2^53, and at most 22 places: digits and power of ten are both exact doubles, so
    /// one division rounds correctly. Everything else is left to the standard library.
    private static func shortDouble(_ text: UnsafeRawBufferPointer) -> Double? {
        guard text.count <= 17 else { return nil }
        var digits: UInt64 = 0
        var places = 0
        var isAfterPoint = false
        var position = text.first == UInt8(ascii: "-") ? 1 : 0
        let isNegative = position == 1
        while position < text.count {
            let byte = text[position]
            if byte == UInt8(ascii: ".") {
                isAfterPoint = true
            } else {
                let digit = byte &- UInt8(ascii: "0")
                guard digit < 10 else { return nil }
                digits = digits * 10 + UInt64(digit)
                if isAfterPoint { places += 1 }
            }
            position += 1
        }
        guard digits < 1 << 53 else { return nil }
        let value = Double(digits) / powersOfTen[places]
        return isNegative ? -value : value
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}
