import Dispatch
import FileSystem
import Synchronization
import TraceModel

/// How far a reapplication is, for those who watch it from elsewhere; and the way to end it.
package final class ReapplicationProgress: Sendable {
    private let looked = Atomic<Int>(0)
    private let cancelled = Atomic<Bool>(false)

    package init() {}

    /// Rows that were looked at.
    package var rowCount: Int { looked.load(ordering: .relaxed) }
    package var isCancelled: Bool { cancelled.load(ordering: .relaxed) }
    /// Ends the work at hand soon, with `CancellationError`; nothing of it stays.
    package func cancel() { cancelled.store(true, ordering: .relaxed) }

    func add(_ rowCount: Int) { looked.wrappingAdd(rowCount, ordering: .relaxed) }
}

/// Which of a project's segments a reapplication is about.
package struct ReapplicationScope: Sendable {
    package var project: ProjectID
    /// Receive days, days since 1970; nil for all.
    package var receiveDays: ClosedRange<Int32>?
    /// What came in up to here: everything later has the newer mapping and the newer prices from the start.
    package var horizonLSN: UInt64

    package init(project: ProjectID, receiveDays: ClosedRange<Int32>?, horizonLSN: UInt64) {
        self.project = project
        self.receiveDays = receiveDays
        self.horizonLSN = horizonLSN
    }

    func contains(_ segment: SegmentDescriptor) -> Bool {
        segment.minimumLSN <= horizonLSN && (receiveDays?.contains(segment.receiveDay) ?? true)
    }
}

/// Applying a newer mapping or newer prices to what is stored: a rewrite of one segment after the other. Which are done their descriptors
/// say, so that whoever goes on after a crash needs to know no more.
extension SpanStore {
    /// Seals what a project has in memory, which is how it becomes part of a reapplication; answers the horizon.
    package func beginReapplication(of project: ProjectID) async throws(StoreError) -> UInt64 {
        try await seal(project)
        return state.withLock { $0.descriptors(of: project) }.map(\.maximumLSN).max() ?? 0
    }

    /// Rows of the segments that are still of older versions.
    package func rowsLeft(_ revision: FieldRevision, in scope: ReapplicationScope, skipping skipped: Set<UInt64> = []) -> Int {
        due(revision, scope, skipped).reduce(0) { $0 + $1.descriptor.spanRowCount }
    }

    /// Oldest first.
    private func due(_ revision: FieldRevision, _ scope: ReapplicationScope, _ skipped: Set<UInt64>) -> [SegmentHandle] {
        state.withLock { $0.handles(of: scope.project) }.filter { handle in
            scope.contains(handle.descriptor) && revision.isDue(handle.descriptor) && !skipped.contains(handle.descriptor.sequence)
        }.sorted { $0.descriptor.sequence < $1.descriptor.sequence }
    }

    /// Brings the next segment up to date; nil where none is left. What of a segment cannot be read or held in memory is in the report as
    /// skipped: the caller leaves it out from then on. Other errors pass.
    ///
    /// Runs where rewrites do, one at a time, so that no segment is merged meanwhile; rows that are masked meanwhile are masked in what it
    /// makes.
    package func reapplyNext(
        _ revision: FieldRevision, in scope: ReapplicationScope, skipping skipped: Set<UInt64>, progress: ReapplicationProgress
    ) async throws -> ReapplicationReport? {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<ReapplicationReport?, any Error>, Never>) in
            compactor.queue.async { [self] in
                continuation.resume(
                    returning: Result {
                        if compactor.isStopped { throw StoreError(.closed, "the store is closing") }
                        guard let handle = due(revision, scope, skipped).first else { return nil }
                        return try backgroundCPU.measure(.compaction) {
                            try skippingDamage(handle) { try reapply(revision, to: handle, progress) }
                        }
                    })
            }
        }
        return try result.get()
    }

    /// Counts what a reapplication would change. Reads the segments of this moment to the end, also those that are merged meanwhile.
    package func reviewReapplication(
        _ revision: FieldRevision, in scope: ReapplicationScope, progress: ReapplicationProgress
    ) async throws -> ReapplicationReport {
        let handles = due(revision, scope, []), rewriter = reviser(progress)
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<ReapplicationReport, any Error>, Never>) in
            reviewQueue.async { [self] in
                continuation.resume(
                    returning: Result {
                        var report = ReapplicationReport()
                        for handle in handles {
                            report.add(
                                try skippingDamage(handle) {
                                    try rewriter.review(handle, by: revision) { progress.add($0) }
                                })
                        }
                        return report
                    })
            }
        }
        return try result.get()
    }

    private func reviser(_ progress: ReapplicationProgress) -> SegmentRewriter {
        SegmentRewriter(writer: sealer.withLock { $0.writer }) { [compactor] in
            if compactor.isStopped { throw StoreError(.closed, "the store is closing") }
            if progress.isCancelled { throw CancellationError() }
        }
    }

    private func skippingDamage(_ handle: SegmentHandle, _ body: () throws -> ReapplicationReport) throws -> ReapplicationReport {
        func skipped(_ reason: String) -> ReapplicationReport {
            configuration.log(.error, "segment \(handle.descriptor.sequence) keeps the fields it has: \(reason)")
            var report = ReapplicationReport()
            report.skipped = [.init(sequence: handle.descriptor.sequence, reason: reason)]
            return report
        }
        do {
            return try body()
        } catch let error as StoreError {
            switch error.code {
            case .corrupt, .newerFormat, .limit: return skipped(error.description)
            case .busy, .full, .poisoned, .closed, .io, .locked, .invalid: throw error
            }
        } catch let error as FileSystemError {
            throw StoreError(error, while: "working out the fields of a segment anew")
        } catch let error as CancellationError {
            throw error
        } catch {
            return skipped("it cannot be read: \(error)")
        }
    }

    /// Compaction queue only.
    private func reapply(
        _ revision: FieldRevision, to handle: SegmentHandle, _ progress: ReapplicationProgress
    ) throws -> ReapplicationReport {
        let project = handle.descriptor.project, rewriter = reviser(progress)
        try requireRoom(for: [handle], byteCount: handle.descriptor.byteCount)
        let (result, report) = try rewriter.revise(
            handle, by: revision, registry: state.withLock { $0.registry(of: project) }, sequence: takeSequence
        ) { progress.add($0) }
        guard let result else {
            try note(revision.versions(of: handle.descriptor), of: handle.descriptor)
            return report
        }
        // Where it is gone, with its project or its day, there is nothing left to be brought up to date.
        guard try publish(result, of: rewriter, replacing: [handle]) else { return ReapplicationReport() }
        compactor.succeeded(result.report)
        // It may now be merged with others of its mapping.
        compactor.changed(project)
        return report
    }

    /// Nothing of the segment changes: that is all there is to be known of it.
    private func note(_ versions: (mapping: UInt16, prices: UInt64), of segment: SegmentDescriptor) throws(StoreError) {
        try sealer.withLock { (sealer: inout Sealer) throws(StoreError) in
            guard let handle = state.withLock({ $0.segment(segment.sequence, of: segment.project) }) else { return }
            try sealer.manifest.append(
                ManifestEdit([.fieldVersions(segment: segment.sequence, mapping: versions.mapping, prices: versions.prices)]))
            state.withLock { [manifest = sealer.manifest] in
                $0.remask(handle.versioned(mapping: versions.mapping, prices: versions.prices), leadingTo: manifest)
            }
            compactor.changed(segment.project)
        }
    }
}
