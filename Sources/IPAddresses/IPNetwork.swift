/// A block of addresses, as operators write it: `10.0.0.0/8`, `fd00::/8`, or one address alone.

package struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    package let address: IPAddress
    /// Of the sixteen bytes: 96 more than written for version 4.
    package let prefixLength: Int

    /// Reads `ADDRESS/LENGTH` or `ADDRESS`. Nil when it is neither, or when bits after the prefix are set: `10.1.0.0/8` is more likely a
    /// slip than a wish.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else { return nil }
        let width = address.version4 == nil ? 128 : 32
        var length = width
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(parts[1]), number <= width
            else { return nil }
            length = number
        }
        self.address = address
        prefixLength = length + 128 - width
        guard address.number & ~mask == 0 else { return nil }
    }

    package func contains(_ other: IPAddress) -> Bool { (address.number ^ other.number) & mask == 0 }

    /// Whether every address of the other is one of this, too.
    package func contains(_ other: IPNetwork) -> Bool { prefixLength <= other.prefixLength && contains(other.address) }

    package var description: String { "\(address)/\(address.version4 == nil ? prefixLength : prefixLength - 96)" }

    /// As many leading ones as the prefix is long. Swift's shift by the whole width gives zero, as wanted for length 0.
    private var mask: UInt128 { ~UInt128.zero << (128 - prefixLength) }
}
