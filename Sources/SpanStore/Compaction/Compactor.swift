import Synchronization
import TraceModel

/// Counts of rewrites since the start.
package struct CompactionStatistics: Equatable, Sendable {
    package var rewriteCount = 0
    package var failureCount = 0
    package var rowsRead = 0
    package var rowsWritten = 0
    package var bytesRead = 0
    package var bytesWritten = 0
    package var copiedRowGroupCount = 0
    package var mergedRowGroupCount = 0
    /// Segments whose payloads were compressed for long keeping.
    package var coldSegmentCount = 0
}

/// Where rewrites run: one at a time, in the background, on a queue of their own. What is to be done the policy says, how it is done the
/// rewriter knows; here is when, and what came of it.
final class Compactor: Sendable {
    let queue = BackgroundThread()
    private let state = Mutex(State())

    private struct State {
        var isScheduled = false
        var isPaused = false
        var isStopped = false
        /// After a failure.
        var retryUnixNano: UInt64 = 0
        /// Segments that could not be read: left alone until the next start.
        var damaged: Set<UInt64> = []
        /// Since when rows of a segment are masked. Of those masked before the start it is not known: they are overdue.
        var maskedSince: [UInt64: UInt64] = [:]
        /// Segments whose payloads are known to be compressed for long keeping; a file says so of others.
        var cold: Set<UInt64> = []
        var idle = IdleMeter()
        var statistics = CompactionStatistics()
        var projects = CompactionQueue()
    }

    var statistics: CompactionStatistics { state.withLock { $0.statistics } }
    var isStopped: Bool { state.withLock { $0.isStopped } }
    var isPaused: Bool { state.withLock { $0.isPaused } }

    /// Nothing begins while it is paused.
    func setPaused(_ isPaused: Bool) { state.withLock { $0.isPaused = isPaused } }

    /// Runs the body soon, once however often it is asked.
    func schedule(_ body: @escaping @Sendable () -> Void) {
        let isNew = state.withLock { state in
            defer { state.isScheduled = true }
            return !state.isScheduled && !state.isStopped
        }
        guard isNew else { return }
        queue.async { [self] in
            state.withLock { $0.isScheduled = false }
            body()
        }
    }

    /// Gives up the rewrite under way and begins none. Returns when it is over.
    func stop() async {
        state.withLock { $0.isStopped = true }
        await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
    }

    // MARK: Whose segments are looked at

    func changed(_ project: ProjectID) { state.withLock { $0.projects.changed(project) } }

    /// Every project that has segments: on a new day, at the start, and when somebody asks.
    func look(at projects: [ProjectID], day: Int32) { state.withLock { $0.projects.look(at: projects, day: day) } }

    func lookAtAll() { state.withLock { $0.projects.forgetDay() } }
    func needsAll(day: Int32) -> Bool { state.withLock { $0.projects.day != day } }
    func retryWaiting() { state.withLock { $0.projects.retryWaiting() } }
    func nextProject() -> ProjectID? { state.withLock { $0.projects.next() } }

    /// Nothing is to be done now and something may be later.
    func wait(_ project: ProjectID) { state.withLock { $0.projects.wait(project) } }

    // MARK: What is known of segments

    var remembersSegments: Bool { state.withLock { !$0.maskedSince.isEmpty || !$0.damaged.isEmpty || !$0.cold.isEmpty } }

    func isCold(_ sequence: UInt64) -> Bool { state.withLock { $0.cold.contains(sequence) } }
    func noteCold(_ sequence: UInt64) { state.withLock { _ = $0.cold.insert(sequence) } }

    func maskedSince(_ sequence: UInt64) -> UInt64 { state.withLock { $0.maskedSince[sequence] ?? 0 } }
    func isDamaged(_ sequence: UInt64) -> Bool { state.withLock { $0.damaged.contains(sequence) } }

    /// Rows of the segments were masked; of those that had masks before the older time counts.
    func masked(_ sequences: [UInt64], hadMasks: Set<UInt64>, nowUnixNano now: UInt64) {
        state.withLock { state in for sequence in sequences where !hadMasks.contains(sequence) { state.maskedSince[sequence] = now } }
    }

    /// Forgets segments that are gone.
    func forgetSegments(_ areGone: (UInt64) -> Bool) {
        state.withLock { state in
            state.maskedSince = state.maskedSince.filter { !areGone($0.key) }
            state.damaged = state.damaged.filter { !areGone($0) }
            state.cold = state.cold.filter { !areGone($0) }
        }
    }

    /// - Parameter byteCount: written to the log since the start.
    func isIdle(byteCount: Int, nowUnixNano now: UInt64, limits: StoreLimits) -> Bool {
        state.withLock { $0.idle.isIdle(byteCount: byteCount, nowUnixNano: now, limits: limits) }
    }

    // MARK: Outcomes

    func mayTry(nowUnixNano now: UInt64) -> Bool { state.withLock { !$0.isStopped && !$0.isPaused && now >= $0.retryUnixNano } }

    func succeeded(_ report: RewriteReport) {
        state.withLock { state in
            state.statistics.rewriteCount += 1
            state.statistics.rowsRead += report.rowsRead
            state.statistics.rowsWritten += report.rowsWritten
            state.statistics.bytesRead += report.bytesRead
            state.statistics.bytesWritten += report.bytesWritten
            state.statistics.copiedRowGroupCount += report.copiedRowGroupCount
            state.statistics.mergedRowGroupCount += report.mergedRowGroupCount
            if report.coldPayloadPageCount > 0 { state.statistics.coldSegmentCount += 1 }
        }
    }

    func failed(_ job: CompactionPolicy.Job, _ error: StoreError, retryUnixNano: UInt64) {
        state.withLock { state in
            state.statistics.failureCount += 1
            state.retryUnixNano = retryUnixNano
            if error.code == .corrupt { state.damaged.formUnion(job.sequences) }
        }
    }
}
