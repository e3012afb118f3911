/// What travels beside a request: its id, its connection, its route.

import Hummingbird
import IPAddresses
import Logging
import NIOCore

package struct ServerRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package let channel: any Channel
    /// Set by `RequestLog`, the outermost middleware, before anything else sees the request.
    package var requestID = RequestID.random()
    /// For the log line: whose request it was, once that is known.
    package let account = RequestAccount()

    /// Where the request comes from; set by `EdgeMiddleware` before anything else sees the request.
    package internal(set) var origin = ForwardedOrigin(peer: nil, isSecure: false, headers: [:], trustedProxies: [])

    /// The client's address: for the log, the audit and the networks of keys. Nil when nobody knows.
    package var remoteAddress: IPAddress? { origin.remoteAddress }

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// For a request that is made within this process, on behalf of the one whose context is given: its connection, its id and where it
    /// comes from are that one's; its route and its account are its own.
    package init(onBehalfOf outer: ServerRequestContext) {
        coreContext = CoreRequestContextStorage(source: ApplicationRequestContextSource(channel: outer.channel, logger: outer.logger))
        channel = outer.channel
        requestID = outer.requestID
        origin = outer.origin
    }
}
