/// The families of `/metrics` that tell of the store and of the database.

import PostgresClient
import SpanStore
import TelemetryExport

extension MetricReport {
    mutating func store(
        _ store: StoreStatistics, _ quarantine: RejectedSpanQuarantine.Statistics, _ receipts: ReceiptLedger.Statistics
    ) {
        counter("spandrel_store_appended_spans_total", "Spans made durable and visible.", store.appendedSpanCount)
        counter("spandrel_store_appended_events_total", "Event records made durable and visible.", store.appendedEventCount)
        counter("spandrel_store_duplicate_requests_total", "Request bodies seen before and not stored again.", store.duplicateRequestCount)
        counter("spandrel_store_duplicate_spans_total", "Spans that repeated one in memory and count once.", store.duplicateSpanCount)
        gauge("spandrel_store_memtables", "Memtables taking spans.", store.memtableCount)
        gauge("spandrel_store_frozen_memtables", "Memtables that wait to be sealed.", store.frozenMemtableCount)
        gauge("spandrel_store_memtable_rows", "Spans in memtables.", store.memtableRowCount)
        gauge("spandrel_store_memtable_bytes", "Memory of memtables.", store.memtableByteCount)
        gauge("spandrel_store_segments", "Published segments.", store.segmentCount)
        gauge("spandrel_store_segment_rows", "Spans in segments.", store.segmentRowCount)
        gauge("spandrel_store_segment_bytes", "Bytes of segments on disk.", store.segmentByteCount)
        gauge(
            "spandrel_store_damaged_segments", "Segments whose files are missing or not whole, left out of queries.",
            store.damagedSegmentCount)
        counter("spandrel_store_seals_total", "Segments written.", store.sealedSegmentCount)
        counter("spandrel_store_seal_failures_total", "Seals that failed and were tried again.", store.sealFailureCount)
        compaction(store)
        family(
            "spandrel_store_background_cpu_seconds_total", .counter,
            "CPU time of the store's work that no sender waits for: page compression, seals, rewrites of segments.",
            BackgroundCPU.Work.allCases.map {
                ([("work", $0.rawValue)], Double(store.backgroundCPUNanoseconds[$0] ?? 0) / 1e9)
            })
        gauge("spandrel_column_cache_bytes", "Memory of decoded columns kept for the next query.", store.columns.byteCount)
        gauge("spandrel_column_cache_columns", "Decoded columns kept for the next query.", store.columns.columnCount)
        counter("spandrel_column_cache_hits_total", "Columns that a query found decoded.", store.columns.hitCount)
        counter("spandrel_column_cache_misses_total", "Whole columns that a query had to decode.", store.columns.missCount)
        wal(store.wal)
        counter("spandrel_quarantine_spans_total", "Refused spans kept.", quarantine.keptCount)
        family(
            "spandrel_quarantine_lost_spans_total", .counter, "Refused spans that could not be kept, or were kept and are gone, by cause.",
            [
                ([("cause", "overflow")], Double(quarantine.overflowCount)), ([("cause", "disk")], Double(quarantine.failedCount)),
                ([("cause", "evicted")], Double(quarantine.evictedCount)), ([("cause", "expired")], Double(quarantine.expiredCount)),
                ([("cause", "deleted")], Double(quarantine.deletedCount)), ([("cause", "damaged")], Double(quarantine.damagedCount)),
            ])
        gauge(
            "spandrel_quarantine_unknown_files", "Files of refused spans of a newer version or with a damaged header, left as they are.",
            quarantine.unknownFileCount)
        counter("spandrel_quarantine_replayed_spans_total", "Refused spans that left by a replay: stored.", quarantine.replayedCount)
        counter("spandrel_receipts_written_total", "Receipts written to files.", receipts.writtenCount)
        gauge("spandrel_receipts_pending", "Receipts in memory, of requests in the log.", receipts.pendingCount)
        family(
            "spandrel_receipts_lost_total", .counter, "Receipts gone before their age, by cause.",
            [([("cause", "disk")], Double(receipts.lostCount)), ([("cause", "evicted")], Double(receipts.evictedCount))])
    }

    private mutating func compaction(_ store: StoreStatistics) {
        let compaction = store.compaction
        counter("spandrel_store_sealed_bytes_total", "Bytes of segments written by seals.", store.sealedByteCount)
        counter("spandrel_store_rewrites_total", "Rewrites of segments: merges, and clean-ups after deletions.", compaction.rewriteCount)
        counter("spandrel_store_rewrite_failures_total", "Rewrites that failed; the segments stayed.", compaction.failureCount)
        counter("spandrel_store_rewrite_read_rows_total", "Rows read by rewrites.", compaction.rowsRead)
        counter("spandrel_store_rewrite_written_rows_total", "Rows written by rewrites.", compaction.rowsWritten)
        counter("spandrel_store_rewrite_read_bytes_total", "Bytes of segments read by rewrites.", compaction.bytesRead)
        counter(
            "spandrel_store_rewrite_written_bytes_total",
            "Bytes of segments written by rewrites; against sealed bytes: write amplification.",
            compaction.bytesWritten)
        counter(
            "spandrel_store_cold_segments_total", "Segments whose payloads were compressed again for long keeping.",
            compaction.coldSegmentCount)
        gauge("spandrel_store_masked_rows", "Deleted rows that still lie in segments, left out of every answer.", store.maskedRowCount)
    }

    private mutating func wal(_ wal: WALStatistics) {
        counter("spandrel_wal_entries_total", "Requests written to the log.", wal.entryCount)
        counter("spandrel_wal_groups_total", "Groups written to the log, each with one fdatasync.", wal.groupCount)
        counter("spandrel_wal_written_bytes_total", "Bytes written to the log.", wal.writtenByteCount)
        counter("spandrel_wal_failed_groups_total", "Groups that could not be made durable.", wal.failedGroupCount)
        counter("spandrel_wal_abandoned_files_total", "Log files given up after a disk fault.", wal.abandonedFileCount)
        counter("spandrel_wal_scrubbed_files_total", "Log files overwritten with zeros after a deletion.", wal.scrubbedFileCount)
        counter("spandrel_wal_busy_total", "Requests refused because too many waited.", wal.busyCount)
        counter(
            "spandrel_wal_copied_bytes_total", "Bytes of entries written to the log once more, so that an old file of it could go.",
            wal.copiedByteCount)
        gauge("spandrel_wal_bytes_in_use", "Bytes of the log that replay would read.", wal.bytesInUse)
        gauge("spandrel_wal_bytes", "Bytes of all log files.", wal.totalByteCount)
        gauge("spandrel_wal_queued_bytes", "Bytes waiting to be written.", wal.queuedByteCount)
        let durations = wal.synchronizeDurations
        let bounds = durations.counts.indices.compactMap { DurationHistogram.upperBoundMicroseconds(ofBucket: $0) }.map { Double($0) / 1e6 }
        histograms(
            "spandrel_wal_fdatasync_duration_seconds", "How long making a group durable took.", bounds: bounds,
            [([], durations.counts, Double(durations.totalMicroseconds) / 1e6)])
    }

    mutating func disk(_ disk: DiskStatistics) {
        if let capacity = disk.capacityByteCount {
            gauge("spandrel_disk_capacity_bytes", "Bytes of the disk, or what the server may take of it.", capacity)
        }
        if let free = disk.freeByteCount { gauge("spandrel_disk_free_bytes", "Bytes free of them.", free) }
        gauge(
            "spandrel_disk_level",
            "What gives way for want of room: 0 nothing, 1 what is due for deletion, 2 merging of segments, 3 exports.",
            disk.level.rawValue)
        gauge("spandrel_disk_ballast_bytes", "Bytes set aside for deletions on a full disk.", disk.ballastByteCount)
        counter("spandrel_disk_ballast_given_up_total", "How often those bytes were needed.", disk.ballastGivenUpCount)
        counter(
            "spandrel_disk_dropped_segments_total", "Segments dropped within their retention for want of room.", disk.droppedSegmentCount)
        counter("spandrel_disk_refused_requests_total", "Exports refused for want of room.", disk.refusedAppendCount)
    }

    mutating func database(_ pool: PostgresPool.Statistics) {
        gauge("spandrel_postgres_connections", "Connections to PostgreSQL.", pool.connectionCount)
        gauge("spandrel_postgres_idle_connections", "Connections nobody uses now.", pool.idleConnectionCount)
        gauge("spandrel_postgres_waiting", "Callers that wait for a connection.", pool.waiterCount)
    }
}
