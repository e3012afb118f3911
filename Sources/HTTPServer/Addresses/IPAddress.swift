/// An IP address as sixteen bytes: version 4 stands in its place in version 6 (`::ffff:0:0/96`), so that both compare alike.

import Glibc
import NIOCore

package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    /// Reads `192.0.2.1`, `2001:db8::1`, both also with a port (`192.0.2.1:80`, `[2001:db8::1]:80`), as proxies write them.
    package init?(_ text: some StringProtocol) {
        var text = String(text)
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            text = String(text[text.index(after: text.startIndex)..<end])
        } else if let colon = text.firstIndex(of: ":"), text.lastIndex(of: ":") == colon {
            text = String(text[..<colon])
        }
        var version4 = in_addr()
        var version6 = in6_addr()
        if inet_pton(AF_INET, text, &version4) == 1 {
            self.init(version4: UInt32(bigEndian: version4.s_addr))
        } else if inet_pton(AF_INET6, text, &version6) == 1 {
            self = withUnsafeBytes(of: &version6) { IPAddress(bytes: $0) }
        } else {
            return nil
        }
    }

    package init(version4: UInt32) {
        high = 0
        low = 0xffff_0000_0000 | UInt64(version4)
    }

    /// From sixteen bytes in network order.
    package init(bytes: UnsafeRawBufferPointer) {
        high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
        low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }

    /// Nil for unix sockets.
    package init?(_ address: SocketAddress) {
        guard let text = address.ipAddress else { return nil }
        // An address of this machine's link carries its interface: `fe80::1%eth0`.
        self.init(text.prefix { $0 != "%" })
    }

    package var isVersion4: Bool { high == 0 && low >> 32 == 0xffff }

    package var description: String {
        if isVersion4 { return [24, 16, 8, 0].map { String(low >> UInt64($0) & 0xff) }.joined(separator: ".") }
        var address = in6_addr()
        withUnsafeMutableBytes(of: &address) { bytes in
            bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
            bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
            guard let start = text.baseAddress, inet_ntop(AF_INET6, &address, start, socklen_t(text.count)) != nil else { return "" }
            return String(cString: start)
        }
    }
}

/// A network in CIDR notation: `10.0.0.0/8`, `2001:db8::/32`, or one address.
package struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    package let address: IPAddress
    /// Of the sixteen bytes: 96 more than written for version 4.
    package let prefixLength: Int

    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, !first.hasPrefix("["), let address = IPAddress(first) else { return nil }
        // `192.0.2.1:80` names a port, which no network has.
        guard !address.isVersion4 || !first.contains(":") || first.hasPrefix("::") else { return nil }
        let width = address.isVersion4 ? 32 : 128
        var length = width
        if parts.count == 2 {
            guard let given = Int(parts[1]), parts[1].utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), given <= width else { return nil }
            length = given
        }
        self.address = address
        prefixLength = length + 128 - width
    }

    package func contains(_ other: IPAddress) -> Bool {
        func agree(_ a: UInt64, _ b: UInt64, _ bitCount: Int) -> Bool { bitCount <= 0 || (a ^ b) >> UInt64(64 - min(bitCount, 64)) == 0 }
        return agree(address.high, other.high, prefixLength) && agree(address.low, other.low, prefixLength - 64)
    }

    package var description: String { "\(address)/\(address.isVersion4 ? prefixLength - 96 : prefixLength)" }
}
