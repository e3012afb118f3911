/// A block of addresses, as operators write it: `10.0.0.0/8`, `fd00::/8`, or one address alone.

package struct IPNetwork: Sendable, Hashable, CustomStringConvertible {
    package let address: IPAddress
    package let prefixLength: Int

    /// Reads `ADDRESS/LENGTH` or `ADDRESS`. Nil when it is neither, or when bits after the prefix are set: `10.1.0.0/8` is more
    /// likely a slip than a wish.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else { return nil }
        var length = address.bitWidth
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(parts[1]),
                number <= address.bitWidth
            else { return nil }
            length = number
        }
        self.init(address: address, prefixLength: length)
        guard hostBits == 0 else { return nil }
    }

    private init(address: IPAddress, prefixLength: Int) {
        self.address = address
        self.prefixLength = prefixLength
    }

    package func contains(_ other: IPAddress) -> Bool {
        switch (address, other) {
        case (.v4(let own), .v4(let other)): (own ^ other) & Self.mask(prefixLength, of: UInt32.self) == 0
        case (.v6(let own), .v6(let other)): (own ^ other) & Self.mask(prefixLength, of: UInt128.self) == 0
        default: false
        }
    }

    package var description: String { "\(address)/\(prefixLength)" }

    private var hostBits: UInt128 {
        switch address {
        case .v4(let number): UInt128(number & ~Self.mask(prefixLength, of: UInt32.self))
        case .v6(let number): number & ~Self.mask(prefixLength, of: UInt128.self)
        }
    }

    /// As many leading ones as the prefix is long. Swift's shift by the whole width gives zero, as wanted for length 0.
    private static func mask<Number: FixedWidthInteger>(_ length: Int, of: Number.Type) -> Number {
        ~Number.zero << (Number.bitWidth - length)
    }
}
