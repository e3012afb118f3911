import Glibc
import Synchronization

/// What a running query may still use: time, memory, and somebody's interest in the answer. Asked between columns and every
/// few thousand texts, never per row.
final class QueryBudget: Sendable {
    private let deadlineNanoseconds: UInt64
    private let startNanoseconds: UInt64
    private let limits: QueryLimits
    private let isCancelled = Atomic(false)
    private let usedByteCount = Atomic(0)

    init(_ limits: QueryLimits) {
        self.limits = limits
        startNanoseconds = Self.now()
        deadlineNanoseconds = startNanoseconds &+ UInt64(limits.timeMilliseconds) &* 1_000_000
    }

    var elapsedNanoseconds: UInt64 { Self.now() &- startNanoseconds }

    func cancel() { isCancelled.store(true, ordering: .relaxed) }

    func check() throws(QueryError) {
        if isCancelled.load(ordering: .relaxed) { throw QueryError(.cancelled, "the query was cancelled") }
        if Self.now() > deadlineNanoseconds { throw .timeLimit(milliseconds: limits.timeMilliseconds) }
    }

    /// Counts memory that stays until the answer is complete. Negative to give some back.
    func use(byteCount: Int) throws(QueryError) {
        let (_, used) = usedByteCount.add(byteCount, ordering: .relaxed)
        if used > limits.maximumMemoryByteCount { throw .memoryLimit(byteCount: limits.maximumMemoryByteCount) }
    }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
