/// One export request over HTTP: protobuf to the collector's path of the signal.

import CurlClient

struct TelemetrySender: Sendable {
    enum Signal: String, Sendable, CaseIterable { case traces, metrics }

    let client: CurlClient
    private let configuration: TelemetryConfiguration
    private let headers: CurlHeaders

    init(client: CurlClient, configuration: TelemetryConfiguration, identity: ServiceIdentity) {
        self.client = client
        self.configuration = configuration
        var headers = configuration.headers
        headers["content-type"] = "application/x-protobuf"
        headers["user-agent"] = identity.userAgent
        // Not sampled: a collector that is traced itself, another server like this one above all, makes no spans of exports.
        headers["traceparent"] = TraceParent(traceID: .random(), spanID: .random(), flags: 0).header
        self.headers = headers
    }

    /// What the operator has configured may lie in any network.
    func send(_ body: [UInt8], _ signal: Signal) async -> SendOutcome {
        var request = CurlRequest(
            "POST", signal == .traces ? configuration.tracesURL : configuration.metricsURL, headers: headers, body: body,
            addressPolicy: .operatorConfigured)
        request.timeouts.total = TelemetryLimits.sendTimeout
        do throws(CurlError) {
            let response = try await client.send(request, maximumByteCount: TelemetryLimits.responseByteCount)
            return SendOutcome(
                status: response.status, retryAfter: response.headers["retry-after"], body: response.body, from: response.url.origin)
        } catch {
            return SendOutcome(error)
        }
    }
}
