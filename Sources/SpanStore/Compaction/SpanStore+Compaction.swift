import Dispatch
import FileSystem
import Synchronization
import TraceModel

/// Rewrites as the store does them: what the policy asks for is written beside what is there, and put in its place with one manifest edit.
extension SpanStore {
    /// Has the compactor look whether there is something to do. Returns at once.
    func wakeCompactor() {
        guard !compactor.isPaused else { return }
        compactor.schedule { [self] in
            // What fails is logged and counted, and tried again later.
            _ = try? runCompaction(CompactionPolicy(limits: configuration.limits))
        }
    }

    /// Rewrites until nothing is left to do; answers what was done. `isUrgent`: masked rows and young segments do not wait.
    @discardableResult
    package func compact(isUrgent: Bool = false) async throws(StoreError) -> [RewriteReport] {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<[RewriteReport], StoreError>, Never>) in
            compactor.queue.async { [self] in
                continuation.resume(
                    returning: Result { () throws(StoreError) in
                        try runCompaction(CompactionPolicy(limits: configuration.limits, isUrgent: isUrgent), isAsked: true)
                    })
            }
        }
        return try result.get()
    }

    /// Holds up what would begin by itself; `compact` runs all the same.
    package func pauseCompaction(_ isPaused: Bool) { compactor.setPaused(isPaused) }

    /// Compaction queue only. Throws the error of a rewrite that failed; those before it stand.
    private func runCompaction(_ policy: CompactionPolicy, isAsked: Bool = false) throws(StoreError) -> [RewriteReport] {
        var reports: [RewriteReport] = []
        while !compactor.isStopped, isAsked || compactor.mayTry(nowUnixNano: configuration.now()) {
            guard let job = policy.next(compactionCandidates(), nowUnixNano: configuration.now()) else { break }
            do throws(StoreError) {
                guard let report = try rewrite(job) else { continue }
                compactor.succeeded(report)
                reports.append(report)
            } catch {
                if error.code == .closed { throw error }
                let retry = configuration.now() &+ UInt64(configuration.limits.compactionRetrySeconds) * 1_000_000_000
                compactor.failed(job, error, retryUnixNano: retry)
                configuration.log(.error, "segments \(job.sequences) could not be rewritten and stay as they are: \(error)")
                throw error
            }
        }
        return reports
    }

    private func compactionCandidates() -> [CompactionPolicy.Candidate] {
        let handles = state.withLock { Array($0.segments.values.joined()) }
        compactor.keepOnly(Set(handles.map(\.descriptor.sequence)))
        return handles.compactMap { handle in
            let sequence = handle.descriptor.sequence
            if compactor.isDamaged(sequence) { return nil }
            return .init(
                descriptor: handle.descriptor, maskedSinceUnixNano: handle.mask.isEmpty ? nil : compactor.maskedSince(sequence))
        }
    }

    /// Nil where a segment went meanwhile: retention or the deletion of its project was faster. Compaction queue only.
    private func rewrite(_ job: CompactionPolicy.Job) throws(StoreError) -> RewriteReport? {
        do {
            return try rewrite(segments: job.sequences, of: job.project, byteCount: job.byteCount)
        } catch let error as StoreError {
            throw error
        } catch let error as FileSystemError {
            throw StoreError(error, while: "rewriting segments")
        } catch {
            throw StoreError(.corrupt, "a segment cannot be rewritten: \(error)", cause: error)
        }
    }

    private func rewrite(segments sequences: [UInt64], of project: ProjectID, byteCount: Int) throws -> RewriteReport? {
        let (found, registry) = state.withLock { state in
            (sequences.compactMap { state.segment($0, of: project) }, state.registry(of: project))
        }
        guard found.count == sequences.count, let partition = found.first?.descriptor.partition else { return nil }
        if let free = freeByteCount, free < 2 * byteCount {
            throw StoreError(
                .full, "a rewrite of \(byteCount) bytes is put off: \(free) bytes of disk are free, and it leaves as many to others")
        }
        let (sequence, writer) = sealer.withLock { sealer in
            defer { sealer.nextSequence += 1 }
            return (sealer.nextSequence, sealer.writer)
        }
        let rewriter = SegmentRewriter(writer: writer) { [compactor] in
            if compactor.isStopped { throw StoreError(.closed, "the store is closing") }
        }
        let result = try rewriter.rewrite(found, registry: registry, sequence: sequence)
        do {
            guard try publish(result, replacing: found) else {
                rewriter.remove(partition, sequence)
                return nil
            }
        } catch {
            // Where it is not decided whether the edit holds, the files are kept; the next start removes them if it does not.
            if error.code != .poisoned { rewriter.remove(partition, sequence) }
            throw error
        }
        return result.report
    }

    /// Puts the new segment in the place of the old ones. False where one of them is gone.
    func publish(_ result: SegmentRewriter.Result, replacing sources: [SegmentHandle]) throws(StoreError) -> Bool {
        let sequences = sources.map(\.descriptor.sequence), project = sources[0].descriptor.project
        return try sealer.withLock { (sealer: inout Sealer) throws(StoreError) -> Bool in
            let current = state.withLock { state in sequences.compactMap { state.segment($0, of: project) } }
            guard current.count == sources.count else { return false }
            // Rows that were masked while the rewrite ran.
            let late = zip(sources, current).flatMap { source, current -> [UInt32] in
                let before = Set(source.mask)
                return current.mask.lazy.filter { !before.contains($0) }.compactMap {
                    result.mapping.row($0, ofSegment: source.descriptor.sequence).map { UInt32($0) }
                }
            }
            var edit = ManifestEdit(sequences.map { .dropSegment(sequence: $0) })
            var handle: SegmentHandle?
            if let descriptor = result.descriptor {
                edit.append(.addSegment(descriptor))
                if !late.isEmpty {
                    let horizon = sequences.compactMap { sealer.manifest.state.rowMasks[$0]?.horizonLSN }.max() ?? 0
                    edit.append(.rowMask(segment: descriptor.sequence, horizonLSN: horizon, rows: RowSet(late)))
                }
                handle = SegmentHandle(
                    descriptor, fileSystem: configuration.fileSystem, root: configuration.root, mask: RowSet(late).rows)
            }
            edit.append(.nextSequence(sealer.nextSequence))
            try sealer.manifest.append(edit)
            if let handle, !late.isEmpty {
                compactor.masked([handle.descriptor.sequence], hadMasks: [], nowUnixNano: configuration.now())
            }
            let published = handle
            for old in state.withLock({ $0.replace(Set(sequences), of: project, with: published) }) { old.drop() }
            columns.remove(ofSegments: Set(sequences))
            return true
        }
    }
}
