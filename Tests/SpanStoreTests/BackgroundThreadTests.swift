import Dispatch
import Glibc
import Synchronization
import Testing

@testable import SpanStore

@Suite struct BackgroundThreadTests {
    /// Of the calling thread.
    private static func niceness() -> Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }

    @Test("jobs are done one after another in the order they were given in, from however many threads")
    func order() {
        let thread = BackgroundThread(), done = Mutex<[[Int]]>(Array(repeating: [], count: 4)), running = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 4) { giver in
            for number in 0..<500 {
                thread.async {
                    #expect(running.add(1, ordering: .relaxed).newValue == 1)
                    done.withLock { $0[giver].append(number) }
                    running.subtract(1, ordering: .relaxed)
                }
            }
        }
        thread.drain()
        #expect(done.withLock { $0 } == Array(repeating: Array(0..<500), count: 4))
    }

    @Test("what was given is done after its owner has gone, and a job is let go when it is done")
    func end() {
        final class Held: Sendable {
            let isGone: DispatchSemaphore
            init(_ isGone: DispatchSemaphore) { self.isGone = isGone }
            deinit { isGone.signal() }
        }
        let isGone = DispatchSemaphore(value: 0), mayEnd = DispatchSemaphore(value: 0), isEnded = DispatchSemaphore(value: 0)
        var thread: BackgroundThread? = BackgroundThread()
        thread?.async { [held = Held(isGone)] in _ = held }
        thread?.async { mayEnd.wait() }
        thread?.async { isEnded.signal() }
        thread = nil
        isGone.wait()
        mayEnd.signal()
        isEnded.wait()
    }

    @Test("the thread is a batch thread of little weight, and the threads beside it are not")
    func priority() {
        let thread = BackgroundThread(), seen = Mutex((policy: Int32(0), niceness: Int32(0)))
        thread.async { seen.withLock { $0 = (sched_getscheduler(0), Self.niceness()) } }
        thread.drain()
        #expect(seen.withLock { $0.policy } == 3 && seen.withLock { $0.niceness } > Self.niceness())
        #expect(sched_getscheduler(0) != 3 || Self.niceness() == 0)
    }
}
