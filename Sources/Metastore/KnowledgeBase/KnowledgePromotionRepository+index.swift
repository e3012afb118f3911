/// What a promotion brings is indexed before it is published, some contents at a time: rows of `knowledge_active_chunks` that count from the
/// next revision on, which the promotion is to make. Publishing finds them there. Of a promotion that comes to nothing they stay, seen by
/// nobody, until the next one takes them over or takes them out.

import PostgresClient

/// A content whose chunks are not indexed yet.
package struct UnindexedKnowledgeContent: Sendable, Equatable {
    package let id: Int64
    package let chunkCount: Int
}

extension KnowledgePromotionRepository {
    /// Takes out what other promotions left behind, and answers with what is to be indexed; nil: the promotion is not the worker's any more.
    /// Errors: `unavailable`.
    package func beginIndexing(_ leased: LeasedKnowledgePromotion) async throws(MetastoreError) -> [UnindexedKnowledgeContent]? {
        try await holdingBase(leased) { promotion, connection throws(PostgresError) in
            let contents = KnowledgeView.contents(project: "$1", revision: "$2", draft: "$3")
            try await connection.query(
                """
                DELETE FROM knowledge_active_chunks a
                WHERE a.project_id = $1 AND a.introduced_in > (SELECT active_revision FROM knowledge_bases WHERE project_id = $1)
                    AND a.content_id NOT IN (\(contents))
                """, promotion.view.parameters)
            return try await connection.query(
                """
                SELECT k.content_id, count(*) AS n FROM (SELECT DISTINCT content_id FROM (\(contents)) said) k
                JOIN knowledge_chunks c ON c.content_id = k.content_id
                WHERE NOT EXISTS (SELECT FROM knowledge_active_chunks a WHERE a.content_id = k.content_id)
                GROUP BY k.content_id ORDER BY k.content_id
                """, promotion.view.parameters
            ).decoded { row throws(PostgresError) in
                UnindexedKnowledgeContent(id: try row.decode("content_id"), chunkCount: try row.decode("n"))
            }
        }
    }

    /// Indexes all chunks of the contents. Nothing where another revision became active meanwhile: the promotion will be told when it would
    /// publish. False: it is not the worker's any more. Errors: `unavailable`.
    package func index(_ contents: [Int64], _ leased: LeasedKnowledgePromotion) async throws(MetastoreError) -> Bool {
        try await holdingBase(leased) { promotion, connection throws(PostgresError) in
            try await connection.query(
                """
                INSERT INTO knowledge_active_chunks (chunk_id, project_id, content_id, introduced_in, words)
                SELECT c.id, c.project_id, c.content_id, b.active_revision + 1, strip(c.words)
                FROM knowledge_bases b JOIN knowledge_chunks c ON c.project_id = b.project_id
                WHERE b.project_id = $1 AND b.active_revision = $2 AND c.content_id = ANY ($3) ORDER BY c.id
                ON CONFLICT (chunk_id) DO NOTHING
                """, [promotion.projectID.value, .integer(Int64(promotion.baseRevision)), .integers(contents)])
            return true
        } ?? false
    }

    /// As `holding`, with the base held first, as publishing does: nothing is published meanwhile.
    private func holdingBase<Result: Sendable>(
        _ leased: LeasedKnowledgePromotion, _ body: (KnowledgePromotion, PostgresConnection) async throws(PostgresError) -> Result
    ) async throws(MetastoreError) -> Result? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) -> Result? in
                try await connection.query(
                    """
                    SELECT 1 FROM knowledge_bases WHERE project_id = (SELECT project_id FROM knowledge_promotions WHERE id = $1) FOR SHARE
                    """, [leased.id.value])
                guard let promotion = try await Self.held(leased, on: connection) else { return nil }
                return try await body(promotion, connection)
            }
        }
    }
}
