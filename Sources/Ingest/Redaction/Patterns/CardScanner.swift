/// Payment card numbers: 13 to 19 digits that begin with 2 to 6 and pass Luhn's check, in one piece or in groups with single spaces
/// or hyphens between.
///
/// Found whatever stands around it, further groups (a date, a check code) included. Not found: numbers inside longer runs of digits,
/// other separators. Taken for cards: one in ten of all other numbers of that length.

enum CardScanner {
    private static let digitCounts = 13...19

    /// `start` is the first digit of a run.
    static func match(_ text: TextBytes, at start: Int) -> Range<Int>? {
        guard text[start] >= UInt8(ascii: "2"), text[start] <= UInt8(ascii: "6") else { return nil }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: digitCounts.upperBound) { digits in
            var count = 0
            var position = start
            var end: Int?
            while true {
                while text.isDigit(position), count < digitCounts.upperBound {
                    digits[count] = text[position] & 0xf
                    count += 1
                    position += 1
                }
                if text.isDigit(position) { break }
                if digitCounts.contains(count), passesLuhn(UnsafeMutableBufferPointer(rebasing: digits[..<count])) { end = position }
                let separator = text.at(position)
                guard separator == UInt8(ascii: " ") || separator == UInt8(ascii: "-"), text.isDigit(position + 1) else { break }
                position += 1
            }
            return end.map { start..<$0 }
        }
    }

    /// For numbers that are no text.
    static func isCard(_ integer: Int64) -> Bool {
        guard integer > 1_000_000_000_000 else { return false }
        let digits = Array(String(integer).utf8)
        return digits.withUnsafeBytes { match(TextBytes($0), at: 0) == 0..<digits.count }
    }

    private static func passesLuhn(_ digits: UnsafeMutableBufferPointer<UInt8>) -> Bool {
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let value = index & 1 == 1 ? Int(digit) * 2 : Int(digit)
            sum += value > 9 ? value - 9 : value
        }
        return sum % 10 == 0
    }
}
