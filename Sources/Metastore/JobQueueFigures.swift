/// How much work waits in the job queues, of all projects: for whoever runs the installation.

import PostgresClient

package struct JobQueueFigures: Sendable, Equatable {
    package let queue: String
    package let queuedCount: Int
    package let leasedCount: Int
    /// How long the job that may run and waits longest has done so; nil when none does.
    package let oldestWaitSeconds: Double?
}

package struct JobQueueRepository: Sendable {
    let pool: PostgresPool

    /// Queues with open jobs, by name. Errors: `unavailable`.
    package func figures() async throws(MetastoreError) -> [JobQueueFigures] {
        try await translatingErrors { () throws(PostgresError) in
            // Each state has an index of its own; one condition for both would read every job there ever was.
            try await pool.query(
                """
                SELECT queue, sum(queued)::bigint AS queued, sum(leased)::bigint AS leased,
                       extract(epoch FROM now() - min(waits_since))::double precision AS oldest_seconds
                FROM (SELECT queue, count(*) AS queued, 0 AS leased, min(run_after) FILTER (WHERE run_after <= now()) AS waits_since
                      FROM jobs WHERE state = 'queued' GROUP BY queue
                      UNION ALL SELECT queue, 0, count(*), NULL FROM jobs WHERE state = 'leased' GROUP BY queue) AS open
                GROUP BY queue ORDER BY queue
                """
            ).decoded { row throws(PostgresError) in
                JobQueueFigures(
                    queue: try row.decode("queue"), queuedCount: Int(try row.decode("queued", as: Int64.self)),
                    leasedCount: Int(try row.decode("leased", as: Int64.self)), oldestWaitSeconds: try row.decode("oldest_seconds"))
            }
        }
    }
}
