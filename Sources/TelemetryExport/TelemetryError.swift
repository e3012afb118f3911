/// The one error of this target: what is wrong with the settings of the export, never with a header's value in it.

package enum TelemetryError: Error, Equatable, CustomStringConvertible {
    case endpoint(String)
    /// The text names the header or its place.
    case header(String)
    case sampleRatio
    case metricInterval
    /// The endpoint is this server's own address.
    case ownEndpoint(String)

    package var description: String {
        switch self {
        case .endpoint(let fault): "the telemetry endpoint cannot be used: \(fault)"
        case .header(let fault): "a telemetry header cannot be used: \(fault)"
        case .sampleRatio: "the telemetry sample ratio must be a number from 0 to 1"
        case .metricInterval: "the telemetry metric interval must be 1 second or more"
        case .ownEndpoint(let origin):
            "the telemetry endpoint \(origin) is this server itself; name another collector, or give --telemetry-allow-self if it is meant"
        }
    }
}
