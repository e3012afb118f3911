/// Names of log files: sixteen decimal digits and `.wal`, so that names sort as numbers do.
enum WALFileName {
    static let digitCount = 16

    static func name(of number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, digitCount - digits.utf8.count)) + digits + ".wal"
    }

    /// Nil for any other file.
    static func number(of name: String) -> UInt64? {
        guard name.hasSuffix(".wal"), name.utf8.count == digitCount + 4 else { return nil }
        let digits = name.utf8.prefix(digitCount)
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return UInt64(name.prefix(digitCount))
    }
}
