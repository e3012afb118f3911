/// Which texts go into the next call: as many as a call takes, at least one.

import Metastore

enum EmbeddingBatch {
    /// The first of the texts.
    static func next(of chunks: ArraySlice<UnembeddedKnowledgeChunk>) -> ArraySlice<UnembeddedKnowledgeChunk> {
        var count = 0, byteCount = 0
        for chunk in chunks.prefix(KnowledgeWorkLimits.embeddingBatchCount) {
            byteCount += chunk.text.utf8.count
            if count > 0, byteCount > KnowledgeWorkLimits.embeddingBatchByteCount { break }
            count += 1
        }
        return chunks.prefix(count)
    }
}
