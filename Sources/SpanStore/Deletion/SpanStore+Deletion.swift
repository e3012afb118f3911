import Dispatch
import FileSystem
import Synchronization
import TraceModel

/// Deletion: gone from every answer when the call returns, gone from the store's files within `maximumMaskAgeSeconds`.
///
/// What the project has in memory is sealed first, so that nothing of it comes back from the log. Then the rows that are found are masked
/// with one manifest edit, and the compactor writes the segments anew without them. The log's files are overwritten once they are let go.
extension SpanStore {
    /// Deletes what a project has at this moment of a selection; what comes in while the call runs may stay.
    ///
    /// Throws when it is not known to be deleted whole: the caller tries again, which does no harm to what is gone already.
    package func delete(_ selection: DeletionSelection, of project: ProjectID) async throws(StoreError) -> DeletionOutcome {
        guard !isClosed.load(ordering: .acquiring) else { throw StoreError(.closed, "the store is closing") }
        try await seal(project)
        try await scrubLog()
        let outcome = try await onDeletionQueue { [self] () throws(StoreError) in
            selection == .project ? try dropAll(of: project) : try maskFound(by: selection, of: project)
        }
        if selection == .project {
            try await quarantine.onThread { (quarantine) throws(StoreError) in try quarantine.removeAll(of: project) }
            try await receipts.removeReceipts(of: project, beforeReceiveDay: .max)
        }
        wakeCompactor()
        return outcome
    }

    /// How often the search begins anew because segments were merged meanwhile.
    private static let maximumSearchCount = 100

    private func onDeletionQueue<Value: Sendable>(
        _ body: @escaping @Sendable () throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<Value, StoreError>, Never>) in
            deletionQueue.async { continuation.resume(returning: Result { () throws(StoreError) in try body() }) }
        }
        return try result.get()
    }

    private func scrubLog() async throws(StoreError) {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<Void, StoreError>, Never>) in
            wal.scrub { continuation.resume(returning: $0) }
        }
        try result.get()
    }

    /// One edit for all that was found, or none where segments have appeared that were not searched.
    private func maskFound(by selection: DeletionSelection, of project: ProjectID) throws(StoreError) -> DeletionOutcome {
        var search = DeletionSearch(selection)
        let horizon = state.withLock { $0.segments[project] ?? [] }.map(\.descriptor.maximumLSN).max() ?? 0
        for _ in 0..<Self.maximumSearchCount {
            let handles = state.withLock { $0.segments[project] ?? [] }
            let unknown = handles.filter { search.found[$0.descriptor.sequence] == nil && $0.descriptor.minimumLSN <= horizon }
            do {
                try search.search(unknown)
            } catch let error as StoreError {
                throw error
            } catch {
                throw StoreError(.corrupt, "a segment cannot be searched for what is to be deleted: \(error)", cause: error)
            }
            let found = search.found
            if let outcome = try publish(found, horizon: horizon, of: project) { return outcome }
        }
        throw StoreError(.busy, "segments were merged faster than they could be searched; try again")
    }

    /// Nil where a segment was not searched.
    private func publish(
        _ found: [UInt64: DeletionSearch.Rows], horizon: UInt64, of project: ProjectID
    ) throws(StoreError) -> DeletionOutcome? {
        try sealer.withLock { (sealer: inout Sealer) throws(StoreError) -> DeletionOutcome? in
            let handles = state.withLock { $0.segments[project] ?? [] }
            guard handles.allSatisfy({ found[$0.descriptor.sequence] != nil || $0.descriptor.minimumLSN > horizon }) else { return nil }
            var outcome = DeletionOutcome(), edit = ManifestEdit(), masked: [SegmentHandle] = []
            var traces: Set<TraceID> = []
            for handle in handles {
                guard let rows = found[handle.descriptor.sequence], !rows.rows.isEmpty else { continue }
                edit.append(.rowMask(segment: handle.descriptor.sequence, horizonLSN: horizon, rows: RowSet(rows.rows)))
                masked.append(handle.masking(RowSet(rows.rows + handle.mask.map { UInt32($0) }).rows))
                outcome.segmentCount += 1
                outcome.spanCount += rows.spanCount
                outcome.eventCount += rows.eventCount
                outcome.keptPayloadByteCount += rows.keptPayloadByteCount
                traces.formUnion(rows.traces)
            }
            outcome.traceCount = traces.count
            guard !masked.isEmpty else { return outcome }
            try sealer.manifest.append(edit)
            let had = Set(handles.filter { !$0.mask.isEmpty }.map(\.descriptor.sequence))
            compactor.masked(masked.map(\.descriptor.sequence), hadMasks: had, nowUnixNano: configuration.now())
            let published = masked
            state.withLock { state in for handle in published { state.remask(handle) } }
            return outcome
        }
    }

    private func dropAll(of project: ProjectID) throws(StoreError) -> DeletionOutcome {
        try sealer.withLock { (sealer: inout Sealer) throws(StoreError) -> DeletionOutcome in
            let handles = state.withLock { $0.segments[project] ?? [] }
            guard !handles.isEmpty else { return DeletionOutcome() }
            var outcome = DeletionOutcome()
            let costs = ScanCostCounter()
            for handle in handles {
                // A segment that cannot be read goes all the same.
                let events = (try? handle.files()).map { files in
                    (0..<files.spans.rowGroupCount).reduce(0) { $0 + ((try? files.eventRows(ofRowGroup: $1, costs).count) ?? 0) }
                }
                outcome.eventCount += events ?? 0
                outcome.spanCount += max(0, handle.descriptor.spanRowCount - (events ?? 0) - handle.mask.count)
            }
            outcome.segmentCount = handles.count
            try drop(handles.map(\.descriptor), sealer)
            return outcome
        }
    }
}
