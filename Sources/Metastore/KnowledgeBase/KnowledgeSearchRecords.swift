/// What searching a knowledge base reads from the database: which chunks are in a view, how frequent words are, which chunks have them,
/// vectors, texts.

import KnowledgeModel
import PostgresClient

/// An entry of a view with its chunks, as a search keeps it in memory.
package struct SearchedKnowledgeEntry: Sendable, Equatable {
    package let key: String
    package let kind: KnowledgeKind
    package let tags: [String]
    package let chunks: [SearchedKnowledgeChunk]

    package init(key: String, kind: KnowledgeKind, tags: [String], chunks: [SearchedKnowledgeChunk]) {
        self.key = key
        self.kind = kind
        self.tags = tags
        self.chunks = chunks
    }
}

package struct SearchedKnowledgeChunk: Sendable, Equatable {
    package let id: Int64
    /// The first eight bytes of the hash of its embedded text, the first of them the highest.
    package let textHash: UInt64

    package init(id: Int64, textHash: UInt64) {
        self.id = id
        self.textHash = textHash
    }
}

/// A word of a question: in lower case, with its stem.
package struct QuestionWord: Sendable, Equatable {
    package let word: String
    /// nil for a stop word.
    package let stem: String?
    /// In how many chunks of the project it stood when they were counted; nil: in none, or they were not counted yet.
    package let chunkCount: Int?
    package let stemChunkCount: Int?

    package init(word: String, stem: String?, chunkCount: Int? = nil, stemChunkCount: Int? = nil) {
        self.word = word
        self.stem = stem
        self.chunkCount = chunkCount
        self.stemChunkCount = stemChunkCount
    }

    /// It only holds English sentences together.
    package var isStopWord: Bool { stem == nil }
}

/// A word to look for, in forms of which the worthiest found counts.
package struct SoughtWord: Sendable, Equatable {
    package struct Form: Sendable, Equatable {
        package let text: String
        package let worth: Double

        package init(text: String, worth: Double) {
            self.text = text
            self.worth = worth
        }
    }

    package let forms: [Form]

    package init(forms: [Form]) { self.forms = forms }
}

/// A chunk that has words of a question.
package struct FoundKnowledgeChunk: Sendable, Equatable {
    package let id: Int64
    /// Sum of what the found words are worth.
    package let score: Double
    /// PostgreSQL's cover density: how close together the words stand; among equal scores it decides.
    package let density: Double

    package init(id: Int64, score: Double, density: Double) {
        self.id = id
        self.score = score
        self.density = density
    }
}

/// A chunk as an answer shows it.
package struct KnowledgeChunkText: Sendable, Equatable {
    package let id: Int64
    package let position: Int
    package let title: String
    package let headingPath: [String]
    package let text: String
}

/// The vector of a chunk, as it is stored: of length one.
package struct KnowledgeChunkVector: Sendable, Equatable {
    package let chunk: SearchedKnowledgeChunk
    package let vector: [Float]
}
