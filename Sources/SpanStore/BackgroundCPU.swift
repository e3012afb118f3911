import Glibc
import Synchronization

/// CPU time of the store's work behind the acknowledgement, by kind: with the process's own it tells what a span costs up to the moment its
/// sender is answered.
///
/// A job runs on one thread from its beginning to its end, so its time is the difference of that thread's clock. Jobs under way count as
/// far as they are: of a seal that takes seconds nothing is missing at any moment. A job costs two readings of a clock; jobs are pages,
/// seals and rewrites.
package final class BackgroundCPU: Sendable {
    /// Raw values label a metric.
    package enum Work: String, CaseIterable, Sendable {
        /// Pages of payloads.
        case compression
        /// Memtables to segments; what retention drops.
        case sealing
        /// Segments written anew: merges, clean-ups after deletions, new mappings and prices.
        case compaction
    }

    private struct Job {
        var number: UInt64
        var work: Work
        var clock: clockid_t
        var startNanoseconds: UInt64
    }

    private struct State {
        var ended: [Work: UInt64] = [:]
        var running: [Job] = []
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Runs a job on the calling thread and counts what it takes. Jobs do not stand in one another.
    func measure<Result: ~Copyable, Failure: Error>(_ work: Work, _ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        var clock = clockid_t()
        guard pthread_getcpuclockid(pthread_self(), &clock) == 0 else { return try body() }
        let start = Self.nanoseconds(clock)
        let number = state.withLock { state in
            state.lastNumber += 1
            state.running.append(Job(number: state.lastNumber, work: work, clock: clock, startNanoseconds: start))
            return state.lastNumber
        }
        defer {
            let taken = Self.nanoseconds(clock) &- start
            state.withLock { state in
                state.running.removeAll { $0.number == number }
                state.ended[work, default: 0] += taken
            }
        }
        return try body()
    }

    /// Nanoseconds since the start.
    package var nanosecondsByWork: [Work: UInt64] {
        state.withLock { state in
            // Whoever runs a job takes the lock before its thread can end, so these clocks are there.
            state.running.reduce(into: state.ended) { $0[$1.work, default: 0] += Self.nanoseconds($1.clock) &- $1.startNanoseconds }
        }
    }

    private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
