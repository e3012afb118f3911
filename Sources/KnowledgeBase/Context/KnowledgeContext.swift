/// `{{context}}` in runs: a search of the state that the run was made with, for each case's question. A search that a provider or a disk
/// keeps from being whole is an error and no answer, and a run whose draft was edited ends: verdicts compare like with like.

import EvaluationModel
import KnowledgeModel
import Metastore
import RunExecution
import TraceModel

package struct KnowledgeContext: ContextSource {
    private let retriever: KnowledgeRetriever

    package init(_ retriever: KnowledgeRetriever) { self.retriever = retriever }

    package func context(
        for question: String, _ retrieval: RunRetrieval, in project: ProjectID, trace: TraceID, parent: SpanID
    ) async throws -> RetrievedContext {
        guard let view = retrieval.view, let source = Self.source(of: view) else {
            throw CellFault("retrieval", "the run says of no state of the knowledge base that it is asked with")
        }
        let query = KnowledgeQuery(
            text: question, source: source, kinds: Set(retrieval.kinds.compactMap(KnowledgeKind.init)), tags: retrieval.tags,
            limit: retrieval.limit, mode: retrieval.mode == .text ? .text : .hybrid, embeddingModel: retrieval.embeddingModel,
            parent: KnowledgeQuery.Parent(traceID: trace, spanID: parent))
        let answer: KnowledgeAnswer, spans: [SpanRecord]
        do throws(KnowledgeSearchError) { (answer, spans) = try await retriever.tracedSearch(query, in: project) } catch {
            throw try Self.fault(error)
        }
        try Self.check(answer, view)
        return RetrievedContext(
            text: ContextText.text(of: answer.hits), spans: spans, spent: CellSpending(costNanoUSD: answer.embeddingCostNanoUSD))
    }

    private static func source(of view: RunRetrieval.View) -> KnowledgeSource? {
        if let id = view.draftID { return KnowledgeDraftID(uuid: id).map(KnowledgeSource.draft) }
        return .revision(view.revision)
    }

    /// Throws `RunFault` for an answer of another state than the run's, `CellFault` for one that is not whole.
    static func check(_ answer: KnowledgeAnswer, _ view: RunRetrieval.View) throws {
        if let version = view.draftVersion, let now = answer.view.draft?.version, now != version || answer.view.revision != view.revision {
            throw RunFault(
                "the draft was edited while the run went on: the run is of version \(version), and the draft has version \(now) by now")
        }
        if answer.isDegraded {
            var fault = CellFault("retrieval", "the knowledge base could not be searched: \(answer.modeReason ?? "")", isTransient: true)
            fault.spent = CellSpending(costNanoUSD: answer.embeddingCostNanoUSD)
            throw fault
        }
    }

    private static func fault(_ error: KnowledgeSearchError) throws(CancellationError) -> CellFault {
        switch error.code {
        case .cancelled: throw CancellationError()
        case .unavailable, .embedding: CellFault("retrieval", error.message, isTransient: true)
        case .notFound, .invalid, .internal: CellFault("retrieval", error.message)
        }
    }
}
