/// The questions the scanners ask of a text: classes of bytes, and where words begin when the text is itself JSON or part of a URL.

struct TextBytes {
    let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    @inline(__always) var count: Int { bytes.count }
    @inline(__always) subscript(position: Int) -> UInt8 { bytes[position] }

    /// Zero beyond either end: no class has it.
    @inline(__always) func at(_ position: Int) -> UInt8 { position >= 0 && position < bytes.count ? bytes[position] : 0 }

    @inline(__always) func isDigit(_ position: Int) -> Bool { Self.isDigit(at(position)) }

    @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }
    @inline(__always) static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }
    @inline(__always) static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
    @inline(__always) static func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 97 < 6 }

    /// Letters, digits, `-`, `_`: what keys are made of.
    @inline(__always) static func isKeyByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    /// Whether a word may begin here: behind anything but a letter or digit, and behind the letter of a JSON escape (`\n`) or the
    /// digits of a percent-encoded byte (`%20`), which only look like parts of the word.
    func beginsWord(_ position: Int) -> Bool {
        let before = at(position - 1)
        guard Self.isAlphanumeric(before) else { return true }
        if Self.isEscapeLetter(before), at(position - 2) == UInt8(ascii: "\\") { return true }
        return Self.isHex(before) && Self.isHex(at(position - 2)) && at(position - 3) == UInt8(ascii: "%")
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
        for index in 0..<length where bytes[position + index] != text.utf8Start[index] { return false }
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
