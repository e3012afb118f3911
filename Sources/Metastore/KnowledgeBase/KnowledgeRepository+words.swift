/// The words of a question: how PostgreSQL tells them apart, how rare each is, which chunks of a view have them.

import KnowledgeModel
import PostgresClient
import TraceModel

extension KnowledgeRepository {
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
        try await chunks(
            having: words, in: view, kinds: kinds, tags: tags, limit: limit, maximumFindCount: maximumFindCount,
            by: KnowledgeFinds.quickest(of: view))
    }

    /// `finds`: where they are looked for. Wherever that is, the answer is the same, as long as no form of a word has more finds than are
    /// looked at.
    func chunks(
        having words: [SoughtWord], in view: KnowledgeView, kinds: [KnowledgeKind], tags: [String], limit: Int, maximumFindCount: Int,
        by finds: String
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
                        CROSS JOIN LATERAL (\(finds) LIMIT $7) c
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
                    WHERE content_id IN (\(KnowledgeView.contents(project: "$1", revision: "$2", draft: "$3")))
                    """, view.parameters
                ).only { row throws(PostgresError) in try row.decode("n") }
                let stride = max(1, count / Int64(MetastoreLimits.countedKnowledgeChunkCount))
                try await connection.query("DELETE FROM knowledge_words WHERE project_id = $1", [view.projectID.value])
                // ts_stat takes its statement as a text.
                let contents = KnowledgeView.contents(project: "%1$L", revision: "%2$L", draft: "%3$L")
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
}
