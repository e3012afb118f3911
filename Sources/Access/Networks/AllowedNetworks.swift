/// Where a key may be used from, read once per look-up of the key.

import IPAddresses

struct AllowedNetworks: Sendable, Equatable {
    private let networks: [IPNetwork]
    private let isRestricted: Bool

    /// What cannot be read allows nothing.
    init(_ texts: [String]) {
        networks = texts.compactMap { IPNetwork($0) }
        isRestricted = !texts.isEmpty
    }

    func allow(_ address: IPAddress?) -> Bool {
        guard isRestricted else { return true }
        guard let address else { return false }
        return networks.contains { $0.contains(address) }
    }
}
