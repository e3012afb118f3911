/// Spans that workers made, on their way to the server: written with the results they tell of (`RunRepository.record`), leased by
/// whichever worker sends them, deleted when the server has them. They may be sent twice, as a worker may die before it deletes what it
/// sent: their ids are the same each time, and the store counts them once.

import PostgresClient
import TraceModel

package struct OutboxSpans: Sendable, Equatable {
    package let id: Int64
    package let projectID: ProjectID
    /// An OTLP export request in protobuf.
    package let body: [UInt8]
}

/// How much waits, for metrics.
package struct OutboxBacklog: Sendable, Equatable {
    package let count: Int
    /// Seconds since the oldest was written; nil: nothing waits.
    package let oldestAgeSeconds: Double?
}

package struct SpanOutboxRepository: Sendable {
    let pool: PostgresPool

    /// The oldest that nobody holds, for so many seconds. Errors: `unavailable`.
    package func lease(count: Int, seconds: Double) async throws(MetastoreError) -> [OutboxSpans] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                WITH next AS (
                    SELECT id FROM span_outbox WHERE leased_until IS NULL OR leased_until < clock_timestamp()
                    ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
                UPDATE span_outbox SET leased_until = clock_timestamp() + make_interval(secs => $2)
                FROM next WHERE span_outbox.id = next.id RETURNING span_outbox.id, project_id, body
                """, [.integer(Int64(count)), .double(seconds)]
            ).decoded { row throws(PostgresError) in
                OutboxSpans(id: try row.decode("id"), projectID: try row.decode("project_id"), body: try row.decode("body"))
            }.sorted { $0.id < $1.id }
        }
    }

    /// Whoever comes next may lease them. Errors: `unavailable`.
    package func giveBack(_ ids: [Int64]) async throws(MetastoreError) {
        guard !ids.isEmpty else { return }
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                WITH held AS (SELECT id FROM span_outbox WHERE id = ANY ($1) ORDER BY id FOR UPDATE)
                UPDATE span_outbox SET leased_until = NULL FROM held WHERE span_outbox.id = held.id
                """, [.integers(ids)])
        }
    }

    /// What was delivered goes; what could not be is leased again when its time is over. Errors: `unavailable`.
    package func delete(_ ids: [Int64]) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                WITH delivered AS (SELECT id FROM span_outbox WHERE id = ANY ($1) ORDER BY id FOR UPDATE)
                DELETE FROM span_outbox USING delivered WHERE span_outbox.id = delivered.id
                """, [.integers(ids)])
        }
    }

    /// Errors: `unavailable`.
    package func backlog() async throws(MetastoreError) -> OutboxBacklog {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT count(*) AS count,
                    CASE WHEN count(*) > 0 THEN greatest(0, extract(epoch FROM clock_timestamp() - min(created_at)))::float8 END AS age
                FROM span_outbox
                """
            ).only { row throws(PostgresError) in
                OutboxBacklog(count: try row.decode("count"), oldestAgeSeconds: try row.decodeIfPresent("age"))
            }
        }
    }
}
