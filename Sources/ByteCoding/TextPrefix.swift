/// Prefixes of names, byte for byte. Swift compares texts by characters, and a combining mark behind a prefix is part of the prefix's last
/// one: of `attributes.` and a key that begins with an accent, `hasPrefix` and `split` find neither the prefix nor the dot.

extension StringProtocol {
    /// What stands behind a prefix; nil for a text that does not begin with it.
    package func text(behind prefix: String) -> String? {
        guard utf8.starts(with: prefix.utf8) else { return nil }
        return String(self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...])
    }

    /// What stands before and behind the first dot; nil for a text without one.
    package var splitAtDot: (before: String, behind: String)? {
        guard let dot = utf8.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        return (String(self[..<dot]), String(self[utf8.index(after: dot)...]))
    }
}
