/// Where a request comes from when proxies stand in between: what `X-Forwarded-For`, `-Proto` and `-Host` say is believed only from
/// trusted networks, and only as far as the chain of trusted proxies reaches.

import HTTPTypes
import IPAddresses

package struct ForwardedOrigin: Equatable, Sendable {
    /// Nil when the peer is a unix socket and nothing trusted says more.
    package var remoteAddress: IPAddress?
    /// Whether the client itself spoke TLS, to this server or to the trusted proxy.
    package var isSecure: Bool
    /// The host that the client asked for, as the trusted proxy tells it.
    package var host: String?

    /// - Parameters:
    ///   - peer: the other end of the connection, after a PROXY header if those are read.
    ///   - isSecure: whether the connection itself is TLS.
    package init(peer: IPAddress?, isSecure: Bool, headers: HTTPFields, trustedProxies: [IPNetwork]) {
        remoteAddress = peer
        self.isSecure = isSecure
        func isTrusted(_ address: IPAddress) -> Bool { trustedProxies.contains { $0.contains(address) } }
        guard let peer, isTrusted(peer) else { return }
        // Each proxy appends whom it heard from: from the right, the first that is no proxy of ours is the client. What stands left of
        // it is the client's own word.
        let hops = headers[values: .forwardedFor].flatMap { $0.split(separator: ",") }.map { $0.trimmingSpaces }
        for hop in hops.reversed() {
            guard let address = IPAddress(maybeWithPort: hop) else { break }
            remoteAddress = address
            if !isTrusted(address) { break }
        }
        if let scheme = headers[values: .forwardedProto].last?.split(separator: ",").last?.trimmingSpaces.lowercased() {
            self.isSecure = scheme == "https"
        }
        host = headers[values: .forwardedHost].last?.split(separator: ",").last?.trimmingSpaces
    }
}

extension StringProtocol {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}

extension HTTPField.Name {
    // Valid tokens, so not nil.
    static let forwardedFor = HTTPField.Name("x-forwarded-for")!
    static let forwardedProto = HTTPField.Name("x-forwarded-proto")!
    static let forwardedHost = HTTPField.Name("x-forwarded-host")!
}
