/// Which of OTLP's export requests is read. Those of spans and of log records have the same outer levels: equal field numbers in
/// protobuf, other names in JSON.
enum RequestSignal: Sendable {
    case traces, logs

    var requestName: String {
        switch self {
        case .traces: "ExportTraceServiceRequest"
        case .logs: "ExportLogsServiceRequest"
        }
    }

    /// What the request is a list of, in words.
    var rowsName: String {
        switch self {
        case .traces: "spans"
        case .logs: "log records"
        }
    }

    // Names of JSON's members, from the outside in.
    var resourcesName: StaticString { self == .traces ? "resourceSpans" : "resourceLogs" }
    var scopesName: StaticString { self == .traces ? "scopeSpans" : "scopeLogs" }
    var listName: StaticString { self == .traces ? "spans" : "logRecords" }
}
