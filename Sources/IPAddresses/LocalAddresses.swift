/// Which addresses are this machine's own, and which ones a name stands for: what it takes to tell that a URL leads back here.

import Glibc

extension IPAddress {
    /// The addresses of all interfaces that are up.
    package static func ofThisMachine() -> Set<IPAddress> {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var addresses: Set<IPAddress> = []
        var next = first
        while let interface = next {
            if let address = interface.pointee.ifa_addr, let address = IPAddress(UnsafePointer(address)) { addresses.insert(address) }
            next = interface.pointee.ifa_next
        }
        return addresses
    }

    /// What a host's name, or an address as text, resolves to now; empty when that cannot be told. Blocks while the resolver asks.
    package static func resolving(_ host: String) -> Set<IPAddress> {
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, nil, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var addresses: Set<IPAddress> = []
        var next = first
        while let entry = next {
            if let address = entry.pointee.ai_addr, let address = IPAddress(UnsafePointer(address)) { addresses.insert(address) }
            next = entry.pointee.ai_next
        }
        return addresses
    }

    /// Whether a connection to the address ends at the machine that makes it: loopback, or no address at all, which Linux takes for it.
    package var isLoopback: Bool {
        if let version4 { return version4 >> 24 == 127 || version4 == 0 }
        return number <= 1
    }
}
