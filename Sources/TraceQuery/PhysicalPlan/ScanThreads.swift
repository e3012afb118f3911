import Glibc
import Synchronization

/// The threads queries run on: few, fixed, their own. Scans read files and burn processor time for whole milliseconds; on
/// the cooperative pool they would stall acks and health checks.
///
/// Jobs are short (a unit of one query), so that queries take turns.
package final class ScanThreads: Sendable {
    private let queue: JobQueue

    package init(count: Int = QueryLimits.scanThreadCount) {
        queue = JobQueue()
        for _ in 0..<max(1, count) { queue.startThread() }
    }

    /// The threads end once the jobs given to them are done.
    deinit { queue.close() }

    func enqueue(_ job: @escaping @Sendable () -> Void) { queue.append(job) }

    /// Runs `body` on one of the threads.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            enqueue { continuation.resume(with: Result { try body() }) }
        }
    }
}

/// A queue between threads: a mutex, a condition, an array.
///
/// @unchecked: `jobs` and `isClosed` are touched only under `mutex`; the two pointers never change and are freed when the last
/// reference, which every thread holds one of, has gone.
private final class JobQueue: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [@Sendable () -> Void] = []
    private var head = 0
    private var isClosed = false

    init() {
        mutex.initialize(to: pthread_mutex_t())
        condition.initialize(to: pthread_cond_t())
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func append(_ job: @escaping @Sendable () -> Void) {
        pthread_mutex_lock(mutex)
        jobs.append(job)
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// The next job; nil when there will be none.
    private func next() -> (@Sendable () -> Void)? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while head == jobs.count {
            if isClosed { return nil }
            pthread_cond_wait(condition, mutex)
        }
        let job = jobs[head]
        head += 1
        if head == jobs.count || head > 64 {
            jobs.removeFirst(head)
            head = 0
        }
        return job
    }

    func startThread() {
        var thread = pthread_t()
        // The reference is taken over by the thread. If there is no thread to be had, its jobs wait for the others; the first
        // one failing leaves none, which the process cannot run with anyway.
        let reference = Unmanaged.passRetained(self)
        let failure = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let queue = Unmanaged<JobQueue>.fromOpaque(argument).takeRetainedValue()
                while let job = queue.next() { job() }
                return nil
            }, reference.toOpaque())
        if failure == 0 { pthread_detach(thread) } else { reference.release() }
    }
}
