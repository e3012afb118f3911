/// The ledger of decisions: what rules decide of spans as they come in, written with the position it brings the follower to; read by
/// people; kept within bounds.

import EvaluationModel
import JobQueue
import PostgresClient
import TraceModel

package struct ScoreDecisionRepository: Sendable {
    let pool: PostgresPool

    /// All enabled rules, with the place where each store's follower of their project stands; nil: it never looked. In the order of their
    /// ids. Errors: `unavailable`.
    package func enabledRules(node: UInt64) async throws(MetastoreError) -> [FollowedProject] {
        let bits = PostgresValue.integer(Int64(bitPattern: node))
        return try await translatingErrors { () throws(PostgresError) in
            let rows = try await pool.query(
                """
                SELECT \(ScoreRuleRepository.columns), p.lsn,
                    (SELECT count(*) FROM jobs WHERE jobs.group_id = r.id AND jobs.state = 'queued') AS waiting_count
                FROM \(ScoreRuleRepository.tables)
                LEFT JOIN score_positions p ON p.project_id = r.project_id AND p.node_id = $1 WHERE r.is_enabled ORDER BY r.id
                """, [bits])
            var projects: [ProjectID: FollowedProject] = [:]
            for row in rows {
                let rule = try ScoreRule(row), lsn: Int64? = try row.decodeIfPresent("lsn")
                var project =
                    projects[rule.projectID]
                    ?? FollowedProject(id: rule.projectID, position: lsn.map { StorePosition(node: node, lsn: UInt64($0)) })
                project.rules.append(FollowedProject.Rule(rule: rule, waitingCount: try row.decode("waiting_count")))
                projects[rule.projectID] = project
            }
            return projects.values.sorted { $0.id.uuid < $1.id.uuid }
        }
    }

    /// The follower's first look at a project. Errors: `unavailable`.
    package func begin(_ project: ProjectID, at position: StorePosition) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "INSERT INTO score_positions (project_id, node_id, lsn) VALUES ($1, $2, $3) ON CONFLICT (project_id, node_id) DO NOTHING",
                [project.value, position.nodeBits, position.lsnValue])
        }
    }

    /// Enters decisions, queues the jobs of those that are to be scored, and moves the position; all or nothing. A span that a rule
    /// decided already stays decided, unless it did not match then and does now. Errors: `unavailable`.
    package func record(
        _ decisions: [RuleDecisions], of project: ProjectID, through position: StorePosition
    ) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                for rule in decisions.sorted(by: { $0.rule.uuid < $1.rule.uuid }) {
                    var counts = ScoringCounts()
                    counts.notMatched = rule.unlistedNotMatched
                    counts.sampledOut = rule.unlistedSampledOut
                    let known = Dictionary(rule.listed.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
                    for chunk in rule.listed.chunks(byteCount: { 100 + $0.reason.utf8.count }) {
                        let entered = try await Self.insert(
                            chunk, project: project, source: "rule_id", rule.rule.value, on: connection,
                            conflict: """
                                (rule_id, trace_id, span_id) WHERE rule_id IS NOT NULL DO UPDATE SET id = excluded.id,
                                    decision = excluded.decision, reason = excluded.reason, created_at = now(), updated_at = now()
                                    WHERE score_decisions.decision = 'not_matched' AND excluded.decision <> 'not_matched'
                                """
                        ).compactMap { known[$0] }
                        counts.add(entered)
                        try await Self.enqueue(entered, in: rule.rule.bits, on: connection)
                    }
                    if counts != ScoringCounts() { try await ScoreRuleRepository.add(counts, to: rule.rule, on: connection) }
                }
                try await connection.query(
                    "UPDATE score_positions SET lsn = greatest(lsn, $3), updated_at = now() WHERE project_id = $1 AND node_id = $2",
                    [project.value, position.nodeBits, position.lsnValue])
            }
        }
    }

    /// Answers with those that were entered. `conflict`: what becomes of the others.
    static func insert(
        _ decisions: ArraySlice<NewScoreDecision>, project: ProjectID, source column: String, _ source: PostgresValue,
        on connection: PostgresConnection, conflict: String
    ) async throws(PostgresError) -> [ScoreDecisionID] {
        // One statement enters a span once.
        var seen: Set<SpanKey> = []
        let decisions = decisions.filter { seen.insert(SpanKey(trace: $0.traceID, span: $0.spanID)).inserted }
        return try await connection.query(
            """
            INSERT INTO score_decisions (id, project_id, \(column), trace_id, span_id, decision, reason)
            SELECT id, $1, $2, uuid_send(trace_id), decode(span_id, 'hex'), decision, reason
            FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[]) AS given (id, trace_id, span_id, decision, reason)
            ON CONFLICT \(conflict) RETURNING id
            """,
            [
                project.value, source, .uuids(decisions.map(\.id.bits)),
                .uuids(decisions.map { PostgresUUID(high: $0.traceID.high, low: $0.traceID.low) }), .texts(decisions.map(\.spanID.hex)),
                .texts(decisions.map(\.decision.rawValue)), .texts(decisions.map(\.reason)),
            ]
        ).decoded { row throws(PostgresError) in try row.decode("id", as: ScoreDecisionID.self) }
    }

    private struct SpanKey: Hashable {
        let trace: TraceID
        let span: SpanID
    }

    static func enqueue(
        _ decisions: [NewScoreDecision], in group: PostgresUUID, on connection: PostgresConnection
    ) async throws(PostgresError) {
        for chunk in decisions.compactMap(\.payload).chunks(byteCount: \.count) {
            try await ScoreRuleRepository.jobs.enqueue(Array(chunk), in: group, on: connection)
        }
    }

    /// Newest first. Errors: `invalid` (cursor), `unavailable`.
    package func list(
        in project: ProjectID, _ filter: ScoreDecisionFilter, page: PageRequest
    ) async throws(MetastoreError) -> Page<ScoreDecisionRecord> {
        let start = try PagedList.scoreDecisions.start(page, ScoreDecisionID.self)
        // Only what is asked for stands in the statement: each has its index.
        var parameters = [project.value, start.value, .integer(Int64(page.limit + 1))], conditions = ""
        func and(_ condition: String, _ value: PostgresValue?) {
            guard let value else { return }
            parameters.append(value)
            conditions += " AND \(condition) = $\(parameters.count)"
        }
        and("rule_id", filter.ruleID?.value)
        and("task_id", filter.taskID?.value)
        and("trace_id", filter.traceID.map { .bytes($0.bytes) })
        and("decision", filter.decision.map { .text($0.rawValue) })
        let statement = """
            SELECT \(ScoreDecisionRecord.columns) FROM score_decisions WHERE project_id = $1 AND id < $2\(conditions)
            ORDER BY id DESC LIMIT $3
            """
        let values = parameters
        let decisions = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(statement, values).decoded(ScoreDecisionRecord.init)
        }
        return PagedList.scoreDecisions.page(decisions, page, id: \.id)
    }

    /// Takes out some of what is older than it is kept, or more than is kept of a project; true: there may be more. What waits stays.
    /// Errors: `unavailable`.
    package func sweep() async throws(MetastoreError) -> Bool {
        let batch = MetastoreLimits.decisionSweepCount
        return try await translatingErrors { () throws(PostgresError) in
            let old = try await pool.query(
                """
                WITH old AS (
                    -- Ids begin with their milliseconds.
                    SELECT id FROM score_decisions WHERE decision <> 'queued' AND id < (
                        lpad(to_hex((extract(epoch FROM now() - make_interval(days => \(MetastoreLimits.decisionDayCount))) * 1000)::bigint),
                            12, '0') || '70008000000000000000')::uuid
                    ORDER BY id LIMIT \(batch) FOR UPDATE SKIP LOCKED)
                DELETE FROM score_decisions USING old WHERE score_decisions.id = old.id
                """
            ).affectedRowCount
            var isMore = old == batch
            let projects = try await pool.query("SELECT project_id FROM score_rules UNION SELECT project_id FROM score_backfills").decoded {
                row throws(PostgresError) in
                try row.decode("project_id", as: ProjectID.self)
            }
            for project in projects {
                let surplus = try await pool.query(
                    """
                    WITH surplus AS (
                        SELECT id FROM score_decisions WHERE project_id = $1 AND decision <> 'queued' AND id < (
                            SELECT id FROM score_decisions WHERE project_id = $1 ORDER BY id DESC
                            OFFSET \(MetastoreLimits.maximumDecisionCount) LIMIT 1)
                        ORDER BY id LIMIT \(batch) FOR UPDATE SKIP LOCKED)
                    DELETE FROM score_decisions USING surplus WHERE score_decisions.id = surplus.id
                    """, [project.value]
                ).affectedRowCount
                if surplus == batch { isMore = true }
            }
            return isMore
        }
    }
}

/// A project that has an enabled rule.
package struct FollowedProject: Sendable, Equatable {
    package struct Rule: Sendable, Equatable {
        package let rule: ScoreRule
        /// Jobs of it that wait.
        package let waitingCount: Int
    }

    package let id: ProjectID
    package let position: StorePosition?
    package var rules: [Rule] = []
}

extension ScoringCounts {
    mutating func add(_ decisions: [NewScoreDecision]) {
        for decision in decisions {
            switch decision.decision {
            case .notMatched: notMatched += 1
            case .sampledOut: sampledOut += 1
            case .queued: queued += 1
            case .skipped: skipped += 1
            case .scored: scored += 1
            case .failed: failed += 1
            }
        }
    }
}
