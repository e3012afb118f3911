/// The server's own families: requests, ingest, streams of events.

import HTTPServer
import Ingest
import TelemetryExport
import TraceModel

/// Everything `/metrics` shows, collected when it is asked for.
package struct ServerMetrics: Sendable {
    let requests: HTTPMetrics
    let ingestor: Ingestor
    let events: EventHub
    let mails: AccountMails
    /// Families of rooms this one does not know: store, database.
    let more: @Sendable (inout MetricReport) async -> Void

    package func report() async -> MetricReport {
        var report = MetricReport()
        report.requests(requests)
        report.ingest(ingestor)
        events.report(to: &report)
        report.mails(mails)
        await more(&report)
        report.process()
        return report
    }
}

extension MetricReport {
    mutating func requests(_ metrics: HTTPMetrics) {
        let series = metrics.series
        func labels(_ key: HTTPMetrics.Key) -> Labels {
            [("method", key.method), ("route", key.route), ("status", String(key.status))]
        }
        family(
            "spandrel_http_requests_total", .counter, "Requests answered, by route and status.",
            series.map { (labels($0.key), Double($0.value.count)) })
        histograms(
            "spandrel_http_request_duration_seconds", "From the request's head to its answer, by route and status.",
            bounds: HTTPMetrics.bucketBounds, series.map { (labels($0.key), $0.value.buckets, $0.value.secondsSum) })
        gauge("spandrel_http_requests_in_progress", "Requests being answered now.", metrics.inProgressCount)
        gauge("spandrel_http_connections", "Open connections.", metrics.openConnectionCount)
        counter("spandrel_http_refused_connections_total", "Connections closed at once: too many.", metrics.refusedConnectionCount)
        counter("spandrel_http_failed_handshakes_total", "TLS handshakes that failed.", metrics.failedHandshakeCount)
    }

    mutating func mails(_ mails: AccountMails) {
        family(
            "spandrel_refused_mails_total", .counter, "Mails not sent because too many were on their way, by kind.",
            mails.refusedCounts.map { ([("kind", $0.kind)], Double($0.count)) })
    }

    mutating func ingest(_ ingestor: Ingestor) {
        let counts = ingestor.metrics.counts
        family(
            "spandrel_ingest_requests_total", .counter, "Export requests by what became of them.",
            counts.requestsByOutcome.sorted { $0.key < $1.key }.map { ([("outcome", $0.key)], Double($0.value)) })
        family(
            "spandrel_ingest_accepted_requests_by_encoding_total", .counter, "Accepted export requests by content encoding.",
            counts.requestsByEncoding.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                ([("encoding", $0.key.rawValue)], Double($0.value))
            })
        family(
            "spandrel_ingest_accepted_requests_by_content_type_total", .counter, "Accepted export requests by body format.",
            counts.requestsByContentType.sorted { $0.key.rawValue < $1.key.rawValue }
                .map { ([("content_type", $0.key.rawValue)], Double($0.value)) })
        counter("spandrel_ingest_body_bytes_total", "Bytes of accepted bodies as sent.", counts.bodyByteCount)
        counter("spandrel_ingest_decompressed_bytes_total", "Bytes of accepted bodies after decompression.", counts.decompressedByteCount)
        counter(
            "spandrel_ingest_received_spans_total", "Spans in accepted requests, repeats of whole requests left out.",
            counts.receivedSpanCount)
        counter("spandrel_ingest_stored_spans_total", "Spans handed to the store.", counts.storedSpanCount)
        family(
            "spandrel_ingest_rejected_spans_total", .counter, "Spans refused and quarantined, by reason.",
            counts.rejectedSpansByReason.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                ([("reason", $0.key.rawValue)], Double($0.value))
            })
        counter(
            "spandrel_ingest_received_log_records_total", "Log records in accepted requests, repeats of whole requests left out.",
            counts.receivedLogRecordCount)
        counter(
            "spandrel_ingest_stored_log_records_total", "Log records stored as events of their spans; the others are rejected.",
            counts.storedLogRecordCount)
        counter(
            "spandrel_ingest_rejected_data_points_total", "Data points of metrics, none of which is stored.",
            counts.rejectedDataPointCount)
        counter("spandrel_ingest_replaced_strings_total", "Strings whose invalid UTF-8 was replaced.", counts.replacedStringCount)
        family(
            "spandrel_ingest_redactions_total", .counter, "What redaction rules took out, by kind of rule.",
            RedactionKind.allCases.map { ([("kind", $0.rawValue)], Double(counts.redactionsByKind[$0] ?? 0)) })
        counter("spandrel_ingest_duplicate_requests_total", "Requests that repeated a stored one.", counts.duplicateRequestCount)
        gauge("spandrel_ingest_bytes_in_flight", "Memory counted against the admission budget now.", ingestor.admission.currentByteCount)
        gauge("spandrel_ingest_bytes_in_flight_limit", "The admission budget.", ingestor.limits.maximumByteCountInFlight)
    }
}
