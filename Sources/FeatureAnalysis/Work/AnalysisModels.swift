/// The models of an analysis: the project's settings name them (`default_models`: `embedding`; `naming`, else `judge`).

import ByteCoding
import GenAIConventions
import Metastore
import ModelProviders
import RunExecution
import TraceModel

/// A model and the provider that has it.
struct AnalysisModel: Sendable {
    let reference: ModelReference
    let provider: ModelProvider
    let prices: @Sendable () -> PriceBook

    func nanoUSD(responseModel: String?, _ usage: TokenUsage?, reportedCost: Double?) -> Int64 {
        let cost = prices().cost(
            billed: reportedCost, provider: reference.provider, responseModel: responseModel, requestModel: reference.model, usage: usage,
            at: WallClock.nowUnixNano())
        guard let cost, cost > 0 else { return 0 }
        // Rounded up: many cheap calls are not free.
        return Int64((min(cost, 1e6) * 1e9).rounded(.up))
    }
}

struct AnalysisModels: Sendable {
    private let project: ProjectID
    private let resources: RunResources
    private let providers: ProviderDirectory
    private let defaults: JSONValue

    /// Throws `AnalysisFault`, MetastoreError.
    init(of project: ProjectID, _ resources: RunResources) async throws {
        guard let organization = try await resources.metastore.projects.organization(of: project) else {
            throw AnalysisFault.final("the project is gone")
        }
        self.project = project
        self.resources = resources
        providers = ProviderDirectory(resources, organization)
        let settings = try await resources.metastore.settings.read(project, in: organization)?.settings
        defaults = (try? settings.map { try JSONValue.parse($0.defaultModels) }) ?? .object([])
    }

    /// `pinned`: the one that the analysis has vectors of already. Throws `AnalysisFault`, MetastoreError.
    func embedding(pinned: String?) async throws -> AnalysisModel {
        guard let text = pinned ?? defaults["embedding"]?.stringValue else {
            throw AnalysisFault.final("the project's settings name no model for embeddings (default_models.embedding)")
        }
        return try await model(text)
    }

    /// nil: the settings name none. Throws as above.
    func naming() async throws -> AnalysisModel? {
        guard let text = defaults["naming"]?.stringValue ?? defaults["judge"]?.stringValue else { return nil }
        return try await model(text)
    }

    private func model(_ text: String) async throws -> AnalysisModel {
        guard let reference = ModelReference(text) else {
            throw AnalysisFault.final("a model is named as provider/model, not \(text)")
        }
        do {
            return AnalysisModel(
                reference: reference, provider: try await providers.provider(reference.provider, credential: nil),
                prices: { [resources, project] in resources.prices(project) })
        } catch let fault as CellFault { throw AnalysisFault.final(fault.message) }
    }
}
