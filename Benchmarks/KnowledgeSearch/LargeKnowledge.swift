/// A knowledge base of many chunks, written straight into the tables: ten chunks to an entry, every chunk with a vector, and a history: after
/// the first, each revision says one entry in twenty anew, so that by the last each has changed once and half of all chunks are nobody's.

import Metastore
import PostgresClient
import TraceModel

struct LargeKnowledge: Sendable {
    static let model = "bench/random"
    static let vocabularyCount = 50_000
    static let wordsPerChunk = 150
    static let chunksPerEntry = 10
    private static let entriesPerStatement = 100
    static let revisionCount = 21
    /// Of the first revision's, an entry changes in the one of these revisions that is its number's turn.
    private static let changingRevisions = revisionCount - 1

    let words = ZipfWords(count: vocabularyCount)
    let project: ProjectID
    /// Of the last revision; as many more are of earlier ones.
    let chunkCount: Int
    let dimensionCount: Int

    private var projectID: PostgresValue { .uuid(PostgresUUID(high: project.high, low: project.low)) }

    /// Writes it unless it is there. The indexes of words are made when there is much to index, which is quicker than to add to them; that of
    /// what is active grows with every later revision, as it does by promotions.
    func write(_ database: PostgresConfiguration) async throws {
        let connection = try await Self.connect(database)
        let known = try await connection.query(
            "SELECT 1 FROM knowledge_bases WHERE project_id = $1 AND active_revision = $2",
            [projectID, .integer(Int64(Self.revisionCount))])
        if !known.isEmpty { return }
        _ = try await connection.script("DROP INDEX knowledge_chunks_words_idx, knowledge_active_chunks_words_idx")
        try await connection.query("INSERT INTO knowledge_bases (project_id) VALUES ($1)", [projectID])
        let entryCount = chunkCount / Self.chunksPerEntry
        // Two at a time: cutting texts into words is most of the work.
        try await withThrowingTaskGroup { group in
            for lane in 0..<2 {
                group.addTask {
                    let connection = try await Self.connect(database)
                    for start in stride(from: lane * Self.entriesPerStatement, to: entryCount, by: 2 * Self.entriesPerStatement) {
                        let entries = start..<min(start + Self.entriesPerStatement, entryCount)
                        for version in ["", Self.again] { try await writeContents(of: entries, version: version, connection) }
                    }
                }
            }
            try await group.waitForAll()
        }
        try await end(connection)
    }

    /// Statements of this size take as long as they take.
    private static func connect(_ database: PostgresConfiguration) async throws -> PostgresConnection {
        var patient = database
        patient.statementTimeoutMilliseconds = 0
        return try await PostgresConnection.connect(patient)
    }

    /// What makes the title of what an entry says from its second version on; of the first it is the key.
    private static let again = " again"

    private func writeContents(of entries: Range<Int>, version: String, _ connection: PostgresConnection) async throws {
        var texts: [String] = [], vectors: [UInt8] = []
        for entry in entries {
            var dice = SeededDice(UInt64(entry) << 1 | (version.isEmpty ? 0 : 1))
            for _ in 0..<Self.chunksPerEntry {
                texts.append(words.text(wordCount: Self.wordsPerChunk, using: &dice))
                for number in dice.vector(dimensionCount) { withUnsafeBytes(of: number.bitPattern.littleEndian) { vectors += $0 } }
            }
        }
        let keys = entries.map { "entry/\($0)" }
        try await connection.query(
            """
            WITH given AS (SELECT key FROM unnest($2::text[]) AS u (key)),
            contents AS (
                INSERT INTO knowledge_contents (project_id, hash, kind, title, tags, content)
                SELECT $1, sha256((key || $9)::bytea), 'article', key || $9, '{}', '{}' FROM given RETURNING id, title),
            entries AS (
                INSERT INTO knowledge_entries (id, project_id, key)
                SELECT overlay(gen_random_uuid()::text PLACING '7' FROM 15 FOR 1)::uuid, $1, key FROM given WHERE $9 = ''),
            chunks AS (
                INSERT INTO knowledge_chunks (project_id, content_id, position, heading_path, text, token_count, embedded_hash, words)
                SELECT $1, c.id, ((t.n - 1) % $4)::integer, '{}', t.text, $7::integer, sha256((t.text || t.n)::bytea),
                    to_tsvector('english', t.text) || to_tsvector('simple', t.text)
                FROM unnest($3::text[]) WITH ORDINALITY AS t (text, n)
                JOIN contents c ON c.title = ($2::text[])[(t.n - 1) / $4 + 1] || $9)
            INSERT INTO knowledge_embeddings (project_id, model, embedded_hash, vector)
            SELECT $1, $5, sha256((t.text || t.n)::bytea), substring($6::bytea FROM ((t.n - 1) * $8)::integer + 1 FOR $8::integer)
            FROM unnest($3::text[]) WITH ORDINALITY AS t (text, n)
            """,
            [
                projectID, .texts(keys), .texts(texts), .integer(Int64(Self.chunksPerEntry)), .text(Self.model), .bytes(vectors),
                .integer(Int64(Self.wordsPerChunk)), .integer(Int64(4 * dimensionCount)), .text(version),
            ])
    }

    private func end(_ connection: PostgresConnection) async throws {
        _ = try await connection.script(
            "CREATE INDEX knowledge_chunks_words_idx ON knowledge_chunks USING gin (words) WITH (fastupdate = off)")
        try await writeRevision(1, connection)
        _ = try await connection.script(
            "CREATE INDEX knowledge_active_chunks_words_idx ON knowledge_active_chunks USING gin (words) WITH (fastupdate = off)")
        for revision in 2...Self.revisionCount { try await writeRevision(revision, connection) }
        _ = try await connection.script("VACUUM ANALYZE")
    }

    private func writeRevision(_ revision: Int, _ connection: PostgresConnection) async throws {
        // Entries whose turn it is: all in the first revision, later one in twenty, by the number in their key.
        let turn = "$2 = 1 OR split_part(e.key, '/', 2)::integer % \(Self.changingRevisions) = $2 - 2"
        try await connection.withTransaction { connection throws(PostgresError) in
            let parameters: [PostgresValue] = [projectID, .integer(Int64(revision))]
            let id = TaskID.make(), draft = PostgresValue.uuid(PostgresUUID(high: id.high, low: id.low))
            try await connection.query("INSERT INTO tasks (id, project_id, kind) VALUES ($1, $2, 'knowledge_draft')", [draft, projectID])
            try await connection.query(
                "INSERT INTO knowledge_drafts (id, project_id, name, base_revision, created_by) VALUES ($1, $2, $3, 0, 'bench')",
                [draft, projectID, .text("large-\(revision)")])
            try await connection.query(
                """
                INSERT INTO knowledge_revisions (project_id, number, draft_id, entry_count, embedding_model, promoted_by)
                VALUES ($1, $2::integer, $3, $4, $5, 'bench')
                """, parameters + [draft, .integer(Int64(chunkCount / Self.chunksPerEntry)), .text(Self.model)])
            try await connection.query(
                """
                UPDATE knowledge_entry_versions v SET removed_in = $2::integer FROM knowledge_entries e
                WHERE e.project_id = $1 AND v.entry_id = e.id AND v.removed_in IS NULL AND (\(turn))
                """, parameters)
            try await connection.query(
                """
                INSERT INTO knowledge_entry_versions (project_id, entry_id, introduced_in, content_id, author)
                SELECT $1, e.id, $2::integer, c.id, 'bench' FROM knowledge_entries e
                JOIN knowledge_contents c ON c.project_id = $1 AND c.title = e.key || $3
                WHERE e.project_id = $1 AND (\(turn))
                """, parameters + [.text(revision == 1 ? "" : Self.again)])
            try await connection.query(
                "UPDATE knowledge_bases SET active_revision = $2::integer WHERE project_id = $1", parameters)
        }
    }
}
