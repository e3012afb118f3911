/// The model whose vectors a promotion is built with: the one it began with, else that of the project's settings
/// (`default_models.embedding`).

import ByteCoding
import GenAIConventions
import Metastore
import ModelProviders
import RunExecution
import TraceModel

struct PromotionModel: Sendable {
    let reference: ModelReference
    private let provider: ModelProvider
    private let prices: @Sendable () -> PriceBook

    /// nil: the project has none. Throws `KnowledgeWorkFault`, `CellFault` (no credential), MetastoreError.
    static func find(of promotion: KnowledgePromotion, _ resources: RunResources) async throws -> PromotionModel? {
        guard let organization = try await resources.metastore.projects.organization(of: promotion.projectID) else {
            throw KnowledgeWorkFault.final("the project is gone")
        }
        var text = promotion.embeddingModel
        if text == nil {
            let settings = try await resources.metastore.settings.read(promotion.projectID, in: organization)?.settings
            text = try settings.flatMap { try JSONValue.parse($0.defaultModels)["embedding"]?.stringValue }
        }
        guard let text else { return nil }
        guard let reference = ModelReference(text) else {
            throw KnowledgeWorkFault.final("a model is named as provider/model, not \(text)")
        }
        let directory = ProviderDirectory(resources, organization)
        return PromotionModel(
            reference: reference, provider: try await directory.provider(reference.provider, credential: nil),
            prices: { resources.prices(promotion.projectID) })
    }

    /// What one call for vectors brought, and what is told of it in a span.
    struct Answer: Sendable {
        /// Of length one, in the order of the texts.
        var vectors: [[Float]]
        var costNanoUSD: Int64
        var responseModel: String?
        var usage: TokenUsage?
        /// US dollars, where it was billed.
        var reportedCost: Double?
        var startUnixNano: UInt64
        var endUnixNano: UInt64
    }

    /// Throws `KnowledgeWorkFault`, `CancellationError`.
    func embed(_ texts: [String]) async throws -> Answer {
        let start = WallClock.nowUnixNano()
        let answer: EmbeddingResponse
        do throws(ProviderError) {
            answer = try await provider.embed(EmbeddingRequest(model: reference.model, inputs: texts))
        } catch { throw KnowledgeWorkFault.asking(reference.text, error) }
        guard answer.embeddings.rowCount == texts.count else {
            throw KnowledgeWorkFault.transient("\(reference.text) answered with another number of vectors", retryAfterSeconds: nil)
        }
        let vectors = try (0..<texts.count).map { row in
            guard let unit = VectorMath.unit(Array(answer.embeddings[row])) else {
                let text = texts[row].prefix(80)
                throw KnowledgeWorkFault.final("\(reference.text) answered a vector without direction for the text that begins: \(text)")
            }
            return unit
        }
        return Answer(
            vectors: vectors, costNanoUSD: EmbeddingCost.nanoUSD(of: answer, reference, prices()), responseModel: answer.model,
            usage: answer.usage, reportedCost: answer.reportedCost,
            startUnixNano: answer.attempts.last?.startUnixNano ?? start, endUnixNano: WallClock.nowUnixNano())
    }
}
