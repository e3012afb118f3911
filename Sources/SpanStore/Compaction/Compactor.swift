import Dispatch
import Synchronization

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
}

/// Where rewrites run: one at a time, in the background, on a queue of their own. What is to be done the policy says, how it is done the
/// rewriter knows; here is when, and what came of it.
final class Compactor: Sendable {
    let queue = DispatchQueue(label: "spandrel.compaction", qos: .utility)
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
        var statistics = CompactionStatistics()
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

    // MARK: What is known of segments

    func maskedSince(_ sequence: UInt64) -> UInt64 { state.withLock { $0.maskedSince[sequence] ?? 0 } }
    func isDamaged(_ sequence: UInt64) -> Bool { state.withLock { $0.damaged.contains(sequence) } }

    /// Rows of the segments were masked; of those that had masks before the older time counts.
    func masked(_ sequences: [UInt64], hadMasks: Set<UInt64>, nowUnixNano now: UInt64) {
        state.withLock { state in for sequence in sequences where !hadMasks.contains(sequence) { state.maskedSince[sequence] = now } }
    }

    /// Forgets segments that are gone.
    func keepOnly(_ sequences: Set<UInt64>) {
        state.withLock { state in
            state.maskedSince = state.maskedSince.filter { sequences.contains($0.key) }
            state.damaged.formIntersection(sequences)
        }
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
