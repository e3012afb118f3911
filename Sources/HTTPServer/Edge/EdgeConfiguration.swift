/// How the server meets the network: everything around the routes in one value. The defaults are a plain HTTP server behind nothing.

import IPAddresses
import NIOCore

package struct EdgeConfiguration: Sendable {
    /// Set: every connection is TLS, HTTP/1.1 or HTTP/2 by ALPN.
    package var tls: CurrentTLSContext?
    /// Networks whose `X-Forwarded-*` is believed.
    package var trustedProxies: [IPNetwork] = []
    /// Whether every connection begins with a PROXY header.
    package var readsProxyHeader = false
    package var crossOrigin: any CrossOriginPolicy = NoCrossOrigin()
    package var limits = ConnectionLimits()
    /// How long a handler may take to its answer's head, the reading of the body included; nil for ever. Far above what queries may
    /// take and what a large body takes on an ordinary line: this ends what hangs, it is no limit of any work.
    package var handlerTimeout: TimeAmount? = .minutes(10)

    package init() {}
}
