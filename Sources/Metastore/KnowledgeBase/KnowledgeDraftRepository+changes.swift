/// What a draft says otherwise than its base.

import KnowledgeModel
import PostgresClient
import TraceModel

extension KnowledgeDraftRepository {
    /// In the order of keys. `key`: of this entry alone. Errors: `unavailable`.
    package func changes(
        of id: KnowledgeDraftID, key: String? = nil, after last: String? = nil, limit: Int, includingContents: Bool = false
    ) async throws(MetastoreError) -> [KnowledgeDraftChange] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT e.key, c.author, c.source_trace_id, c.source_span_id, c.updated_at,
                    \(ChangedKnowledgeEntry.columns(includingContents: includingContents))
                FROM knowledge_draft_changes c JOIN knowledge_entries e ON e.id = c.entry_id
                LEFT JOIN knowledge_contents a ON a.id = c.base_content_id LEFT JOIN knowledge_contents b ON b.id = c.content_id
                WHERE c.draft_id = $1 AND e.key > $2 AND ($3::text IS NULL OR e.key = $3) ORDER BY e.key LIMIT $4
                """, [id.value, .text(last ?? ""), .optional(key) { .text($0) }, .integer(Int64(limit))]
            ).decoded { row throws(PostgresError) in
                KnowledgeDraftChange(
                    entry: try ChangedKnowledgeEntry(row), author: try row.decode("author"), origin: try KnowledgeOrigin.of(row),
                    updateTimeUnixNano: try row.unixNano("updated_at"))
            }
        }
    }

    /// Errors: `unavailable`.
    package func changeCounts(of id: KnowledgeDraftID) async throws(MetastoreError) -> KnowledgeChangeCounts {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT count(*) FILTER (WHERE base_content_id IS NULL) AS added, count(*) FILTER (WHERE content_id IS NULL) AS removed,
                    count(*) AS all
                FROM knowledge_draft_changes WHERE draft_id = $1
                """, [id.value]
            ).only { row throws(PostgresError) in
                let added: Int = try row.decode("added"), removed: Int = try row.decode("removed")
                return KnowledgeChangeCounts(added: added, changed: try row.decode("all") - added - removed, removed: removed)
            }
        }
    }

    /// Newest first. Errors: `unavailable`.
    package func reviews(of id: KnowledgeDraftID) async throws(MetastoreError) -> [KnowledgeReview] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(KnowledgeReview.columns) FROM knowledge_reviews WHERE draft_id = $1
                ORDER BY id DESC LIMIT \(MetastoreLimits.maximumPageItemCount)
                """, [id.value]
            ).decoded(KnowledgeReview.init)
        }
    }
}

/// A change of a draft against its base.
package struct KnowledgeDraftChange: Sendable, Equatable {
    package let entry: ChangedKnowledgeEntry
    package let author: String
    package let origin: KnowledgeOrigin?
    package let updateTimeUnixNano: Int64
}
