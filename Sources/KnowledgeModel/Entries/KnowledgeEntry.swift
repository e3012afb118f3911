/// What an agent is told, one thing of it: an article, an operation of an API, a table. This is what a revision freezes; who wrote it and
/// from what is kept beside it.
///
///     {"key": "refunds/policy", "kind": "article", "title": "Refunds", "tags": ["billing"], "content": {"markdown": "# Refunds\n..."}}
///
/// The key is the entry's name for ever: an entry of another key is another entry. Two contents are the same exactly if their canonical
/// JSON without the key is.

import ByteCoding

package enum KnowledgeKind: String, Sendable, Hashable, CaseIterable {
    case article, operation, table
}

package struct KnowledgeEntry: Sendable, Equatable {
    package var key: String
    package var content: KnowledgeContent

    package init(key: String, content: KnowledgeContent) {
        self.key = key
        self.content = content
    }
}

/// An entry without its key.
package struct KnowledgeContent: Sendable, Equatable {
    package var title: String
    /// Without repetitions, in the order given.
    package var tags: [String]
    package var body: KnowledgeBody

    package init(title: String, tags: [String] = [], body: KnowledgeBody) {
        self.title = title
        self.tags = tags
        self.body = body
    }
}

package enum KnowledgeBody: Sendable, Equatable {
    case article(Article)
    case operation(APIOperation)
    case table(TableDescription)

    package var kind: KnowledgeKind {
        switch self {
        case .article: .article
        case .operation: .operation
        case .table: .table
        }
    }
}

/// `{"markdown": "..."}`
package struct Article: Sendable, Equatable {
    /// CommonMark with tables, in UTF-8; lines end in `\n`.
    package var markdown: String

    package init(markdown: String) { self.markdown = markdown }
}
