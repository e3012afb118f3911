/// Vectors of what a promotion brings: only what no text like it was embedded for before, with that model, is asked for and paid for. When the
/// model answers with another number of numbers than before, that is all of it: what has been searched so far keeps its vectors meanwhile.

import ByteCoding
import KnowledgeModel
import PostgresClient
import TraceModel

extension KnowledgePromotionRepository {
    /// Texts that have no vector of the model and of so many numbers yet, each once: the first of them. What they bring is saved before the
    /// next are asked for. Errors: `unavailable`.
    ///
    /// - Parameter dimension: nil: it is not known, as the project has no vector of the model.
    package func unembeddedChunks(
        of promotion: KnowledgePromotion, model: String, dimension: Int?, limit: Int
    ) async throws(MetastoreError) -> [UnembeddedKnowledgeChunk] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT c.embedded_hash, c.heading_path, c.text, c.token_count, k.title
                FROM knowledge_chunks c JOIN knowledge_contents k ON k.id = c.content_id
                WHERE c.id = ANY (ARRAY(
                    SELECT min(c.id) FROM \(Self.unembedded) GROUP BY c.embedded_hash ORDER BY min(c.id) LIMIT $6))
                ORDER BY c.id
                """, Self.parameters(promotion, model, dimension) + [.integer(Int64(limit))]
            ).decoded { row throws(PostgresError) in
                let tokenCount: Int = try row.decode("token_count")
                let chunk = KnowledgeChunk(
                    position: 0, title: try row.decode("title"), headingPath: try row.texts("heading_path"), text: try row.decode("text"),
                    tokenCount: tokenCount)
                return UnembeddedKnowledgeChunk(
                    hash: try row.decode("embedded_hash"), text: chunk.embeddedText, tokenCount: tokenCount)
            }
        }
    }

    /// `dimension`: as of `unembeddedChunks`. Errors: `unavailable`.
    package func unembeddedChunkCount(
        of promotion: KnowledgePromotion, model: String, dimension: Int?
    ) async throws(MetastoreError) -> Int {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT count(DISTINCT c.embedded_hash) AS n FROM \(Self.unembedded)", Self.parameters(promotion, model, dimension)
            ).only { row throws(PostgresError) in try row.decode("n") }
        }
    }

    /// How many chunks the draft brings, and how many there are with what is to become active: what words are counted over. A revision that is
    /// gone back to brings none. Errors: `unavailable`.
    package func chunkCounts(of promotion: KnowledgePromotion) async throws(MetastoreError) -> (brought: Int, all: Int) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT (SELECT count(*) FROM \(KnowledgeView.entries) JOIN knowledge_chunks c ON c.content_id = k.id
                        WHERE e.project_id = $1) AS all_chunks,
                    (SELECT count(*) FROM knowledge_chunks c
                     WHERE c.content_id IN (SELECT content_id FROM knowledge_draft_changes WHERE draft_id = $3)) AS brought
                """, promotion.view.parameters
            ).only { row throws(PostgresError) in (brought: try row.decode("brought"), all: try row.decode("all_chunks")) }
        }
    }

    /// Chunks `c` of the view that have no vector of model $4 with $5 numbers.
    private static let unembedded = """
        \(KnowledgeView.entries) JOIN knowledge_chunks c ON c.content_id = k.id
        WHERE e.project_id = $1 AND NOT EXISTS (
            SELECT FROM knowledge_embeddings m
            WHERE m.project_id = $1 AND m.model = $4 AND m.dimension = $5 AND m.embedded_hash = c.embedded_hash)
        """

    private static func parameters(_ promotion: KnowledgePromotion, _ model: String, _ dimension: Int?) -> [PostgresValue] {
        promotion.view.parameters + [.text(model), .integer(Int64(dimension ?? 0))]
    }

    /// Keeps what a call brought, with its cost and its spans. `done` and `total`: texts, for the task's progress. False: the promotion is
    /// not the worker's any more, and nothing is kept. Errors: `invalid` (vector: none, too long, not all of one length), `unavailable`.
    package func save(
        _ embeddings: KnowledgeEmbeddings, model: String, done: Int, total: Int, _ leased: LeasedKnowledgePromotion
    ) async throws(MetastoreError) -> Bool {
        let dimension = embeddings.vectors.first?.vector.count ?? 0
        guard embeddings.vectors.allSatisfy({ $0.vector.count == dimension && dimension > 0 }) else {
            throw MetastoreError(.invalid, "vectors must all have one length", field: "vector")
        }
        return try await holding(leased) { promotion, connection throws(PostgresError) in
            // In the order of hashes, as everybody does, so that nobody waits in a circle.
            let vectors = embeddings.vectors.map { (hash: $0.hash.hexDigits, vector: $0.vector) }.sorted { $0.hash < $1.hash }
            for chunk in vectors.chunks(byteCount: { _ in 4 * dimension }) {
                try await connection.query(
                    """
                    INSERT INTO knowledge_embeddings (project_id, model, embedded_hash, vector)
                    SELECT $1, $2, decode(given.hash, 'hex'),
                        substring($4::bytea FROM ((given.position - 1) * $5::integer)::integer + 1 FOR $5::integer)
                    FROM unnest($3::text[]) WITH ORDINALITY AS given (hash, position) ORDER BY given.position
                    ON CONFLICT (project_id, model, dimension, embedded_hash) DO NOTHING
                    """,
                    [
                        promotion.projectID.value, .text(model), .texts(chunk.map(\.hash)), .bytes(Self.bytes(of: chunk.map(\.vector))),
                        .integer(Int64(4 * dimension)),
                    ])
            }
            try await Self.add(embeddings.costNanoUSD, embeddings.spans, to: promotion, on: connection)
            try await TaskRepository.take(.progress(done: Int64(done), total: Int64(total)), leased.id, on: connection)
        } != nil
    }

    /// 32-bit floats, little-endian, one vector after the other.
    private static func bytes(of vectors: [[Float]]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * vectors.reduce(0) { $0 + $1.count })
        for number in vectors.joined() { withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
        return bytes
    }
}

extension [UInt8] {
    /// In lower case.
    fileprivate var hexDigits: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
