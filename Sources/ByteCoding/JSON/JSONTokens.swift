import Glibc

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
        if !key.hasEscapes {
            guard key.count == name.utf8CodeUnitCount else { return false }
            // Both sides have `key.count` readable bytes: the scanner has read the key's, the literal's are counted.
            guard key.count > 0, let base = raw(key).baseAddress else { return true }
            return memcmp(base, name.utf8Start, key.count) == 0
        }
        var content: [UInt8] = []
        appendContent(of: key, to: &content)
        return content.elementsEqual(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    package func raw(_ string: JSONString) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[string.range]) }
    package func raw(_ number: JSONNumber) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[number.range]) }

    /// Appends what a string spells, escapes decoded. Half a surrogate pair, which no UTF-8 can hold, becomes U+FFFD. Other bytes
    /// are copied, bad UTF-8 included. Returns whether half a pair was found.
    @discardableResult
    package func appendContent(of string: JSONString, to content: inout [UInt8]) -> Bool {
        let start = content.count
        // No escape is longer decoded than written (`\uFFFF` is 6 bytes, its UTF-8 at most 3; a pair is 12 and 4), so the string's own
        // length always suffices.
        content.append(contentsOf: repeatElement(0, count: string.count))
        let (count, foundHalfPair) = content.withUnsafeMutableBytes { target in
            decode(raw(string), into: UnsafeMutableRawBufferPointer(rebasing: target[start...]))
        }
        content.removeLast(string.count - count)
        return foundHalfPair
    }

    /// Writes the decoded text to `target`, which is as long as `text`; returns the bytes written.
    private func decode(
        _ text: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) -> (count: Int, foundHalfPair: Bool) {
        var foundHalfPair = false
        var position = 0
        var count = 0
        while position < text.count {
            let run = JSONBytes.runWithoutBackslash(in: text, from: position)
            if run > 0 {
                UnsafeMutableRawBufferPointer(rebasing: target[count..<count + run])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: text[position..<position + run]))
                position += run
                count += run
                continue
            }
            // The scanner has checked the grammar: one of the eight letters, or `u` and four digits, stands behind each backslash.
            let letter = text[position + 1]
            position += 2
            if letter == UInt8(ascii: "u") {
                let unit = JSONBytes.codeUnit(in: text, at: position) ?? 0xFFFD
                position += 4
                var scalar = unit
                if unit & 0xFC00 == 0xD800, position + 6 <= text.count, text[position] == UInt8(ascii: "\\"),
                    text[position + 1] == UInt8(ascii: "u"), let low = JSONBytes.codeUnit(in: text, at: position + 2),
                    low & 0xFC00 == 0xDC00
                {
                    scalar = 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)
                    position += 6
                } else if unit & 0xF800 == 0xD800 {
                    scalar = 0xFFFD
                    foundHalfPair = true
                }
                count += JSONBytes.write(scalar: scalar, to: target, at: count)
            } else {
                target[count] = JSONBytes.character(ofEscape: letter)
                count += 1
            }
        }
        return (count, foundHalfPair)
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
    package func int64(_ number: JSONNumber) -> Int64? { number.isInteger ? JSONBytes.int64(raw(number)) : nil }
    package func uint64(_ number: JSONNumber) -> UInt64? { number.isInteger ? JSONBytes.uint64(raw(number)) : nil }

    /// The nearest double; nil beyond the range of doubles.
    package func double(_ number: JSONNumber) -> Double? {
        JSONBytes.double(raw(number))
    }
}
