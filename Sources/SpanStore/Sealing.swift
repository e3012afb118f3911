import Dispatch
import FileSystem
import Synchronization
import TraceModel

/// Sealing and retention: everything that changes segments and manifest. Runs on the seal queue only.
struct Sealer {
    let manifest: ManifestLog
    let writer: SegmentWriter
    var nextSequence: UInt64
}

extension SpanStore {
    /// Seals the frozen memtables, oldest first. Stops at the first that fails: it stays readable in memory and covered by the
    /// log, and is tried again by `maintain`.
    @discardableResult
    func sealFrozen() -> Result<Void, StoreError> {
        var isAnySealed = false
        while let memtable = state.withLock({ $0.frozen.first }) {
            do {
                try seal(memtable)
                isAnySealed = true
            } catch {
                let failure =
                    (error as? StoreError) ?? (error as? FileSystemError).map { StoreError($0, while: "sealing") }
                    ?? StoreError(.io, "sealing failed: \(error)", cause: error)
                counters.withLock { $0.sealFailureCount += 1 }
                configuration.log(
                    .error, "a memtable of \(memtable.visibleRowCount) spans could not be sealed and will be tried again: \(failure)")
                return .failure(failure)
            }
        }
        if isAnySealed { configuration.sealed() }
        return .success(())
    }

    private func seal(_ memtable: Memtable) throws {
        try sealer.withLock { sealer in
            let sequence = sealer.nextSequence
            sealer.nextSequence += 1
            let descriptor = try sealer.writer.write(memtable, sequence: sequence)
            let promoted = promotions(after: memtable)
            var edit = ManifestEdit()
            if let descriptor { edit.append(.addSegment(descriptor)) }
            edit.append(.nextSequence(sealer.nextSequence))
            edit.append(.sealed(memtable.partition, lsn: memtable.maximumLSN))
            if let start = wal.firstHeldLSN { edit.append(.logStart(lsn: start)) }
            let recent = recentRequests(of: memtable.partition, throughLSN: memtable.maximumLSN)
            if !recent.isEmpty { edit.append(.recentRequests(recent)) }
            if !promoted.isEmpty { edit.append(.promotedKeys(project: memtable.partition.project, keys: promoted)) }
            try sealer.manifest.append(edit)

            let handle = descriptor.map { SegmentHandle($0, fileSystem: configuration.fileSystem, root: configuration.root, mask: []) }
            state.withLock { $0.publish(handle, replacing: memtable, promoting: promoted) }
            wal.release(partition: memtable.partition, sealedLSN: memtable.maximumLSN)
            counters.withLock { counters in
                counters.memtablesByteCount = max(0, counters.memtablesByteCount - memtable.accountedByteCount)
                counters.sealed.segmentCount += descriptor == nil ? 0 : 1
                counters.sealed.spanCount += descriptor?.spanRowCount ?? 0
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

    /// Drops the segments of every project whose receive day is older than its retention. `days` without an entry keep all.
    package func sweepRetention(days: [ProjectID: Int]) async throws(StoreError) -> RetentionReport {
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
        let descriptors = state.withLock { $0.segments.values.joined().map(\.descriptor) }
        let today = CalendarDay.daysSince1970(unixNano: configuration.now())
        let expired = RetentionPolicy.expired(descriptors, days: days, today: today)
        guard !expired.isEmpty else { return RetentionReport() }
        let edit = ManifestEdit(expired.map { .dropSegment(sequence: $0.sequence) })
        try sealer.withLock { (sealer: inout Sealer) throws(StoreError) -> Void in try sealer.manifest.append(edit) }
        let dropped = state.withLock { $0.drop(Set(expired.map(\.sequence))) }
        for handle in dropped { handle.drop() }
        return RetentionReport(
            droppedSegmentCount: expired.count, droppedSpanCount: expired.reduce(0) { $0 + $1.spanRowCount },
            freedByteCount: expired.reduce(0) { $0 + $1.spanFileByteCount + $1.payloadFileByteCount })
    }
}
