import ContentReading
import EvaluationModel

/// `embedding_similarity`: how near the meanings of the output and of the expected text are: the cosine of the angle between their vectors.
struct EmbeddingScorer: Sendable {
    let parameters: EmbeddingSimilarityParameters
    let model: any EmbeddingModel

    func judge(_ input: ScorerInput) async throws(CancellationError) -> JudgeResult {
        let expected: String
        do throws(ScoreError) {
            expected = try input.expectedText(parameters.value)
        } catch {
            return .failure(error, nil)
        }
        guard !input.output.text.isEmpty else {
            return .judgement(Judgement(value: 0, reason: "the output is empty, which is near to nothing"))
        }
        guard input.output.text.utf8.count <= EvaluationLimits.maximumJudgedByteCount else {
            return .failure(ScoreError(.limit, "the output has \(input.output.text.utf8.count) bytes, too many for an embedding"), nil)
        }
        let embeddings: Embeddings
        do {
            embeddings = try await model.embed([input.output.text, expected], model: parameters.model)
        } catch {
            return .failure(try scoreError(error, "the embedding model"), nil)
        }
        guard embeddings.vectors.count == 2, let similarity = Self.cosine(embeddings.vectors[0], embeddings.vectors[1]) else {
            return .failure(
                ScoreError(.invalidReply, "the embedding model did not answer with two vectors of one length"), embeddings.usage)
        }
        let value = similarity.rounded(toPlaces: 6)
        return .judgement(
            Judgement(value: value, reason: "cosine similarity \(value.shortText) with \(quoted(expected))", usage: embeddings.usage))
    }

    /// Nil for vectors of different lengths, of length zero, or with anything but finite numbers.
    static func cosine(_ a: [Float], _ b: [Float]) -> Double? {
        guard a.count == b.count, !a.isEmpty else { return nil }
        var product = 0.0, squareA = 0.0, squareB = 0.0
        for index in a.indices {
            let (x, y) = (Double(a[index]), Double(b[index]))
            product += x * y
            squareA += x * x
            squareB += y * y
        }
        let length = squareA.squareRoot() * squareB.squareRoot()
        guard length.isFinite, length > 0, product.isFinite else { return nil }
        return min(1, max(-1, product / length))
    }
}
