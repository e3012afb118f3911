/// Makes runs ready: credentials to providers, judges, the baseline. Keeps the newest ones.

import Access
import ByteCoding
import CurlClient
import Evaluation
import EvaluationModel
import GenAIConventions
import Metastore
import ModelProviders
import Synchronization
import TraceModel

/// What all runs of a process share.
package struct RunResources: Sendable {
    package let metastore: Metastore
    package let credentials: ProviderCredentials
    package let client: CurlClient
    package let budget: any RateBudget
    package let breakers: CircuitBreakers
    package let addressPolicy: OutboundAddressPolicy
    /// What a project's calls cost.
    package let prices: @Sendable (ProjectID) -> PriceBook
    package let spans: any SpanDestination

    package init(
        metastore: Metastore, credentials: ProviderCredentials, client: CurlClient, budget: any RateBudget,
        addressPolicy: OutboundAddressPolicy, prices: @escaping @Sendable (ProjectID) -> PriceBook, spans: any SpanDestination
    ) {
        self.metastore = metastore
        self.credentials = credentials
        self.client = client
        self.budget = budget
        self.addressPolicy = addressPolicy
        self.prices = prices
        self.spans = spans
        breakers = CircuitBreakers()
    }
}

actor RunPreparation {
    private struct Entry {
        let task: Task<PreparedRun, any Error>
        let until: ContinuousClock.Instant
    }

    private let prepare: @Sendable (RunID) async throws -> PreparedRun
    private let now: @Sendable () -> ContinuousClock.Instant
    private var entries: [RunID: Entry] = [:]
    private var order: [RunID] = []

    init(_ resources: RunResources, _ knowledge: (any ContextSource)? = nil) {
        self.init { try await Self.prepare($0, resources, knowledge) }
    }

    init(
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        _ prepare: @escaping @Sendable (RunID) async throws -> PreparedRun
    ) {
        self.now = now
        self.prepare = prepare
    }

    /// Throws `CellFault` for a run that cannot be worked on, MetastoreError.
    func run(_ id: RunID) async throws -> PreparedRun {
        let known = entries[id]
        if let known, known.until > now() { return try await known.task.value }
        let prepare = prepare
        let task = Task {
            do { return try await prepare(id) } catch let error as MetastoreError {
                // While the database does not answer a run goes on with what it was made from.
                guard let old = try? await known?.task.value else { throw error }
                return old
            }
        }
        entries[id] = Entry(task: task, until: now() + .seconds(RunExecutionLimits.preparedRunSeconds))
        if known == nil { order.append(id) }
        if order.count > RunExecutionLimits.preparedRunCount { entries[order.removeFirst()] = nil }
        do { return try await task.value } catch {
            if entries[id]?.task == task {
                entries[id] = nil
                order.removeAll { $0 == id }
            }
            throw error
        }
    }

    private static func prepare(
        _ id: RunID, _ resources: RunResources, _ knowledge: (any ContextSource)?
    ) async throws -> PreparedRun {
        guard let record = try await resources.metastore.runs.find(id),
            let organization = try await resources.metastore.projects.organization(of: record.projectID)
        else { throw CellFault("no_run", "the run or its project is gone") }
        let specification = try RunSpecification(json: try JSONValue.parse(record.specification))
        let providers = ProviderDirectory(resources, organization)
        var targets: [(any CellTarget)?] = []
        for target in specification.targets {
            switch target.kind {
            case .model(let model):
                let provider = try await providers.provider(model.provider, credential: model.credential)
                // A case's own messages are the whole prompt; the default prompt is for cases that are a text.
                let renderer = try PromptRenderer(system: model.system, prompt: model.prompt == "{{input}}" ? nil : model.prompt)
                targets.append(
                    ModelCellTarget(target: model, renderer: renderer, provider: provider) { resources.prices(record.projectID) })
            case .http(let http):
                targets.append(HTTPCellTarget(target: http, client: resources.client, addressPolicy: resources.addressPolicy))
            case .exec: targets.append(nil)
            }
        }
        let models = try await ProjectModels(of: record.projectID, resources)
        let runs = resources.metastore.runs
        var baseline: (@Sendable (PreparedRun.BaselineCell) async throws -> CaseOutput?)?
        if let other = record.baselineRunID {
            baseline = { cell in
                guard let output = try await runs.output(of: other, target: cell.target, key: cell.key, repetition: cell.repetition) else {
                    return nil
                }
                return CellOutput(checkpoint: output)?.scored
            }
        }
        return PreparedRun(
            record: record, specification: specification, targets: targets, judge: models, embedding: models, baseline: baseline,
            retrieve: Self.retrieving(specification, record.projectID, knowledge))
    }

    /// nil for a run that nothing is retrieved for.
    private static func retrieving(
        _ specification: RunSpecification, _ project: ProjectID, _ knowledge: (any ContextSource)?
    ) -> (@Sendable (String, TraceID, SpanID) async throws -> RetrievedContext)? {
        guard let retrieval = specification.retrieval else { return nil }
        return { question, trace, parent in
            guard let knowledge else { throw CellFault("retrieval", "the worker was started without a knowledge base") }
            return try await knowledge.context(for: question, retrieval, in: project, trace: trace, parent: parent)
        }
    }
}

/// An organization's credentials as providers to call.
package struct ProviderDirectory: Sendable {
    private let resources: RunResources
    private let organization: OrganizationID

    package init(_ resources: RunResources, _ organization: OrganizationID) {
        self.resources = resources
        self.organization = organization
    }

    /// `credential`: the name of one; nil: the only one of this provider. Throws `CellFault`, AccessError, MetastoreError.
    package func provider(_ name: String, credential: String?) async throws -> ModelProvider {
        guard let provider = Provider(rawValue: name) else { throw CellFault("invalid", "there is no provider \(name)") }
        let known = try await resources.metastore.providerCredentials.list(
            in: organization, page: PageRequest(limit: MetastoreLimits.maximumPageItemCount)
        ).items.filter { $0.provider == name && (credential == nil || $0.name == credential) }
        guard let chosen = known.first else {
            throw CellFault("no_credential", "the organization has no credential \(credential.map { "\($0) " } ?? "")for \(name)")
        }
        guard known.count == 1 else {
            throw CellFault("no_credential", "the organization has \(known.count) credentials for \(name); the target has to name one")
        }
        let secret = try await resources.credentials.secret(of: chosen.id, in: organization)
        let endpoint = try ProviderEndpoint(
            provider: provider, baseURL: chosen.baseURL, key: ProviderKey(secret.text),
            credentialID: chosen.id.uuid)
        return ModelProvider(
            endpoint: endpoint, client: resources.client, budget: resources.budget, breakers: resources.breakers,
            addressPolicy: resources.addressPolicy)
    }
}
