/// Where a task stands, with the number of its last event: what a follower is told first, and the counters from time to time after it.

import EvaluationModel
import PostgresClient
import TraceModel

package struct TaskSnapshot: Sendable, Equatable {
    package var task: TaskRecord
    /// 0: it has none yet.
    package var lastEventSequence: Int64
    /// Of a task that is a run.
    package var run: RunProgress?

    package init(task: TaskRecord, lastEventSequence: Int64, run: RunProgress? = nil) {
        self.task = task
        self.lastEventSequence = lastEventSequence
        self.run = run
    }
}

package struct RunProgress: Sendable, Equatable {
    package var state: RunState
    /// For people; empty where the state needs no words.
    package var stateReason: String
    package var counts: RunCounts

    package init(state: RunState, stateReason: String = "", counts: RunCounts) {
        self.state = state
        self.stateReason = stateReason
        self.counts = counts
    }
}

extension TaskRepository {
    /// nil if there is no such task, whosever it is. Errors: `unavailable`.
    package func snapshot(of id: TaskID) async throws(MetastoreError) -> TaskSnapshot? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT t.*, r.* FROM (SELECT \(Self.columns), last_event_sequence FROM tasks WHERE id = $1) AS t
                LEFT JOIN (
                    SELECT id AS run_id, state AS run_state, state_reason AS run_state_reason, cell_count, passed_count, failed_count,
                        errored_count, cost_nano_usd, input_tokens, output_tokens
                    FROM runs WHERE id = $1) AS r ON r.run_id = t.id
                """, [id.value]
            ).first.map { row throws(PostgresError) in
                TaskSnapshot(
                    task: try Self.task(row), lastEventSequence: try row.decode("last_event_sequence"), run: try Self.runProgress(row))
            }
        }
    }

    private static func runProgress(_ row: PostgresRow) throws(PostgresError) -> RunProgress? {
        guard let name = try row.decodeIfPresent("run_state", as: String.self) else { return nil }
        guard let state = RunState(rawValue: name) else { throw PostgresError(.decoding, "\(name) is no state of a run") }
        return RunProgress(
            state: state, stateReason: try row.decode("run_state_reason"),
            counts: RunCounts(
                cellCount: try row.decode("cell_count"), passedCount: try row.decode("passed_count"),
                failedCount: try row.decode("failed_count"), erroredCount: try row.decode("errored_count"),
                costNanoUSD: try row.decode("cost_nano_usd"), inputTokens: try row.decode("input_tokens"),
                outputTokens: try row.decode("output_tokens")))
    }
}
