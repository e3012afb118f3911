import Dispatch
import Glibc
import Synchronization

/// Jobs one after another on a thread of their own that gives way to whoever answers a request: seals, pages to compress, rewrites.
///
/// They take the processor for milliseconds to minutes at a time. With the priority of everybody else a request that wakes up beside them
/// waits for the end of a time slice, which is where an acknowledgement's worst times come from. The thread's weight is a third of theirs
/// (`niceness`), and as a batch thread (Linux's SCHED_BATCH) it interrupts nobody when it has something to do. It is not starved: appends
/// wait when sealing falls behind.
final class BackgroundThread: Sendable {
    typealias Job = @Sendable () -> Void

    /// A weight of 335 beside the usual 1,024.
    private static let niceness: Int32 = 5
    /// Linux's SCHED_BATCH.
    private static let batchPolicy: Int32 = 3

    private let shared = Shared()

    /// What its owner and the thread have in common. The thread keeps it alive until it has ended.
    private final class Shared: Sendable {
        let state = Mutex(State())
        let wake = DispatchSemaphore(value: 0)
    }

    private struct State {
        /// What is done is nil at once: a job may hold megabytes.
        var jobs: [Job?] = []
        var doneCount = 0
        var isStarted = false
        var isAsleep = false
        var isEnded = false

        mutating func next() -> Job? {
            guard doneCount < jobs.count else {
                jobs.removeAll(keepingCapacity: true)
                doneCount = 0
                return nil
            }
            defer {
                jobs[doneCount] = nil
                doneCount += 1
            }
            return jobs[doneCount]
        }
    }

    /// The jobs given so far are done first.
    deinit {
        let mustWake = shared.state.withLock { state in
            state.isEnded = true
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if mustWake { shared.wake.signal() }
    }

    /// Has a job done behind those given before. The thread starts with the first.
    func async(_ job: @escaping Job) {
        let (mustStart, mustWake) = shared.state.withLock { state in
            state.jobs.append(job)
            defer { (state.isStarted, state.isAsleep) = (true, false) }
            return (!state.isStarted, state.isAsleep)
        }
        if mustStart { start() } else if mustWake { shared.wake.signal() }
    }

    /// Returns when every job given so far is done. Not to be called by a job.
    func drain() {
        let isDone = DispatchSemaphore(value: 0)
        async { isDone.signal() }
        isDone.wait()
    }

    private func start() {
        let body: Job = { [shared] in
            // Of this thread alone. What the system does not allow changes how long others wait, and nothing else.
            var parameter = sched_param(sched_priority: 0)
            _ = sched_setscheduler(0, Self.batchPolicy, &parameter)
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
            Self.run(shared)
        }
        // Where there is no thread for it, one of the system's does the work.
        do throws(StoreError) { try WALThread.start(body) } catch { DispatchQueue.global().async { [shared] in Self.run(shared) } }
    }

    private static func run(_ shared: Shared) {
        while true {
            let (job, isEnded) = shared.state.withLock { state in
                let job = state.next()
                state.isAsleep = job == nil && !state.isEnded
                return (job, state.isEnded)
            }
            if let job { job() } else if isEnded { return } else { shared.wake.wait() }
        }
    }
}
