/// `/api/v1/health`: how the server itself is, for whoever runs it: what comes in and how fast it is acknowledged, what was refused, the
/// log, the segments, the disk, PostgreSQL, the queues of jobs. It names no project and no content.

import Access
import ByteCoding
import HTTPServer
import Hummingbird
import Ingest
import Metastore
import PostgresClient
import SpanStore
import Synchronization
import TraceModel

struct ServerHealthHandlers: Sendable {
    let metastore: Metastore
    let rights: InstallationRights
    let store: SpanStore
    let ingestor: Ingestor
    let requests: HTTPMetrics
    let checks: [ReadinessCheck]
    let history: ServerHistory

    func routes(_ builder: OperationBuilder) -> [Route] {
        [builder.operation("getHealth", .get, "/api/v1/health", .permission(.readHealth), statuses: [200], handler: getHealth)]
    }

    func getHealth(_ request: APIRequest) async throws -> Response {
        try await rights.require(.readHealth, of: try request.principal)
        var faults: [(name: String, fault: String?)] = []
        for check in checks { faults.append((check.name, await check.run())) }
        // PostgreSQL being away is one of the things this is there to show.
        let queues = try? await metastore.jobQueues.figures()
        let figures = store.statistics, quarantine = store.quarantine.statistics, counts = ingestor.metrics.counts, wal = figures.wal
        let (uptime, rates) = history.look(counts)
        return .json { writer in
            writer.beginObject()
            writer.member("status", faults.allSatisfy { $0.fault == nil } ? "ok" : "unavailable")
            writer.object("checks") { writer in for (name, fault) in faults { writer.member(name, fault ?? "ok") } }
            writer.member("uptime_seconds", uptime)
            writer.object("ingest") { writer in
                writer.member("rate_seconds", rates?.seconds)
                writer.member("spans_per_second", rates?.spansPerSecond)
                writer.member("bytes_per_second", rates?.bytesPerSecond)
                writer.member("requests_per_second", rates?.requestsPerSecond)
                writer.member("stored_spans", counts.storedSpanCount)
                writer.member("duplicate_requests", counts.duplicateRequestCount)
                writer.member("bytes_in_flight", ingestor.admission.currentByteCount)
                writer.member("maximum_bytes_in_flight", ingestor.limits.maximumByteCountInFlight)
                writer.latency("acknowledgement_ms", acknowledgements, HTTPMetrics.bucketBounds)
                writer.counts("rejected_spans", counts.rejectedSpansByReason.map { ($0.key.rawValue, $0.value) })
                writer.counts(
                    "refused_requests",
                    counts.requestsByOutcome.filter { $0.key != IngestMetrics.acceptedOutcome }.map { ($0.key, $0.value) })
            }
            writer.object("quarantine") { writer in
                writer.member("kept_spans", quarantine.keptCount)
                writer.member("lost_spans", quarantine.overflowCount + quarantine.failedCount)
                writer.member("evicted_spans", quarantine.evictedCount)
                writer.member("expired_spans", quarantine.expiredCount)
                writer.member("replayed_spans", quarantine.replayedCount)
                writer.member("deleted_spans", quarantine.deletedCount)
                writer.member("damaged_records", quarantine.damagedCount)
            }
            writer.object("wal") { writer in
                writer.member("bytes_in_use", wal.bytesInUse)
                writer.member("bytes", wal.totalByteCount)
                writer.member("queued_bytes", wal.queuedByteCount)
                writer.member("failed_groups", wal.failedGroupCount)
                let durations = wal.synchronizeDurations
                let bounds = durations.counts.indices.compactMap { DurationHistogram.upperBoundMicroseconds(ofBucket: $0) }
                writer.latency("fdatasync_ms", durations.counts, bounds.map { Double($0) / 1e6 })
            }
            writer.object("memtables") { writer in
                writer.member("count", figures.memtableCount)
                writer.member("waiting_to_be_sealed", figures.frozenMemtableCount)
                writer.member("spans", figures.memtableRowCount)
                writer.member("bytes", figures.memtableByteCount)
            }
            writer.object("segments") { writer in
                writer.member("count", figures.segmentCount)
                writer.member("spans", figures.segmentRowCount)
                writer.member("bytes", figures.segmentByteCount)
                writer.member("damaged", figures.damagedSegmentCount)
                writer.member("seal_failures", figures.sealFailureCount)
            }
            writer.disk(store.diskStatistics, freeByteCount: store.freeByteCount)
            let pool = metastore.poolStatistics
            writer.object("postgres") { writer in
                writer.member("connections", pool.connectionCount)
                writer.member("idle_connections", pool.idleConnectionCount)
                writer.member("waiting", pool.waiterCount)
            }
            writer.key("job_queues")
            if let queues {
                writer.beginArray()
                for queue in queues { writer.queue(queue) }
                writer.endArray()
            } else {
                writer.null()
            }
            writer.endObject()
        }
    }

    /// How long exports took that were taken, over all paths.
    private var acknowledgements: [Int] {
        var counts = [Int](repeating: 0, count: HTTPMetrics.bucketBounds.count + 1)
        for (key, series) in requests.series where key.route.hasSuffix("/v1/traces") && key.method == "POST" && key.status == 200 {
            for index in counts.indices { counts[index] += series.buckets[index] }
        }
        return counts
    }
}

/// What the server looked like at earlier looks.
final class ServerHistory: Sendable {
    private let clock: any EventClock
    private let startNano: Int64
    private let history: Mutex<RateHistory>

    init(clock: any EventClock) {
        self.clock = clock
        startNano = clock.nano()
        history = Mutex(RateHistory(startNano: startNano))
    }

    func look(_ counts: IngestMetrics.Counts) -> (uptimeSeconds: Double, rates: RateHistory.Rates?) {
        let now = clock.nano()
        let sample = RateHistory.Sample(
            nano: now, spanCount: counts.storedSpanCount, byteCount: counts.bodyByteCount,
            requestCount: counts.requestsByOutcome.values.reduce(0, +))
        return (Double(now - startNano) / 1e9, history.withLock { $0.add(sample) })
    }
}

extension JSONWriter {
    fileprivate mutating func object(_ name: String, _ members: (inout JSONWriter) -> Void) {
        key(name)
        beginObject()
        members(&self)
        endObject()
    }

    fileprivate mutating func counts(_ name: String, _ counts: [(String, Int)]) {
        object(name) { writer in for (name, count) in counts.sorted(by: { $0.0 < $1.0 }) { writer.member(name, count) } }
    }

    /// Milliseconds; null of nothing.
    fileprivate mutating func latency(_ name: String, _ counts: [Int], _ bounds: [Double]) {
        object(name) { writer in
            for (name, quantile) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
                writer.member(name, HistogramQuantile.value(quantile, counts: counts, bounds: bounds).map { $0 * 1000 })
            }
        }
    }

    fileprivate mutating func disk(_ disk: DiskStatistics, freeByteCount: Int?) {
        object("disk") { writer in
            writer.member("free_bytes", disk.freeByteCount ?? freeByteCount)
            writer.member("capacity_bytes", disk.capacityByteCount)
            writer.member("level", disk.level.name)
            writer.member("ballast_bytes", disk.ballastByteCount)
            writer.member("ballast_given_up", disk.ballastGivenUpCount)
            writer.member("dropped_segments", disk.droppedSegmentCount)
            writer.member("refused_requests", disk.refusedAppendCount)
        }
    }

    fileprivate mutating func queue(_ queue: JobQueueFigures) {
        beginObject()
        member("queue", queue.queue)
        member("queued", queue.queuedCount)
        member("leased", queue.leasedCount)
        member("oldest_wait_seconds", queue.oldestWaitSeconds)
        endObject()
    }
}
