/// E-mail addresses: a local part of letters, digits and the marks people use, `@` (or `%40`, `\u0040`), and a domain of at least two
/// labels whose last has a letter.
///
/// Found: Unicode in both parts, addresses inside JSON texts (escapes are stepped over) and URLs. Not found: quoted local parts,
/// domains without a dot (`root@localhost`), addresses in square brackets (the numbers inside are the pattern `ip`'s), `at`
/// written out. Taken for addresses: logins of URLs and remotes (`git@host.example`), `package@release.zip`.

enum EmailScanner {
    /// Longer than an address may be; a run of bytes before an `@` is looked at no further back.
    private static let maximumLocalByteCount = 320

    /// - Parameters:
    ///   - sign: where the `@` stands, in any of its forms.
    ///   - signByteCount: how long it is.
    ///   - floor: where the match before ended.
    static func match(_ text: TextBytes, sign: Int, signByteCount: Int, floor: Int) -> Range<Int>? {
        guard let start = localStart(text, sign: sign, floor: floor),
            let end = domainEnd(text, from: sign + signByteCount)
        else { return nil }
        return start..<end
    }

    private static func localStart(_ text: TextBytes, sign: Int, floor: Int) -> Int? {
        let lowest = max(floor, sign - maximumLocalByteCount)
        var start = sign
        while start > lowest {
            let byte = text[start - 1]
            if isLocal(byte) {
                start -= 1
            } else if byte == UInt8(ascii: "\\"), start < sign, text[start] == byte, text.escapedUnit(at: start) != nil {
                // JSON in JSON: two backslashes before an escape that is part of the address.
                start -= 1
            } else if byte == UInt8(ascii: "\\"), start < sign {
                if let unit = text.escapedUnit(at: start - 1), start - 1 + TextBytes.unicodeEscapeByteCount <= sign {
                    guard isLocal(unit) else {
                        start += TextBytes.unicodeEscapeByteCount - 1
                        break
                    }
                    start -= 1
                } else {
                    if TextBytes.isEscapeLetter(text[start]) { start += 1 }
                    break
                }
            } else {
                break
            }
        }
        // A cut inside a character, and quotes around the address, are no part of it.
        while start < sign, text[start] & 0xc0 == 0x80 || isMark(text[start]) { start += 1 }
        return start < sign ? start : nil
    }

    private static func domainEnd(_ text: TextBytes, from start: Int) -> Int? {
        var end = start
        while end < text.count {
            if isDomain(text[end]) {
                end += 1
                continue
            }
            let escape = text.has("\\\\", at: end) ? end + 1 : end
            guard let unit = text.escapedUnit(at: escape), unit >= 0x80 else { break }
            end = escape + TextBytes.unicodeEscapeByteCount
        }
        while end > start {
            let last = text[end - 1]
            if last == UInt8(ascii: ".") || last == UInt8(ascii: "-") || last == UInt8(ascii: "_") {
                end -= 1
                continue
            }
            var label = end
            var hasLetter = false
            while label > start, text[label - 1] != UInt8(ascii: ".") {
                label -= 1
                if text[label] >= 0x80 || TextBytes.isLetter(text[label]) { hasLetter = true }
            }
            guard label > start + 1 else { return nil }
            if hasLetter, end - label >= 2 { return end }
            end = label - 1
        }
        return nil
    }

    private static func isLocal(_ byte: UInt8) -> Bool {
        if byte >= 0x80 || TextBytes.isAlphanumeric(byte) { return true }
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "%"): return true
        default: return isMark(byte)
        }
    }

    /// An escaped character: `<`, quotes and blanks end an address however they are written.
    private static func isLocal(_ unit: UInt16) -> Bool { unit >= 0x80 || isLocal(UInt8(truncatingIfNeeded: unit)) }

    /// Marks that may stand inside a local part and more often stand in front of one.
    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "*"), UInt8(ascii: "^"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func isDomain(_ byte: UInt8) -> Bool {
        byte >= 0x80 || TextBytes.isAlphanumeric(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }
}
