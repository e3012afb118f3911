/// The models that judge and embed for a project: named by the scorer as `provider/model`, else by the project's settings
/// (`default_models`: `judge`, `embedding`).

import ByteCoding
import Evaluation
import EvaluationModel
import GenAIConventions
import Metastore
import ModelProviders
import TraceModel

struct ProjectModels: JudgeModel, EmbeddingModel {
    let providers: ProviderDirectory
    /// The project's `default_models`.
    let defaults: JSONValue
    let prices: @Sendable () -> PriceBook

    init(providers: ProviderDirectory, defaults: JSONValue, prices: @escaping @Sendable () -> PriceBook) {
        self.providers = providers
        self.defaults = defaults
        self.prices = prices
    }

    /// Those of a project as its settings are now. Throws `CellFault` when the project is gone, MetastoreError.
    init(of project: ProjectID, _ resources: RunResources) async throws {
        guard let organization = try await resources.metastore.projects.organization(of: project) else {
            throw CellFault("no_project", "the project is gone")
        }
        let settings = try await resources.metastore.settings.read(project, in: organization)?.settings
        self.init(
            providers: ProviderDirectory(resources, organization),
            defaults: try settings.map { try JSONValue.parse($0.defaultModels) } ?? .object([]),
            prices: { resources.prices(project) })
    }

    func ask(_ question: JudgeQuestion) async throws -> JudgeAnswer {
        try await ask(question, purposes: ["judge"], formatName: "judgement")
    }

    /// `purposes`: whose default model is asked where the question names none; the first that the settings know.
    func ask(_ question: JudgeQuestion, purposes: [String], formatName: String) async throws -> JudgeAnswer {
        let (name, model) = try chosen(question.model, purposes)
        let provider = try await provider(name)
        var request = ChatRequest(model: model, messages: [ChatMessage(.system, question.system), ChatMessage(.user, question.user)])
        request.parameters.maximumOutputTokenCount = question.maximumOutputTokenCount
        request.responseFormat = .jsonSchema(name: formatName, schema: question.responseSchema, isStrict: true)
        // Anthropic's newer versions take no temperature; what has none is deterministic enough.
        if name != Provider.anthropic.rawValue { request.parameters.temperature = 0 }
        var call = ModelCall(operation: .chat, provider: name, requestModel: model, startUnixNano: Self.now(), endUnixNano: 0)
        call.input = [PromptMessage(.system, question.system), PromptMessage(.user, question.user)]
        do throws(ProviderError) {
            let answer = try await provider.chat(request)
            let usage = usage(name, asked: model, answered: answer.model, answer.usage, billed: answer.reportedCost)
            call.reportedCost = answer.reportedCost
            call.output = answer.text
            note(call, usage, answer.usage)
            return JudgeAnswer(text: answer.text, usage: usage)
        } catch { throw try Self.scoreError(error, call) }
    }

    func embed(_ texts: [String], model named: String?) async throws -> Embeddings {
        let (name, model) = try chosen(named, ["embedding"])
        let provider = try await provider(name)
        var call = ModelCall(operation: .embeddings, provider: name, requestModel: model, startUnixNano: Self.now(), endUnixNano: 0)
        do throws(ProviderError) {
            let answer = try await provider.embed(EmbeddingRequest(model: model, inputs: texts))
            let usage = usage(name, asked: model, answered: answer.model, answer.usage, billed: answer.reportedCost)
            call.reportedCost = answer.reportedCost
            note(call, usage, answer.usage)
            return Embeddings(vectors: (0..<answer.embeddings.rowCount).map { Array(answer.embeddings[$0]) }, usage: usage)
        } catch { throw try Self.scoreError(error, call) }
    }

    private static func now() -> UInt64 { WallClock.nowUnixNano() }

    /// For whoever shows and pays for the calls.
    private func note(_ call: ModelCall, _ usage: ScorerUsage, _ tokens: TokenUsage?) {
        guard let log = ModelCallLog.current else { return }
        var call = call
        call.endUnixNano = Self.now()
        call.usage = usage
        call.tokens = tokens
        log.append(call)
    }

    private func chosen(_ named: String?, _ purposes: [String]) throws(ScoreError) -> (provider: String, model: String) {
        guard let text = named ?? purposes.lazy.compactMap({ defaults[$0]?.stringValue }).first else {
            let names = purposes.joined(separator: " or ")
            throw ScoreError(.unavailable, "the project's settings name no \(names) model, and none was named")
        }
        guard let reference = ModelReference(text) else {
            throw ScoreError(.invalidScorer, "a model is named as provider/model, not \(text)")
        }
        return (reference.provider, reference.model)
    }

    private func provider(_ name: String) async throws -> ModelProvider {
        do { return try await providers.provider(name, credential: nil) } catch let fault as CellFault {
            throw ScoreError(.unavailable, fault.message)
        }
    }

    private func usage(_ provider: String, asked: String, answered: String?, _ usage: TokenUsage?, billed: Double?) -> ScorerUsage {
        ScorerUsage(
            model: "\(provider)/\(answered ?? asked)", callCount: 1, inputTokenCount: usage.map { Int($0.input) },
            outputTokenCount: usage.map { Int($0.output) },
            cost: prices().cost(
                billed: billed, provider: provider, responseModel: answered, requestModel: asked, usage: usage,
                at: WallClock.nowUnixNano()))
    }

    private static func scoreError(_ error: ProviderError, _ call: ModelCall) throws(CancellationError) -> ScoreError {
        if error.kind == .cancelled { throw CancellationError() }
        var failed = call
        failed.endUnixNano = now()
        ModelCallLog.current?.append(failed, failed: error)
        return ScoreError(.unavailable, "\(call.provider)/\(call.requestModel) could not be asked: \(error.message)")
    }
}
