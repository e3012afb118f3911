/// Backfills: made, planned page by page, cancelled, ended. The backfill's row is locked first by everything that changes it; task, jobs
/// and ledger follow in the same transaction.

import ByteCoding
import EvaluationModel
import JobQueue
import PostgresClient
import TraceModel

package struct ScoreBackfillRepository: Sendable {
    let pool: PostgresPool

    /// The kind of its task.
    package static let kind = "score_backfill"

    /// A queued task that the store's server plans. Errors: `invalid`, `unavailable`.
    package func create(_ new: NewScoreBackfill, in project: ProjectID, audit: AuditDraft) async throws(MetastoreError) -> TaskID {
        let id = TaskID.make()
        return try await pool.audited(audit) { connection throws(PostgresError) -> (TaskID, AuditedChange?) in
            try await connection.query(
                "INSERT INTO tasks (id, project_id, kind) VALUES ($1, $2, $3)", [id.value, project.value, .text(Self.kind)])
            try await ScoreRuleRepository.jobs.addGroup(
                id.bits,
                concurrency: SpendingAllowance(
                    asked: new.concurrency, capNanoUSD: new.capNanoUSD, costNanoUSD: 0, trialCount: 0
                ).carefulConcurrency, on: connection)
            let row = try await connection.query(
                """
                INSERT INTO score_backfills (id, project_id, filter, scorers, sampling_rate, from_unix_nano, to_unix_nano, maximum_span_count,
                    cap_nano_usd, concurrency, node_id)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING \(AuditSnapshot.column("score_backfills"))
                """,
                [
                    id.value, project.value, .json(new.filter), .json(new.scorers), .double(new.samplingRate),
                    .optional(new.from) { .integer($0) }, .optional(new.to) { .integer($0) }, .integer(Int64(new.maximumSpanCount)),
                    .optional(new.capNanoUSD) { .integer($0) }, .integer(Int64(new.concurrency)),
                    .integer(Int64(bitPattern: new.node)),
                ]
            ).only { row throws(PostgresError) in row }
            return (
                id,
                AuditedChange(project: project, resourceKind: Self.kind, resourceID: id.uuid, after: try AuditSnapshot.of(row))
            )
        }
    }

    /// nil if the project has no such backfill. Errors: `unavailable`.
    package func find(_ id: TaskID, in project: ProjectID) async throws(MetastoreError) -> ScoreBackfill? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(ScoreBackfill.columns) FROM score_backfills WHERE id = $1 AND project_id = $2", [id.value, project.value]
            ).first.map(ScoreBackfill.init)
        }
    }

    /// Those whose spans a store's server has still to find, oldest first. Errors: `unavailable`.
    package func unplanned(node: UInt64) async throws(MetastoreError) -> [ScoreBackfill] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(ScoreBackfill.columns) FROM score_backfills WHERE node_id = $1 AND NOT is_planned ORDER BY id
                LIMIT \(MetastoreLimits.maximumSweepCount)
                """, [.integer(Int64(bitPattern: node))]
            ).decoded(ScoreBackfill.init)
        }
    }

    /// Enters a page of decisions, with its jobs and the place to go on from (nil: that was the last). false: the backfill has ended
    /// meanwhile, and nothing was entered. Errors: `unavailable`.
    package func record(
        _ decisions: [NewScoreDecision], of id: TaskID, next cursor: String?
    ) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let backfill = try await Self.locked(id, on: connection), !backfill.isPlanned else { return false }
                try await Self.start(id, on: connection)
                var counts = ScoringCounts()
                let known = Dictionary(decisions.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
                for chunk in decisions.chunks(byteCount: { 100 + $0.reason.utf8.count }) {
                    let entered = try await ScoreDecisionRepository.insert(
                        chunk, project: backfill.projectID, source: "task_id", id.value, on: connection,
                        conflict: "(task_id, trace_id, span_id) WHERE task_id IS NOT NULL DO NOTHING"
                    ).compactMap { known[$0] }
                    counts.add(entered)
                    try await ScoreDecisionRepository.enqueue(entered, in: id.bits, on: connection)
                }
                let matched = counts.sampledOut + counts.skipped + counts.queued
                let changed = try await connection.query(
                    """
                    UPDATE score_backfills SET cursor = coalesce($2, ''), is_planned = $2 IS NULL, matched_count = matched_count + $3
                    WHERE id = $1 RETURNING \(ScoreBackfill.columns)
                    """, [id.value, .optional(cursor) { .text($0) }, .integer(matched)]
                ).only(ScoreBackfill.init)
                try await Self.count(counts, of: id, on: connection)
                if changed.isPlanned {
                    try await Self.append(
                        "backfill.planned", ["matched": matched + backfill.matchedCount], to: id,
                        total: matched + backfill.matchedCount, on: connection)
                }
                try await Self.endIfDone(id, on: connection)
                return true
            }
        }
    }

    /// Cannot be planned: what it asks for cannot be answered. Errors: `unavailable`.
    package func fail(_ id: TaskID, reason: String) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard try await Self.locked(id, on: connection) != nil else { return }
                let error = JSONValue.object([JSONMember(key: "message", value: .string(reason.withoutNUL))]).bytes
                try await Self.stop(id, as: "failed", reason: reason, error: error, on: connection)
            }
        }
    }

    package enum CancelResult: Sendable, Equatable { case cancelled, ended, notFound }

    /// What waits is skipped. Errors: `unavailable`.
    package func cancel(_ id: TaskID, in project: ProjectID, audit: AuditDraft) async throws(MetastoreError) -> CancelResult {
        try await pool.audited(audit) { connection throws(PostgresError) -> (CancelResult, AuditedChange?) in
            guard let backfill = try await Self.locked(id, on: connection), backfill.projectID == project else { return (.notFound, nil) }
            guard try await Self.isOpen(id, on: connection) else { return (.ended, nil) }
            try await Self.stop(id, as: "cancelled", reason: "the backfill was cancelled", error: nil, on: connection)
            return (.cancelled, AuditedChange(project: project, resourceKind: Self.kind, resourceID: id.uuid))
        }
    }

    // MARK: - Inside of transactions

    static func locked(_ id: TaskID, on connection: PostgresConnection) async throws(PostgresError) -> ScoreBackfill? {
        try await connection.query("SELECT \(ScoreBackfill.columns) FROM score_backfills WHERE id = $1 FOR NO KEY UPDATE", [id.value])
            .first.map(ScoreBackfill.init)
    }

    private static func isOpen(_ id: TaskID, on connection: PostgresConnection) async throws(PostgresError) -> Bool {
        try await !connection.query("SELECT 1 FROM tasks WHERE id = $1 AND state IN ('queued', 'running')", [id.value]).isEmpty
    }

    private static func start(_ id: TaskID, on connection: PostgresConnection) async throws(PostgresError) {
        let changed = try await connection.query(
            """
            UPDATE tasks SET state = 'running', started_at = greatest(now(), created_at), updated_at = greatest(now(), updated_at)
            WHERE id = $1 AND state = 'queued'
            """, [id.value])
        if changed.affectedRowCount > 0 {
            try await TaskRepository.append([TaskEventDraft("task.running", Array(#"{"state":"running"}"#.utf8))], to: id, on: connection)
        }
    }

    /// Adds to the counters; `queued` may be negative.
    static func count(_ counts: ScoringCounts, of id: TaskID, on connection: PostgresConnection) async throws(PostgresError) {
        try await connection.query(
            """
            UPDATE score_backfills SET sampled_out_count = sampled_out_count + $2, queued_count = queued_count + $3,
                skipped_count = skipped_count + $4, scored_count = scored_count + $5, failed_count = failed_count + $6,
                cost_nano_usd = cost_nano_usd + $7
            WHERE id = $1
            """,
            [
                id.value, .integer(counts.sampledOut), .integer(counts.queued), .integer(counts.skipped), .integer(counts.scored),
                .integer(counts.failed), .integer(counts.costNanoUSD),
            ])
    }

    static func append(
        _ type: String, _ numbers: KeyValuePairs<String, Int64>, to id: TaskID, total: Int64, on connection: PostgresConnection
    ) async throws(PostgresError) {
        try await connection.query(
            "UPDATE tasks SET progress_total = $2 WHERE id = $1 AND state = 'running'", [id.value, .integer(total)])
        let data = JSONValue.object(numbers.map { JSONMember(key: $0.key, value: .integer($0.value)) }).bytes
        try await TaskRepository.append([TaskEventDraft(type, data)], to: id, on: connection)
    }

    /// Once all spans are found and none waits the task has succeeded; else its progress is told.
    static func endIfDone(_ id: TaskID, on connection: PostgresConnection) async throws(PostgresError) {
        guard let backfill = try await locked(id, on: connection) else { return }
        let counts = backfill.counts, done = counts.sampledOut + counts.skipped + counts.scored + counts.failed
        try await connection.query(
            "UPDATE tasks SET progress_done = $2, updated_at = greatest(now(), updated_at) WHERE id = $1 AND state = 'running'",
            [id.value, .integer(done)])
        guard backfill.isPlanned, counts.queued == 0, try await isOpen(id, on: connection) else { return }
        let result = backfill.result
        var data = JSONWriter()
        data.beginObject()
        data.member("state", "succeeded")
        data.member("result", raw: result)
        data.endObject()
        try await TaskRepository.append([TaskEventDraft("task.succeeded", data.bytes)], to: id, on: connection)
        try await connection.query(
            """
            UPDATE tasks SET state = 'succeeded', result = $2, finished_at = greatest(now(), created_at),
                updated_at = greatest(now(), updated_at)
            WHERE id = $1
            """, [id.value, .json(result)])
    }

    private static func stop(
        _ id: TaskID, as state: String, reason: String, error: [UInt8]?, on connection: PostgresConnection
    ) async throws(PostgresError) {
        guard try await isOpen(id, on: connection) else { return }
        try await ScoreRuleRepository.jobs.deleteAll(id.bits, on: connection)
        let skipped = try await connection.query(
            """
            UPDATE score_decisions SET decision = 'skipped', reason = left($2, 2000), updated_at = now()
            WHERE task_id = $1 AND decision = 'queued'
            """, [id.value, .text(reason.withoutNUL)]
        ).affectedRowCount
        var counts = ScoringCounts()
        counts.skipped = Int64(skipped)
        counts.queued = -Int64(skipped)
        try await count(counts, of: id, on: connection)
        try await connection.query("UPDATE score_backfills SET is_planned = true WHERE id = $1", [id.value])
        var data = JSONWriter()
        data.beginObject()
        data.member("state", state)
        if let error { data.member("error", raw: error) }
        data.endObject()
        try await TaskRepository.append([TaskEventDraft("task.\(state)", data.bytes)], to: id, on: connection)
        try await connection.query(
            """
            UPDATE tasks SET state = $2, error = $3, finished_at = greatest(now(), created_at), updated_at = greatest(now(), updated_at)
            WHERE id = $1
            """, [id.value, .text(state), .optional(error) { .json($0) }])
    }
}

extension ScoreBackfill {
    /// JSON text: what a task that succeeded tells.
    var result: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("matched", matchedCount)
        writer.member("sampled_out", counts.sampledOut)
        writer.member("skipped", counts.skipped)
        writer.member("scored", counts.scored)
        writer.member("failed", counts.failed)
        writer.member("cost_usd", Double(counts.costNanoUSD) / 1e9)
        writer.endObject()
        return writer.bytes
    }
}
