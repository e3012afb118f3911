import ByteCoding
import EvaluationModel

/// Asks a model to judge. The worker puts a provider behind it, tests a table.
package protocol JudgeModel: Sendable {
    /// Throws `ScoreError` to say why there is no answer (it becomes the score's error as it stands, so it holds no key and no
    /// payload), `CancellationError` when the run was cancelled; of any other error only the type is kept.
    func ask(_ question: JudgeQuestion) async throws -> JudgeAnswer
}

/// One question to a judge: system text and one user message, to be answered with JSON of `responseSchema`, at temperature 0 where the
/// model has one.
package struct JudgeQuestion: Equatable, Sendable {
    /// `provider/model`; nil: the project's judge.
    package var model: String?
    package var system: String
    package var user: String
    /// For providers with structured outputs: an object, all members required, nothing additional.
    package var responseSchema: JSONValue
    package var maximumOutputTokenCount: Int

    package init(model: String?, system: String, user: String, responseSchema: JSONValue, maximumOutputTokenCount: Int) {
        self.model = model
        self.system = system
        self.user = user
        self.responseSchema = responseSchema
        self.maximumOutputTokenCount = maximumOutputTokenCount
    }
}

package struct JudgeAnswer: Equatable, Sendable {
    package var text: String
    /// With the model that answered, in its exact version.
    package var usage: ScorerUsage

    package init(text: String, usage: ScorerUsage) {
        self.text = text
        self.usage = usage
    }
}

/// Makes vectors of texts. The worker puts a provider behind it.
package protocol EmbeddingModel: Sendable {
    /// One vector per text, in their order; `model` as `provider/model`, nil: the project's. Throws as `JudgeModel.ask`.
    func embed(_ texts: [String], model: String?) async throws -> Embeddings
}

package struct Embeddings: Equatable, Sendable {
    package var vectors: [[Float]]
    package var usage: ScorerUsage?

    package init(vectors: [[Float]], usage: ScorerUsage? = nil) {
        self.vectors = vectors
        self.usage = usage
    }
}

/// What a port threw, as a scorer's own failure.
func scoreError(_ error: any Error, _ what: String) throws(CancellationError) -> ScoreError {
    if let error = error as? ScoreError { return error }
    if let error = error as? CancellationError { throw error }
    return ScoreError(.unavailable, "\(what) could not be asked: \(type(of: error))")
}
