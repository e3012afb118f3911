/// The stored vectors of chunks. Those of one model may be of several lengths, when its provider changed what it answers; whoever reads them
/// says which are meant.

import KnowledgeModel
import PostgresClient
import TraceModel

extension KnowledgeRepository {
    /// The stored vectors of chunks, of those that have one of the model and of so many numbers. Errors: `unavailable`.
    package func vectors(
        of chunkIDs: [Int64], model: String, dimension: Int, in project: ProjectID
    ) async throws(MetastoreError) -> [KnowledgeChunkVector] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT int8send(c.id) || substring(c.embedded_hash FROM 1 FOR 8) AS chunk, m.vector
                FROM knowledge_chunks c JOIN knowledge_embeddings m
                    ON m.project_id = $1 AND m.model = $2 AND m.dimension = $4 AND m.embedded_hash = c.embedded_hash
                WHERE c.id = ANY ($3) AND c.project_id = $1 ORDER BY c.id
                """, [project.value, .text(model), .integers(chunkIDs), .integer(Int64(dimension))]
            ).decoded { row throws(PostgresError) in
                guard let chunk = try row.decode("chunk", as: ChunkList.self).chunks.first else {
                    throw PostgresError(.decoding, "a chunk's id is not of eight bytes")
                }
                return KnowledgeChunkVector(chunk: chunk, vector: try row.decode("vector", as: FloatList.self).values)
            }
        }
    }

    /// Whether the project has any vector of the model; with a dimension: of so many numbers. Errors: `unavailable`.
    package func hasVectors(of model: String, dimension: Int? = nil, in project: ProjectID) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT EXISTS (SELECT FROM knowledge_embeddings
                    WHERE project_id = $1 AND model = $2 AND ($3::integer IS NULL OR dimension = $3)) AS has
                """, [project.value, .text(model), .optional(dimension) { .integer(Int64($0)) }]
            ).only { row throws(PostgresError) in try row.decode("has") }
        }
    }

    /// How many numbers the model's vectors have: of the newest one, as a provider may have changed it. nil: there is none. Looks at all of
    /// them, for some ten milliseconds where they are a hundred thousand. Errors: `unavailable`.
    package func vectorDimension(of model: String, in project: ProjectID) async throws(MetastoreError) -> Int? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT dimension FROM knowledge_embeddings WHERE project_id = $1 AND model = $2 ORDER BY created_at DESC LIMIT 1",
                [project.value, .text(model)]
            ).first.map { row throws(PostgresError) in try row.decode("dimension") }
        }
    }
}

/// 32-bit floats, little-endian.
private struct FloatList: PostgresDecodable {
    let values: [Float]

    static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> FloatList? {
        guard let all = [UInt8].decode(bytes, type: type), all.count % 4 == 0 else { return nil }
        return all.withUnsafeBytes { all in
            FloatList(
                values: stride(from: 0, to: all.count, by: 4).map { start in
                    Float(bitPattern: UInt32(littleEndian: all.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
                })
        }
    }
}
