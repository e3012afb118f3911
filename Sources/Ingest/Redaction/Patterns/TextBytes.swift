/// The questions the scanners ask of a text: classes of bytes, and where words begin when the text is itself JSON or part of a URL.

struct TextBytes {
    let bytes: UnsafeRawBufferPointer
    /// Counts the bytes that scanners look at; nil outside of the tests that hold them to linear work.
    private let readCount: UnsafeMutablePointer<Int>?

    init(_ bytes: UnsafeRawBufferPointer, countingIn readCount: UnsafeMutablePointer<Int>? = nil) {
        self.bytes = bytes
        self.readCount = readCount
    }

    @inline(__always) var count: Int { bytes.count }

    @inline(__always) subscript(position: Int) -> UInt8 {
        if let readCount { readCount.pointee += 1 }
        return bytes[position]
    }

    /// Zero beyond either end: no class has it.
    @inline(__always) func at(_ position: Int) -> UInt8 { position >= 0 && position < bytes.count ? self[position] : 0 }

    @inline(__always) func isDigit(_ position: Int) -> Bool { Self.isDigit(at(position)) }

    @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }
    @inline(__always) static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }
    @inline(__always) static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
    @inline(__always) static func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 97 < 6 }

    /// Letters, digits, `-`, `_`: what keys are made of.
    @inline(__always) static func isKeyByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    /// Whether a word may begin here: behind anything but a letter or digit, and behind the letter of a JSON escape (`\n`), the digits
    /// of one (`\u0022`) or those of a percent-encoded byte (`%20`), which only look like parts of the word.
    func beginsWord(_ position: Int) -> Bool {
        let before = at(position - 1)
        guard Self.isAlphanumeric(before) else { return true }
        if Self.isEscapeLetter(before), at(position - 2) == UInt8(ascii: "\\") { return true }
        guard Self.isHex(before) else { return false }
        if Self.isHex(at(position - 2)), at(position - 3) == UInt8(ascii: "%") { return true }
        return escapedUnit(at: position - Self.unicodeEscapeByteCount) != nil
    }

    /// Bytes of `\u0022`.
    static let unicodeEscapeByteCount = 6

    /// The UTF-16 unit that a JSON escape of the form `\u0022` stands for; nil when there is none here. Where JSON stands in JSON
    /// (`\\u0022`) the second backslash is the place.
    func escapedUnit(at position: Int) -> UInt16? {
        guard at(position) == UInt8(ascii: "\\"), at(position + 1) == UInt8(ascii: "u") else { return nil }
        var unit: UInt16 = 0
        for index in position + 2..<position + Self.unicodeEscapeByteCount {
            let byte = at(index)
            guard Self.isHex(byte) else { return nil }
            unit = unit << 4 | UInt16(Self.isDigit(byte) ? byte & 0xf : byte & 0xf + 9)
        }
        return unit
    }

    static func isEscapeLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): true
        default: false
        }
    }

    /// Whether these bytes stand here.
    func has(_ text: StaticString, at position: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard position >= 0, position + length <= count else { return false }
        for index in 0..<length where self[position + index] != text.utf8Start[index] { return false }
        return true
    }

    /// Where these bytes stand next; nil when nowhere before `end`.
    func find(_ text: StaticString, from start: Int, before end: Int) -> Int? {
        var position = start
        while position < end {
            if has(text, at: position) { return position }
            position += 1
        }
        return nil
    }
}
