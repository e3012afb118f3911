/// What is in a view: listed, looked up, compared.

import KnowledgeModel
import PostgresClient
import TraceModel

extension KnowledgeRepository {
    /// In the order of their keys' bytes. `after`: the last key seen. Errors: `unavailable`.
    package func entries(
        of view: KnowledgeView, filter: KnowledgeEntryFilter = KnowledgeEntryFilter(), after key: String?, limit: Int,
        includingContent: Bool = false
    ) async throws(MetastoreError) -> [StoredKnowledgeEntry] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(Self.list(includingContent), Self.parameters(view, filter, key, limit)).decoded(StoredKnowledgeEntry.init)
        }
    }

    /// As `entries`, by one statement with the view that it saw: a draft may have been edited, or put on another base, since the view was
    /// found. Errors: `unavailable`.
    package func seenEntries(
        of view: KnowledgeView, filter: KnowledgeEntryFilter = KnowledgeEntryFilter(), after key: String?, limit: Int
    ) async throws(MetastoreError) -> (view: KnowledgeView, entries: [StoredKnowledgeEntry]) {
        guard let draft = view.draft else {
            return (view, try await entries(of: view, filter: filter, after: key, limit: limit))
        }
        return try await translatingErrors { () throws(PostgresError) in
            // The draft has its row also where the page has none.
            let rows = try await pool.query(
                """
                SELECT page.*, d.base_revision AS seen_revision, d.version AS seen_version
                FROM knowledge_drafts d LEFT JOIN (\(Self.list(false))) AS page ON true WHERE d.id = $3 ORDER BY page.key
                """, Self.parameters(view, filter, key, limit))
            var seen = view, entries: [StoredKnowledgeEntry] = []
            for row in rows {
                seen = KnowledgeView(
                    projectID: view.projectID, revision: try row.decode("seen_revision"),
                    draft: KnowledgeView.DraftVersion(id: draft.id, version: try row.decode("seen_version")))
                if try row.decodeIfPresent("key", as: String.self) != nil { entries.append(try StoredKnowledgeEntry(row)) }
            }
            return (seen, entries)
        }
    }

    private static func list(_ includingContent: Bool) -> String {
        """
        SELECT \(StoredKnowledgeEntry.columns(includingContent: includingContent)) FROM \(KnowledgeView.entries)
        WHERE e.project_id = $1 AND e.key > $4 AND e.key >= $7 AND starts_with(e.key, $7)
            AND ($5::text IS NULL OR k.kind = $5) AND ($6::text IS NULL OR $6 = ANY (k.tags))
        ORDER BY e.key LIMIT $8
        """
    }

    private static func parameters(_ view: KnowledgeView, _ filter: KnowledgeEntryFilter, _ key: String?, _ limit: Int) -> [PostgresValue] {
        view.parameters + [
            .text(key ?? ""), .optional(filter.kind) { .text($0.rawValue) }, .optional(filter.tag) { .text($0) },
            .text(filter.prefix ?? ""), .integer(Int64(limit)),
        ]
    }

    /// With its content; nil if the view has no entry of this key. Errors: `unavailable`.
    package func entry(_ key: String, of view: KnowledgeView) async throws(MetastoreError) -> StoredKnowledgeEntry? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(StoredKnowledgeEntry.columns(includingContent: true)) FROM \(KnowledgeView.entries)
                WHERE e.project_id = $1 AND e.key = $4
                """, view.parameters + [.text(key)]
            ).first.map(StoredKnowledgeEntry.init)
        }
    }

    /// Errors: `unavailable`.
    package func entryCount(of view: KnowledgeView) async throws(MetastoreError) -> Int {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT count(*) AS n FROM \(KnowledgeView.entries) WHERE e.project_id = $1", view.parameters)
                .only { row throws(PostgresError) in try row.decode("n") }
        }
    }

    /// What revision `new` has otherwise than `old`, whichever came first, in the order of keys. `key`: of this entry alone. Both are
    /// revisions that were found, or 0. Errors: `unavailable`.
    package func changes(
        from old: Int, to new: Int, in project: ProjectID, key: String? = nil, after last: String? = nil, limit: Int,
        includingContents: Bool = false
    ) async throws(MetastoreError) -> [ChangedKnowledgeEntry] {
        func isIn(_ version: String, _ revision: String) -> String {
            """
            \(version).entry_id = e.id AND \(version).introduced_in <= \(revision)
                AND (\(version).removed_in IS NULL OR \(version).removed_in > \(revision))
            """
        }
        return try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                WITH touched AS (
                    SELECT entry_id FROM knowledge_entry_versions
                    WHERE project_id = $1 AND introduced_in > least($2::integer, $3) AND introduced_in <= greatest($2, $3)
                    UNION SELECT entry_id FROM knowledge_entry_versions
                    WHERE project_id = $1 AND removed_in > least($2, $3) AND removed_in <= greatest($2, $3))
                SELECT e.key, \(ChangedKnowledgeEntry.columns(includingContents: includingContents))
                FROM touched JOIN knowledge_entries e ON e.id = touched.entry_id
                LEFT JOIN (knowledge_entry_versions x JOIN knowledge_contents a ON a.id = x.content_id) ON \(isIn("x", "$2"))
                LEFT JOIN (knowledge_entry_versions y JOIN knowledge_contents b ON b.id = y.content_id) ON \(isIn("y", "$3"))
                WHERE x.content_id IS DISTINCT FROM y.content_id AND e.key > $4 AND ($5::text IS NULL OR e.key = $5)
                ORDER BY e.key LIMIT $6
                """,
                [
                    project.value, .integer(Int64(old)), .integer(Int64(new)), .text(last ?? ""), .optional(key) { .text($0) },
                    .integer(Int64(limit)),
                ]
            ).decoded(ChangedKnowledgeEntry.init)
        }
    }
}
