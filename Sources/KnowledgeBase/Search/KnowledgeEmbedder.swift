import GenAIConventions
import TraceModel

/// Whoever turns questions into vectors. Both calls throw `embedding` (why it cannot be done; a search then goes by words alone) or
/// `cancelled`.
package protocol KnowledgeEmbedder: Sendable {
    /// The model that the project is set to, as provider/model; nil: none.
    func model(of project: ProjectID) async throws(KnowledgeSearchError) -> String?
    func embed(_ question: String, model: String, for project: ProjectID) async throws(KnowledgeSearchError) -> EmbeddedQuestion
}

package struct EmbeddedQuestion: Sendable {
    package var vector: [Float]
    /// What the provider says it used; nil where it says nothing.
    package var responseModel: String?
    package var usage: TokenUsage?
    /// US dollars, where it was billed.
    package var reportedCost: Double?
    /// What the call cost; 0 where nobody tells.
    package var costNanoUSD: Int64

    package init(
        vector: [Float], responseModel: String? = nil, usage: TokenUsage? = nil, reportedCost: Double? = nil, costNanoUSD: Int64 = 0
    ) {
        self.vector = vector
        self.responseModel = responseModel
        self.usage = usage
        self.reportedCost = reportedCost
        self.costNanoUSD = costNanoUSD
    }
}
