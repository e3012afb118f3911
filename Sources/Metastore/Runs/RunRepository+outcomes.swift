/// A run's outcomes, listed and looked at one by one.

import JobQueue
import PostgresClient
import TraceModel

extension RunRepository {
    /// Outcomes with their scores; none if the project has no such run. A cursor belongs to the order it was made in. Errors: `invalid`
    /// (cursor), `unavailable`.
    package func outcomes(
        of run: RunID, in project: ProjectID, filter: OutcomeFilter = OutcomeFilter(), order: OutcomeOrder = .newest, page: PageRequest
    ) async throws(MetastoreError) -> Page<OutcomeRecord> {
        let list = order == .newest ? PagedList.outcomes : .outcomesByKey
        let start = try list.start(page, OutcomeID.self)
        let isFirstPage = page.cursor == nil
        let found = try await translatingErrors { () throws(PostgresError) -> [OutcomeRecord] in
            try await pool.withConnection { connection throws(PostgresError) in
                var outcomes: [OutcomeRecord]
                switch order {
                case .newest:
                    outcomes = try await connection.query(
                        """
                        SELECT \(Self.outcomeColumns) \(Self.outcomeTables) WHERE r.id = $1 AND r.project_id = $2
                            AND \(Self.isListed(filter)) AND o.id < $6
                        ORDER BY o.id DESC LIMIT $7
                        """, Self.listed(run, project, filter) + [start.value, .integer(Int64(page.limit + 1))]
                    ).decoded(Self.outcome)
                case .key:
                    // The place of the last one seen, wherever it is now; without it the list begins anew. The suite's cases are walked
                    // in the order of their index, and the outcomes of each looked up, until the page is full: OFFSET 0 has it so.
                    let last = try await isFirstPage ? nil : Self.place(of: start, run, on: connection)
                    outcomes = try await connection.query(
                        """
                        SELECT \(Self.outcomeColumns) FROM test_cases c CROSS JOIN LATERAL (
                            SELECT o.* FROM test_case_versions v JOIN outcomes o ON o.test_case_version_id = v.id
                            WHERE v.test_case_id = c.id AND o.run_id = $1 AND \(Self.isListed(filter)) OFFSET 0) AS o
                        WHERE c.suite_id = (SELECT suite_id FROM runs WHERE id = $1 AND project_id = $2)
                            AND c.key >= $6 AND (c.key, o.target, o.repetition, o.id) > ($6, $7, $8, $9)
                        ORDER BY c.key, o.target, o.repetition, o.id LIMIT $10
                        """,
                        Self.listed(run, project, filter) + [
                            .text(last?.key ?? ""), .integer(Int64(last?.target ?? 0)), .integer(Int64(last?.repetition ?? 0)),
                            (last?.id ?? OutcomeID(high: 0, low: 0)).value, .integer(Int64(page.limit + 1)),
                        ]
                    ).decoded(Self.outcome)
                }
                try await Self.addScores(to: &outcomes, on: connection)
                return outcomes
            }
        }
        return list.page(found, page, id: \.id)
    }

    /// One outcome with its scores and the attempts that led to it; nil if the run, or the project, has no such outcome. Errors:
    /// `unavailable`.
    package func outcome(_ id: OutcomeID, of run: RunID, in project: ProjectID) async throws(MetastoreError) -> OutcomeDetails? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withConnection { connection throws(PostgresError) in
                var outcomes = try await connection.query(
                    "SELECT \(Self.outcomeColumns) \(Self.outcomeTables) WHERE o.id = $1 AND o.run_id = $2 AND r.project_id = $3",
                    [id.value, run.value, project.value]
                ).decoded(Self.outcome)
                try await Self.addScores(to: &outcomes, on: connection)
                guard let outcome = outcomes.first else { return nil }
                return OutcomeDetails(outcome: outcome, attempts: try await JobQueue.attempts(at: outcome.job, on: connection))
            }
        }
    }

    private static let outcomeColumns = """
        o.id, o.run_id, o.target, c.id AS test_case_id, o.test_case_version_id, c.key, o.repetition, o.job_id, o.result, o.output, o.error,
        o.trace_id, o.span_id, o.duration_nano, o.first_token_nano, o.input_tokens, o.output_tokens, o.cost_nano_usd, o.attempt_count,
        o.created_at, o.superseded_at
        """

    private static let outcomeTables = """
        FROM runs r JOIN outcomes o ON o.run_id = r.id JOIN test_case_versions v ON v.id = o.test_case_version_id
        JOIN test_cases c ON c.id = v.test_case_id
        """

    /// $3 result, $4 target, $5 key; $1 is the run, $2 the project. Of those that count there is an index by case, which a parameter would hide.
    private static func isListed(_ filter: OutcomeFilter) -> String {
        """
        ($3::text IS NULL OR o.result = $3) AND ($4::bigint IS NULL OR o.target = $4)
            AND ($5::text IS NULL OR c.key = $5)
            \(filter.includesSuperseded ? "" : "AND o.superseded_at IS NULL")
        """
    }

    private static func listed(_ run: RunID, _ project: ProjectID, _ filter: OutcomeFilter) -> [PostgresValue] {
        [
            run.value, project.value, .optional(filter.result) { .text($0.rawValue) }, .optional(filter.target) { .integer(Int64($0)) },
            .optional(filter.key) { .text($0) },
        ]
    }

    private static func place(
        of id: OutcomeID, _ run: RunID, on connection: PostgresConnection
    ) async throws(PostgresError) -> OutcomeRecord? {
        try await connection.query(
            "SELECT \(outcomeColumns) \(outcomeTables) WHERE o.id = $1 AND o.run_id = $2", [id.value, run.value]
        ).first.map(outcome)
    }

    private static func addScores(to outcomes: inout [OutcomeRecord], on connection: PostgresConnection) async throws(PostgresError) {
        let scores = try await ScoreRepository.scores(of: outcomes.map(\.id), on: connection)
        for index in outcomes.indices { outcomes[index].scores = scores[outcomes[index].id] ?? [] }
    }

    private static func outcome(_ row: PostgresRow) throws(PostgresError) -> OutcomeRecord {
        let name: String = try row.decode("result")
        guard let result = CellResultKind(rawValue: name) else { throw PostgresError(.decoding, "\(name) is no result of a cell") }
        return OutcomeRecord(
            id: try row.decode("id"), runID: try row.decode("run_id"), target: try row.decode("target"),
            testCaseID: try row.decode("test_case_id"), caseVersionID: try row.decode("test_case_version_id"), key: try row.decode("key"),
            repetition: try row.decode("repetition"), result: result,
            output: try row.decodeIfPresent("output", as: PostgresJSON.self)?.bytes,
            error: try row.decodeIfPresent("error", as: PostgresJSON.self)?.bytes, traceID: try row.decode("trace_id"),
            spanID: try row.decode("span_id"), durationNano: try row.decode("duration_nano"),
            firstTokenNano: try row.decodeIfPresent("first_token_nano"), inputTokens: try row.decode("input_tokens"),
            outputTokens: try row.decode("output_tokens"), costNanoUSD: try row.decode("cost_nano_usd"),
            attemptCount: try row.decode("attempt_count"), createdTimeUnixNano: try row.unixNano("created_at"),
            supersededTimeUnixNano: try row.unixNanoIfPresent("superseded_at"), job: JobID(try row.decode("job_id")))
    }
}
