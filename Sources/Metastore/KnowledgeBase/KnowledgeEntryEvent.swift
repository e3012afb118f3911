/// What became of an entry with a revision: one line of its history.

import KnowledgeModel
import PostgresClient
import TraceModel

package struct KnowledgeEntryEvent: Sendable, Equatable {
    /// The revision it came with.
    package let revision: Int
    package let change: KnowledgeChange
    /// What it says from then on; nil: it was removed.
    package let content: Content?
    /// Who wrote this, or took it away: an e-mail address or a key's name, as it was then.
    package let author: String
    package let origin: KnowledgeOrigin?
    /// The draft it came with; nil: an earlier revision was restored.
    package let draftName: String?
    package let restoredRevision: Int?
    /// Of the revision.
    package let message: String
    package let promotedBy: String
    package let createdTimeUnixNano: Int64

    package struct Content: Sendable, Equatable {
        package let hash: KnowledgeHash
        package let kind: KnowledgeKind
        package let title: String
        package let tags: [String]
    }
}

extension KnowledgeRepository {
    /// What became of an entry, newest first, from the revision before `number` on; empty if no revision had it. Errors: `unavailable`.
    package func history(
        of key: String, in project: ProjectID, before number: Int? = nil, limit: Int
    ) async throws(MetastoreError) -> [KnowledgeEntryEvent] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                WITH entry AS (SELECT id FROM knowledge_entries WHERE project_id = $1 AND key = $2), events AS (
                    SELECT v.introduced_in AS revision, v.content_id, v.author, v.source_trace_id, v.source_span_id,
                        EXISTS (
                            SELECT FROM knowledge_entry_versions w WHERE w.entry_id = v.entry_id AND w.removed_in = v.introduced_in
                        ) AS was_there
                    FROM knowledge_entry_versions v WHERE v.entry_id = (SELECT id FROM entry)
                    UNION ALL
                    SELECT v.removed_in, NULL, NULL, NULL, NULL, true FROM knowledge_entry_versions v
                    WHERE v.entry_id = (SELECT id FROM entry) AND v.removed_in IS NOT NULL AND NOT EXISTS (
                        SELECT FROM knowledge_entry_versions w WHERE w.entry_id = v.entry_id AND w.introduced_in = v.removed_in))
                SELECT e.revision, e.was_there, k.hash, k.kind, k.title, k.tags, coalesce(e.author, c.author, r.promoted_by) AS author,
                    coalesce(e.source_trace_id, c.source_trace_id) AS source_trace_id,
                    coalesce(e.source_span_id, c.source_span_id) AS source_span_id,
                    d.name AS draft_name, r.restored_revision, r.message, r.promoted_by, r.created_at
                FROM events e JOIN knowledge_revisions r ON r.project_id = $1 AND r.number = e.revision
                LEFT JOIN knowledge_contents k ON k.id = e.content_id
                LEFT JOIN knowledge_drafts d ON d.id = r.draft_id
                LEFT JOIN knowledge_draft_changes c
                    ON e.content_id IS NULL AND c.draft_id = r.draft_id AND c.entry_id = (SELECT id FROM entry)
                WHERE e.revision < $3 ORDER BY e.revision DESC LIMIT $4
                """,
                [project.value, .text(key), .integer(Int64(Int32(clamping: number ?? .max))), .integer(Int64(limit))]
            ).decoded(KnowledgeEntryEvent.init)
        }
    }
}

extension KnowledgeEntryEvent {
    fileprivate init(_ row: PostgresRow) throws(PostgresError) {
        revision = try row.decode("revision")
        if let hash = try row.decodeIfPresent("hash", as: KnowledgeHash.self) {
            content = Content(
                hash: hash, kind: try row.decode("kind"), title: try row.decode("title"), tags: try row.texts("tags"))
            change = try row.decode("was_there", as: Bool.self) ? .changed : .added
        } else {
            content = nil
            change = .removed
        }
        author = try row.decode("author")
        origin = try KnowledgeOrigin.of(row)
        draftName = try row.decodeIfPresent("draft_name")
        restoredRevision = try row.decodeIfPresent("restored_revision")
        message = try row.decode("message")
        promotedBy = try row.decode("promoted_by")
        createdTimeUnixNano = try row.unixNano("created_at")
    }
}
