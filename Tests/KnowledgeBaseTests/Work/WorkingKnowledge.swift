import CurlClient
import EvaluationModel
import GenAIConventions
import JobQueue
import KnowledgeModel
import Logging
import ModelProviders
import PostgresTesting
import RunExecution
import ServiceLifecycle
import TraceModel

@testable import Access
@testable import KnowledgeBase
@testable import Metastore
@testable import provider_stand_in

/// A knowledge base with all that its work needs: a provider (the stand-in), its key, workers.
struct WorkingKnowledge {
    static let model = "openai/text-embedding-3-small"

    let base: TestKnowledge
    let resources: RunResources

    var metastore: Metastore { base.metastore }
    var project: ProjectID { base.project.id }

    /// Calls `body` with a knowledge base whose project is set to the model; nil: to none.
    static func run(model: String? = Self.model, _ body: (WorkingKnowledge) async throws -> Void) async throws {
        let base = try await TestKnowledge.open()
        let directory = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(directory) }
        let standIn = try StandInServer(ListenAddress(host: "127.0.0.1", port: 0), StandIn(delayMilliseconds: 0))
        defer { try? standIn.stop() }
        let vault = try await Vault.open(.file(path: directory + "/master.key"), base.metastore)
        let id = ProviderCredentialID.make(), url = "http://127.0.0.1:\(standIn.port)/openai/v1"
        let place = CredentialPlace(id: id, organizationID: base.organization.id, provider: "openai", baseURL: url)
        _ = try await base.metastore.providerCredentials.create(
            id, in: base.organization.id, provider: "openai", name: "stand-in", baseURL: url,
            secret: try await vault.seal(Array("sk-0123456789".utf8), for: place), audit: base.audit)
        if let model {
            let settings = ProjectSettings(defaultModels: Array(#"{"embedding": "\#(model)"}"#.utf8))
            _ = try await base.metastore.settings.replace(
                base.project.id, in: base.organization.id, with: settings, version: nil, audit: base.audit)
        }
        let resources = RunResources(
            metastore: base.metastore, credentials: ProviderCredentials(metastore: base.metastore, vault: vault), client: CurlClient(),
            budget: InMemoryRateBudget(), addressPolicy: .operatorConfigured, prices: { _ in PriceBook(version: 1, prices: []) },
            spans: NoSpans())
        try await body(WorkingKnowledge(base: base, resources: resources))
    }

    /// A draft with these entries, approved and on its way.
    func promote(_ name: String, _ entries: [KnowledgeEntry], removing keys: [String] = []) async throws -> KnowledgePromotion {
        let draft = try await base.draft(name)
        try await base.edit(draft, putting: entries, removing: keys)
        _ = try await metastore.knowledgeDrafts.submit(draft, in: project, audit: base.audit)
        guard let promotion = try await metastore.knowledgePromotions.create(promoting: draft, in: project, audit: base.audit) else {
            throw CancellationError()
        }
        return promotion
    }

    /// One attempt at the next promotion. `runMoved`: called instead of waiting for a gate's run.
    func attempt(
        worker: String = "w", runMoved: @escaping @Sendable (RunID) async -> Void = { _ in }
    ) async throws -> (LeasedKnowledgePromotion, KnowledgeRevision?) {
        guard let leased = try await metastore.knowledgePromotions.lease(worker: worker) else { throw CancellationError() }
        let work = KnowledgePromotionWork(leased: leased, resources: resources, runMoved: runMoved, isStopping: { false })
        return (leased, try await work.run())
    }

    func task(_ id: TaskID) async throws -> TaskRecord? { try await metastore.tasks.find(id, in: project) }
    func active() async throws -> Int { try await metastore.knowledge.activeRevision(in: project) }
}

private struct NoSpans: SpanDestination {
    func deliver(_ body: [UInt8], project: ProjectID) async -> SpanDeliveryResult { .delivered }
}
