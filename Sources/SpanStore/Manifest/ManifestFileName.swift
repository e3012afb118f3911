import ByteCoding

/// Names of manifest files: `MANIFEST-` and sixteen decimal digits; and the text of `CURRENT`.
enum ManifestFileName {
    private static let prefix = "MANIFEST-"
    private static let digitCount = 16

    static func name(of number: UInt64) -> String {
        let digits = String(number)
        return prefix + String(repeating: "0", count: max(0, digitCount - digits.utf8.count)) + digits
    }

    /// Nil for any other file.
    static func number(of name: String) -> UInt64? {
        guard name.hasPrefix(prefix), name.utf8.count == prefix.utf8.count + digitCount else { return nil }
        let digits = name.dropFirst(prefix.count)
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return UInt64(digits)
    }

    /// The content of `CURRENT`: name, space, CRC-32C of the name in eight hex digits, newline.
    static func current(_ name: String) -> [UInt8] { Array("\(name) \(checksum(name))\n".utf8) }

    /// The name in `CURRENT`; nil if it is not as written.
    static func named(inCurrent bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, number(of: String(parts[0])) != nil, parts[1] == "\(checksum(String(parts[0])))\n" else { return nil }
        return String(parts[0])
    }

    private static func checksum(_ name: String) -> String {
        let digits = String(CRC32C.checksum(Array(name.utf8)), radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}
