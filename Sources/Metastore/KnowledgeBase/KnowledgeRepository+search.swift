/// The statements of a search: what is in the view, how rare the question's words are, which chunks have them, what those chunks say.
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

    // MARK: - Words

    /// The words of a text as PostgreSQL tells them apart, each once. Errors: `invalid` (a zero character), `unavailable`.
    package func questionWords(_ text: String, in project: ProjectID) async throws(MetastoreError) -> [QuestionWord] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT q.word, q.stem, w.chunk_count, s.chunk_count AS stem_chunk_count
                FROM (SELECT lexeme AS word, (ts_lexize('english_stem', lexeme))[1] AS stem FROM unnest(to_tsvector('simple', $2))) q
                LEFT JOIN knowledge_words w ON w.project_id = $1 AND w.word = q.word
                LEFT JOIN knowledge_words s ON s.project_id = $1 AND s.word = q.stem
                ORDER BY q.word COLLATE "C"
                """, [project.value, .text(text)]
            ).decoded { row throws(PostgresError) in
                QuestionWord(
                    word: try row.decode("word"), stem: try row.decodeIfPresent("stem"), chunkCount: try row.decodeIfPresent("chunk_count"),
                    stemChunkCount: try row.decodeIfPresent("stem_chunk_count"))
            }
        }
    }

    /// The view's chunks that have the words, the best first. What is looked at is of the view, and of the kinds and tags: however much else
    /// has the words (earlier revisions, drafts, what nothing says any more), it takes no place.
    ///
    /// - Parameters:
    ///   - kinds: of which the entry is one; empty: any.
    ///   - tags: all of which the entry has.
    ///   - maximumFindCount: chunks that are looked at for one form of a word.
    /// Errors: `unavailable`.
    package func chunks(
        having words: [SoughtWord], in view: KnowledgeView, kinds: [KnowledgeKind], tags: [String], limit: Int, maximumFindCount: Int
    ) async throws(MetastoreError) -> [FoundKnowledgeChunk] {
        let forms = words.enumerated().flatMap { index, word in word.forms.map { (index, $0) } }
        guard !forms.isEmpty else { return [] }
        return try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                WITH found AS MATERIALIZED (
                    SELECT id, sum(worth) AS score FROM (
                        SELECT c.id, max(form.worth) AS worth
                        FROM unnest($4::bigint[], $5::text[], $6::float8[]) AS form (word, text, worth)
                        CROSS JOIN LATERAL (
                            SELECT found.id FROM knowledge_chunks found
                            WHERE found.project_id = $1 AND found.words @@ \(Self.query("form.text")) AND \(Self.isInView) AND \(Self.isAskedFor)
                            LIMIT $7) c
                        GROUP BY c.id, form.word) word
                    GROUP BY id),
                best AS MATERIALIZED (SELECT id, score FROM found ORDER BY score DESC, id LIMIT $10)
                SELECT id, score, density FROM (
                    SELECT best.id, best.score, ts_rank_cd(c.words, $11::tsquery, 1)::float8 AS density
                    FROM best JOIN knowledge_chunks c ON c.id = best.id) ranked
                ORDER BY score DESC, density DESC, id LIMIT $12
                """,
                view.parameters + [
                    .integers(forms.map { Int64($0.0) }), .texts(forms.map(\.1.text)), .doubles(forms.map(\.1.worth)),
                    .integer(Int64(maximumFindCount)), .texts(kinds.map(\.rawValue)), .texts(tags),
                    .integer(Int64(MetastoreLimits.rankedKnowledgeChunkCount)), .text(Self.anyOf(forms.map(\.1.text))),
                    .integer(Int64(limit)),
                ]
            ).decoded { row throws(PostgresError) in
                FoundKnowledgeChunk(id: try row.decode("id"), score: try row.decode("score"), density: try row.decode("density"))
            }
        }
    }

    /// Whether `found.content_id` is in the view of $1, $2, $3. Scalar subqueries, which are asked for the rows that have a word: of an
    /// EXISTS, PostgreSQL reads the whole view first.
    private static let isInView = """
        (coalesce((
            SELECT true FROM knowledge_entry_versions v WHERE v.content_id = found.content_id AND v.project_id = $1
                AND v.introduced_in <= \(KnowledgeView.base) AND (v.removed_in IS NULL OR v.removed_in > \(KnowledgeView.base))
                AND ($3::uuid IS NULL OR NOT EXISTS (
                    SELECT FROM knowledge_draft_changes g WHERE g.draft_id = $3 AND g.entry_id = v.entry_id))
            LIMIT 1), false)
        OR found.content_id IN (SELECT content_id FROM knowledge_draft_changes WHERE draft_id = $3 AND content_id IS NOT NULL))
        """

    /// Whether `found.content_id` is of the kinds $8 and has the tags $9.
    private static let isAskedFor = """
        (($8::text[] = '{}' AND $9::text[] = '{}') OR coalesce((
            SELECT (k.kind = ANY ($8::text[]) OR $8::text[] = '{}') AND k.tags @> $9::text[]
            FROM knowledge_contents k WHERE k.id = found.content_id), false))
        """

    /// A lexeme as a query of itself alone, whatever characters it has.
    private static func query(_ lexeme: String) -> String {
        #"('''' || replace(replace(\#(lexeme), '\', '\\'), '''', '''''') || '''')::tsquery"#
    }

    private static func anyOf(_ lexemes: [String]) -> String {
        lexemes.map { "'" + $0.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'" }.joined(separator: " | ")
    }

    /// As `countWords(of:)`, of what is active.
    package func countWords(in project: ProjectID) async throws(MetastoreError) {
        try await countWords(of: KnowledgeView(projectID: project, revision: try await activeRevision(in: project)))
    }

    /// Counts in how many chunks of the view each word stands, of a sample where there are many: what a sample does not have is rare. Searches
    /// of all of the project's views go by these counts. Takes seconds; searches see the counts from before until it is done.
    /// Errors: `unavailable`.
    package func countWords(of view: KnowledgeView) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                // Two counts at a time would wait in a circle.
                try await connection.query(
                    "SELECT pg_advisory_xact_lock(hashtextextended('knowledge_words ' || $1, 0))", [.text(view.projectID.uuid)])
                let count: Int64 = try await connection.query(
                    """
                    SELECT count(*) AS n FROM knowledge_chunks
                    WHERE content_id IN (\(Self.contents(project: "$1", revision: "$2", draft: "$3")))
                    """, view.parameters
                ).only { row throws(PostgresError) in try row.decode("n") }
                let stride = max(1, count / Int64(MetastoreLimits.countedKnowledgeChunkCount))
                try await connection.query("DELETE FROM knowledge_words WHERE project_id = $1", [view.projectID.value])
                // ts_stat takes its statement as a text.
                let contents = Self.contents(project: "%1$L", revision: "%2$L", draft: "%3$L")
                try await connection.query(
                    """
                    INSERT INTO knowledge_words (project_id, word, chunk_count)
                    SELECT $1, word, least(ndoc * $4::bigint, 2147483647) FROM ts_stat(format(
                        'SELECT words FROM knowledge_chunks WHERE id %% %4$s = 0 AND content_id IN (\(contents))',
                        $1::uuid, $2::integer, $3::uuid, $4::bigint))
                    """, view.parameters + [.integer(stride)])
            }
        }
    }

    /// The contents of a view. Its parameters are where they stand in the statement.
    private static func contents(project: String, revision: String, draft: String) -> String {
        """
        SELECT v.content_id FROM knowledge_entry_versions v
        WHERE v.project_id = \(project)::uuid AND v.introduced_in <= \(revision)::integer
            AND (v.removed_in IS NULL OR v.removed_in > \(revision)::integer)
            AND NOT EXISTS (SELECT FROM knowledge_draft_changes g WHERE g.draft_id = \(draft)::uuid AND g.entry_id = v.entry_id)
        UNION ALL SELECT content_id FROM knowledge_draft_changes WHERE draft_id = \(draft)::uuid AND content_id IS NOT NULL
        """
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
