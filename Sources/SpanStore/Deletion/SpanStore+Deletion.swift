import Dispatch
import FileSystem
import Synchronization
import TraceModel

/// Deletion: gone from every answer when the call returns, gone from the store's files within `maximumMaskAgeSeconds`.
///
/// What the project has in memory is sealed first, so that nothing of it comes back from the log. Then the rows that are found are masked
/// with one manifest edit, and the compactor writes the segments anew without them. The log's files are overwritten once they are let go.
extension SpanStore {
    /// What was found and is not deleted yet.
    package struct PreparedDeletion: Sendable {
        let project: ProjectID
        let horizon: UInt64
        var search: DeletionSearch
        /// What will go, if nothing changes meanwhile.
        package private(set) var found: DeletionOutcome

        init(project: ProjectID, horizon: UInt64, search: DeletionSearch, found: DeletionOutcome) {
            self.project = project
            self.horizon = horizon
            self.search = search
            self.found = found
        }
    }

    /// Deletes what a project has at this moment of a selection; what comes in while the call runs may stay.
    ///
    /// Throws when it is not known to be deleted whole: the caller tries again, which does no harm to what is gone already.
    /// A full disk is no obstacle as long as there is a ballast file: it is given up, and the deletion tried again.
    package func delete(_ selection: DeletionSelection, of project: ProjectID) async throws(StoreError) -> DeletionOutcome {
        try await complete(prepareDeletion(selection, of: project))
    }

    /// Finds what a deletion takes away, so that the caller can write down which traces that are before anything happens: afterwards nobody
    /// can find them any more.
    ///
    /// - Parameter known: traces that an earlier try of the same deletion found.
    package func prepareDeletion(
        _ selection: DeletionSelection, of project: ProjectID, known: Set<TraceID> = []
    ) async throws(StoreError) -> PreparedDeletion {
        guard !isClosed.load(ordering: .acquiring) else { throw StoreError(.closed, "the store is closing") }
        let logFile = try await givingUpBallast(for: "a deletion") { () throws(StoreError) in
            try await seal(project)
            return try await scrubLog()
        }
        return try await onDeletionQueue { [self] () throws(StoreError) in
            var search = DeletionSearch(selection, known: known)
            let handles = state.withLock { $0.handles(of: project) }
            let horizon = handles.map(\.descriptor.maximumLSN).max() ?? 0
            var found = DeletionOutcome()
            if selection == .project {
                for handle in handles { count(wholly: handle, &found) }
            } else {
                try Self.search(handles, &search)
                for handle in handles { search.found[handle.descriptor.sequence].map { found.add($0) } }
                found.traces = search.traces.sorted()
            }
            found.throughLogFile = logFile
            return PreparedDeletion(project: project, horizon: horizon, search: search, found: found)
        }
    }

    /// Deletes what was found, and what has become of it since.
    ///
    /// In two parts, each tried again without the ballast: what the first has done cannot be counted a second time.
    package func complete(_ prepared: PreparedDeletion) async throws(StoreError) -> DeletionOutcome {
        let project = prepared.project
        var outcome = try await givingUpBallast(for: "a deletion") { () throws(StoreError) in
            try await onDeletionQueue { [self] () throws(StoreError) in
                prepared.search.selection == .project ? try dropAll(of: project) : try maskFound(by: prepared)
            }
        }
        outcome.throughLogFile = prepared.found.throughLogFile
        let traces = outcome.traces
        outcome.refusedSpanCount = try await givingUpBallast(for: "a deletion") { () throws(StoreError) in
            try await removeBeside(prepared, traces)
        }
        outcome.maskedUnixNano = configuration.now()
        compactor.changed(project)
        wakeCompactor()
        return outcome
    }

    /// Refused spans and what receipts say. Answers how many refused spans went, where that is counted.
    private func removeBeside(_ prepared: PreparedDeletion, _ traces: [TraceID]) async throws(StoreError) -> Int {
        let project = prepared.project
        guard prepared.search.selection != .project else {
            try await quarantine.onThread { (quarantine) throws(StoreError) in try quarantine.removeAll(of: project) }
            try await receipts.removeReceipts(of: project, beforeReceiveDay: .max)
            return 0
        }
        let match = RefusedSpanMatch(prepared.search.selection, traces: traces)
        let count = try await quarantine.onThread { (quarantine) throws(StoreError) in
            try quarantine.remove(of: project) { match.matches($0) }
        }
        try await receipts.forget(Set(traces), of: project)
        return count
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

    /// Answers the last file of the log that may hold what is to be deleted.
    private func scrubLog() async throws(StoreError) -> UInt64 {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<UInt64, StoreError>, Never>) in
            wal.scrub { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    private static func search(_ handles: [SegmentHandle], _ search: inout DeletionSearch) throws(StoreError) {
        do {
            try search.search(handles)
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.corrupt, "a segment cannot be searched for what is to be deleted: \(error)", cause: error)
        }
    }

    /// One edit for all that was found, or none where segments have appeared that were not searched.
    private func maskFound(by prepared: PreparedDeletion) throws(StoreError) -> DeletionOutcome {
        var search = prepared.search
        for _ in 0..<Self.maximumSearchCount {
            let handles = state.withLock { $0.handles(of: prepared.project) }
            try Self.search(
                handles.filter { search.found[$0.descriptor.sequence] != nil || $0.descriptor.minimumLSN <= prepared.horizon }, &search)
            if let outcome = try publish(search, horizon: prepared.horizon, of: prepared.project) { return outcome }
        }
        throw StoreError(.busy, "segments were merged faster than they could be searched; try again")
    }

    /// Nil where a segment was not searched.
    private func publish(_ search: DeletionSearch, horizon: UInt64, of project: ProjectID) throws(StoreError) -> DeletionOutcome? {
        try sealer.withLock { (sealer: inout Sealer) throws(StoreError) -> DeletionOutcome? in
            let handles = state.withLock { $0.handles(of: project) }
            let found = search.found
            guard handles.allSatisfy({ found[$0.descriptor.sequence] != nil || $0.descriptor.minimumLSN > horizon }) else { return nil }
            var outcome = DeletionOutcome(), edit = ManifestEdit(), masked: [SegmentHandle] = []
            outcome.traces = search.traces.sorted()
            for handle in handles {
                guard let rows = found[handle.descriptor.sequence], !rows.rows.isEmpty else { continue }
                edit.append(.rowMask(segment: handle.descriptor.sequence, horizonLSN: horizon, rows: RowSet(rows.rows)))
                masked.append(handle.masking(RowSet(rows.rows + handle.mask.map { UInt32($0) }).rows))
                outcome.add(rows)
            }
            guard !masked.isEmpty else { return outcome }
            try sealer.manifest.append(edit)
            let had = Set(handles.filter { !$0.mask.isEmpty }.map(\.descriptor.sequence))
            compactor.masked(masked.map(\.descriptor.sequence), hadMasks: had, nowUnixNano: configuration.now())
            let published = masked
            state.withLock { [manifest = sealer.manifest] state in
                for handle in published { state.remask(handle, leadingTo: manifest) }
            }
            return outcome
        }
    }

    private func dropAll(of project: ProjectID) throws(StoreError) -> DeletionOutcome {
        try sealer.withLock { (sealer: inout Sealer) throws(StoreError) -> DeletionOutcome in
            let handles = state.withLock { $0.handles(of: project) }
            guard !handles.isEmpty else { return DeletionOutcome() }
            var outcome = DeletionOutcome()
            for handle in handles { count(wholly: handle, &outcome) }
            try drop(handles.map(\.descriptor), sealer)
            forgetRequests(of: project, storedIn: handles.map(\.descriptor))
            return outcome
        }
    }

    private func count(wholly handle: SegmentHandle, _ outcome: inout DeletionOutcome) {
        let costs = ScanCostCounter()
        // A segment that cannot be read goes all the same.
        let masked = Set(handle.mask)
        let events = (try? handle.files()).map { files in
            (0..<files.spans.rowGroupCount).reduce(0) { count, group in
                let first = Int32(files.firstRow(ofRowGroup: group)), rows = (try? files.eventRows(ofRowGroup: group, costs)) ?? []
                return count + rows.count { !masked.contains(first + $0) }
            }
        }
        outcome.segmentCount += 1
        outcome.eventCount += events ?? 0
        outcome.spanCount += max(0, handle.descriptor.spanRowCount - (events ?? 0) - handle.mask.count)
    }

    // MARK: What is left

    /// What is left on disk of what was deleted at a time. Rows masked before a restart count as older than that: their time is not kept.
    package func remains(
        of project: ProjectID, deletedUnixNano: UInt64, throughLogFile: UInt64
    ) async throws(StoreError) -> DeletionRemains {
        try await onDeletionQueue { [self] () throws(StoreError) in
            var remains = DeletionRemains()
            // Before what the manifest has: a segment that is published meanwhile is in it, then.
            let files = try publishedFiles(of: project)
            let handles = state.withLock { $0.handles(of: project) }
            for handle in handles where !handle.mask.isEmpty && compactor.maskedSince(handle.descriptor.sequence) <= deletedUnixNano {
                remains.maskedRowCount += handle.mask.count
                remains.maskedSegmentCount += 1
                if compactor.isDamaged(handle.descriptor.sequence) { remains.damagedSegmentCount += 1 }
            }
            let known = Set(
                handles.flatMap { handle -> [String] in
                    let descriptor = handle.descriptor
                    return [
                        StoreFileNames.spans(descriptor.partition, descriptor.sequence),
                        StoreFileNames.payloads(descriptor.partition, descriptor.sequence),
                    ]
                })
            remains.droppedFileCount = files.count { !known.contains($0) }
            remains.isInLog = wal.statistics.firstUnscrubbedFile.map { $0 <= throughLogFile } ?? false
            return remains
        }
    }

    private func publishedFiles(of project: ProjectID) throws(StoreError) -> [String] {
        do throws(FileSystemError) {
            let folder = StoreFileNames.folder(of: project)
            return try StoreFiles.list(configuration.fileSystem, configuration.root, below: "spans/\(folder)")
                + StoreFiles.list(configuration.fileSystem, configuration.root, below: "payloads/\(folder)")
        } catch {
            throw StoreError(error, while: "listing a project's files")
        }
    }

    /// Within so many seconds the bytes of what is deleted are gone.
    package var deletionDeadlineSeconds: Int { configuration.limits.maximumMaskAgeSeconds }
}

extension DeletionOutcome {
    fileprivate mutating func add(_ rows: DeletionSearch.Rows) {
        guard !rows.rows.isEmpty else { return }
        segmentCount += 1
        spanCount += rows.spanCount
        eventCount += rows.eventCount
        keptPayloadByteCount += rows.keptPayloadByteCount
    }
}
