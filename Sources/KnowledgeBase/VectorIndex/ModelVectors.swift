import FileSystem
import Metastore
import Synchronization
import TraceModel

/// The vectors of one project and one embedding model that have one dimension: a file, and for each view that is searched the rows of its
/// chunks. What a view has and the file lacks is loaded from PostgreSQL. Vectors of another dimension of the same model are beside them, in
/// another of these.
///
/// Loads take turns. A view whose rows are known is answered at once, from the file it was found in, whatever is being loaded or built
/// beside it: a new file is made when most rows of the old one are of no view any more.
actor ModelVectors {
    private let project: ProjectID
    private let model: String
    private let dimensionCount: Int
    private let directory: VectorDirectory
    private let knowledge: KnowledgeRepository
    private let leastRowCountOfRebuilding: Int
    private var index: VectorIndex?
    private var isOpened = false
    private var views: [(key: ViewKey, rows: ViewRows)] = []
    private var lastTurn: Task<Void, Never>?

    init(
        project: ProjectID, model: String, dimensionCount: Int, directory: VectorDirectory, knowledge: KnowledgeRepository,
        leastRowCountOfRebuilding: Int = KnowledgeSearchLimits.leastRowCountOfRebuilding
    ) {
        self.project = project
        self.model = model
        self.dimensionCount = dimensionCount
        self.directory = directory
        self.knowledge = knowledge
        self.leastRowCountOfRebuilding = leastRowCountOfRebuilding
    }

    /// The rows of a view's chunks. Throws `unavailable`, `internal`.
    func rows(of members: ViewMembers) async throws(KnowledgeSearchError) -> ViewRows {
        if let known = known(members) { return known }
        let before = lastTurn
        let load = Task { () async -> Result<ViewRows, KnowledgeSearchError> in
            await before?.value
            do throws(KnowledgeSearchError) { return .success(try await self.load(members)) } catch { return .failure(error) }
        }
        lastTurn = Task {
            if case .success = await load.value { await self.rebuildIfMostAreDead(members) }
        }
        return try await load.value.get()
    }

    /// Waits until nothing is being loaded or built.
    func settled() async {
        while let turn = lastTurn {
            await turn.value
            if turn == lastTurn { return }
        }
    }

    /// nil: not known, or it lacked vectors some time ago that may be there by now.
    private func known(_ members: ViewMembers) -> ViewRows? {
        let key = ViewKey(members.view)
        guard let place = views.firstIndex(where: { $0.key == key }) else { return nil }
        let view = views.remove(at: place)
        views.append(view)
        let age = ContinuousClock.now - view.rows.foundAt
        return view.rows.missingCount == 0 || age < .seconds(KnowledgeSearchLimits.missingVectorSeconds) ? view.rows : nil
    }

    private func keep(_ rows: ViewRows, of members: ViewMembers) {
        let key = ViewKey(members.view)
        views.removeAll { $0.key == key }
        views.append((key, rows))
        if views.count > KnowledgeSearchLimits.maximumRowViewCount { views.removeFirst() }
    }

    // MARK: Loading

    private func load(_ members: ViewMembers) async throws(KnowledgeSearchError) -> ViewRows {
        if let known = known(members) { return known }
        if !isOpened {
            let (directory, project, model, dimensionCount) = (directory, project, model, dimensionCount)
            index = try await VectorThreads.withFiles { () throws(KnowledgeSearchError) in
                do throws(FileSystemError) {
                    return try directory.open(project: project, model: model, dimensionCount: dimensionCount)
                } catch {
                    throw KnowledgeSearchError(error)
                }
            }
            isOpened = true
        }
        try await load(try await missingChunks(of: members, in: index))
        let rows = try await found(members, in: index)
        keep(rows, of: members)
        return rows
    }

    /// Adds the stored vectors of chunks to the file, which is made for the first of them.
    private func load(_ chunkIDs: [Int64]) async throws(KnowledgeSearchError) {
        for start in stride(from: 0, to: chunkIDs.count, by: KnowledgeSearchLimits.loadedVectorCount) {
            let part = Array(chunkIDs[start..<min(start + KnowledgeSearchLimits.loadedVectorCount, chunkIDs.count)])
            let stored: [KnowledgeChunkVector]
            do throws(MetastoreError) {
                stored = try await knowledge.vectors(of: part, model: model, dimension: dimensionCount, in: project)
            } catch { throw KnowledgeSearchError(error) }
            if stored.isEmpty { continue }
            let (directory, project, model, dimensionCount, known) = (directory, project, model, dimensionCount, index)
            index = try await VectorThreads.withFiles { () throws(KnowledgeSearchError) in
                let file: VectorIndex
                if let known {
                    file = known
                } else {
                    file = try directory.create(project: project, model: model, dimensionCount: dimensionCount)
                }
                try file.append(stored.map { (VectorKey($0.chunk), $0.vector) })
                return file
            }
        }
    }

    private func missingChunks(of members: ViewMembers, in index: VectorIndex?) async throws(KnowledgeSearchError) -> [Int64] {
        guard let index else { return members.chunkIDs }
        return try await VectorThreads.withFiles { () throws(KnowledgeSearchError) in
            zip(members.chunkIDs, index.rows(of: members.keys)).filter { $0.1 == nil }.map(\.0)
        }
    }

    private func found(_ members: ViewMembers, in index: VectorIndex?) async throws(KnowledgeSearchError) -> ViewRows {
        guard let index else { return ViewRows(rows: nil, found: [], chunkCount: members.chunkIDs.count) }
        return try await VectorThreads.withFiles { () throws(KnowledgeSearchError) in
            // Rows first: the view of the file then has all of them.
            let found = index.rows(of: members.keys)
            return ViewRows(rows: index.rows, found: found, chunkCount: members.chunkIDs.count)
        }
    }

    // MARK: Building anew

    private func rebuildIfMostAreDead(_ members: ViewMembers) async {
        guard let index, index.rows.rowCount >= leastRowCountOfRebuilding else { return }
        let live = Set(views.lazy.flatMap(\.rows.rowNumbers)).sorted()
        guard 2 * live.count < index.rows.rowCount else { return }
        let (directory, project, model) = (directory, project, model)
        // Where this fails, the old file goes on to serve, and the next load tries again.
        let new = try? await VectorThreads.withFiles { () throws(KnowledgeSearchError) in
            let new = try directory.create(project: project, model: model, dimensionCount: index.format.dimensionCount)
            let rows = index.rows
            for start in stride(from: 0, to: live.count, by: KnowledgeSearchLimits.loadedVectorCount) {
                let part = live[start..<min(start + KnowledgeSearchLimits.loadedVectorCount, live.count)]
                try new.append(part.compactMap { row in rows.key(ofRow: row).map { ($0, rows.vector(ofRow: row)) } })
            }
            return new
        }
        if let new { try? await replace(with: new) }
    }

    private func replace(with new: VectorIndex) async throws(KnowledgeSearchError) {
        let old = index
        index = new
        // Their rows are the old file's; whoever searches them now has that file still.
        views = []
        if let old { try await remove(old) }
    }

    private func remove(_ index: VectorIndex) async throws(KnowledgeSearchError) {
        try await VectorThreads.withFiles { () throws(KnowledgeSearchError) in
            do throws(FileSystemError) { try index.remove() } catch { throw KnowledgeSearchError(error) }
        }
    }
}

/// The rows of a view's chunks in a vector file as it was then.
struct ViewRows: Sendable {
    /// nil: there is no file, as there are no vectors.
    let rows: VectorRows?
    /// Rising.
    let rowNumbers: [UInt32]
    /// Beside `rowNumbers`: the chunk's place in the view.
    let chunkNumbers: [UInt32]
    /// Chunks of the view without a vector.
    let missingCount: Int
    let foundAt = ContinuousClock.now

    /// - Parameter found: the row of each chunk of the view.
    init(rows: VectorRows?, found: [UInt32?], chunkCount: Int) {
        self.rows = rows
        // Row in the high half, chunk in the low one: sorted by row.
        let pairs = found.enumerated().compactMap { number, row in row.map { UInt64($0) << 32 | UInt64(number) } }.sorted()
        rowNumbers = pairs.map { UInt32($0 >> 32) }
        chunkNumbers = pairs.map { UInt32(truncatingIfNeeded: $0) }
        missingCount = chunkCount - pairs.count
    }
}

extension VectorKey {
    init(_ chunk: SearchedKnowledgeChunk) { self.init(chunkID: chunk.id, textHash: chunk.textHash) }
}

extension ViewMembers {
    var keys: [VectorKey] { zip(chunkIDs, textHashes).map { VectorKey(chunkID: $0, textHash: $1) } }
}
