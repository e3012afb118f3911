/// The address of a channel's peer.

import IPAddresses
import NIOCore

extension IPAddress {
    /// Nil for unix sockets.
    package init?(_ address: SocketAddress) {
        guard let text = address.ipAddress else { return nil }
        // An address of this machine's link carries its interface: `fe80::1%eth0`.
        self.init(text.prefix { $0 != "%" })
    }
}
