import KnowledgeModel
import Metastore

/// What a search found, and how.
package struct KnowledgeAnswer: Sendable, Equatable {
    /// What was searched: one state of the knowledge base.
    package var view: KnowledgeView
    /// How it was searched; not always as it was asked to be.
    package var mode: KnowledgeSearchMode
    /// Why it was not searched as it was asked to be; nil when it was.
    package var modeReason: String?
    /// That reason is a provider or a disk that failed: the same search may be answered as it was asked a little later.
    package var isDegraded = false
    /// What made the vectors, as provider/model; nil where none took part.
    package var embeddingModel: String?
    /// Chunks of the view, of any kind and tag, that have no vector of the model and can only be found by words; 0 where no vectors took part.
    package var unembeddedChunkCount: Int
    /// Of the question's vector; 0 where nobody tells, or none was asked for.
    package var embeddingCostNanoUSD: Int64 = 0
    /// The best first.
    package var hits: [KnowledgeHit]
}

/// A chunk that was found.
package struct KnowledgeHit: Sendable, Equatable {
    package var chunkID: Int64
    /// Of its entry; where several entries say exactly the same, the first by its key's bytes.
    package var key: String
    package var kind: KnowledgeKind
    package var title: String
    package var tags: [String]
    /// Among the entry's chunks, from 0 on.
    package var position: Int
    /// The outermost heading first.
    package var headingPath: [String]
    package var text: String
    /// Sum of 1 / (60 + rank) over the two lists; only its order within this answer means anything.
    package var score: Double
    /// Where it stands among what was found by words; nil: it is not there.
    package var textRank: TextRank?
    /// Where it stands among what was found by vectors; nil: it is not there.
    package var vectorRank: VectorRank?

    package struct TextRank: Sendable, Equatable {
        /// From 1 on.
        package var rank: Int
        /// Sum of the idf of the question's words that it has.
        package var score: Double
        /// How close together they stand, among equal scores.
        package var density: Double
    }

    package struct VectorRank: Sendable, Equatable {
        /// From 1 on.
        package var rank: Int
        package var cosine: Double
    }
}
