/// What PostgreSQL has of deleted traces: what says the same goes with them; what people made of them stays, and is counted.
///
/// One table a statement, some thousand traces at a time. Whoever writes such rows holds the source first and then the jobs, and so does
/// this.

import PostgresClient
import TraceModel

struct DeletionReferences {
    let project: ProjectID
    /// nil: all of the project's.
    let traces: [TraceID]?
    let connection: PostgresConnection

    /// A condition on a column of trace ids, and its parameters; `$1` is the project.
    private struct Chosen {
        var parameters: [PostgresValue]
        private var isEverything: Bool

        init(_ project: ProjectID, _ traces: ArraySlice<TraceID>?) {
            isEverything = traces == nil
            parameters = [project.value]
            if let traces { parameters.append(.texts(traces.map(\.hex))) }
        }

        func bytes(_ column: String) -> String {
            isEverything ? "\(column) IS NOT NULL" : "\(column) IN (SELECT decode(hex, 'hex') FROM unnest($2::text[]) AS hex)"
        }

        func text(_ expression: String) -> String {
            isEverything ? "\(expression) IS NOT NULL" : "\(expression) IN (SELECT unnest($2::text[]))"
        }

        /// Calls of models that are still to be sent into the project as spans: one that judged a trace names it.
        var outbox: String {
            isEverything
                ? "DELETE FROM span_outbox WHERE project_id = $1"
                : """
                DELETE FROM span_outbox WHERE project_id = $1 AND EXISTS (
                    SELECT 1 FROM unnest($2::text[]) AS hex WHERE position(convert_to(hex, 'UTF8') IN body) > 0)
                """
        }
    }

    private var chosen: [Chosen] {
        guard let traces else { return [Chosen(project, nil)] }
        return traces.chunks { _ in 40 }.map { Chosen(project, $0) }
    }

    // MARK: - What goes

    func remove() async throws(PostgresError) -> RemovedReferences {
        var removed = RemovedReferences()
        try await lockSources()
        for traces in chosen {
            removed.jobCount += try await count(Self.jobs(traces), traces)
            try await removeDecisions(traces, &removed)
            removed.scoreCount += try await count(
                "DELETE FROM scores WHERE project_id = $1 AND outcome_id IS NULL AND \(traces.bytes("trace_id"))", traces)
            removed.copiedTextCount += try await count(Self.analyzedTexts(traces), traces)
            removed.copiedTextCount += try await count(Self.draftSources(traces), traces)
            removed.copiedTextCount += try await count(traces.outbox, traces)
            removed.featureWindowCount += try await removeFromFeatures(traces)
        }
        return removed
    }

    private func count(_ statement: String, _ traces: Chosen) async throws(PostgresError) -> Int64 {
        Int64(try await connection.query(statement, traces.parameters).affectedRowCount)
    }

    private func lockSources() async throws(PostgresError) {
        try await connection.query(
            "SELECT 1 FROM score_backfills WHERE project_id = $1 ORDER BY id FOR NO KEY UPDATE", [project.value])
        try await connection.query("SELECT 1 FROM score_rules WHERE project_id = $1 ORDER BY id FOR KEY SHARE", [project.value])
    }

    /// A worker that has one in its hands learns of it when it is done, and writes nothing.
    private static func jobs(_ traces: Chosen) -> String {
        """
        DELETE FROM jobs WHERE id IN (
            SELECT id FROM jobs
            WHERE group_id IN (
                SELECT id FROM score_rules WHERE project_id = $1 UNION ALL SELECT id FROM score_backfills WHERE project_id = $1)
                AND \(traces.text("payload ->> 'trace_id'"))
            ORDER BY id FOR UPDATE)
        """
    }

    private func removeDecisions(_ traces: Chosen, _ removed: inout RemovedReferences) async throws(PostgresError) {
        let gone = try await connection.query(
            """
            WITH gone AS (
                DELETE FROM score_decisions WHERE project_id = $1 AND \(traces.bytes("trace_id")) RETURNING task_id, decision)
            SELECT task_id, count(*) AS count, count(*) FILTER (WHERE decision = 'queued') AS queued FROM gone GROUP BY task_id
            """, traces.parameters)
        for row in gone {
            removed.decisionCount += try row.decode("count", as: Int64.self)
            // What a backfill waited for will not come.
            guard let task = try row.decodeIfPresent("task_id", as: TaskID.self) else { continue }
            var counts = ScoringCounts()
            counts.skipped = try row.decode("queued")
            counts.queued = -counts.skipped
            guard counts.skipped > 0 else { continue }
            try await ScoreBackfillRepository.count(counts, of: task, on: connection)
            try await ScoreBackfillRepository.endIfDone(task, on: connection)
        }
    }

    /// An analysis under way goes on without the text; its rows are counted from zero, so none is taken out.
    private static func analyzedTexts(_ traces: Chosen) -> String {
        """
        UPDATE feature_analysis_traces t SET text = '(deleted)' FROM feature_analyses a
        WHERE a.id = t.analysis_id AND a.project_id = $1 AND t.text <> '(deleted)' AND \(traces.bytes("t.trace_id"))
        """
    }

    private static func draftSources(_ traces: Chosen) -> String {
        """
        DELETE FROM draft_request_sources d USING draft_requests r, suites s
        WHERE r.id = d.request_id AND s.id = r.suite_id AND s.project_id = $1 AND \(traces.text("d.source ->> 'trace_id'"))
        """
    }

    /// Examples quote what users said, and a feature that no model has named yet is called by one of them.
    private func removeFromFeatures(_ traces: Chosen) async throws(PostgresError) -> Int64 {
        let changed = try await connection.query(
            """
            UPDATE feature_windows w SET
                examples = (
                    SELECT coalesce(json_agg(value ORDER BY number), '[]')
                    FROM json_array_elements(w.examples) WITH ORDINALITY AS e (value, number)
                    WHERE (\(traces.text("value ->> 'trace_id'"))) IS NOT TRUE),
                trace_ids = (
                    SELECT coalesce(string_agg(id, ''::bytea ORDER BY number), ''::bytea)
                    FROM (SELECT substr(w.trace_ids, 16 * number + 1, 16) AS id, number
                        FROM generate_series(0, octet_length(w.trace_ids) / 16 - 1) AS number) AS i
                    WHERE (\(traces.bytes("id"))) IS NOT TRUE)
            WHERE w.project_id = $1 AND EXISTS (
                SELECT 1 FROM generate_series(0, octet_length(w.trace_ids) / 16 - 1) AS number
                WHERE \(traces.bytes("substr(w.trace_ids, 16 * number + 1, 16)")))
            RETURNING feature_id
            """, traces.parameters)
        guard !changed.isEmpty else { return 0 }
        let features = try changed.decoded { row throws(PostgresError) in try row.decode("feature_id", as: PostgresUUID.self) }
        try await connection.query(
            "UPDATE features SET name = 'Unnamed' WHERE project_id = $1 AND NOT is_named AND id = ANY ($2)",
            [project.value, .uuids(Array(Set(features)))])
        return Int64(changed.affectedRowCount)
    }

    // MARK: - What stays

    /// Of each kind so many are named.
    private static let namedCount = 50

    func countKept() async throws(PostgresError) -> KeptCopies {
        var kept = KeptCopies()
        // Of a whole project everything that people made stays, whatever it was made from.
        guard traces != nil else { return kept }
        for traces in chosen {
            kept.testCaseCount += try await add(
                "test_case", &kept,
                """
                SELECT DISTINCT v.test_case_id AS id FROM test_case_versions v JOIN suites s ON s.id = v.suite_id
                WHERE s.project_id = $1 AND \(traces.bytes("v.source_trace_id"))
                """, traces)
            kept.draftCount += try await add(
                "test_case_draft", &kept,
                """
                SELECT DISTINCT d.id FROM test_case_drafts d JOIN suites s ON s.id = d.suite_id
                WHERE s.project_id = $1 AND \(traces.text("d.source ->> 'trace_id'"))
                """, traces)
            kept.knowledgeEntryCount += try await add(
                "knowledge_entry", &kept,
                """
                SELECT entry_id AS id FROM knowledge_entry_versions WHERE project_id = $1 AND \(traces.bytes("source_trace_id"))
                UNION SELECT entry_id FROM knowledge_draft_changes WHERE project_id = $1 AND \(traces.bytes("source_trace_id"))
                """, traces)
            kept.outcomeCount += try await connection.query(
                """
                SELECT count(*) AS count FROM outcomes o JOIN runs r ON r.id = o.run_id
                WHERE r.project_id = $1 AND \(traces.bytes("o.trace_id"))
                """, traces.parameters
            ).only { row throws(PostgresError) in try row.decode("count", as: Int64.self) }
        }
        return kept
    }

    private func add(
        _ kind: String, _ kept: inout KeptCopies, _ statement: String, _ traces: Chosen
    ) async throws(PostgresError) -> Int64 {
        let rows = try await connection.query(
            "SELECT id, count(*) OVER () AS count FROM (\(statement)) AS found ORDER BY id LIMIT \(Self.namedCount)", traces.parameters)
        let ids = try rows.decoded { row throws(PostgresError) in try row.decode("id", as: TaskID.self) }
        let room = Self.namedCount - kept.items.count { $0.kind == kind }
        kept.items += ids.prefix(max(0, room)).map { KeptCopies.Item(kind: kind, id: $0.uuid) }
        return try rows.first?.decode("count", as: Int64.self) ?? 0
    }
}
