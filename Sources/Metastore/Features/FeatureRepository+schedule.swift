/// Schedules: which projects are analyzed by themselves, and the windows that have become due.

import PostgresClient
import TraceModel

extension FeatureRepository {
    private static let scheduleColumns = """
        is_enabled, period_hours, maximum_traces, spending_cap_nano_usd, filter, next_window_start, updated_at
        """

    /// nil if the project has none. Errors: `unavailable`.
    package func schedule(of project: ProjectID) async throws(MetastoreError) -> StoredFeatureSchedule? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT \(Self.scheduleColumns) FROM feature_schedules WHERE project_id = $1", [project.value])
                .first.map(Self.stored)
        }
    }

    /// Replaces the schedule. One that was enabled with the same period goes on where it is; any other begins with the newest complete
    /// window. Errors: `invalid` (each member by its name), `notFound` (project), `unavailable`.
    package func replaceSchedule(
        of project: ProjectID, with schedule: FeatureSchedule, audit: AuditDraft
    ) async throws(MetastoreError) -> StoredFeatureSchedule {
        try await pool.audited(audit) { connection throws(PostgresError) -> (StoredFeatureSchedule, AuditedChange?) in
            let before = try await connection.lockedSnapshot("feature_schedules", where: "project_id = $1", [project.value])
            let now = try await Self.now(on: connection)
            let row = try await connection.query(
                """
                INSERT INTO feature_schedules AS s (project_id, is_enabled, period_hours, maximum_traces, spending_cap_nano_usd, filter,
                    next_window_start)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (project_id) DO UPDATE SET is_enabled = excluded.is_enabled, period_hours = excluded.period_hours,
                    maximum_traces = excluded.maximum_traces, spending_cap_nano_usd = excluded.spending_cap_nano_usd,
                    filter = excluded.filter, updated_at = now(),
                    next_window_start = CASE WHEN s.is_enabled AND s.period_hours = excluded.period_hours THEN s.next_window_start
                        ELSE excluded.next_window_start END
                RETURNING \(Self.scheduleColumns), \(AuditSnapshot.column("s"))
                """,
                [
                    project.value, .bool(schedule.isEnabled), .integer(Int64(schedule.periodHours)),
                    .integer(Int64(schedule.maximumTraceCount)), .integer(schedule.spendingCapNanoUSD), .json(schedule.filter),
                    .timestamp(unixNano: schedule.firstWindowStart(nowUnixNano: now)),
                ]
            ).only { row throws(PostgresError) in row }
            return (
                try Self.stored(row),
                AuditedChange(
                    project: project, resourceKind: "feature_schedule", resourceID: project.uuid, before: before,
                    after: try AuditSnapshot.of(row))
            )
        }
    }

    /// Orders the analyses of windows that are over, one of each schedule; answers with how many there were. Errors: `unavailable`.
    package func orderDueAnalyses() async throws(MetastoreError) -> Int {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                let now = try await Self.now(on: connection)
                let rows = try await connection.query(
                    """
                    SELECT s.project_id, s.is_enabled, s.period_hours, s.maximum_traces, s.spending_cap_nano_usd, s.filter,
                        s.next_window_start, s.updated_at FROM feature_schedules s
                    JOIN projects p ON p.id = s.project_id
                    WHERE s.is_enabled AND p.archived_at IS NULL
                        AND s.next_window_start + make_interval(hours => s.period_hours)
                            + make_interval(secs => \(MetastoreLimits.featureWindowGraceSeconds)) <= clock_timestamp()
                    ORDER BY s.project_id LIMIT \(MetastoreLimits.maximumSweepCount) FOR UPDATE OF s SKIP LOCKED
                    """)
                var count = 0
                for row in rows {
                    let project: ProjectID = try row.decode("project_id")
                    let stored = try Self.stored(row), schedule = stored.schedule
                    guard let window = schedule.dueWindow(next: stored.nextWindowStartUnixNano, nowUnixNano: now) else { continue }
                    let order = FeatureAnalysisOrder(
                        windowStartUnixNano: window.start, windowEndUnixNano: window.end, maximumTraceCount: schedule.maximumTraceCount,
                        spendingCapNanoUSD: schedule.spendingCapNanoUSD, filter: schedule.filter)
                    if try await Self.analysis(of: order, in: project, on: connection) == nil {
                        _ = try await Self.insert(order, in: project, on: connection)
                    }
                    try await connection.query(
                        "UPDATE feature_schedules SET next_window_start = $2 WHERE project_id = $1",
                        [project.value, .timestamp(unixNano: window.end)])
                    count += 1
                }
                return count
            }
        }
    }

    private static func now(on connection: PostgresConnection) async throws(PostgresError) -> Int64 {
        try await connection.query("SELECT clock_timestamp() AS now").only { row throws(PostgresError) in try row.unixNano("now") }
    }

    private static func stored(_ row: PostgresRow) throws(PostgresError) -> StoredFeatureSchedule {
        StoredFeatureSchedule(
            schedule: FeatureSchedule(
                isEnabled: try row.decode("is_enabled"), periodHours: try row.decode("period_hours"),
                maximumTraceCount: try row.decode("maximum_traces"), spendingCapNanoUSD: try row.decode("spending_cap_nano_usd"),
                filter: try row.decode("filter", as: PostgresJSON.self).bytes),
            nextWindowStartUnixNano: try row.unixNano("next_window_start"), updateTimeUnixNano: try row.unixNano("updated_at"))
    }
}
