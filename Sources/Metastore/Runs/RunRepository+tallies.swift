/// What a run's outcomes come to, case by case: what a verdict is made from.

import PostgresClient

extension RunRepository {
    /// Of every target, its cases in the order in which they were first begun: repeated looks see the same order. Errors: `unavailable`.
    package func tallies(of run: RunID) async throws(MetastoreError) -> [StoredTally] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT o.target::bigint AS target, c.key, count(*) FILTER (WHERE result = 'passed') AS passed,
                    count(*) FILTER (WHERE result = 'failed') AS failed, count(*) FILTER (WHERE result = 'errored') AS errored,
                    sum(cost_nano_usd)::bigint AS cost, sum(duration_nano)::bigint AS duration
                FROM outcomes o JOIN test_case_versions v ON v.id = o.test_case_version_id JOIN test_cases c ON c.id = v.test_case_id
                WHERE o.run_id = $1 AND o.superseded_at IS NULL GROUP BY o.target, c.key ORDER BY o.target, min(o.job_id)
                """, [run.value]
            ).decoded { row throws(PostgresError) in
                StoredTally(
                    target: try row.decode("target"), key: try row.decode("key"), passedCount: try row.decode("passed"),
                    failedCount: try row.decode("failed"), erroredCount: try row.decode("errored"), costNanoUSD: try row.decode("cost"),
                    durationNano: try row.decode("duration"))
            }
        }
    }

    /// The sums of each named score that is a number. Errors: `unavailable`.
    package func scoreTallies(of run: RunID) async throws(MetastoreError) -> [StoredScoreTally] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT o.target::bigint AS target, c.key, s.name, count(*) AS count, sum(s.value) AS sum,
                    -- A square too small for a number is an error to PostgreSQL.
                    sum(CASE WHEN abs(s.value) < 1e-150 THEN 0 ELSE s.value * s.value END) AS squares
                FROM outcomes o JOIN scores s ON s.outcome_id = o.id JOIN test_case_versions v ON v.id = o.test_case_version_id
                JOIN test_cases c ON c.id = v.test_case_id
                WHERE o.run_id = $1 AND o.superseded_at IS NULL AND s.value IS NOT NULL
                GROUP BY o.target, c.key, s.name ORDER BY o.target, c.key, s.name
                """, [run.value]
            ).decoded { row throws(PostgresError) in
                StoredScoreTally(
                    target: try row.decode("target"), key: try row.decode("key"), name: try row.decode("name"),
                    count: try row.decode("count"), sum: try row.decode("sum"), sumOfSquares: try row.decode("squares"))
            }
        }
    }
}
