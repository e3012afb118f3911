import Dispatch
import FileSystem
import Synchronization
import TraceModel

/// Rewrites as the store does them: what the policy asks for is written beside what is there, and put in its place with one manifest edit.
extension SpanStore {
    /// Has the compactor look whether there is something to do. Returns at once.
    package func wakeCompactor() {
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
        try backgroundCPU.measure(.compaction) { () throws(StoreError) in try compactEach(policy, isAsked: isAsked) }
    }

    private func compactEach(_ policy: CompactionPolicy, isAsked: Bool) throws(StoreError) -> [RewriteReport] {
        var reports: [RewriteReport] = []
        var policy = policy
        policy.retention = retention.withLock { $0 }
        compactor.retryWaiting()
        let day = CalendarDay.daysSince1970(unixNano: configuration.now())
        if isAsked || compactor.needsAll(day: day) {
            compactor.look(at: state.withLock { $0.segments }.projects.sorted().reversed(), day: day)
        }
        if compactor.remembersSegments {
            let manifest = sealer.withLock { $0.manifest }
            compactor.forgetSegments { !manifest.contains($0) }
        }
        while let project = compactor.nextProject() {
            do throws(StoreError) {
                try compact(project, &policy, isAsked: isAsked, &reports)
            } catch {
                // It is tried again with the others that wait.
                compactor.wait(project)
                throw error
            }
        }
        return reports
    }

    /// Whatever is to be done for one project.
    private func compact(
        _ project: ProjectID, _ policy: inout CompactionPolicy, isAsked: Bool, _ reports: inout [RewriteReport]
    ) throws(StoreError) {
        while true {
            let now = configuration.now()
            guard !compactor.isStopped, isAsked || compactor.mayTry(nowUnixNano: now) else { return compactor.wait(project) }
            policy.mergesSegments = disk.level < .saving
            policy.isIdle = isIdle(now)
            let candidates = compactionCandidates(of: project)
            guard let job = policy.next(candidates, nowUnixNano: now) else {
                if policy.mayHaveMore(candidates, nowUnixNano: now) { compactor.wait(project) }
                return
            }
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
    }

    private func compactionCandidates(of project: ProjectID) -> [CompactionPolicy.Candidate] {
        let segments = state.withLock { state in state.descriptors(of: project).map { ($0, !state.mask(ofSegment: $0.sequence).isEmpty) } }
        return segments.compactMap { descriptor, isMasked in
            let sequence = descriptor.sequence
            if compactor.isDamaged(sequence) { return nil }
            return .init(
                descriptor: descriptor, maskedSinceUnixNano: isMasked ? compactor.maskedSince(sequence) : nil,
                isCold: compactor.isCold(sequence))
        }
    }

    private func isIdle(_ now: UInt64) -> Bool {
        compactor.isIdle(byteCount: wal.statistics.writtenByteCount, nowUnixNano: now, limits: configuration.limits)
    }

    /// Nil where nothing came of it: a segment went meanwhile, retention or the deletion of its project was faster; payloads were cold
    /// already; the store had other things to do. Compaction queue only.
    private func rewrite(_ job: CompactionPolicy.Job) throws(StoreError) -> RewriteReport? {
        do {
            return try rewrite(segments: job.sequences, of: job.project, byteCount: job.byteCount, purpose: job.purpose)
        } catch is GaveWay {
            return nil
        } catch let error as StoreError {
            throw error
        } catch let error as FileSystemError {
            throw StoreError(error, while: "rewriting segments")
        } catch {
            throw StoreError(.corrupt, "a segment cannot be rewritten: \(error)", cause: error)
        }
    }

    private func rewrite(
        segments sequences: [UInt64], of project: ProjectID, byteCount: Int, purpose: CompactionPolicy.Purpose
    ) throws -> RewriteReport? {
        let (found, registry) = state.withLock { state in
            (sequences.compactMap { state.segment($0, of: project) }, state.registry(of: project))
        }
        guard found.count == sequences.count, SegmentRewriter.partition(of: found) != nil else { return nil }
        try requireRoom(for: found, byteCount: byteCount, isForMask: purpose == .mask)
        let rewriter = SegmentRewriter(writer: sealer.withLock { $0.writer }) { [self] in
            if compactor.isStopped { throw StoreError(.closed, "the store is closing") }
            if purpose == .cold, !isIdle(configuration.now()) { throw GaveWay() }
        }
        guard purpose == .cold else {
            let result = try rewriter.rewrite(found, registry: registry, sequence: takeSequence())
            return try publish(result, of: rewriter, replacing: found) ? result.report : nil
        }
        guard let result = try rewriter.pack(found[0], registry: registry, sequence: takeSequence) else {
            compactor.noteCold(sequences[0])
            return nil
        }
        guard try publish(result, of: rewriter, replacing: found) else { return nil }
        if let made = result.descriptor { compactor.noteCold(made.sequence) }
        return result.report
    }

    /// A burst came while payloads were compressed for long keeping: they stay as they are until the store is idle again.
    private struct GaveWay: Error {}

    /// The number of a segment to be written.
    func takeSequence() -> UInt64 {
        sealer.withLock { sealer in
            defer { sealer.nextSequence += 1 }
            return sealer.nextSequence
        }
    }

    /// Puts what a rewriter made in the place of its sources, or removes it. False where one of them is gone.
    func publish(
        _ result: SegmentRewriter.Result, of rewriter: SegmentRewriter, replacing sources: [SegmentHandle]
    ) throws(StoreError) -> Bool {
        func remove() {
            if let made = result.descriptor { rewriter.remove(made.partition, made.sequence) }
        }
        do {
            let isPublished = try publish(result, replacing: sources)
            if !isPublished { remove() }
            return isPublished
        } catch {
            // Where it is not decided whether the edit holds, the files are kept; the next start removes them if it does not.
            if error.code != .poisoned { remove() }
            throw error
        }
    }

    /// A merge leaves as much to others as it takes. What cleans up after a deletion takes what there is, the ballast included.
    func requireRoom(for segments: [SegmentHandle], byteCount: Int, isForMask: Bool = false) throws(StoreError) {
        let writesNothing = segments.allSatisfy { $0.mask.count >= $0.descriptor.spanRowCount }
        let needed = writesNothing ? 0 : isForMask ? byteCount : 2 * byteCount
        guard let free = freeByteCount, free < needed else { return }
        if isForMask, giveUpBallast(for: "the rewrite of what was deleted"), let freed = freeByteCount, freed >= needed { return }
        throw StoreError(.full, "a rewrite of \(byteCount) bytes is put off: \(free) bytes of disk are free, and it wants \(needed)")
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
            let mask = RowSet(late).rows
            if let descriptor = result.descriptor {
                edit.append(contentsOf: ManifestState.added(descriptor))
                if !late.isEmpty {
                    let horizon = sequences.compactMap { sealer.manifest.maskHorizonLSN(ofSegment: $0) }.max() ?? 0
                    edit.append(.rowMask(segment: descriptor.sequence, horizonLSN: horizon, rows: RowSet(late)))
                }
            }
            edit.append(.nextSequence(sealer.nextSequence))
            try sealer.manifest.append(edit)
            if let descriptor = result.descriptor, !late.isEmpty {
                // Since when they are masked in the sources, or longer ago: their time goes on.
                let since = current.filter { !$0.mask.isEmpty }.map { compactor.maskedSince($0.descriptor.sequence) }.min()
                compactor.masked([descriptor.sequence], hadMasks: [], nowUnixNano: since ?? configuration.now())
            }
            let old = state.withLock { [manifest = sealer.manifest] state in
                state.replace(current.map(\.descriptor), with: result.descriptor, mask: mask, leadingTo: manifest)
            }
            for handle in old { handle.drop() }
            columns.remove(ofSegments: Set(sequences))
            return true
        }
    }
}
