/// What became of the server's own telemetry: the families of `/metrics` about the exporter itself.

/// Why a span was not exported.
enum DropReason: String, CaseIterable, Sendable {
    /// Too many waited.
    case queueFull = "queue_full"
    /// The collector took the request but not all that was in it.
    case rejected
    /// The collector will not take the request.
    case refused
    /// The request was not taken as often as it is tried.
    case attempts
    /// The server stopped before the collector took it.
    case shutdown
}

package struct TelemetryCounts: Sendable {
    var exportedSpanCount = 0
    var droppedSpanCounts: [DropReason: Int] = [:]
    var exportedReportCount = 0
    var failedSendCounts: [TelemetrySender.Signal: Int] = [:]
    var queuedSpanCount = 0
}

extension MetricReport {
    package mutating func telemetry(_ counts: TelemetryCounts) {
        counter("spandrel_telemetry_exported_spans_total", "The server's own spans that a collector took.", counts.exportedSpanCount)
        family(
            "spandrel_telemetry_dropped_spans_total", .counter, "The server's own spans that were not exported, by reason.",
            DropReason.allCases.map { ([("reason", $0.rawValue)], Double(counts.droppedSpanCounts[$0] ?? 0)) })
        counter("spandrel_telemetry_exported_reports_total", "Exports of these metrics that a collector took.", counts.exportedReportCount)
        family(
            "spandrel_telemetry_failed_sends_total", .counter, "Export requests that were not taken, by signal.",
            TelemetrySender.Signal.allCases.map { ([("signal", $0.rawValue)], Double(counts.failedSendCounts[$0] ?? 0)) })
        gauge("spandrel_telemetry_queued_spans", "Spans that wait to be exported.", counts.queuedSpanCount)
    }
}
