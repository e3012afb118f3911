/// What no revision and no draft says any more goes: contents, their chunks, vectors of texts that no chunk has, and keys of entries that
/// nothing was ever made of. It is done page by page, in the order of contents and of entries, so that no step takes long; whoever writes into
/// a project comes first, and its page waits for the next turn.
///
/// A run reads a revision or a draft, a promotion a draft that cannot change: what they need is what revisions and drafts say.

import PostgresClient
import TraceModel

/// What a step of the collection came to.
package struct KnowledgeCollection: Sendable, Equatable {
    /// The last content that was looked at; nil: there are no more, and the next step begins anew.
    package var last: Int64?
    package var contentCount = 0
    /// By project; those that nothing was collected of are not in it.
    package var chunkCounts: [ProjectID: Int] = [:]
    package var vectorCount = 0
}

extension KnowledgeRepository {
    /// Contents `k` that nobody refers to.
    private static let isOrphan = """
        NOT EXISTS (SELECT FROM knowledge_entry_versions v WHERE v.content_id = k.id)
            AND NOT EXISTS (SELECT FROM knowledge_draft_changes c WHERE c.content_id = k.id)
            AND NOT EXISTS (SELECT FROM knowledge_draft_changes c WHERE c.base_content_id = k.id)
        """

    /// Collects among the next contents after `last`, of all projects. Errors: `unavailable`.
    package func collect(
        after last: Int64?, count: Int = MetastoreLimits.collectedKnowledgeContentCount
    ) async throws(MetastoreError) -> KnowledgeCollection {
        try await translatingErrors { () throws(PostgresError) in
            let page = try await pool.query(
                "SELECT k.id, k.project_id, \(Self.isOrphan) AS orphan FROM knowledge_contents k WHERE k.id > $1 ORDER BY k.id LIMIT $2",
                [.integer(last ?? 0), .integer(Int64(count))]
            ).decoded { row throws(PostgresError) in
                (
                    id: try row.decode("id", as: Int64.self), project: try row.decode("project_id", as: ProjectID.self),
                    isOrphan: try row.decode("orphan", as: Bool.self)
                )
            }
            var collection = KnowledgeCollection(last: page.count < count ? nil : page.last?.id)
            for (project, orphans) in Dictionary(grouping: page.filter(\.isOrphan), by: \.project) {
                try await collect(orphans.map(\.id), of: project, &collection)
            }
            return collection
        }
    }

    private func collect(
        _ candidates: [Int64], of project: ProjectID, _ collection: inout KnowledgeCollection
    ) async throws(PostgresError) {
        let collected = try await pool.withTransaction {
            connection throws(PostgresError) -> (contents: Int, chunks: Int, vectors: Int) in
            guard try await Self.isAlone(in: project, on: connection) else { return (0, 0, 0) }
            // Looked at again: nobody writes now, and whoever did has committed.
            let ids = try await connection.query(
                "SELECT k.id FROM knowledge_contents k WHERE k.id = ANY ($1) AND \(Self.isOrphan)", [.integers(candidates)]
            ).decoded { row throws(PostgresError) in try row.decode("id", as: Int64.self) }
            let texts = try await connection.query(
                "DELETE FROM knowledge_chunks WHERE content_id = ANY ($1) RETURNING encode(embedded_hash, 'hex') AS hash", [.integers(ids)]
            ).decoded { row throws(PostgresError) in try row.decode("hash", as: String.self) }
            try await connection.query("DELETE FROM knowledge_contents WHERE id = ANY ($1)", [.integers(ids)])
            let vectors = try await connection.query(
                """
                DELETE FROM knowledge_embeddings m
                WHERE m.project_id = $1 AND m.embedded_hash = ANY (ARRAY(SELECT decode(hash, 'hex') FROM unnest($2::text[]) AS hash))
                    AND NOT EXISTS (
                        SELECT FROM knowledge_chunks c WHERE c.project_id = $1 AND c.embedded_hash = m.embedded_hash)
                """, [project.value, .texts(Array(Set(texts)))]
            ).affectedRowCount
            return (ids.count, texts.count, vectors)
        }
        collection.contentCount += collected.contents
        collection.vectorCount += collected.vectors
        if collected.chunks > 0 { collection.chunkCounts[project] = collected.chunks }
    }

    /// Entries `e` that nobody refers to.
    private static let isUnused = """
        NOT EXISTS (SELECT FROM knowledge_entry_versions v WHERE v.entry_id = e.id)
            AND NOT EXISTS (SELECT FROM knowledge_draft_changes c WHERE c.entry_id = e.id)
        """

    /// Collects among the next entries after `last`, of all projects: keys that only changes of drafts had that are no changes any more.
    /// Answers with the last that was looked at (nil: there are no more) and how many went. Errors: `unavailable`.
    package func collectEntries(
        after last: KnowledgeEntryID?, count: Int = MetastoreLimits.collectedKnowledgeContentCount
    ) async throws(MetastoreError) -> (last: KnowledgeEntryID?, entryCount: Int) {
        try await translatingErrors { () throws(PostgresError) in
            let page = try await pool.query(
                """
                SELECT e.id, e.project_id, \(Self.isUnused) AS unused FROM knowledge_entries e
                WHERE $1::uuid IS NULL OR e.id > $1 ORDER BY e.id LIMIT $2
                """, [.optional(last) { $0.value }, .integer(Int64(count))]
            ).decoded { row throws(PostgresError) in
                (
                    id: try row.decode("id", as: KnowledgeEntryID.self), project: try row.decode("project_id", as: ProjectID.self),
                    isUnused: try row.decode("unused", as: Bool.self)
                )
            }
            var entryCount = 0
            for (project, unused) in Dictionary(grouping: page.filter(\.isUnused), by: \.project) {
                entryCount += try await pool.withTransaction { connection throws(PostgresError) in
                    // Writers look for their keys under the same lock: what they found there stays until they have said something of it.
                    guard try await Self.isAlone(in: project, on: connection) else { return 0 }
                    return try await connection.query(
                        "DELETE FROM knowledge_entries e WHERE e.id = ANY ($1) AND \(Self.isUnused)", [.ids(unused.map(\.id))]
                    ).affectedRowCount
                }
            }
            return (page.count < count ? nil : page.last?.id, entryCount)
        }
    }

    /// Whether nobody writes into the project until the transaction ends; whoever did has committed.
    private static func isAlone(in project: ProjectID, on connection: PostgresConnection) async throws(PostgresError) -> Bool {
        try await connection.query(
            "SELECT pg_try_advisory_xact_lock(\(FrozenKnowledgeContent.lock)) AS alone", [.text(project.uuid)]
        ).only { row throws(PostgresError) in try row.decode("alone", as: Bool.self) }
    }

    /// Takes out what drafts say that were discarded some time ago, so that its contents may be collected; not of those that a run under way
    /// was made with. Answers with how many changes. Errors: `unavailable`.
    ///
    /// - Parameter seconds: since the draft was discarded.
    package func forgetDiscardedDrafts(
        after seconds: Int = MetastoreLimits.discardedKnowledgeDraftSeconds, count: Int = MetastoreLimits.collectedKnowledgeContentCount
    ) async throws(MetastoreError) -> Int {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                DELETE FROM knowledge_draft_changes WHERE (draft_id, entry_id) IN (
                    SELECT c.draft_id, c.entry_id FROM knowledge_drafts d JOIN knowledge_draft_changes c ON c.draft_id = d.id
                    WHERE d.state = 'discarded' AND d.updated_at <= now() - make_interval(secs => $1) AND NOT EXISTS (
                        SELECT FROM runs r
                        WHERE r.project_id = d.project_id AND r.state IN ('queued', 'running', 'paused')
                            AND r.specification #>> '{retrieval,view,draft_id}' = d.id::text)
                    LIMIT $2)
                """, [.double(Double(seconds)), .integer(Int64(count))]
            ).affectedRowCount
        }
    }

    /// Chunks of the project, in any revision or draft. Errors: `unavailable`.
    package func chunkCount(in project: ProjectID) async throws(MetastoreError) -> Int {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT count(*) AS n FROM knowledge_chunks WHERE project_id = $1", [project.value])
                .only { row throws(PostgresError) in try row.decode("n") }
        }
    }
}
