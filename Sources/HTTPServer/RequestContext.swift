/// What travels beside a request: its id, its connection, its route.

import Hummingbird
import Logging
import NIOCore

package struct ServerRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package let channel: any Channel
    /// Set by `RequestLog`, the outermost middleware, before anything else sees the request.
    package var requestID = RequestID.random()
    /// For the log line: whose request it was, once that is known.
    package let account = RequestAccount()

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
