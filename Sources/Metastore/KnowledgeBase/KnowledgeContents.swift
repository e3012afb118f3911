/// What entries say, put into the database: once per hash, with the chunks that it is found by. Contents are written in the order of their
/// hashes, before anything else that is shared, so that two writers of the same ones never wait in a circle. Until a writer's transaction
/// ends, no content of its project is collected: neither what it wrote nor what it found there.

import ByteCoding
import KnowledgeModel
import PostgresClient
import TraceModel

/// A content as it is written: made before the transaction begins.
struct FrozenKnowledgeContent: Sendable {
    let content: KnowledgeContent
    let hash: String
    let json: String

    init(_ content: KnowledgeContent) {
        self.content = content
        hash = content.hash.hex
        json = String(decoding: content.json.bytes, as: UTF8.self)
    }

    /// The lock that writers share, and the collection has alone.
    static let lock = "hashtextextended('knowledge_contents ' || $1, 0)"

    /// Writes those that are not there.
    static func store(
        _ contents: [FrozenKnowledgeContent], in project: ProjectID, on connection: PostgresConnection
    ) async throws(PostgresError) {
        guard !contents.isEmpty else { return }
        try await connection.query("SELECT pg_advisory_xact_lock_shared(\(lock))", [.text(project.uuid)])
        let unique = Dictionary(contents.map { ($0.hash, $0) }, uniquingKeysWith: { first, _ in first })
        let ordered = unique.values.sorted { $0.hash < $1.hash }
        for chunk in ordered.chunks(byteCount: { $0.json.utf8.count }) {
            let made = try await connection.query(
                """
                INSERT INTO knowledge_contents (project_id, hash, kind, title, tags, content)
                SELECT $1, decode(given.hash, 'hex'), given.kind, given.title, ARRAY(SELECT json_array_elements_text(given.tags::json)),
                    given.content::json
                FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY
                    AS given (hash, kind, title, tags, content, position)
                ORDER BY given.position
                ON CONFLICT (project_id, hash) DO NOTHING RETURNING id, encode(hash, 'hex') AS hash
                """,
                [
                    project.value, .texts(chunk.map(\.hash)), .texts(chunk.map(\.content.body.kind.rawValue)),
                    .texts(chunk.map(\.content.title)), .texts(chunk.map { Self.list($0.content.tags) }), .texts(chunk.map(\.json)),
                ]
            ).decoded { row throws(PostgresError) in
                (id: try row.decode("id", as: Int64.self), hash: try row.decode("hash", as: String.self))
            }
            let chunks = made.flatMap { made in
                unique[made.hash].map { frozen in KnowledgeChunker.chunks(of: frozen.content).map { (content: made.id, chunk: $0) } } ?? []
            }
            try await store(chunks, in: project, on: connection)
        }
    }

    private static func store(
        _ chunks: [(content: Int64, chunk: KnowledgeChunk)], in project: ProjectID, on connection: PostgresConnection
    ) async throws(PostgresError) {
        for part in chunks.chunks(byteCount: { 2 * $0.chunk.embeddedText.utf8.count }) {
            try await connection.query(
                """
                INSERT INTO knowledge_chunks (project_id, content_id, position, heading_path, text, token_count, embedded_hash, words)
                SELECT $1, given.content_id, given.position::integer, ARRAY(SELECT json_array_elements_text(given.headings::json)),
                    given.text, given.token_count::integer, decode(given.hash, 'hex'),
                    to_tsvector('english', given.embedded) || to_tsvector('simple', given.embedded)
                FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[])
                    AS given (content_id, position, headings, text, token_count, hash, embedded)
                """,
                [
                    project.value, .integers(part.map(\.content)), .integers(part.map { Int64($0.chunk.position) }),
                    .texts(part.map { list($0.chunk.headingPath) }), .texts(part.map(\.chunk.text)),
                    .integers(part.map { Int64($0.chunk.tokenCount) }), .texts(part.map(\.chunk.embeddedHash.hex)),
                    .texts(part.map(\.chunk.embeddedText)),
                ])
        }
    }

    private static func list(_ texts: [String]) -> String {
        String(decoding: JSONValue.array(texts.map(JSONValue.string)).bytes, as: UTF8.self)
    }
}
