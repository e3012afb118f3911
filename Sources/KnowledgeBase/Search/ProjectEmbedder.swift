/// Questions embedded by the providers whose credentials the project's organization has, with the model of its settings
/// (`default_models.embedding`).

import ByteCoding
import Metastore
import ModelProviders
import RunExecution
import TraceModel

package struct ProjectEmbedder: KnowledgeEmbedder {
    private let resources: RunResources

    package init(_ resources: RunResources) { self.resources = resources }

    package func model(of project: ProjectID) async throws(KnowledgeSearchError) -> String? {
        do {
            let organization = try await organization(of: project)
            let settings = try await resources.metastore.settings.read(project, in: organization)?.settings
            return try settings.flatMap { try JSONValue.parse($0.defaultModels)["embedding"]?.stringValue }
        } catch { throw Self.fault(error) }
    }

    package func embed(_ question: String, model: String, for project: ProjectID) async throws(KnowledgeSearchError) -> EmbeddedQuestion {
        do {
            guard let reference = ModelReference(model) else {
                throw KnowledgeSearchError(.embedding, "a model is named as provider/model, not \(model)")
            }
            let providers = ProviderDirectory(resources, try await organization(of: project))
            let provider = try await providers.provider(reference.provider, credential: nil)
            let answer = try await provider.embed(EmbeddingRequest(model: reference.model, inputs: [question]))
            guard answer.embeddings.rowCount == 1 else {
                throw KnowledgeSearchError(.embedding, "\(model) answered \(answer.embeddings.rowCount) vectors for one question")
            }
            return EmbeddedQuestion(
                vector: Array(answer.embeddings[0]), responseModel: answer.model, usage: answer.usage, reportedCost: answer.reportedCost,
                costNanoUSD: EmbeddingCost.nanoUSD(of: answer, reference, resources.prices(project)))
        } catch { throw Self.fault(error) }
    }

    private func organization(of project: ProjectID) async throws -> OrganizationID {
        guard let organization = try await resources.metastore.projects.organization(of: project) else {
            throw KnowledgeSearchError(.notFound, "the project is gone")
        }
        return organization
    }

    private static func fault(_ error: any Error) -> KnowledgeSearchError {
        switch error {
        case let error as KnowledgeSearchError: error
        case let error as MetastoreError: KnowledgeSearchError(error)
        case let error as CellFault: KnowledgeSearchError(.embedding, error.message, cause: error)
        case let error as ProviderError where error.kind == .cancelled: KnowledgeSearchError(.cancelled, "the search was given up")
        case let error as ProviderError:
            KnowledgeSearchError(.embedding, "the model for embeddings could not be asked: \(error.message)", cause: error)
        case is CancellationError: KnowledgeSearchError(.cancelled, "the search was given up")
        default: KnowledgeSearchError(.embedding, "the model for embeddings could not be asked", cause: error)
        }
    }
}
