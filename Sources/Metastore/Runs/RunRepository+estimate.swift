/// What a run would be about, before there is one.

import EvaluationModel
import PostgresClient

package struct RunCases: Sendable, Equatable {
    package let caseCount: Int
    /// Of the inputs of all chosen cases, as JSON.
    package let inputByteCount: Int
    /// Tokens that a cell of the suite's newest finished runs answered, on average; nil when none has finished.
    package let meanOutputTokens: Double?
}

extension RunRepository {
    /// The cases that a run of this specification would choose. Errors: `unavailable`.
    package func cases(
        of suite: SuiteID, version: Int, _ specification: RunSpecification
    ) async throws(MetastoreError) -> RunCases {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT count(*) AS count, coalesce(sum(octet_length(v.content ->> 'input')), 0)::bigint AS bytes,
                    (SELECT (sum(output_tokens) / nullif(sum(passed_count + failed_count), 0))::double precision
                     FROM (SELECT output_tokens, passed_count, failed_count FROM runs
                           WHERE suite_id = $1 AND state = 'finished' AND output_tokens > 0 ORDER BY created_at DESC LIMIT 10) AS newest
                    ) AS output_tokens
                FROM test_case_versions v WHERE \(Self.isChosen)
                """,
                [
                    suite.value, .integer(Int64(version)), .texts(specification.tags), .optional(specification.split) { .text($0) },
                ]
            ).only { row throws(PostgresError) in
                RunCases(
                    caseCount: try row.decode("count"), inputByteCount: try row.decode("bytes"),
                    meanOutputTokens: try row.decodeIfPresent("output_tokens"))
            }
        }
    }
}
