/// The statements of a search that read a view and its chunks: what is in it, what those chunks say. Which chunks have a question's words is
/// in `+words`.
///
/// What a chunk says never changes, so only the first statement reads a view's state; the others read by chunk.

import KnowledgeModel
import PostgresClient
import TraceModel

extension KnowledgeRepository {
    /// All entries of a view with their chunks, by one statement; of a draft with the version that it saw, which may be newer than the view's.
    /// Errors: `unavailable`.
    package func searchedEntries(
        of view: KnowledgeView
    ) async throws(MetastoreError) -> (view: KnowledgeView, entries: [SearchedKnowledgeEntry]) {
        try await translatingErrors { () throws(PostgresError) in
            let rows = try await pool.query(
                """
                SELECT e.key, k.kind, k.tags, \(KnowledgeView.base) AS revision,
                    (SELECT version FROM knowledge_drafts WHERE id = $3) AS version,
                    (SELECT string_agg(int8send(c.id) || substring(c.embedded_hash FROM 1 FOR 8), ''::bytea ORDER BY c.position)
                        FROM knowledge_chunks c WHERE c.content_id = k.id) AS chunks
                FROM \(KnowledgeView.entries) WHERE e.project_id = $1 ORDER BY e.key
                """, view.parameters)
            var seen = view
            if let draft = view.draft, let first = rows.first {
                seen = KnowledgeView(
                    projectID: view.projectID, revision: try first.decode("revision"),
                    draft: KnowledgeView.DraftVersion(id: draft.id, version: try first.decode("version")))
            }
            let entries = try rows.decoded { row throws(PostgresError) in
                SearchedKnowledgeEntry(
                    key: try row.decode("key"), kind: try row.decode("kind"), tags: try row.texts("tags"),
                    chunks: try row.decodeIfPresent("chunks", as: ChunkList.self)?.chunks ?? [])
            }
            return (seen, entries)
        }
    }

    // MARK: - Chunks

    /// In no order. Errors: `unavailable`.
    package func texts(of chunkIDs: [Int64], in project: ProjectID) async throws(MetastoreError) -> [KnowledgeChunkText] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT c.id, c.position, k.title, c.heading_path, c.text
                FROM knowledge_chunks c JOIN knowledge_contents k ON k.id = c.content_id WHERE c.id = ANY ($2) AND c.project_id = $1
                """, [project.value, .integers(chunkIDs)]
            ).decoded { row throws(PostgresError) in
                KnowledgeChunkText(
                    id: try row.decode("id"), position: try row.decode("position"), title: try row.decode("title"),
                    headingPath: try row.texts("heading_path"), text: try row.decode("text"))
            }
        }
    }
}

// MARK: - Columns

/// Chunks, sixteen bytes each: id, beginning of the hash, both with the highest byte first.
struct ChunkList: PostgresDecodable {
    let chunks: [SearchedKnowledgeChunk]

    static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> ChunkList? {
        guard let all = [UInt8].decode(bytes, type: type), all.count % 16 == 0 else { return nil }
        return ChunkList(
            chunks: stride(from: 0, to: all.count, by: 16).map { start in
                SearchedKnowledgeChunk(id: Int64(bitPattern: number(all[start..<start + 8])), textHash: number(all[start + 8..<start + 16]))
            })
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
