/// An IP address as one number of sixteen bytes: version 4 stands in its place in version 6 (`::ffff:0:0/96`), so that both spellings of an
/// address compare alike. Reading and writing text is libc's work.

import Glibc

package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    package let number: UInt128

    package init(number: UInt128) { self.number = number }

    package init(version4: UInt32) { number = 0xffff_0000_0000 | UInt128(version4) }

    /// From sixteen bytes in network order.
    package init(bytes: UnsafeRawBufferPointer) { number = bytes.prefix(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) } }

    /// Reads `192.0.2.1` or `2001:db8::1`. Nil for anything else: names, zones, ports, octal and shortened forms.
    package init?(_ text: some StringProtocol) {
        let text = String(text)
        guard !text.utf8.contains(0) else { return nil }
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(version4: UInt32(bigEndian: four.s_addr))
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        self = withUnsafeBytes(of: &six) { IPAddress(bytes: $0) }
    }

    /// The same, also with a port behind it, as proxies write it: `192.0.2.1:80`, `[2001:db8::1]:80`.
    package init?(maybeWithPort text: some StringProtocol) {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            self.init(text[text.index(after: text.startIndex)..<end])
        } else if let colon = text.firstIndex(of: ":"), text.lastIndex(of: ":") == colon {
            self.init(text[..<colon])
        } else {
            self.init(text)
        }
    }

    /// The address a socket connects to; nil for families other than IP.
    package init?(_ address: UnsafePointer<sockaddr>) {
        // The family says which of the larger structures the pointer really points to.
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            self = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                IPAddress(version4: UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
            }
        case AF_INET6:
            self = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin6_addr) { IPAddress(bytes: $0) }
            }
        default: return nil
        }
    }

    /// The address as version 4, where it is one.
    package var version4: UInt32? { number >> 32 == 0xffff ? UInt32(truncatingIfNeeded: number) : nil }

    package var description: String {
        if let version4 { return [24, 16, 8, 0].map { String(version4 >> UInt32($0) & 0xff) }.joined(separator: ".") }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        var address = number.bigEndian
        inet_ntop(AF_INET6, &address, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
