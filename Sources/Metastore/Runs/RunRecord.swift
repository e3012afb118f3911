/// A run as it is stored, and what it is made from.

import EvaluationModel
import PostgresClient
import TraceModel

/// A run is also a task: both have the same bits.
package struct RunID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    package var task: TaskID { TaskID(high: high, low: low) }
}

package struct RunRecord: Sendable, Equatable {
    package let id: RunID
    package let projectID: ProjectID
    package let suiteID: SuiteID
    package let suiteVersion: Int
    package let name: String
    package let state: RunState
    /// For people; empty where the state needs no words.
    package let stateReason: String
    /// JSON text of a `RunSpecification`.
    package let specification: [UInt8]
    package let concurrency: Int
    /// nil: it may spend what it takes.
    package let spendingCapNanoUSD: Int64?
    package let baselineRunID: RunID?
    package let counts: RunCounts
    /// JSON text; of a finished run only.
    package let verdict: [UInt8]?
    package let createdTimeUnixNano: Int64
    package let startTimeUnixNano: Int64?
    package let finishTimeUnixNano: Int64?
    /// The jobs that the command line does beside the code under test; nil: the run has none.
    let execGroup: PostgresUUID?
}

/// Over the outcomes that count; what was superseded is in the costs alone.
package struct RunCounts: Sendable, Equatable {
    package var cellCount = 0
    package var passedCount = 0
    package var failedCount = 0
    package var erroredCount = 0
    package var costNanoUSD: Int64 = 0
    package var inputTokens: Int64 = 0
    package var outputTokens: Int64 = 0

    package var doneCount: Int { passedCount + failedCount + erroredCount }
}

package struct NewRun: Sendable {
    package var suite: SuiteID
    /// nil: the newest.
    package var suiteVersion: Int?
    package var specification: RunSpecification
    package var baseline: RunID?
    /// A request with the key of an earlier one is that one, if it has the same hash (32 bytes).
    package var idempotency: (key: String, requestHash: [UInt8])?

    package init(
        suite: SuiteID, suiteVersion: Int? = nil, specification: RunSpecification, baseline: RunID? = nil,
        idempotency: (key: String, requestHash: [UInt8])? = nil
    ) {
        self.suite = suite
        self.suiteVersion = suiteVersion
        self.specification = specification
        self.baseline = baseline
        self.idempotency = idempotency
    }
}

extension Double {
    /// Whole nano-dollars, rounded up: a cost is never counted as nothing. At most a million dollars, whatever a provider says: sums of
    /// thousands of costs are numbers still.
    package var nanoUSD: Int64 { Int64((Swift.min(Swift.max(0, self), RunLimits.maximumSpendingCap) * 1e9).rounded(.up)) }
}
