/// One case against one target, once: the unit of a run's work, and what comes of it.

import EvaluationModel
import JobQueue
import TraceModel

/// A cell that a worker holds.
package struct LeasedCell: Sendable {
    package let job: LeasedJob
    package let run: RunID
    /// Index into the run's targets.
    package let target: Int
    package let caseVersion: TestCaseVersionID
    /// From 1.
    package let repetition: Int
    /// JSON text of a `TestCaseContent`.
    package let content: [UInt8]
}

package enum CellResultKind: String, Sendable, Equatable {
    case passed, failed
    /// The target, the provider or a scorer could not do its work; it is no trial.
    case errored
}

package struct OutcomeID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

/// What came of a cell.
package struct NewOutcome: Sendable {
    package var id = OutcomeID.make()
    package var result: CellResultKind
    /// JSON text: what the target answered.
    package var output: [UInt8]?
    /// JSON text of an object; of an errored outcome only.
    package var error: [UInt8]?
    package var traceID: TraceID
    package var spanID: SpanID
    package var durationNano: Int64
    package var firstTokenNano: Int64?
    package let inputTokens: Int64
    package let outputTokens: Int64
    package let costNanoUSD: Int64
    package var scores: [Score]

    package init(
        result: CellResultKind, output: [UInt8]? = nil, error: [UInt8]? = nil, traceID: TraceID, spanID: SpanID, durationNano: Int64,
        firstTokenNano: Int64? = nil, inputTokens: Int64 = 0, outputTokens: Int64 = 0, costNanoUSD: Int64 = 0, scores: [Score] = []
    ) {
        self.result = result
        self.output = output
        self.error = error
        self.traceID = traceID
        self.spanID = spanID
        self.durationNano = durationNano
        self.firstTokenNano = firstTokenNano
        let spent = CellSpending(costNanoUSD: costNanoUSD, inputTokens: inputTokens, outputTokens: outputTokens)
        self.inputTokens = spent.inputTokens
        self.outputTokens = spent.outputTokens
        self.costNanoUSD = spent.costNanoUSD
        self.scores = scores
    }
}

/// How a worker's attempt at a cell ended.
package struct EndedCell: Sendable {
    package enum Ending: Sendable {
        case outcome(NewOutcome)
        /// `error`: JSON text of an object. `spent`: on this attempt, in vain.
        case retry(afterSeconds: Double, error: [UInt8], spent: CellSpending = CellSpending())
        case released
    }

    package let cell: LeasedCell
    /// The case's key, for the event.
    package let key: String
    package let ending: Ending
    /// An OTLP export request in protobuf: the spans that tell of an outcome, stored if it counts. Empty for none. The requests of many
    /// cells, one behind the other, are one request.
    package let spans: [UInt8]

    package init(_ cell: LeasedCell, key: String, _ ending: Ending, spans: [UInt8] = []) {
        self.cell = cell
        self.key = key
        self.ending = ending
        self.spans = spans
    }
}

/// Of one case and target, over the repetitions that count.
package struct StoredTally: Sendable, Equatable {
    package let target: Int
    package let key: String
    package let passedCount: Int
    package let failedCount: Int
    package let erroredCount: Int
    package let costNanoUSD: Int64
    package let durationNano: Int64
}

/// Sums of a named score of one case and target.
package struct StoredScoreTally: Sendable, Equatable {
    package let target: Int
    package let key: String
    package let name: String
    package let count: Int
    package let sum: Double
    package let sumOfSquares: Double
}
