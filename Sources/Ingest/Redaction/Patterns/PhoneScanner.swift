/// Telephone numbers in the forms in which they are recognisable as such:
///
/// - international: `+` (or `%2B`, `\u002B`), 7 and more digits, up to two of ` - . ( ) /` between them: `+49 (0) 171 123-4567`;
/// - with `00`: 11 to 15 digits, separated or not: `00491711234567`;
/// - with an area code in brackets: `(212) 555-0187`, 7 to 15 digits in all;
/// - North American: `212-555-0187`, `212.555.0187`, `1 212 555 0187`;
/// - national with a leading zero, in groups: `0171 1234567`, `01 23 45 67 89`, 9 to 12 digits.
///
/// A slash may be written `\/`, as some encoders of JSON do.
///
/// Not found: digits without `+`, `00`, brackets or separators (they are any number). Taken for numbers: sums of large numbers
/// (`a+12345678`), zero-padded ids that begin with `00`, digits in groups that happen to fit, more digits behind a number.

enum PhoneScanner {
    /// `start` is the byte behind `+`.
    static func international(_ text: TextBytes, from start: Int) -> Int? {
        let (end, digitCount) = digits(text, from: start, maximumDigitCount: 15)
        return digitCount >= 7 ? end : nil
    }

    /// `start` is the opening bracket.
    static func bracketed(_ text: TextBytes, at start: Int) -> Int? {
        var position = start + 1
        while text.isDigit(position), position <= start + 6 { position += 1 }
        guard position - start >= 3, text.at(position) == UInt8(ascii: ")") else { return nil }
        let (end, digitCount) = digits(text, from: start + 1, maximumDigitCount: 15)
        return digitCount >= 7 ? end : nil
    }

    /// `start` is the first digit of a run.
    static func national(_ text: TextBytes, at start: Int) -> Int? {
        // The fraction of a number is none.
        let before = text.at(start - 1)
        if before == UInt8(ascii: ".") || before == UInt8(ascii: ","), text.isDigit(start - 2) { return nil }
        if text[start] == UInt8(ascii: "0") { return leadingZero(text, at: start) }
        var position = start
        if text[start] == UInt8(ascii: "1"), isSeparator(text.at(start + 1)) { position += 2 }
        guard text.at(position) >= UInt8(ascii: "2"), let area = group(text, at: position, digitCount: 3),
            isSeparator(text.at(area)), let exchange = group(text, at: area + 1, digitCount: 3), isSeparator(text.at(exchange)),
            let end = group(text, at: exchange + 1, digitCount: 4)
        else { return nil }
        return end
    }

    private static func leadingZero(_ text: TextBytes, at start: Int) -> Int? {
        let isInternational = text.at(start + 1) == UInt8(ascii: "0") && text.at(start + 2) > UInt8(ascii: "0") && text.isDigit(start + 2)
        let digitCounts = isInternational ? 11...15 : 9...12
        var position = start
        var digitCount = 0
        var groupCount = 0
        var end: Int?
        while true {
            let groupStart = position
            while text.isDigit(position), digitCount <= digitCounts.upperBound {
                digitCount += 1
                position += 1
            }
            groupCount += 1
            // `0.25` is a number, and so is `0 171`.
            if groupCount == 1, position - groupStart < 2 { return nil }
            if text.isDigit(position) { return end }
            let isTime = text.at(position) == UInt8(ascii: ":") && text.isDigit(position + 1)
            if digitCounts.contains(digitCount), groupCount > 1 || isInternational, !isTime { end = position }
            let separatorEnd = text.has("\\/", at: position) ? position + 2 : position + 1
            guard isSeparator(text.at(position)) || text.at(separatorEnd - 1) == UInt8(ascii: "/"), text.isDigit(separatorEnd) else {
                return end
            }
            position = separatorEnd
        }
    }

    /// Digits with at most two separators between; where the last digit ends, and how many there are.
    private static func digits(_ text: TextBytes, from start: Int, maximumDigitCount: Int) -> (end: Int, digitCount: Int) {
        var position = start
        var end = start
        var digitCount = 0
        while position < text.count {
            let byte = text[position]
            if TextBytes.isDigit(byte) {
                digitCount += 1
                end = position + 1
            } else {
                // A number that is full goes on to the end of its digits, not beyond.
                guard digitCount < maximumDigitCount, position - end < 2,
                    isSeparator(byte) || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "/")
                        || text.has("\\/", at: position)
                else { break }
            }
            position += 1
        }
        return (end, digitCount)
    }

    /// Exactly so many digits; where they end.
    private static func group(_ text: TextBytes, at start: Int, digitCount: Int) -> Int? {
        for position in start..<start + digitCount where !text.isDigit(position) { return nil }
        return text.isDigit(start + digitCount) ? nil : start + digitCount
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
}
