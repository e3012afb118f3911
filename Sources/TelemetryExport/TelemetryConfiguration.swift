/// Where the server's own telemetry goes and how much of it, as the operator wants it.

import CurlClient

package struct TelemetryConfiguration: Sendable {
    let endpoint: CurlURL
    let tracesURL: CurlURL
    let metricsURL: CurlURL
    let headers: CurlHeaders
    let sampleRatio: Double
    let metricInterval: Duration

    /// - Parameters:
    ///   - endpoint: as in `OTEL_EXPORTER_OTLP_ENDPOINT`: `/v1/traces` and `/v1/metrics` are appended.
    ///   - sampleRatio: the part of the traces begun here that is exported, 0 to 1.
    ///   - metricInterval: from one export of the metrics to the next.
    package init(
        endpoint: String, headers: CurlHeaders = [:], sampleRatio: Double = 1, metricInterval: Duration = .seconds(60)
    ) throws(TelemetryError) {
        guard (0...1).contains(sampleRatio) else { throw .sampleRatio }
        guard metricInterval >= .seconds(1) else { throw .metricInterval }
        guard !endpoint.utf8.contains(UInt8(ascii: "?")), !endpoint.utf8.contains(UInt8(ascii: "#")) else {
            throw .endpoint("it has a query or a fragment, behind which no path can be appended")
        }
        var base = endpoint[...]
        while base.last == "/" { base.removeLast() }
        do {
            self.endpoint = try CurlURL(endpoint)
            tracesURL = try CurlURL(base + "/v1/traces")
            metricsURL = try CurlURL(base + "/v1/metrics")
        } catch {
            throw .endpoint("\(error)")
        }
        self.headers = headers
        self.sampleRatio = sampleRatio
        self.metricInterval = metricInterval
    }
}
