/// IP addresses: version 4 as four numbers up to 255, version 6 in any form of RFC 4291, with an embedded version 4 address or not.
///
/// Found: private and loopback addresses too, with ports and prefix lengths behind them. Not found: `::` alone, other notations of
/// version 4 (one number, octal). Taken for addresses: versions of four numbers (`1.2.3.4`), names like `a::b` made of hex digits.

enum AddressScanner {
    /// `start` is the first digit of a run.
    static func version4(_ text: TextBytes, at start: Int) -> Range<Int>? {
        if text.at(start - 1) == UInt8(ascii: "."), text.isDigit(start - 2) { return nil }
        return version4End(text, from: start).map { start..<$0 }
    }

    private static func version4End(_ text: TextBytes, from start: Int) -> Int? {
        var position = start
        for part in 0..<4 {
            if part > 0 {
                guard text.at(position) == UInt8(ascii: ".") else { return nil }
                position += 1
            }
            let partStart = position
            var value = 0
            while text.isDigit(position), position - partStart < 3 {
                value = value * 10 + Int(text[position] & 0xf)
                position += 1
            }
            guard position > partStart, value <= 255, !text.isDigit(position) else { return nil }
        }
        if text.at(position) == UInt8(ascii: "."), text.isDigit(position + 1) { return nil }
        return position
    }

    /// `colon` is the first colon of a run of them and hex digits.
    static func version6(_ text: TextBytes, colon: Int, floor: Int) -> Range<Int>? {
        var start = colon
        while start > max(floor, colon - 7), TextBytes.isHex(text[start - 1]) { start -= 1 }
        // Digits of an escape (`\u0022`) are none of the address, nor are the two of an encoded byte.
        for position in stride(from: colon, through: start, by: -1)
        where text.escapedUnit(at: position - TextBytes.unicodeEscapeByteCount) != nil {
            start = position
            break
        }
        if text.at(start - 1) == UInt8(ascii: "%"), colon - start >= 2 { start += 2 }
        guard colon - start <= 4 else { return nil }
        guard text.beginsWord(start), text.at(start - 1) != UInt8(ascii: ":") else { return nil }
        guard let end = version6End(text, from: start) else { return nil }
        return start..<end
    }

    private static func version6End(_ text: TextBytes, from start: Int) -> Int? {
        let colon = UInt8(ascii: ":")
        var position = start
        var groupCount = 0
        var isCompressed = false
        if text.at(position) == colon {
            guard text.at(position + 1) == colon else { return nil }
            isCompressed = true
            position += 2
        }
        while groupCount < 8 {
            let groupStart = position
            while TextBytes.isHex(text.at(position)), position - groupStart < 5 { position += 1 }
            if position == groupStart { break }
            if text.at(position) == UInt8(ascii: "."), let end = version4End(text, from: groupStart) {
                groupCount += 2
                position = end
                break
            }
            guard position - groupStart <= 4 else { return nil }
            groupCount += 1
            guard groupCount < 8, text.at(position) == colon else { break }
            if text.at(position + 1) == colon {
                guard !isCompressed else { return nil }
                isCompressed = true
                position += 2
            } else if TextBytes.isHex(text.at(position + 1)) {
                position += 1
            } else {
                break
            }
        }
        guard isCompressed ? groupCount >= 1 && groupCount <= 7 : groupCount == 8 else { return nil }
        // A group that goes on as a word, or a ninth group, makes it something else.
        let next = text.at(position)
        if TextBytes.isAlphanumeric(next) || next == UInt8(ascii: "_") { return nil }
        if next == colon, TextBytes.isHex(text.at(position + 1)) { return isCompressed ? nil : position }
        return position
    }
}
