/// What was under way in a database that was restored: nobody knows what of it was done after the backup was taken.

import EvaluationModel
import PostgresClient

package enum RestoredWork {
    /// Running runs wait for somebody's word, since their calls to providers may have been made since, and paid for; every session of a
    /// user ends, since one that was ended since must not come back to life. Doing it again changes nothing.
    package static func settle(reason: String, on connection: PostgresConnection) async throws(PostgresError) {
        try await connection.withTransaction { connection throws(PostgresError) in
            let runs = try await connection.query(
                "SELECT \(RunRepository.columns) FROM runs WHERE state = 'running' ORDER BY id FOR NO KEY UPDATE"
            ).decoded { row throws(PostgresError) in try RunRepository.run(row) }
            for run in runs { try await RunRepository.move(run, to: .paused, reason: reason, on: connection) }
            try await connection.query("UPDATE sessions SET revoked_at = greatest(now(), created_at) WHERE revoked_at IS NULL")
            try await connection.query("UPDATE password_resets SET used_at = now() WHERE used_at IS NULL")
        }
    }
}
