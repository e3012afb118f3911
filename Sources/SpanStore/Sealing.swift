import Dispatch
import FileSystem
import Synchronization
import TraceModel

/// Sealing and retention: everything that changes segments and manifest. Runs on the seal queue only, or alone during recovery.
struct Sealer {
    let manifest: ManifestLog
    let writer: SegmentWriter
    var nextSequence: UInt64
    let fileSystem: any FileSystem
    let root: String

    /// Writes a memtable's segment and the manifest edit that publishes it; nil where it has no rows.
    ///
    /// - Parameters:
    ///   - recent: requests of the memtable that a repetition may still refer to.
    ///   - promoted: keys that join the project's registry with this edit.
    ///   - logStart: the first LSN the log still holds, where it is known.
    mutating func seal(
        _ memtable: Memtable, recent: [RecentRequest], promoted: [PromotedKey] = [], logStart: UInt64? = nil
    ) throws -> SegmentHandle? {
        let sequence = nextSequence
        nextSequence += 1
        let descriptor = try writer.write(memtable, sequence: sequence)
        var edit = ManifestEdit()
        if let descriptor { edit.append(.addSegment(descriptor)) }
        edit.append(.nextSequence(nextSequence))
        edit.append(.sealed(memtable.partition, lsn: memtable.maximumLSN))
        if let logStart { edit.append(.logStart(lsn: logStart)) }
        if !recent.isEmpty { edit.append(.recentRequests(recent)) }
        if !promoted.isEmpty { edit.append(.promotedKeys(project: memtable.partition.project, keys: promoted)) }
        try manifest.append(edit)
        return descriptor.map { SegmentHandle($0, fileSystem: fileSystem, root: root, mask: []) }
    }
}

extension SpanStore {
    /// Memtables of less than this hold what trickles in.
    private static let idleMemtablesByteCount = 16 << 20

    /// Seals the frozen memtables, oldest first. Stops at the first that fails: it stays readable in memory and covered by the
    /// log, and is tried again by `maintain`.
    @discardableResult
    func sealFrozen() -> Result<Void, StoreError> {
        var isAnySealed = false
        while let memtable = state.withLock({ $0.frozen.first }) {
            let start = configuration.now()
            do {
                try seal(memtable)
                isAnySealed = true
                tell(memtable, sealedSince: start, isFailure: false)
            } catch {
                tell(memtable, sealedSince: start, isFailure: true)
                let failure =
                    (error as? StoreError) ?? (error as? FileSystemError).map { StoreError($0, while: "sealing") }
                    ?? StoreError(.io, "sealing failed: \(error)", cause: error)
                counters.withLock { $0.sealFailureCount += 1 }
                configuration.log(
                    .error, "a memtable of \(memtable.visibleRowCount) spans could not be sealed and will be tried again: \(failure)")
                return .failure(failure)
            }
        }
        // While spans pour in, the next memtable will want the memory again.
        if isAnySealed, counters.withLock({ $0.memtablesByteCount }) < Self.idleMemtablesByteCount { configuration.sealed() }
        if isAnySealed { wakeCompactor() }
        return .success(())
    }

    private func tell(_ memtable: Memtable, sealedSince start: UInt64, isFailure: Bool) {
        configuration.memtableSealed(
            MemtableSeal(
                project: memtable.partition.project, spanCount: memtable.visibleRowCount - memtable.eventRows.count,
                startTimeUnixNano: start,
                endTimeUnixNano: configuration.now(), isFailure: isFailure))
    }

    private func seal(_ memtable: Memtable) throws {
        // Before the log lets go of the entries they are made of.
        try receipts.flush(memtable.partition.project)
        try sealer.withLock { sealer in
            let promoted = promotions(after: memtable)
            let handle = try sealer.seal(
                memtable, recent: recentRequests(of: memtable.partition, throughLSN: memtable.maximumLSN), promoted: promoted,
                logStart: wal.firstHeldLSN)
            state.withLock { $0.publish(handle, replacing: memtable, promoting: promoted) }
            wal.release(partition: memtable.partition, sealedLSN: memtable.maximumLSN)
            counters.withLock { counters in
                counters.memtablesByteCount = max(0, counters.memtablesByteCount - memtable.accountedByteCount)
                counters.sealed.segmentCount += handle == nil ? 0 : 1
                counters.sealedByteCount += handle?.descriptor.byteCount ?? 0
                counters.sealed.spanCount += handle.map { $0.descriptor.spanRowCount - memtable.eventRows.count } ?? 0
            }
        }
    }

    /// Keys that join the project's registry because the memtable's day is over: those one row in a hundred had.
    private func promotions(after memtable: Memtable) -> [PromotedKey] {
        let today = PartitionID(project: memtable.partition.project, receivedUnixNano: configuration.now()).receiveDay
        guard memtable.partition.receiveDay < today else { return [] }
        let registry = state.withLock { $0.registry(of: memtable.partition.project) }
        return registry.candidates(from: memtable.keyStatistics(), rowCount: memtable.rowCount, day: today)
    }

    /// Drops the segments, and the refused spans, of every project whose receive day is older than its retention.
    /// `days` without an entry keep all.
    package func sweepRetention(days: [ProjectID: Int]) async throws(StoreError) -> RetentionReport {
        await expireRefusedSpans(days)
        await expireReceipts(days)
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<RetentionReport, StoreError>, Never>) in
            sealQueue.async { [self] in
                do throws(StoreError) {
                    continuation.resume(returning: .success(try sweep(days)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    private func sweep(_ days: [ProjectID: Int]) throws(StoreError) -> RetentionReport {
        let today = CalendarDay.daysSince1970(unixNano: configuration.now())
        // Behind the lock, so that no rewrite puts another segment in the place of an expired one meanwhile.
        let expired = try sealer.withLock { (sealer: inout Sealer) throws(StoreError) -> [SegmentDescriptor] in
            let descriptors = state.withLock { $0.segments.values.joined().map(\.descriptor) }
            let expired = RetentionPolicy.expired(descriptors, days: days, today: today)
            if !expired.isEmpty { try drop(expired, sealer) }
            return expired
        }
        return RetentionReport(
            droppedSegmentCount: expired.count, droppedSpanCount: expired.reduce(0) { $0 + $1.spanRowCount },
            freedByteCount: expired.reduce(0) { $0 + $1.spanFileByteCount + $1.payloadFileByteCount })
    }

    /// Drops segments for good. With the sealer's lock held.
    func drop(_ segments: [SegmentDescriptor], _ sealer: borrowing Sealer) throws(StoreError) {
        try sealer.manifest.append(ManifestEdit(segments.map { .dropSegment(sequence: $0.sequence) }))
        let sequences = Set(segments.map(\.sequence))
        for handle in state.withLock({ $0.drop(sequences) }) { handle.drop() }
        columns.remove(ofSegments: sequences)
    }

    /// Receipts are kept no longer than what they are of.
    private func expireReceipts(_ days: [ProjectID: Int]) async {
        let today = CalendarDay.daysSince1970(unixNano: configuration.now())
        for (project, kept) in days where kept > 0 && kept < Int(today) {
            do throws(StoreError) { try await receipts.removeReceipts(of: project, beforeReceiveDay: today - Int32(kept)) } catch {
                configuration.log(.warning, "receipts that outlived their project's retention could not be removed: \(error)")
            }
        }
    }

    /// Refused spans are kept no longer than stored ones. A disk that fails here is no reason to keep segments.
    private func expireRefusedSpans(_ days: [ProjectID: Int]) async {
        let today = CalendarDay.daysSince1970(unixNano: configuration.now())
        for (project, kept) in days where kept > 0 && kept < Int(today) {
            let firstKept = UInt64(Int(today) - kept) * 86_400_000_000_000
            do throws(StoreError) {
                try await quarantine.onThread { (quarantine) throws(StoreError) in
                    try quarantine.removeSpans(of: project, before: firstKept)
                }
            } catch {
                configuration.log(.warning, "refused spans that outlived their retention could not be removed: \(error)")
            }
        }
    }
}
