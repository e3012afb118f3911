/// The other end of a connection, as far as the connection itself tells: filled in when it opens and by a PROXY header, read when a
/// request begins.

import IPAddresses
import NIOCore
import Synchronization

package final class ConnectionPeer: Sendable {
    /// The connection whose request is being answered on this task.
    @TaskLocal package static var current: ConnectionPeer?

    /// Whether the connection is TLS.
    package let isSecure: Bool
    private let state: Mutex<IPAddress?>

    package init(address: IPAddress?, isSecure: Bool) {
        state = Mutex(address)
        self.isSecure = isSecure
    }

    package var address: IPAddress? { state.withLock { $0 } }

    func replace(address: IPAddress) { state.withLock { $0 = address } }
}
