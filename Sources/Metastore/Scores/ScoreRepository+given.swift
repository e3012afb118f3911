/// Scores that people and applications send, and scores of all sources listed.

import PostgresClient
import TraceModel

extension ScoreRepository {
    /// nil if the project has no such outcome. Errors: `invalid` (name, reason, a score that says nothing), `unavailable`.
    package func create(_ new: NewScore, in project: ProjectID, audit: AuditDraft) async throws(MetastoreError) -> ScoreRecord? {
        var outcome: OutcomeID?, trace: TraceID?, span: SpanID?
        switch new.subject {
        case .outcome(let id): outcome = id
        case .trace(let traceID, let spanID): (trace, span) = (traceID, spanID)
        }
        let parameters: [PostgresValue] = [
            ScoreID.make().value, project.value, .text(new.name), .text(new.source.rawValue), .optional(new.value) { .double($0) },
            .optional(new.passed) { .bool($0) }, .optional(new.label) { .text($0) }, .text(new.reason),
            .optional(outcome) { $0.value }, .optional(trace) { .bytes($0.bytes) }, .optional(span) { .bytes($0.bytes) },
            .text(new.author),
        ]
        return try await pool.audited(audit) { connection throws(PostgresError) -> (ScoreRecord?, AuditedChange?) in
            // Of an outcome the trace is taken over; without one the one row of VALUES stands for nothing.
            let row = try await connection.query(
                """
                INSERT INTO scores (id, project_id, name, source, value, passed, label, reason, outcome_id, trace_id, span_id, author)
                SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, o.trace_id), coalesce($11, o.span_id), left($12, 400)
                FROM (VALUES (1)) AS one LEFT JOIN (
                    SELECT outcomes.id, outcomes.trace_id, outcomes.span_id FROM outcomes JOIN runs ON runs.id = outcomes.run_id
                    WHERE outcomes.id = $9 AND runs.project_id = $2) AS o ON true
                WHERE $9::uuid IS NULL OR o.id IS NOT NULL
                RETURNING \(Self.columns), \(AuditSnapshot.column("scores"))
                """, parameters
            ).first
            guard let row else { return (nil, nil) }
            let score = try ScoreRecord(row)
            return (
                score,
                AuditedChange(project: project, resourceKind: "score", resourceID: score.id.uuid, after: try AuditSnapshot.of(row))
            )
        }
    }

    /// Newest first. Errors: `invalid` (cursor), `unavailable`.
    package func list(in project: ProjectID, filter: ScoreFilter = ScoreFilter(), page: PageRequest) async throws(MetastoreError) -> Page<
        ScoreRecord
    > {
        let start = try PagedList.scores.start(page, ScoreID.self)
        // Only what is asked for stands in the statement: each of the first two has an index.
        var conditions = ["project_id = $1", "id < $2"]
        var parameters: [PostgresValue] = [project.value, start.value, .integer(Int64(page.limit + 1))]
        func add(_ column: String, _ value: PostgresValue?) {
            guard let value else { return }
            parameters.append(value)
            conditions.append("\(column) = $\(parameters.count)")
        }
        add("outcome_id", filter.outcomeID?.value)
        add("trace_id", (filter.traceID?.bytes).map { .bytes($0) })
        add("span_id", (filter.spanID?.bytes).map { .bytes($0) })
        add("name", filter.name.map { .text($0) })
        add("source", filter.source.map { .text($0.rawValue) })
        let (condition, values) = (conditions.joined(separator: " AND "), parameters)
        let scores = try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT \(Self.columns) FROM scores WHERE \(condition) ORDER BY id DESC LIMIT $3", values)
                .decoded(ScoreRecord.init)
        }
        return PagedList.scores.page(scores, page, id: \.id)
    }
}
