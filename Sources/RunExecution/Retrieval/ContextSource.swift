/// The port through which a cell gets what stands for `{{context}}`. The knowledge base implements it; runs know no searches.

import EvaluationModel
import Metastore
import OTLP
import TraceModel

package protocol ContextSource: Sendable {
    /// What the knowledge base has for a question, in the state that the run was made with (`retrieval.view`).
    ///
    /// - Parameters:
    ///   - trace: the cell's; the search becomes a span of it, below `parent`.
    /// Throws `CellFault`, `RunFault` (the state is another one by now), `CancellationError`.
    func context(
        for question: String, _ retrieval: RunRetrieval, in project: ProjectID, trace: TraceID, parent: SpanID
    ) async throws -> RetrievedContext
}

package struct RetrievedContext: Sendable {
    /// In the place of `{{context}}`; empty where nothing was found.
    package var text: String
    package var spans: [SpanRecord]
    /// On the vector of the question.
    package var spent: CellSpending

    package init(text: String, spans: [SpanRecord], spent: CellSpending = CellSpending()) {
        self.text = text
        self.spans = spans
        self.spent = spent
    }
}

/// The spans of a cell's retrieval, ready to be sent, and its cost, kept with its answer.
struct CellRetrieval: Sendable, Equatable {
    var startUnixNano: UInt64
    /// An OTLP export request in protobuf.
    var spans: [UInt8]
    var costNanoUSD: Int64

    init(startUnixNano: UInt64, spans: [UInt8], costNanoUSD: Int64) {
        self.startUnixNano = startUnixNano
        self.spans = spans
        self.costNanoUSD = costNanoUSD
    }

    init(_ context: RetrievedContext) {
        self.init(
            startUnixNano: context.spans.lazy.map(\.startTimeUnixNano).min() ?? 0, spans: ExportTraceRequestEncoder.encode(context.spans),
            costNanoUSD: context.spent.costNanoUSD)
    }
}
