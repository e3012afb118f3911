import Dispatch
import FileSystem
import Synchronization
import TraceModel

/// Sealing and retention: everything that changes segments and manifest. Runs on the seal queue only, or alone during recovery.
struct Sealer {
    let manifest: ManifestLog
    let writer: SegmentWriter
    var nextSequence: UInt64

    /// Writes a memtable's segment and the manifest edit that publishes it; nil where it has no rows.
    ///
    /// - Parameters:
    ///   - recent: requests of the memtable that a repetition may still refer to.
    ///   - promoted: keys that join the project's registry with this edit.
    ///   - logStart: the first LSN the log still holds, where it is known.
    mutating func seal(
        _ memtable: Memtable, recent: [RecentRequest], promoted: [PromotedKey] = [], logStart: UInt64? = nil
    ) throws -> SegmentDescriptor? {
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
        return descriptor
    }
}

extension SpanStore {
    /// Memtables of less than this hold what trickles in.
    private static let idleMemtablesByteCount = 16 << 20

    /// Seals the memtables that were frozen first, up to this many of all that ever were: those that are frozen meanwhile have a job of
    /// their own, so that nobody who waits for this one is kept by a stream that never ends. Stops at the first that fails: it stays
    /// readable in memory and covered by the log, and is tried again by the next job.
    @discardableResult
    func sealFrozen(through frozenCount: Int) -> Result<Void, StoreError> {
        backgroundCPU.measure(.sealing) { sealEachFrozen(through: frozenCount) }
    }

    private func sealEachFrozen(through frozenCount: Int) -> Result<Void, StoreError> {
        var isAnySealed = false
        while let memtable = state.withLock({ $0.sealedCount < frozenCount ? $0.frozen.first : nil }) {
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
        if isAnySealed, isMemoryToBeGivenBack() { configuration.sealed() }
        if isAnySealed { wakeCompactor() }
        return .success(())
    }

    /// While spans pour in, the next memtable will want the memory again. Memtables of thousands of projects that trickle never become few;
    /// but they are sealed when their day is over, and what they leave between those of the next day is half of it.
    private func isMemoryToBeGivenBack() -> Bool {
        counters.withLock { counters in
            let held = counters.memtablesByteCount
            guard held < Self.idleMemtablesByteCount || held < counters.highestMemtablesByteCount / 2 else { return false }
            counters.highestMemtablesByteCount = held
            return true
        }
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
            let segment = try sealer.seal(
                memtable, recent: recentRequests(of: memtable.partition, throughLSN: memtable.maximumLSN), promoted: promoted,
                logStart: wal.firstHeldLSN)
            state.withLock { [manifest = sealer.manifest] in $0.publish(segment, replacing: memtable, leadingTo: manifest) }
            compactor.changed(memtable.partition.project)
            wal.release(partition: memtable.partition, sealedLSN: memtable.maximumLSN)
            counters.withLock { counters in
                counters.memtablesByteCount = max(0, counters.memtablesByteCount - memtable.accountedByteCount)
                counters.sealed.segmentCount += segment == nil ? 0 : 1
                counters.sealedByteCount += segment?.byteCount ?? 0
                counters.sealed.spanCount += segment.map { $0.spanRowCount - memtable.eventRows.count } ?? 0
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

    /// Drops the segments that have outlived their project's retention, and with them refused spans and receipts as old. Projects without
    /// a rule keep all. The rules are remembered for a disk that fills up before the next sweep.
    package func sweepRetention(_ rules: [ProjectID: RetentionRule]) async throws(StoreError) -> RetentionReport {
        let isChange = retention.withLock { known in
            defer { known = rules }
            return known != rules
        }
        // Which days may lie together depends on them.
        if isChange { compactor.lookAtAll() }
        if isChange || isSmallExpiryDue() {
            let days = rules.compactMapValues(\.days)
            await expireRefusedSpans(days)
            await expireReceipts(days)
        }
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<RetentionReport, StoreError>, Never>) in
            sealQueue.async { [self] in
                do throws(StoreError) {
                    continuation.resume(
                        returning: .success(
                            try backgroundCPU.measure(.sealing) { () throws(StoreError) -> RetentionReport in try sweep(rules) }))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    func sweep(_ rules: [ProjectID: RetentionRule]) throws(StoreError) -> RetentionReport {
        let today = CalendarDay.daysSince1970(unixNano: configuration.now())
        return try dropChosen { RetentionPolicy.expired($0, rules: rules, today: today) }
    }

    /// Drops what is chosen among all segments. Behind the lock, so that no rewrite puts another segment in the place of one meanwhile.
    func dropChosen(_ choose: (LazyFilterSequence<SegmentTable>) -> [SegmentDescriptor]) throws(StoreError) -> RetentionReport {
        let dropped = try sealer.withLock { (sealer: inout Sealer) throws(StoreError) -> [SegmentDescriptor] in
            let (segments, damaged) = state.withLock { ($0.segments, $0.damagedSequences) }
            let chosen = choose(segments.lazy.filter { !damaged.contains($0.sequence) })
            if !chosen.isEmpty { try drop(chosen, sealer) }
            return chosen
        }
        return RetentionReport(
            droppedSegmentCount: dropped.count, droppedSpanCount: dropped.reduce(0) { $0 + $1.spanRowCount },
            freedByteCount: dropped.reduce(0) { $0 + $1.byteCount })
    }

    /// Drops segments for good. With the sealer's lock held.
    func drop(_ segments: [SegmentDescriptor], _ sealer: borrowing Sealer) throws(StoreError) {
        try sealer.manifest.append(ManifestEdit(segments.map { .dropSegment(sequence: $0.sequence) }))
        let sequences = Set(segments.map(\.sequence))
        let manifest = sealer.manifest
        for handle in state.withLock({ $0.drop(segments, leadingTo: manifest) }) { handle.drop() }
        columns.remove(ofSegments: sequences)
    }

    /// Receipts and refused spans go by the day, and are looked at project by project: not as often as segments.
    private func isSmallExpiryDue() -> Bool {
        let now = configuration.now()
        return lastSmallExpiry.withLock { last in
            guard now >= last &+ UInt64(StoreLimits.smallExpirySeconds) * 1_000_000_000 else { return false }
            last = now
            return true
        }
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
