/// Where long redactions run: threads of their own, so that health checks, acks and other projects' requests never wait behind
/// somebody's regular expressions on Swift's few threads.

import Dispatch
import Glibc
import Synchronization

package final class RedactionThreads: Sendable {
    private let lanes: [DispatchQueue]
    private let waitingCounts: Mutex<[Int]>
    private let maximumWaitingCount: Int

    /// - Parameter maximumWaitingCount: of pieces of work that are given and not done; above it `run` refuses.
    package init(laneCount: Int = max(2, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))), maximumWaitingCount: Int = .max) {
        lanes = (0..<laneCount).map { DispatchQueue(label: "redaction \($0)") }
        waitingCounts = Mutex([Int](repeating: 0, count: laneCount))
        self.maximumWaitingCount = maximumWaitingCount
    }

    /// Runs `body` on the lane that has the least to do. It is told when the caller's task is cancelled.
    ///
    /// Errors: those of `body`; `overloaded`; `unavailable` when the task was cancelled meanwhile.
    package func run<Value: Sendable>(
        _ body: @escaping @Sendable (RedactionStop) throws(IngestError) -> Value
    ) async throws(IngestError) -> Value {
        let lane = waitingCounts.withLock { counts -> Int? in
            guard counts.reduce(0, +) < maximumWaitingCount, let lane = counts.indices.min(by: { counts[$0] < counts[$1] }) else {
                return nil
            }
            counts[lane] += 1
            return lane
        }
        guard let lane else { throw IngestError(.overloaded, "too many are being redacted at once; try again", retryAfterSeconds: 1) }
        let stop = RedactionStop()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                lanes[lane].async {
                    let result = Result { () throws(IngestError) in try body(stop) }
                    self.waitingCounts.withLock { $0[lane] -= 1 }
                    continuation.resume(returning: result)
                }
            }
        } onCancel: {
            stop.set()
        }
        guard !stop.isSet else { throw IngestError(.unavailable, "the request was given up", retryAfterSeconds: 1) }
        return try result.get()
    }
}

/// Tells a redaction that nobody waits for it any more: it ends at the next text.
package final class RedactionStop: Sendable {
    private let flag = Atomic(false)

    package init() {}

    package var isSet: Bool { flag.load(ordering: .relaxed) }
    package func set() { flag.store(true, ordering: .relaxed) }
}
