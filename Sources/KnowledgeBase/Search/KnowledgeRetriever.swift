import ByteCoding
import FileSystem
import KnowledgeModel
import Metastore
import TraceModel

/// Answers questions from a knowledge base: by words in PostgreSQL and by vectors in memory-mapped files, both ranked together.
///
///     query -> view (resolved once) -> members -+-> words -> chunks that have them ---+-> fused ranks -> texts -> answer
///                                               +-> question's vector -> nearest -----+
///
/// The vectors are those of the model that the view's revision was promoted with, and of as many numbers as it answers for the question; the
/// project's settings count where it was promoted without. A search that cannot go by vectors goes by words, and says why. Each search makes
/// a span.
package struct KnowledgeRetriever: Sendable {
    private let knowledge: KnowledgeRepository
    private let views: KnowledgeViews
    private let vectors: KnowledgeVectors
    private let embedder: any KnowledgeEmbedder
    private let traces: any SearchTraces

    /// - Parameters:
    ///   - directory: for vector files, made if it is missing; may be shared by processes.
    ///   - traces: where each search's spans go.
    /// Throws `unavailable`: the directory cannot be made.
    package init(
        knowledge: KnowledgeRepository, directory: String, embedder: any KnowledgeEmbedder, traces: any SearchTraces
    ) throws(KnowledgeSearchError) {
        self.knowledge = knowledge
        self.embedder = embedder
        self.traces = traces
        views = KnowledgeViews(knowledge)
        do throws(FileSystemError) { vectors = KnowledgeVectors(try VectorDirectory(path: directory), knowledge) } catch {
            throw KnowledgeSearchError(error)
        }
    }

    /// Throws `invalid` (the query), `notFound` (revision, draft), `unavailable`, `cancelled`, `internal`.
    package func search(_ query: KnowledgeQuery, in project: ProjectID) async throws(KnowledgeSearchError) -> KnowledgeAnswer {
        try query.check()
        var trace = RetrievalTrace(query, startUnixNano: WallClock.nowUnixNano())
        do throws(KnowledgeSearchError) {
            let answer = try await answer(query, in: project, &trace)
            traces.record(trace.spans(answer, endUnixNano: WallClock.nowUnixNano()), of: project)
            return answer
        } catch {
            traces.record(trace.spans(failed: error, endUnixNano: WallClock.nowUnixNano()), of: project)
            throw error
        }
    }

    /// As `search`, for callers that keep the spans themselves, with what they were made for. Throws as `search`.
    package func tracedSearch(
        _ query: KnowledgeQuery, in project: ProjectID
    ) async throws(KnowledgeSearchError) -> (answer: KnowledgeAnswer, spans: [SpanRecord]) {
        try query.check()
        var trace = RetrievalTrace(query, startUnixNano: WallClock.nowUnixNano())
        let answer = try await answer(query, in: project, &trace)
        return (answer, trace.spans(answer, endUnixNano: WallClock.nowUnixNano()))
    }

    /// Reads a state of the knowledge base and its vectors, so that the first search of it waits for neither. Throws as `search`.
    package func prepare(_ source: KnowledgeSource, in project: ProjectID) async throws(KnowledgeSearchError) {
        let members = try await members(of: source, in: project)
        guard let model = try await model(of: members.view, nil) else { return }
        let dimension: Int?
        do throws(MetastoreError) { dimension = try await knowledge.vectorDimension(of: model, in: project) } catch {
            throw KnowledgeSearchError(error)
        }
        guard let dimension else { return }
        _ = try await vectors.vectors(of: project, model: model, dimensionCount: dimension)?.rows(of: members)
    }

    /// Takes away vector files that no search needs any more. Throws `unavailable`.
    package func removeUnusedFiles() async throws(KnowledgeSearchError) { try await vectors.removeUnused() }

    // MARK: Steps

    private func answer(
        _ query: KnowledgeQuery, in project: ProjectID, _ trace: inout RetrievalTrace
    ) async throws(KnowledgeSearchError) -> KnowledgeAnswer {
        let members = try await members(of: query.source, in: project)
        async let byWords = query.mode == .vector ? .success([]) : foundByWords(query, members)
        let byVectors = query.mode == .text ? VectorSearch() : try await foundByVectors(query, members)
        trace.embedding = byVectors.call
        var words = try await byWords.get()
        var mode = query.mode
        if byVectors.reason != nil {
            if mode == .vector { words = try await foundByWords(query, members).get() }
            mode = .text
        }
        let hits = try await hits(query, members, words, byVectors.nearest)
        return KnowledgeAnswer(
            view: members.view, mode: mode, modeReason: byVectors.reason, isDegraded: byVectors.isDegraded,
            embeddingModel: mode == .text ? nil : byVectors.model,
            unembeddedChunkCount: mode == .text ? 0 : byVectors.missingCount, embeddingCostNanoUSD: byVectors.costNanoUSD, hits: hits)
    }

    private func members(of source: KnowledgeSource, in project: ProjectID) async throws(KnowledgeSearchError) -> ViewMembers {
        let view: KnowledgeView?
        do throws(MetastoreError) { view = try await knowledge.view(of: source, in: project) } catch { throw KnowledgeSearchError(error) }
        guard let view else { throw KnowledgeSearchError(.notFound, "the project has no such revision or draft of its knowledge base") }
        return try await views.members(of: view)
    }

    private func foundByWords(
        _ query: KnowledgeQuery, _ members: ViewMembers
    ) async -> Result<[FoundKnowledgeChunk], KnowledgeSearchError> {
        do throws(MetastoreError) {
            let question = try await knowledge.questionWords(query.text, in: members.view.projectID)
            let choice = WordChoice(question, chunkCount: members.chunkIDs.count)
            let found = try await knowledge.chunks(
                having: choice.words, in: members.view, kinds: query.kinds.sorted { $0.rawValue < $1.rawValue }, tags: query.tags,
                limit: KnowledgeSearchLimits.listCount, maximumFindCount: KnowledgeSearchLimits.maximumFindCount)
            // A draft may have been edited since its members were read: what is not among them is not in the answer's view.
            return .success(found.filter { members.entry(ofChunk: $0.id) != nil })
        } catch { return .failure(KnowledgeSearchError(error)) }
    }

    private func foundByVectors(
        _ query: KnowledgeQuery, _ members: ViewMembers
    ) async throws(KnowledgeSearchError) -> VectorSearch {
        var search = VectorSearch()
        do throws(KnowledgeSearchError) {
            guard let model = try await model(of: members.view, query.embeddingModel) else {
                search.reason = "the project's settings name no model for embeddings (default_models.embedding)"
                return search
            }
            search.model = model
            let project = members.view.projectID
            guard !members.chunkIDs.isEmpty, try await vectors.areThere(of: project, model: model) else {
                search.reason = members.chunkIDs.isEmpty ? "there is nothing in it" : "nothing of it has a vector of \(model) yet"
                return search
            }
            var call = RetrievalTrace.EmbeddingCall(model: model, startUnixNano: WallClock.nowUnixNano())
            let question = try await QuestionDeadline.embed(query.text, model: model, for: project, embedder)
            call.end(question)
            search.call = call
            search.costNanoUSD = question.costNanoUSD
            guard let files = try await vectors.vectors(of: project, model: model, dimensionCount: question.vector.count) else {
                search.reason = """
                    \(model) answered a vector of \(question.vector.count) numbers for the question, and those of the knowledge base have \
                    another dimension; the next promotion that brings a text has all of it embedded anew
                    """
                search.isDegraded = true
                return search
            }
            let rows = try await files.rows(of: members)
            search.missingCount = rows.missingCount
            guard !rows.rowNumbers.isEmpty else {
                search.reason = "nothing of it has a vector of \(model) yet"
                return search
            }
            // What a promotion has embedded so far, of a model that changed its dimension: the few would come before the many.
            guard members.view.draft != nil || 2 * rows.missingCount <= members.chunkIDs.count else {
                search.reason = "most of it has no vector of \(model) with \(question.vector.count) numbers yet"
                search.isDegraded = true
                return search
            }
            search.nearest = try await rows.nearest(
                to: question.vector, in: members, accepted: members.accepted(kinds: query.kinds, tags: query.tags),
                count: KnowledgeSearchLimits.listCount, model: model)
        } catch {
            // Words are found without a provider and without a disk.
            guard [.embedding, .unavailable].contains(error.code) else { throw error }
            search.reason = error.message
            search.isDegraded = true
        }
        return search
    }

    private func model(of view: KnowledgeView, _ asked: String?) async throws(KnowledgeSearchError) -> String? {
        if let asked { return asked }
        do throws(MetastoreError) {
            if view.revision > 0, let model = try await knowledge.find(view.revision, in: view.projectID)?.embeddingModel { return model }
        } catch { throw KnowledgeSearchError(error) }
        return try await embedder.model(of: view.projectID)
    }

    private func hits(
        _ query: KnowledgeQuery, _ members: ViewMembers, _ words: [FoundKnowledgeChunk], _ nearest: [NearestChunk]
    ) async throws(KnowledgeSearchError) -> [KnowledgeHit] {
        let fused = ReciprocalRankFusion.fuse([words.map(\.id), nearest.map(\.id)]).prefix(query.limit)
        guard !fused.isEmpty else { return [] }
        let texts: [KnowledgeChunkText]
        do throws(MetastoreError) { texts = try await knowledge.texts(of: fused.map(\.id), in: members.view.projectID) } catch {
            throw KnowledgeSearchError(error)
        }
        let textByID = Dictionary(texts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return fused.compactMap { item in
            guard let text = textByID[item.id], let entry = members.entry(ofChunk: item.id) else { return nil }
            return KnowledgeHit(
                chunkID: item.id, key: entry.key, kind: entry.kind, title: text.title, tags: entry.tags, position: text.position,
                headingPath: text.headingPath, text: text.text, score: item.score,
                textRank: item.ranks[0].map {
                    KnowledgeHit.TextRank(rank: $0, score: words[$0 - 1].score, density: words[$0 - 1].density)
                },
                vectorRank: item.ranks[1].map { KnowledgeHit.VectorRank(rank: $0, cosine: nearest[$0 - 1].cosine) })
        }
    }
}

/// What the vectors' half of a search came to.
private struct VectorSearch: Sendable {
    var nearest: [NearestChunk] = []
    var model: String?
    var missingCount = 0
    /// Why there is nothing; nil where vectors took part, or were not asked for.
    var reason: String?
    /// The reason may pass.
    var isDegraded = false
    var call: RetrievalTrace.EmbeddingCall?
    var costNanoUSD: Int64 = 0
}
