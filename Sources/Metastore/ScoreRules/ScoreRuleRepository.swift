import EvaluationModel
import JobQueue
import PostgresClient
import TraceModel

/// Score rules are found, made and changed for the project that asks: another one's is as good as none. A rule's row, its group of jobs
/// and the project's position in the store change in one transaction.
package struct ScoreRuleRepository: Sendable {
    let pool: PostgresPool

    /// Jobs that score a span, of rules and backfills alike.
    static let jobs = JobQueue("score.spans")

    static let columns = """
        r.id, r.project_id, r.name, r.filter, r.scorers, r.sampling_rate, r.is_enabled, r.daily_cap_nano_usd, r.concurrency, r.created_at,
        r.updated_at, r.enabled_at, r.archived_at, coalesce(d.not_matched_count, 0) AS not_matched_count,
        coalesce(d.sampled_out_count, 0) AS sampled_out_count, coalesce(d.queued_count, 0) AS queued_count,
        coalesce(d.skipped_count, 0) AS skipped_count, coalesce(d.scored_count, 0) AS scored_count,
        coalesce(d.failed_count, 0) AS failed_count, coalesce(d.cost_nano_usd, 0) AS cost_nano_usd
        """
    static let tables = "score_rules r LEFT JOIN score_rule_days d ON d.rule_id = r.id AND d.day = \(today)"
    static let today = "(now() AT TIME ZONE 'UTC')::date"

    /// `position`: where the store stands now: an enabled rule holds from there on. Errors: `invalid`, `conflict` (name, too many enabled
    /// rules), `unavailable`.
    package func create(
        _ new: NewScoreRule, in project: ProjectID, at position: StorePosition, audit: AuditDraft
    ) async throws(MetastoreError) -> ScoreRule {
        let id = ScoreRuleID.make()
        let rule = try await pool.audited(audit) { connection throws(PostgresError) -> (ScoreRule?, AuditedChange?) in
            if new.isEnabled, try await Self.enabledCount(of: project, on: connection) >= ScoreRuleLimits.maximumEnabledRuleCount {
                return (nil, nil)
            }
            try await Self.jobs.addGroup(
                id.bits,
                concurrency: SpendingAllowance(
                    asked: new.concurrency, capNanoUSD: new.dailyCapNanoUSD, costNanoUSD: 0, trialCount: 0
                ).carefulConcurrency, on: connection)
            let row = try await connection.query(
                """
                INSERT INTO score_rules (id, project_id, name, filter, scorers, sampling_rate, is_enabled, daily_cap_nano_usd, concurrency)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING \(AuditSnapshot.column("score_rules"))
                """,
                [
                    id.value, project.value, .text(new.name), .json(new.filter), .json(new.scorers), .double(new.samplingRate),
                    .bool(new.isEnabled), .optional(new.dailyCapNanoUSD) { .integer($0) }, .integer(Int64(new.concurrency)),
                ]
            ).only { row throws(PostgresError) in row }
            try await Self.arrange(id, in: project, isEnabled: new.isEnabled, at: position, on: connection)
            return (try await Self.rule(id, on: connection), Self.change(id, project, before: nil, after: try AuditSnapshot.of(row)))
        }
        guard let rule else { throw MetastoreError(.conflict, Self.tooMany, field: "enabled") }
        return rule
    }

    /// nil if the project has no such rule. Errors: `unavailable`.
    package func find(_ id: ScoreRuleID, in project: ProjectID) async throws(MetastoreError) -> ScoreRule? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns) FROM \(Self.tables) WHERE r.id = $1 AND r.project_id = $2", [id.value, project.value]
            ).first.map(ScoreRule.init)
        }
    }

    /// Newest first. Errors: `invalid` (cursor), `unavailable`.
    package func list(
        in project: ProjectID, includingArchived: Bool = false, page: PageRequest
    ) async throws(MetastoreError) -> Page<ScoreRule> {
        let start = try PagedList.scoreRules.start(page, ScoreRuleID.self)
        let rules = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Self.columns) FROM \(Self.tables)
                WHERE r.project_id = $1 AND r.id < $2 AND ($3 OR r.archived_at IS NULL) ORDER BY r.id DESC LIMIT $4
                """, [project.value, start.value, .bool(includingArchived), .integer(Int64(page.limit + 1))]
            ).decoded(ScoreRule.init)
        }
        return PagedList.scoreRules.page(rules, page, id: \.id)
    }

    package enum UpdateResult: Sendable, Equatable {
        case updated(ScoreRule)
        case archived
        case notFound
        case tooManyEnabled
    }

    /// Errors: `invalid`, `conflict` (name), `unavailable`.
    package func update(
        _ id: ScoreRuleID, in project: ProjectID, _ change: ScoreRuleChange, at position: StorePosition, audit: AuditDraft
    ) async throws(MetastoreError) -> UpdateResult {
        try await pool.audited(audit) { connection throws(PostgresError) -> (UpdateResult, AuditedChange?) in
            let condition = "id = $1 AND project_id = $2"
            guard let before = try await connection.lockedSnapshot("score_rules", where: condition, [id.value, project.value]),
                let old = try await Self.rule(id, on: connection)
            else { return (.notFound, nil) }
            guard old.archivedTimeUnixNano == nil else { return (.archived, nil) }
            let isEnabled = change.isEnabled ?? old.isEnabled
            if isEnabled, !old.isEnabled {
                let count = try await Self.enabledCount(of: project, on: connection)
                guard count < ScoreRuleLimits.maximumEnabledRuleCount else { return (.tooManyEnabled, nil) }
            }
            let cap = change.dailyCapNanoUSD ?? old.dailyCapNanoUSD
            let row = try await connection.query(
                """
                UPDATE score_rules SET name = coalesce($3, name), filter = coalesce($4, filter), scorers = coalesce($5, scorers),
                    sampling_rate = coalesce($6, sampling_rate), enabled_at = CASE WHEN $7 AND NOT is_enabled THEN now() ELSE enabled_at END,
                    is_enabled = $7, daily_cap_nano_usd = $8, concurrency = coalesce($9, concurrency), updated_at = now()
                WHERE \(condition) RETURNING \(AuditSnapshot.column("score_rules"))
                """,
                [
                    id.value, project.value, .optional(change.name) { .text($0) }, .optional(change.filter) { .json($0) },
                    .optional(change.scorers) { .json($0) }, .optional(change.samplingRate) { .double($0) }, .bool(isEnabled),
                    .optional(cap) { .integer($0) }, .optional(change.concurrency) { .integer(Int64($0)) },
                ]
            ).only { row throws(PostgresError) in row }
            try await Self.arrange(id, in: project, isEnabled: isEnabled, at: position, on: connection)
            guard let rule = try await Self.rule(id, on: connection) else { return (.notFound, nil) }
            try await Self.jobs.setConcurrency(Self.allowance(rule).carefulConcurrency, of: id.bits, on: connection)
            return (.updated(rule), Self.change(id, project, before: before, after: try AuditSnapshot.of(row)))
        }
    }

    /// Ends it: what waits is skipped; its decisions stay. nil if the project has no such rule. Errors: `unavailable`.
    package func archive(_ id: ScoreRuleID, in project: ProjectID, audit: AuditDraft) async throws(MetastoreError) -> ScoreRule? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (ScoreRule?, AuditedChange?) in
            let condition = "id = $1 AND project_id = $2"
            guard let before = try await connection.lockedSnapshot("score_rules", where: condition, [id.value, project.value]) else {
                return (nil, nil)
            }
            let row = try await connection.query(
                """
                UPDATE score_rules SET is_enabled = false, archived_at = coalesce(archived_at, now()), updated_at = now()
                WHERE \(condition) RETURNING \(AuditSnapshot.column("score_rules"))
                """, [id.value, project.value]
            ).only { row throws(PostgresError) in row }
            try await Self.jobs.deleteAll(id.bits, on: connection)
            let skipped = try await connection.query(
                """
                UPDATE score_decisions SET decision = 'skipped', reason = 'the rule was archived', updated_at = now()
                WHERE rule_id = $1 AND decision = 'queued'
                """, [id.value]
            ).affectedRowCount
            var counts = ScoringCounts()
            counts.skipped = Int64(skipped)
            try await Self.add(counts, to: id, on: connection)
            try await Self.arrange(id, in: project, isEnabled: false, at: nil, on: connection)
            return (
                try await Self.rule(id, on: connection),
                Self.change(id, project, before: before, after: try AuditSnapshot.of(row))
            )
        }
    }

    // MARK: - Inside of transactions

    static func rule(_ id: ScoreRuleID, on connection: PostgresConnection) async throws(PostgresError) -> ScoreRule? {
        try await connection.query("SELECT \(columns) FROM \(tables) WHERE r.id = $1", [id.value]).first.map(ScoreRule.init)
    }

    /// Calls at a time that the rest of the day's money allows.
    static func allowance(_ rule: ScoreRule) -> SpendingAllowance {
        SpendingAllowance(
            asked: rule.concurrency, capNanoUSD: rule.dailyCapNanoUSD, costNanoUSD: rule.today.costNanoUSD,
            trialCount: Int(clamping: rule.today.scored))
    }

    static func add(_ counts: ScoringCounts, to rule: ScoreRuleID, on connection: PostgresConnection) async throws(PostgresError) {
        try await connection.query(
            """
            INSERT INTO score_rule_days AS d (rule_id, day, not_matched_count, sampled_out_count, queued_count, skipped_count, scored_count,
                failed_count, cost_nano_usd)
            VALUES ($1, \(today), $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (rule_id, day) DO UPDATE SET not_matched_count = d.not_matched_count + $2,
                sampled_out_count = d.sampled_out_count + $3, queued_count = d.queued_count + $4, skipped_count = d.skipped_count + $5,
                scored_count = d.scored_count + $6, failed_count = d.failed_count + $7, cost_nano_usd = d.cost_nano_usd + $8
            """,
            [
                rule.value, .integer(counts.notMatched), .integer(counts.sampledOut), .integer(counts.queued), .integer(counts.skipped),
                .integer(counts.scored), .integer(counts.failed), .integer(counts.costNanoUSD),
            ])
    }

    private static func enabledCount(of project: ProjectID, on connection: PostgresConnection) async throws(PostgresError) -> Int {
        // The project's row is the lock: two requests do not both make the last one.
        try await connection.query("SELECT 1 FROM projects WHERE id = $1 FOR UPDATE", [project.value])
        return try await connection.query(
            "SELECT count(*) AS n FROM score_rules WHERE project_id = $1 AND is_enabled", [project.value]
        ).only { row throws(PostgresError) in try row.decode("n") }
    }

    /// Brings the rule's jobs and the project's position to what the rule is now. Without an enabled rule a project is not followed, and
    /// has no position: what comes in meanwhile is nobody's.
    private static func arrange(
        _ id: ScoreRuleID, in project: ProjectID, isEnabled: Bool, at position: StorePosition?, on connection: PostgresConnection
    ) async throws(PostgresError) {
        let count = try await enabledCount(of: project, on: connection)
        try await jobs.setPaused(!isEnabled, id.bits, on: connection)
        if count == 0 {
            try await connection.query("DELETE FROM score_positions WHERE project_id = $1", [project.value])
        } else if isEnabled, let position {
            try await connection.query(
                "INSERT INTO score_positions (project_id, node_id, lsn) VALUES ($1, $2, $3) ON CONFLICT (project_id, node_id) DO NOTHING",
                [project.value, position.nodeBits, position.lsnValue])
        }
    }

    package static let tooMany = "the project has \(ScoreRuleLimits.maximumEnabledRuleCount) enabled score rules already"

    private static func change(
        _ id: ScoreRuleID, _ project: ProjectID, before: PostgresJSON?, after: PostgresJSON?
    ) -> AuditedChange {
        AuditedChange(project: project, resourceKind: "score_rule", resourceID: id.uuid, before: before, after: after)
    }
}
