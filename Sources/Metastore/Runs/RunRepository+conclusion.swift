/// How a run comes to its end, once and whatever happens.
///
/// The conclusion is a job, ordered when it is due: when every cell has its outcome, or when the money is spent and no cell is under way
/// any more. It is asked for whenever cells have ended in whatever way (recorded, given back, lost with their worker), and of all
/// open runs at each rescue; so a run whose last cell ends in none of the ways that were thought of is concluded a moment later. While an
/// order is open there is no second one, and a run that has ended takes no verdict any more.

import EvaluationModel
import JobQueue
import PostgresClient

extension RunRepository {
    /// Brings the state and what is left of the money to the run's groups of jobs; true when the money is spent. The exec cells
    /// cost this server nothing until they are scored: they are held by the state and by an empty purse only.
    @discardableResult
    static func arrange(_ run: RunRecord, as state: RunState, on connection: PostgresConnection) async throws(PostgresError) -> Bool {
        let allowance = SpendingAllowance(
            asked: run.concurrency, capNanoUSD: run.spendingCapNanoUSD, costNanoUSD: run.counts.costNanoUSD,
            trialCount: run.counts.passedCount + run.counts.failedCount)
        let isPaused = state == .paused || allowance.isSpent
        try await cells.setConcurrency(allowance.concurrency ?? run.concurrency, of: run.id.bits, on: connection)
        try await cells.setPaused(isPaused, run.id.bits, on: connection)
        if let group = run.execGroup {
            try await exec.setConcurrency(run.concurrency, of: group, on: connection)
            try await exec.setPaused(isPaused, group, on: connection)
        }
        return allowance.isSpent
    }

    /// True of a row of `runs` whose conclusion is due and not ordered yet.
    private static let conclusionIsDue = """
        state IN ('running', 'paused')
        AND (passed_count + failed_count + errored_count >= cell_count
            OR (spending_cap_nano_usd <= cost_nano_usd
                AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.group_id = runs.id AND jobs.state = 'leased')))
        AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = runs.conclusion_job_id AND jobs.state IN ('queued', 'leased'))
        """

    /// Orders the conclusion if it is due; answers whether it did. The run's row is held by the transaction, and its groups are arranged
    /// already: else a cell could be leased meanwhile.
    @discardableResult
    static func orderDueConclusion(of run: RunID, on connection: PostgresConnection) async throws(PostgresError) -> Bool {
        let isDue = try await !connection.query("SELECT 1 FROM runs WHERE id = $1 AND \(conclusionIsDue)", [run.value]).isEmpty
        guard isDue else { return false }
        let job = try await enqueue(.conclude, of: run, on: connection)
        try await connection.query("UPDATE runs SET conclusion_job_id = $2 WHERE id = $1", [run.value, .integer(job.number)])
        return true
    }

    /// Takes an order back that nobody has begun; false when somebody has. The run's row is held by the transaction.
    static func withdrawConclusion(of run: RunID, on connection: PostgresConnection) async throws(PostgresError) -> Bool {
        let states = try await connection.query(
            "SELECT state FROM jobs WHERE id = (SELECT conclusion_job_id FROM runs WHERE id = $1) FOR UPDATE", [run.value]
        ).decoded { row throws(PostgresError) in try row.decode("state", as: String.self) }
        if states.contains("leased") { return false }
        try await connection.query(
            """
            UPDATE jobs SET state = 'cancelled'
            WHERE id = (SELECT conclusion_job_id FROM runs WHERE id = $1) AND state = 'queued'
            """, [run.value])
        return true
    }

    /// A review that has begun may have read what no longer counts: it loses its lease, and with that its say. The next cells bring
    /// another. The run's row is held by the transaction.
    static func voidReviews(of run: RunID, on connection: PostgresConnection) async throws(PostgresError) {
        try await connection.query(
            """
            WITH review AS (SELECT id, attempt_count, worker, leased_at FROM jobs
                            WHERE group_id = $1 AND state = 'leased' AND payload ->> 'run' = $2 AND payload ->> 'step' = 'review'
                            ORDER BY id FOR UPDATE),
            logged AS (INSERT INTO job_attempts (job_id, number, worker, started_at, result)
                       SELECT id, attempt_count, worker, leased_at, 'cancelled' FROM review)
            UPDATE jobs SET state = 'cancelled', lease_id = NULL, worker = NULL, leased_at = NULL, lease_expires_at = NULL
            FROM review WHERE jobs.id = review.id
            """, [.uuid(controlGroup), .text(run.uuid)])
    }

    /// Looks over all open runs for conclusions that are due.
    func orderDueConclusions() async throws(PostgresError) {
        let runs = try await pool.query(
            "SELECT id FROM runs WHERE \(Self.conclusionIsDue) ORDER BY id LIMIT \(MetastoreLimits.maximumSweepCount)"
        ).decoded {
            row throws(PostgresError) in try row.decode("id", as: RunID.self)
        }
        for id in runs {
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let run = try await Self.locked(id, on: connection), !run.state.isFinal else { return }
                try await Self.arrange(run, as: run.state, on: connection)
                try await Self.orderDueConclusion(of: id, on: connection)
            }
        }
    }

    /// Ends the run with its verdict (JSON text); cells that are open are cancelled. Nothing if it has ended already, or if `job`, which
    /// told to conclude it, is not held any more: cells may have been queued again since. nil: the results so far decide. Errors:
    /// `unavailable`.
    package func conclude(
        _ id: RunID, verdict: [UInt8], reason: String, by job: RunControlJob? = nil
    ) async throws(MetastoreError) {
        try await end(id, .conclude, reason: reason, verdict: verdict, by: job)
    }

    /// Ends a run that cannot go on. Errors: `unavailable`.
    package func fail(_ id: RunID, reason: String) async throws(MetastoreError) {
        try await end(id, .fail, reason: reason, verdict: nil)
    }

    private func end(
        _ id: RunID, _ command: RunState.Command, reason: String, verdict: [UInt8]?, by job: RunControlJob? = nil
    ) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let run = try await Self.locked(id, on: connection), let state = run.state.after(command) else { return }
                if let job, try await JobQueue.extend([job.job], on: connection).isEmpty { return }
                try await Self.move(run, to: state, reason: reason, verdict: verdict, on: connection)
            }
        }
    }
}
