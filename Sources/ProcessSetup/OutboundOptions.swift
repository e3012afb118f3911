/// Where URLs that users give may lead: the same flag for the server, which checks them, and for workers, which follow them.

import ArgumentParser
import CurlClient

package struct OutboundOptions: ParsableArguments {
    @Option(
        name: .customLong("allow-outbound"),
        help: """
            Network that URLs given by users may lead to besides public addresses, like 10.1.0.0/16; may be given again.
            [SPANDREL_ALLOW_OUTBOUND, with commas]
            """
    )
    var allowed: [String] = []

    package init() {}

    package func validate() throws { _ = try policy() }

    /// Errors: `ValidationError` naming what is no network.
    package func policy() throws -> OutboundAddressPolicy {
        OutboundAddressPolicy(allowing: try NetworkList.parse(allowed, environment: "SPANDREL_ALLOW_OUTBOUND"))
    }
}
