/// Flags of `spandrel serve` that say where the server's own traces and metrics go.

import ArgumentParser
import ProcessSetup
import TelemetryExport

struct TelemetryOptions: ParsableArguments {
    @Option(
        name: .customLong("telemetry-endpoint"),
        help: "OTLP/HTTP collector for the server's own traces and metrics, like http://collector:4318. [SPANDREL_TELEMETRY_ENDPOINT]")
    var endpoint: String?

    @Option(
        name: .customLong("telemetry-header"),
        help: "Header of these exports, 'name: value'; may be given again. [SPANDREL_TELEMETRY_HEADERS, as name=value,name=value]")
    var headers: [String] = []

    @Option(
        name: .customLong("telemetry-sample-ratio"),
        help: "Part of the traces begun here that is exported, 0 to 1. [SPANDREL_TELEMETRY_SAMPLE_RATIO] (default: 1)")
    var sampleRatio: Double?

    @Option(
        name: .customLong("telemetry-metric-interval"),
        help: "Seconds between exports of the metrics. [SPANDREL_TELEMETRY_METRIC_INTERVAL]")
    var metricIntervalSeconds = EnvironmentDefault.integer("SPANDREL_TELEMETRY_METRIC_INTERVAL", 60)

    @Flag(name: .customLong("telemetry-allow-self"), help: "Allows an endpoint that is this server itself.")
    var allowsSelf = false

    /// Nil without an endpoint. Errors: `TelemetryError`, with no header's value in it.
    func configuration() throws -> TelemetryConfiguration? {
        guard let endpoint = endpoint ?? EnvironmentDefault.text("SPANDREL_TELEMETRY_ENDPOINT") else { return nil }
        let headers = try TelemetryHeaders.read(environment: EnvironmentDefault.text("SPANDREL_TELEMETRY_HEADERS", ""), flags: headers)
        return try TelemetryConfiguration(
            endpoint: endpoint, headers: headers, sampleRatio: try ratio(), metricInterval: .seconds(metricIntervalSeconds))
    }

    /// What is no number is an error, not the default: it decides what a collector has to take.
    private func ratio() throws(TelemetryError) -> Double {
        if let sampleRatio { return sampleRatio }
        guard let text = EnvironmentDefault.text("SPANDREL_TELEMETRY_SAMPLE_RATIO") else { return 1 }
        guard let ratio = Double(text) else { throw .sampleRatio }
        return ratio
    }
}
