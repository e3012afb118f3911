/// Transactions on one connection: all of the body's statements or none.

extension PostgresConnection {
    /// Runs `body` between BEGIN and COMMIT; rolls back when it throws or the task is cancelled before the commit.
    /// Errors: the body's, and `commitOutcomeUnknown` when the connection is lost during COMMIT.
    package nonisolated func withTransaction<T: Sendable>(
        _ body: (PostgresConnection) async throws(PostgresError) -> T
    ) async throws(PostgresError) -> T {
        _ = try await script("BEGIN")
        let value: T
        do throws(PostgresError) {
            value = try await body(self)
            if Task.isCancelled { throw PostgresError(.cancelled, "cancelled before the transaction was committed") }
        } catch {
            // A lost connection has rolled back by itself; for any other the pool closes it if this fails.
            _ = try? await script("ROLLBACK")
            throw error
        }
        let tag: String
        do throws(PostgresError) { tag = try await script("COMMIT").commandTag } catch {
            guard error.code == .connection else { throw error }
            throw PostgresError(
                .commitOutcomeUnknown, "the connection was lost during COMMIT: \(error.message)",
                advice: "read the data again before repeating the change")
        }
        // PostgreSQL answers a COMMIT of a failed transaction with ROLLBACK and no error.
        guard tag == "COMMIT" else {
            throw PostgresError(.server, "the transaction was rolled back, as a statement in it had failed", sqlstate: "40000")
        }
        return value
    }
}
