/// Where a URL that a user gave may lead: to public addresses, and to networks the operator named. Asked about the address a
/// socket is about to connect to, not about the name in the URL: a name that resolves differently the second time gains nothing.

import IPAddresses

package struct OutboundAddressPolicy: Sendable, Hashable {
    /// Networks that may be reached although they are not public.
    package let allowedNetworks: [IPNetwork]
    private let allowsEverything: Bool

    /// Public addresses, and those of `allowedNetworks`.
    package init(allowing allowedNetworks: [IPNetwork] = []) {
        self.allowedNetworks = allowedNetworks
        allowsEverything = false
    }

    private init(allowsEverything: Bool) {
        allowedNetworks = []
        self.allowsEverything = allowsEverything
    }

    package static let publicOnly = OutboundAddressPolicy()

    /// For addresses the operator configured, such as the mail server's: no user can change those.
    package static let operatorConfigured = OutboundAddressPolicy(allowsEverything: true)

    /// What a URL may begin with.
    package static let schemes: Set<String> = ["http", "https"]

    /// Why the address must not be connected to; nil when it may be.
    package func refusal(of address: IPAddress) -> String? {
        if allowsEverything || allowedNetworks.contains(where: { $0.contains(address) }) { return nil }
        // An IPv4-mapped address is one of version 4 here.
        if address.version4 != nil { return Self.meaning(of: address, in: ReservedNetworks.v4) }
        // :: and ::1 lie in the IPv4-compatible block but carry nothing.
        if address.number > 1, let wrapper = ReservedNetworks.wrapping.first(where: { $0.network.contains(address) }) {
            for inner in wrapper.unwrap(address.number) {
                if let reason = refusal(of: IPAddress(version4: inner)) { return "\(wrapper.meaning), \(reason)" }
            }
            return nil
        }
        if let reason = Self.meaning(of: address, in: ReservedNetworks.v6) { return reason }
        return ReservedNetworks.globalUnicast?.contains(address) == true ? nil : "not global unicast"
    }

    private static func meaning(of address: IPAddress, in table: [ReservedNetwork]) -> String? {
        table.first { $0.network.contains(address) }?.meaning
    }
}
