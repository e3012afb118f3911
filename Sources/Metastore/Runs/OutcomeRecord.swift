/// What came of a cell, as it is stored and listed.

import JobQueue
import PostgresClient
import TraceModel

package struct OutcomeRecord: Sendable, Equatable {
    package let id: OutcomeID
    package let runID: RunID
    /// Index into the run's targets.
    package let target: Int
    package let testCaseID: TestCaseID
    package let caseVersionID: TestCaseVersionID
    package let key: String
    /// From 1.
    package let repetition: Int
    package let result: CellResultKind
    /// JSON text: what the target answered.
    package let output: [UInt8]?
    /// JSON text of an object; of an errored outcome only.
    package let error: [UInt8]?
    package let traceID: TraceID
    package let spanID: SpanID
    package let durationNano: Int64
    package let firstTokenNano: Int64?
    package let inputTokens: Int64
    package let outputTokens: Int64
    package let costNanoUSD: Int64
    /// The number of the attempt that it came of.
    package let attemptCount: Int
    package let createdTimeUnixNano: Int64
    /// Requeued then, and not counted since.
    package let supersededTimeUnixNano: Int64?
    /// In the order of their names.
    package internal(set) var scores: [ScoreRecord] = []
    let job: JobID
}

/// An outcome and how it came about.
package struct OutcomeDetails: Sendable, Equatable {
    package let outcome: OutcomeRecord
    /// In their order.
    package let attempts: [JobAttempt]
}

/// Which outcomes a list shows; all of what is given must hold.
package struct OutcomeFilter: Sendable, Equatable {
    package var result: CellResultKind?
    package var target: Int?
    /// Of the case with this key.
    package var key: String?
    /// Those that were requeued, too.
    package var includesSuperseded = false

    package init(result: CellResultKind? = nil, target: Int? = nil, key: String? = nil, includesSuperseded: Bool = false) {
        self.result = result
        self.target = target
        self.key = key
        self.includesSuperseded = includesSuperseded
    }
}

package enum OutcomeOrder: Sendable, Equatable {
    case newest
    /// By the bytes of the case's key, then by target and repetition.
    case key
}
