import KnowledgeModel
import Metastore

/// Which chunks are in a view, and of which entries: all that a search keeps of it in memory.
struct ViewMembers: Sendable {
    struct Entry: Sendable, Equatable {
        var key: String
        var kind: KnowledgeKind
        var tags: [String]
    }

    let view: KnowledgeView
    let entries: [Entry]
    /// Rising, each once.
    let chunkIDs: [Int64]
    /// As `SearchedKnowledgeChunk` has them, beside `chunkIDs`.
    let textHashes: [UInt64]
    /// The entry of each chunk; of several that say the same, the first.
    let entryNumbers: [UInt32]
    /// About what it takes in memory.
    let byteCount: Int

    /// - Parameter entries: in the order of their keys.
    /// Throws `unavailable` for more chunks than a search takes.
    init(
        view: KnowledgeView, entries: [SearchedKnowledgeEntry], maximumChunkCount: Int = KnowledgeSearchLimits.maximumChunkCount
    ) throws(KnowledgeSearchError) {
        var all: [(chunk: SearchedKnowledgeChunk, entry: UInt32)] = []
        all.reserveCapacity(entries.reduce(0) { $0 + $1.chunks.count })
        for (number, entry) in entries.enumerated() { for chunk in entry.chunks { all.append((chunk, UInt32(number))) } }
        guard all.count <= maximumChunkCount else {
            throw KnowledgeSearchError(
                .unavailable, "the knowledge base has \(all.count) pieces of text; at most \(maximumChunkCount) can be searched")
        }
        all.sort { ($0.chunk.id, $0.entry) < ($1.chunk.id, $1.entry) }
        var chunkIDs: [Int64] = [], textHashes: [UInt64] = [], entryNumbers: [UInt32] = []
        chunkIDs.reserveCapacity(all.count)
        textHashes.reserveCapacity(all.count)
        entryNumbers.reserveCapacity(all.count)
        for (chunk, entry) in all where chunkIDs.last != chunk.id {
            chunkIDs.append(chunk.id)
            textHashes.append(chunk.textHash)
            entryNumbers.append(entry)
        }
        self.view = view
        self.entries = entries.map { Entry(key: $0.key, kind: $0.kind, tags: $0.tags) }
        self.chunkIDs = chunkIDs
        self.textHashes = textHashes
        self.entryNumbers = entryNumbers
        byteCount = 20 * chunkIDs.count + entries.reduce(0) { $0 + 64 + $1.key.utf8.count + $1.tags.reduce(0) { $0 + 32 + $1.utf8.count } }
    }

    /// nil for a chunk that is not in the view.
    func entry(ofChunk id: Int64) -> Entry? {
        var low = 0, high = chunkIDs.count
        while low < high {
            let middle = (low + high) / 2
            if chunkIDs[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < chunkIDs.count && chunkIDs[low] == id ? entries[Int(entryNumbers[low])] : nil
    }

    /// For each entry whether it is of one of the kinds and has all of the tags; nil when nothing is asked.
    func accepted(kinds: Set<KnowledgeKind>, tags: [String]) -> [Bool]? {
        if kinds.isEmpty, tags.isEmpty { return nil }
        return entries.map { entry in
            (kinds.isEmpty || kinds.contains(entry.kind))
                // By their bytes, as PostgreSQL does.
                && tags.allSatisfy { tag in entry.tags.contains { $0.utf8.elementsEqual(tag.utf8) } }
        }
    }
}

/// A view, to be found by. Two of the same key have the same chunks for ever.
struct ViewKey: Hashable, Sendable {
    let project: String
    let revision: Int
    let draft: String?
    let version: Int

    init(_ view: KnowledgeView) {
        project = view.projectID.uuid
        revision = view.revision
        draft = view.draft?.id.uuid
        version = view.draft?.version ?? 0
    }
}
