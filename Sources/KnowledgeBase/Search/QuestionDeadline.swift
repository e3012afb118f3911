/// A question's embedding within its time: a search does not wait for a provider as long as a run of test cases would.

import TraceModel

enum QuestionDeadline {
    /// Throws `embedding` (also when the time is over), `cancelled`, and what the embedder throws.
    static func embed(
        _ question: String, model: String, for project: ProjectID, _ embedder: any KnowledgeEmbedder,
        within limit: Duration = .seconds(KnowledgeSearchLimits.questionEmbeddingSeconds)
    ) async throws(KnowledgeSearchError) -> EmbeddedQuestion {
        let outcome = await withTaskGroup(of: Result<EmbeddedQuestion, KnowledgeSearchError>?.self) { group in
            group.addTask {
                do throws(KnowledgeSearchError) { return .success(try await embedder.embed(question, model: model, for: project)) } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if Task.isCancelled { throw KnowledgeSearchError(.cancelled, "the search was given up") }
        guard let outcome else { throw KnowledgeSearchError(.embedding, "\(model) did not answer within \(limit)") }
        return try outcome.get()
    }
}
