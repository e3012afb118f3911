/// The models that judge and embed for a project: named by the scorer as `provider/model`, else by the project's settings
/// (`default_models`: `judge`, `embedding`).

import ByteCoding
import Evaluation
import EvaluationModel
import GenAIConventions
import Metastore
import ModelProviders

struct ProjectModels: JudgeModel, EmbeddingModel {
    let providers: ProviderDirectory
    /// The project's `default_models`.
    let defaults: JSONValue
    let prices: @Sendable () -> PriceBook

    func ask(_ question: JudgeQuestion) async throws -> JudgeAnswer {
        let (name, model) = try chosen(question.model, default: "judge")
        let provider = try await provider(name)
        var request = ChatRequest(model: model, messages: [ChatMessage(.system, question.system), ChatMessage(.user, question.user)])
        request.parameters.maximumOutputTokenCount = question.maximumOutputTokenCount
        request.responseFormat = .jsonSchema(name: "judgement", schema: question.responseSchema, isStrict: true)
        // Anthropic's newer versions take no temperature; what has none is deterministic enough.
        if name != Provider.anthropic.rawValue { request.parameters.temperature = 0 }
        do throws(ProviderError) {
            let answer = try await provider.chat(request)
            return JudgeAnswer(
                text: answer.text,
                usage: usage(name, answer.model ?? model, answer.usage, reportedCost: answer.reportedCost))
        } catch { throw try Self.scoreError(error, "\(name)/\(model)") }
    }

    func embed(_ texts: [String], model named: String?) async throws -> Embeddings {
        let (name, model) = try chosen(named, default: "embedding")
        let provider = try await provider(name)
        do throws(ProviderError) {
            let answer = try await provider.embed(EmbeddingRequest(model: model, inputs: texts))
            return Embeddings(
                vectors: (0..<answer.embeddings.rowCount).map { Array(answer.embeddings[$0]) },
                usage: usage(name, answer.model ?? model, answer.usage, reportedCost: answer.reportedCost))
        } catch { throw try Self.scoreError(error, "\(name)/\(model)") }
    }

    private func chosen(_ named: String?, default key: String) throws(ScoreError) -> (provider: String, model: String) {
        let text = named ?? defaults[key]?.stringValue
        guard let text else { throw ScoreError(.unavailable, "the project's settings name no \(key) model, and the scorer names none") }
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

    private func usage(_ provider: String, _ model: String, _ usage: TokenUsage?, reportedCost: Double?) -> ScorerUsage {
        let cost = usage.flatMap { prices().cost(provider: provider, model: model, usage: $0, at: WallClock.nowUnixNano()) }
        return ScorerUsage(
            model: "\(provider)/\(model)", callCount: 1, inputTokenCount: usage.map { Int($0.input) },
            outputTokenCount: usage.map { Int($0.output) }, cost: reportedCost ?? cost)
    }

    private static func scoreError(_ error: ProviderError, _ model: String) throws(CancellationError) -> ScoreError {
        if error.kind == .cancelled { throw CancellationError() }
        return ScoreError(.unavailable, "\(model) could not be asked: \(error.message)")
    }
}
