import KnowledgeModel
import Metastore
import TraceModel

/// What is asked of a knowledge base.
package struct KnowledgeQuery: Sendable, Equatable {
    package var text: String
    package var source: KnowledgeSource
    /// Of which an entry must be one; empty: any.
    package var kinds: Set<KnowledgeKind>
    /// All of which an entry must have.
    package var tags: [String]
    /// Hits at most.
    package var limit: Int
    package var mode: KnowledgeSearchMode
    /// Whose vectors are searched, as provider/model; nil: those that the revision was promoted with, else those of the project's settings.
    package var embeddingModel: String?
    /// The span of whoever asks, below which the search's span is put; nil: a trace of its own.
    package var parent: Parent?

    package struct Parent: Sendable, Equatable {
        package var traceID: TraceID
        package var spanID: SpanID

        package init(traceID: TraceID, spanID: SpanID) {
            self.traceID = traceID
            self.spanID = spanID
        }
    }

    package init(
        text: String, source: KnowledgeSource = .active, kinds: Set<KnowledgeKind> = [], tags: [String] = [],
        limit: Int = KnowledgeSearchLimits.defaultHitCount, mode: KnowledgeSearchMode = .hybrid,
        embeddingModel: String? = nil, parent: Parent? = nil
    ) {
        self.text = text
        self.source = source
        self.kinds = kinds
        self.tags = tags
        self.limit = limit
        self.mode = mode
        self.embeddingModel = embeddingModel
        self.parent = parent
    }

    /// Throws `invalid`, which says what is wrong.
    func check() throws(KnowledgeSearchError) {
        guard text.contains(where: { !$0.isWhitespace }) else { throw KnowledgeSearchError(.invalid, "the question is empty") }
        guard text.utf8.count <= KnowledgeSearchLimits.maximumQuestionByteCount else {
            throw KnowledgeSearchError(
                .invalid,
                "the question has \(text.utf8.count) bytes; at most \(KnowledgeSearchLimits.maximumQuestionByteCount) are searched for")
        }
        guard !text.utf8.contains(0) else { throw KnowledgeSearchError(.invalid, "the question contains U+0000") }
        guard (1...KnowledgeSearchLimits.maximumHitCount).contains(limit) else {
            throw KnowledgeSearchError(.invalid, "limit must be from 1 to \(KnowledgeSearchLimits.maximumHitCount)")
        }
        guard tags.count <= KnowledgeSearchLimits.maximumTagCount, !tags.contains(where: { $0.utf8.contains(0) }) else {
            throw KnowledgeSearchError(.invalid, "at most \(KnowledgeSearchLimits.maximumTagCount) tags without U+0000 can be asked for")
        }
    }
}

package enum KnowledgeSearchMode: String, Sendable, CaseIterable {
    /// By words and by vectors, both ranked together.
    case hybrid
    /// By words.
    case text
    /// By vectors.
    case vector
}
