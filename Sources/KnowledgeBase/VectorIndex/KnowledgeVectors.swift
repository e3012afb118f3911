import FileSystem
import KnowledgeModel
import Metastore
import TraceModel

/// The vectors of all projects, models and dimensions that are searched: which chunks of a view lie nearest to a question.
actor KnowledgeVectors {
    private struct Key: Hashable {
        let project: ProjectID
        let model: String
        let dimensionCount: Int
    }

    private let directory: VectorDirectory
    private let knowledge: KnowledgeRepository
    private var open: [(key: Key, vectors: ModelVectors)] = []

    init(_ directory: VectorDirectory, _ knowledge: KnowledgeRepository) {
        self.directory = directory
        self.knowledge = knowledge
    }

    /// Whether the project has vectors of the model. Throws `unavailable`.
    func areThere(of project: ProjectID, model: String) async throws(KnowledgeSearchError) -> Bool {
        if open.contains(where: { $0.key.project == project && $0.key.model == model }) { return true }
        return try await areStored(project, model, nil)
    }

    /// nil: none of them is stored, and nothing is opened for them. Throws `unavailable`.
    func vectors(of project: ProjectID, model: String, dimensionCount: Int) async throws(KnowledgeSearchError) -> ModelVectors? {
        let key = Key(project: project, model: model, dimensionCount: dimensionCount)
        if let found = opened(key) { return found }
        guard try await areStored(project, model, dimensionCount) else { return nil }
        // Somebody else may have opened them meanwhile.
        if let found = opened(key) { return found }
        let vectors = ModelVectors(
            project: project, model: model, dimensionCount: dimensionCount, directory: directory, knowledge: knowledge)
        open.append((key, vectors))
        if open.count > KnowledgeSearchLimits.maximumOpenFileCount { open.removeFirst() }
        return vectors
    }

    private func opened(_ key: Key) -> ModelVectors? {
        guard let place = open.firstIndex(where: { $0.key == key }) else { return nil }
        let found = open.remove(at: place)
        open.append(found)
        return found.vectors
    }

    private func areStored(_ project: ProjectID, _ model: String, _ dimension: Int?) async throws(KnowledgeSearchError) -> Bool {
        do throws(MetastoreError) { return try await knowledge.hasVectors(of: model, dimension: dimension, in: project) } catch {
            throw KnowledgeSearchError(error)
        }
    }

    /// Closes and takes away the files of projects and models that nothing is searched with any more; one that a search has at the moment is
    /// taken away the next time. Throws `unavailable`.
    func removeUnused() async throws(KnowledgeSearchError) {
        let models: [ProjectID: Set<String>]
        do throws(MetastoreError) { models = try await knowledge.searchedModels() } catch { throw KnowledgeSearchError(error) }
        open.removeAll { models[$0.key.project]?.contains($0.key.model) != true }
        let directory = directory
        try await VectorThreads.withFiles { () throws(KnowledgeSearchError) in
            do throws(FileSystemError) { try directory.removeUnused(keeping: models) } catch { throw KnowledgeSearchError(error) }
        }
    }
}

extension ViewRows {
    /// The chunks of the highest cosines, the best first. `accepted`: for each entry whether it may be found; nil: all may.
    /// The question's vector has as many numbers as the rows. Throws `embedding`: it has no direction.
    func nearest(
        to question: [Float], in members: ViewMembers, accepted: [Bool]?, count: Int, model: String
    ) async throws(KnowledgeSearchError) -> [NearestChunk] {
        guard let rows, !rowNumbers.isEmpty else { return [] }
        guard let unit = VectorMath.unit(question) else {
            throw KnowledgeSearchError(.embedding, "\(model) answered a vector without direction for the question")
        }
        let chosen =
            accepted.map { accepted in
                zip(rowNumbers, chunkNumbers).filter { accepted[Int(members.entryNumbers[Int($0.1)])] }.map(\.0)
            } ?? rowNumbers
        let nearest = await VectorThreads.search { rows.nearest(to: unit, among: chosen, count: count) }
        return nearest.compactMap { found in
            chunk(ofRow: found.row).map { NearestChunk(id: members.chunkIDs[$0], cosine: Double(found.cosine)) }
        }
    }

    /// The chunk's place in the view.
    private func chunk(ofRow row: UInt32) -> Int? {
        var low = 0, high = rowNumbers.count
        while low < high {
            let middle = (low + high) / 2
            if rowNumbers[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low < rowNumbers.count && rowNumbers[low] == row ? Int(chunkNumbers[low]) : nil
    }
}

struct NearestChunk: Sendable, Equatable {
    var id: Int64
    var cosine: Double
}
