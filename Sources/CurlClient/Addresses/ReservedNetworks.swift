/// The networks nobody on the public internet answers from, after IANA's special-purpose registries (RFC 6890 and successors):
/// what a URL given by a user must not reach.

import IPAddresses

struct ReservedNetwork: Sendable {
    let network: IPNetwork
    /// For the error's text.
    let meaning: String
}

/// An IPv6 network whose addresses carry an IPv4 one: judged by what they carry.
struct WrappingNetwork: Sendable {
    let network: IPNetwork
    let meaning: String
    /// The IPv4 addresses within, each of which must be public.
    let unwrap: @Sendable (UInt128) -> [UInt32]
}

enum ReservedNetworks {
    static let v4 = table([
        ("0.0.0.0/8", "unspecified"), ("10.0.0.0/8", "private"), ("100.64.0.0/10", "carrier-grade NAT"), ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"), ("172.16.0.0/12", "private"), ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"), ("192.88.99.0/24", "6to4 relay"), ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"), ("198.51.100.0/24", "documentation"), ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"), ("240.0.0.0/4", "reserved"),
    ])

    /// Asked before `v6`, with the exception of the unspecified and the loopback address, which look like IPv4-compatible ones.
    static let wrapping: [WrappingNetwork] = [
        wrapper("::ffff:0:0:0/96", "IPv4-translated") { [UInt32(truncatingIfNeeded: $0)] },
        wrapper("::/96", "IPv4-compatible") { [UInt32(truncatingIfNeeded: $0)] },
        wrapper("64:ff9b::/96", "NAT64") { [UInt32(truncatingIfNeeded: $0)] },
        wrapper("2002::/16", "6to4") { [UInt32(truncatingIfNeeded: $0 >> 80)] },
        // The server's address in the clear and the client's with its bits inverted (RFC 4380, section 4).
        wrapper("2001::/32", "Teredo") { [UInt32(truncatingIfNeeded: $0 >> 64), ~UInt32(truncatingIfNeeded: $0)] },
    ].compactMap { $0 }

    /// Within the global unicast space; whatever lies outside `globalUnicast` is refused as a whole.
    static let v6 = table([
        ("::/128", "unspecified"), ("::1/128", "loopback"), ("64:ff9b:1::/48", "local NAT64"), ("100::/64", "discard-only"),
        ("2001::/23", "protocol assignments"), ("2001:db8::/32", "documentation"), ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"), ("fc00::/7", "unique local"), ("fe80::/10", "link-local"), ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    ])

    static let globalUnicast = IPNetwork("2000::/3")

    private static func table(_ rows: [(String, String)]) -> [ReservedNetwork] {
        rows.compactMap { text, meaning in IPNetwork(text).map { ReservedNetwork(network: $0, meaning: meaning) } }
    }

    private static func wrapper(
        _ text: String, _ meaning: String, _ unwrap: @escaping @Sendable (UInt128) -> [UInt32]
    ) -> WrappingNetwork? {
        IPNetwork(text).map { WrappingNetwork(network: $0, meaning: meaning, unwrap: unwrap) }
    }
}
