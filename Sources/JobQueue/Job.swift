/// A job as a worker sees it, and how an attempt at it can end.

import PostgresClient

/// Jobs are numbered in the order they were enqueued, over all queues.
package struct JobID: Hashable, Sendable, Comparable {
    package let number: Int64
    package init(_ number: Int64) { self.number = number }
    package static func < (a: JobID, b: JobID) -> Bool { a.number < b.number }
}

/// Who leased what: what a worker shows with everything it does to its jobs. Jobs leased together share one.
package struct JobLease: Hashable, Sendable {
    /// Random: whoever knows it was given it.
    package let id: PostgresUUID
    package init(id: PostgresUUID) { self.id = id }
}

package struct LeasedJob: Sendable {
    package let id: JobID
    package let lease: JobLease
    package let group: PostgresUUID
    /// JSON text of an object.
    package let payload: [UInt8]
    /// What earlier attempts left behind (JSON text).
    package let checkpoint: [UInt8]?
    /// From 1.
    package let attempt: Int
}

/// The end of one attempt. Only the holder of the lease can bring it about; of everybody else's jobs nothing changes.
package struct EndedAttempt: Sendable {
    package enum Result: Sendable {
        case succeeded
        case failed
        /// Again, by whichever worker, after the delay.
        case retry(afterSeconds: Double)
        /// The worker stops and did nothing: again at once, and not counted as an attempt.
        case released

        var state: String {
            switch self {
            case .succeeded: "succeeded"
            case .failed: "failed"
            case .retry, .released: "queued"
            }
        }

        /// As `job_attempts` has it.
        var name: String {
            switch self {
            case .succeeded: "succeeded"
            case .failed: "failed"
            case .retry: "retried"
            case .released: "released"
            }
        }

        var delaySeconds: Double {
            if case .retry(let seconds) = self { min(max(seconds, 0), JobLimits.maximumRetryDelaySeconds) } else { 0 }
        }
    }

    package let job: JobID
    package let result: Result
    /// JSON text of an object: why it failed or is to be retried.
    package let error: [UInt8]?

    package init(_ job: JobID, _ result: Result, error: [UInt8]? = nil) {
        self.job = job
        self.result = result
        self.error = error
    }
}

/// How many jobs of a group are in which state.
package struct JobCounts: Sendable, Equatable {
    package var queued = 0
    package var leased = 0
    package var isDrained: Bool { queued == 0 && leased == 0 }
}
