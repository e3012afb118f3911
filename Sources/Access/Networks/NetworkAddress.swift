/// IP addresses and networks as numbers of 128 bits; an IPv4 address is its IPv4-mapped IPv6 one, so both spellings are equal.

import Glibc

package struct NetworkAddress: Sendable, Hashable, CustomStringConvertible {
    let high: UInt64
    let low: UInt64

    /// `192.0.2.1` or `2001:db8::1`; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let text = String(text)
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self.init(high: 0, low: 0xffff_0000_0000 | UInt64(UInt32(bigEndian: v4.s_addr)))
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        self = withUnsafeBytes(of: v6) { bytes in
            NetworkAddress(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }

    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        if isIPv4 {
            var address = in_addr(s_addr: UInt32(truncatingIfNeeded: low).bigEndian)
            inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
        } else {
            var words = (high.bigEndian, low.bigEndian)
            inet_ntop(AF_INET6, &words, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// With all but the first `prefix` bits (0 to 128) zero.
    func masked(to prefix: Int) -> NetworkAddress {
        func mask(_ count: Int) -> UInt64 { count <= 0 ? 0 : count >= 64 ? .max : ~(.max >> UInt64(count)) }
        return NetworkAddress(high: high & mask(prefix), low: low & mask(prefix - 64))
    }
}

/// A network in CIDR's form: `192.0.2.0/24`, `2001:db8::/32`, or one address.
package struct Network: Sendable, Hashable, CustomStringConvertible {
    let first: NetworkAddress
    /// Of 128 bits.
    let prefix: Int

    /// nil if the text is no network, or has bits set behind its prefix, which PostgreSQL's `cidr` refuses, too.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let part = parts.first, let address = NetworkAddress(part) else { return nil }
        // `::ffff:0:0/96` is written in IPv6 and counts its bits so.
        let isIPv4Text = !part.contains(":")
        var prefix = 128
        if parts.count == 2 {
            let digits = parts[1]
            guard (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(digits),
                number <= (isIPv4Text ? 32 : 128)
            else { return nil }
            prefix = isIPv4Text ? 96 + number : number
        }
        guard address.masked(to: prefix) == address else { return nil }
        first = address
        self.prefix = prefix
    }

    package func contains(_ address: NetworkAddress) -> Bool { address.masked(to: prefix) == first }

    /// As PostgreSQL writes it.
    package var description: String { "\(first)/\(first.isIPv4 && prefix >= 96 ? prefix - 96 : prefix)" }
}

/// Where a key may be used from, read once per look-up of the key.
struct AllowedNetworks: Sendable, Equatable {
    private let networks: [Network]
    private let isRestricted: Bool

    /// What cannot be read allows nothing.
    init(_ texts: [String]) {
        networks = texts.compactMap { Network($0) }
        isRestricted = !texts.isEmpty
    }

    func allow(_ address: NetworkAddress?) -> Bool {
        guard isRestricted else { return true }
        guard let address else { return false }
        return networks.contains { $0.contains(address) }
    }
}
