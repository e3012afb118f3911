/// The tokens a `JSONScanner` hands out: ranges of its text, and how to read what they spell.

/// The content of a string, between its quotes, as it stands in the text.
package struct JSONString: Equatable, Sendable {
    package let start: Int
    package let count: Int
    /// Whether a backslash occurs: then the content differs from the bytes.
    package let hasEscapes: Bool
    /// Whether all bytes are below 0x80. When false, UTF-8 has yet to be checked.
    package let isASCII: Bool

    package var range: Range<Int> { start..<start + count }
}

/// A number as it stands in the text.
package struct JSONNumber: Equatable, Sendable {
    package let start: Int
    package let count: Int
    /// Whether it has neither fraction nor exponent.
    package let isInteger: Bool

    package var range: Range<Int> { start..<start + count }
}

extension JSONScanner {
    /// Whether a key spells `name`. A key with escapes is compared after decoding, so `"na\u006de"` is `name` too.
    package func matches(_ key: JSONString, _ name: StaticString) -> Bool {
        let expected = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        if key.hasEscapes {
            var content: [UInt8] = []
            appendContent(of: key, to: &content)
            return content.elementsEqual(expected)
        }
        return key.count == expected.count && bytes[key.range].elementsEqual(expected)
    }

    package func raw(_ string: JSONString) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[string.range]) }
    package func raw(_ number: JSONNumber) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[number.range]) }

    /// Appends what a string spells, escapes decoded. Half a surrogate pair, which no UTF-8 can hold, becomes U+FFFD. Other bytes
    /// are copied, bad UTF-8 included. Returns whether half a pair was found.
    @discardableResult
    package func appendContent(of string: JSONString, to content: inout [UInt8]) -> Bool {
        guard string.hasEscapes else {
            content.append(contentsOf: bytes[string.range])
            return false
        }
        var foundHalfPair = false
        var position = string.start
        let end = string.start + string.count
        while position < end {
            let byte = bytes[position]
            guard byte == UInt8(ascii: "\\") else {
                let runStart = position
                while position < end, bytes[position] != UInt8(ascii: "\\") { position += 1 }
                content.append(contentsOf: bytes[runStart..<position])
                continue
            }
            // The scanner has checked the grammar: one of the eight letters, or `u` and four digits, stands behind each backslash.
            let letter = bytes[position + 1]
            position += 2
            switch letter {
            case UInt8(ascii: "b"): content.append(0x08)
            case UInt8(ascii: "f"): content.append(0x0c)
            case UInt8(ascii: "n"): content.append(0x0a)
            case UInt8(ascii: "r"): content.append(0x0d)
            case UInt8(ascii: "t"): content.append(0x09)
            case UInt8(ascii: "u"):
                let unit = JSONBytes.codeUnit(in: bytes, at: position) ?? 0xFFFD
                position += 4
                var scalar = unit
                if unit & 0xFC00 == 0xD800, position + 6 <= end, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u"),
                    let low = JSONBytes.codeUnit(in: bytes, at: position + 2), low & 0xFC00 == 0xDC00
                {
                    scalar = 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)
                    position += 6
                } else if unit & 0xF800 == 0xD800 {
                    scalar = 0xFFFD
                    foundHalfPair = true
                }
                JSONBytes.append(scalar: scalar, to: &content)
            default: content.append(letter)
            }
        }
        return foundHalfPair
    }

    /// What a string spells; bad UTF-8 and half surrogate pairs become U+FFFD.
    package func text(of string: JSONString) -> String {
        guard string.hasEscapes else { return String(decoding: bytes[string.range], as: UTF8.self) }
        var content: [UInt8] = []
        content.reserveCapacity(string.count)
        appendContent(of: string, to: &content)
        return String(decoding: content, as: UTF8.self)
    }

    /// The value of an integer without fraction or exponent; nil when it is none or does not fit.
    package func integer<I: FixedWidthInteger>(_ number: JSONNumber, as type: I.Type = I.self) -> I? {
        number.isInteger ? JSONBytes.integer(raw(number)) : nil
    }

    /// The nearest double; nil beyond the range of doubles.
    package func double(_ number: JSONNumber) -> Double? {
        JSONBytes.double(raw(number))
    }
}
