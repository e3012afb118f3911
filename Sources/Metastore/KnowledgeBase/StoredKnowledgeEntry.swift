/// Entries as the database has them: in a view, and as what changed between two states.

import ByteCoding
import ContentReading
import KnowledgeModel
import PostgresClient
import TraceModel

package struct KnowledgeEntryID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

/// The trace, or the span, that somebody wrote an entry from.
package struct KnowledgeOrigin: Sendable, Equatable {
    package var traceID: TraceID
    package var spanID: SpanID?

    package init(traceID: TraceID, spanID: SpanID? = nil) {
        self.traceID = traceID
        self.spanID = spanID
    }
}

/// An entry as it is in a view.
package struct StoredKnowledgeEntry: Sendable, Equatable {
    package let id: KnowledgeEntryID
    package let key: String
    /// Of the content: its ETag.
    package let hash: KnowledgeHash
    package let kind: KnowledgeKind
    package let title: String
    package let tags: [String]
    /// An e-mail address or a key's name, as it was when it was written.
    package let author: String
    package let origin: KnowledgeOrigin?
    /// nil: it is a draft's change.
    package let introducedIn: Int?
    /// JSON text: `{"title", "kind", "tags", "content"}`; nil if it was not asked for.
    package let content: [UInt8]?

    /// Errors: `internal` (it was not asked for, or is none).
    package var decodedContent: KnowledgeContent {
        get throws(MetastoreError) {
            do { return try KnowledgeContent(json: JSONValue.parse(content ?? [])) } catch {
                throw MetastoreError(.internal, "the stored content of \(key) cannot be read: \(error)")
            }
        }
    }
}

/// An entry that two states have differently.
package struct ChangedKnowledgeEntry: Sendable, Equatable {
    package let key: String
    /// What it says in each; nil: the entry is not there.
    package let before: Side?
    package let after: Side?

    package struct Side: Sendable, Equatable {
        package let hash: KnowledgeHash
        package let kind: KnowledgeKind
        package let title: String
        /// JSON text, if it was asked for.
        package let content: [UInt8]?
    }
}

/// Which entries a list shows; all of what is given must hold.
package struct KnowledgeEntryFilter: Sendable, Equatable {
    package var kind: KnowledgeKind?
    /// One of the entry's tags.
    package var tag: String?
    /// What the key begins with.
    package var prefix: String?

    package init(kind: KnowledgeKind? = nil, tag: String? = nil, prefix: String? = nil) {
        self.kind = kind
        self.tag = tag
        self.prefix = prefix
    }
}

// MARK: - Rows

extension KnowledgeHash: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> KnowledgeHash? {
        [UInt8].decode(bytes, type: type).flatMap { KnowledgeHash(bytes: $0) }
    }
}

extension KnowledgeKind: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> KnowledgeKind? {
        String.decode(bytes, type: type).flatMap(KnowledgeKind.init)
    }
}

extension KnowledgeOrigin {
    /// nil where the row names no trace.
    static func of(_ row: PostgresRow) throws(PostgresError) -> KnowledgeOrigin? {
        guard let trace = try row.decodeIfPresent("source_trace_id", as: TraceID.self) else { return nil }
        return KnowledgeOrigin(traceID: trace, spanID: try row.decodeIfPresent("source_span_id"))
    }

    static func parameters(_ origin: KnowledgeOrigin?) -> [PostgresValue] {
        [.optional(origin) { .bytes($0.traceID.bytes) }, .optional(origin?.spanID) { .bytes($0.bytes) }]
    }
}

extension StoredKnowledgeEntry {
    /// Of a statement over `KnowledgeView.entries`.
    static func columns(includingContent: Bool) -> String {
        """
        e.id, e.key, k.hash, k.kind, k.title, k.tags, coalesce(g.author, v.author) AS author,
        CASE WHEN g.entry_id IS NULL THEN v.source_trace_id ELSE g.source_trace_id END AS source_trace_id,
        CASE WHEN g.entry_id IS NULL THEN v.source_span_id ELSE g.source_span_id END AS source_span_id,
        CASE WHEN g.entry_id IS NULL THEN v.introduced_in END AS introduced_in, \(includingContent ? "k.content" : "NULL::json AS content")
        """
    }

    init(_ row: PostgresRow) throws(PostgresError) {
        id = try row.decode("id")
        key = try row.decode("key")
        hash = try row.decode("hash")
        kind = try row.decode("kind")
        title = try row.decode("title")
        tags = try row.texts("tags")
        author = try row.decode("author")
        origin = try KnowledgeOrigin.of(row)
        introducedIn = try row.decodeIfPresent("introduced_in")
        content = try row.decodeIfPresent("content", as: PostgresJSON.self)?.bytes
    }
}

extension ChangedKnowledgeEntry {
    /// Of a statement with contents `a` before and `b` after, either of which may be missing.
    static func columns(includingContents: Bool) -> String {
        ["a", "b"].map { side in
            """
            \(side).hash AS \(side)_hash, \(side).kind AS \(side)_kind, \(side).title AS \(side)_title,
            \(includingContents ? "\(side).content" : "NULL::json") AS \(side)_content
            """
        }.joined(separator: ", ")
    }

    init(_ row: PostgresRow) throws(PostgresError) {
        key = try row.decode("key")
        before = try Side(row, "a")
        after = try Side(row, "b")
    }
}

extension ChangedKnowledgeEntry.Side {
    init?(_ row: PostgresRow, _ side: String) throws(PostgresError) {
        guard let hash = try row.decodeIfPresent("\(side)_hash", as: KnowledgeHash.self) else { return nil }
        self.hash = hash
        kind = try row.decode("\(side)_kind")
        title = try row.decode("\(side)_title")
        content = try row.decodeIfPresent("\(side)_content", as: PostgresJSON.self)?.bytes
    }
}
