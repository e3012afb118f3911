/// Whether an endpoint is the server itself: its exports would be requests to itself, which make spans, which are exported.

import CurlClient
import IPAddresses

package enum OwnEndpoint {
    /// Errors: `ownEndpoint`. Blocks while the name is resolved. One that does not resolve yet may be a collector that starts later;
    /// whatever is reached then, the exporter's own requests make no spans.
    package static func check(_ configuration: TelemetryConfiguration, listeningOn port: Int) throws(TelemetryError) {
        let endpoint = configuration.endpoint
        try check(endpoint, resolved: IPAddress.resolving(endpoint.host), listeningOn: port, local: IPAddress.ofThisMachine())
    }

    /// Errors: `ownEndpoint` when the endpoint's port is the server's and its host is this machine.
    ///
    /// - Parameters:
    ///   - resolved: what the endpoint's host resolves to now.
    ///   - local: the addresses of this machine.
    static func check(
        _ endpoint: CurlURL, resolved: Set<IPAddress>, listeningOn port: Int, local: Set<IPAddress>
    ) throws(TelemetryError) {
        guard endpoint.port == port else { return }
        guard resolved.contains(where: { $0.isLoopback || local.contains($0) }) else { return }
        throw .ownEndpoint(endpoint.origin)
    }
}
