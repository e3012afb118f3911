/// The rows that all workers' rate limits are counted in: each is changed by one worker at a time, by the database's clock.

import PostgresClient

package struct RateBudgetRepository: Sendable {
    let pool: PostgresPool

    /// Reads the budget of a key, changes it and stores what became of it, while everybody else who wants the same one waits.
    ///
    /// - Parameter key: SHA-256 of what is limited.
    /// - Parameter body: gets the budget, nil while nothing is known, and the time of the database. It is run once, or not at all when
    ///   the call fails before.
    /// The change may be forgotten when the database crashes in the next half second, as budgets are learned anew.
    /// Errors: `invalid` (key), `unavailable`.
    package func change<Value: Sendable>(
        _ key: [UInt8], _ body: (inout StoredRateBudget?, _ nowUnixNano: UInt64) -> Value
    ) async throws(MetastoreError) -> Value {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                var row = try await Self.locked(key, on: connection)
                if row == nil {
                    // Somebody else may be making it just now: then it is there afterwards.
                    try await connection.query(
                        "INSERT INTO rate_budgets (key, blocked_until_unix_nano) VALUES ($1, 0) ON CONFLICT (key) DO NOTHING", [.bytes(key)]
                    )
                    row = try await Self.locked(key, on: connection)
                }
                guard let row else { throw PostgresError(.decoding, "a rate budget that was just made is not there") }
                // A row that was just made, or whose maker had nothing to store, is as good as none.
                var budget: StoredRateBudget? = row.budget == StoredRateBudget() ? nil : row.budget
                let value = body(&budget, row.nowUnixNano)
                try await Self.store(budget ?? StoredRateBudget(), key, on: connection)
                return value
            }
        }
    }

    /// As it is, without waiting for anybody; nil if there is none of this key. Errors: `unavailable`.
    package func find(_ key: [UInt8]) async throws(MetastoreError) -> StoredRateBudget? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT \(Self.columns) FROM rate_budgets WHERE key = $1", [.bytes(key)]).first.map(Self.budget)
        }
    }

    /// Deletes budgets that nobody has changed for so long; answers with how many. Errors: `unavailable`.
    @discardableResult
    package func deleteUnused(forSeconds seconds: Double) async throws(MetastoreError) -> Int {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                WITH unused AS (SELECT key FROM rate_budgets WHERE updated_at < now() - make_interval(secs => $1) FOR UPDATE SKIP LOCKED)
                DELETE FROM rate_budgets USING unused WHERE rate_budgets.key = unused.key
                """, [.double(seconds)]
            ).affectedRowCount
        }
    }

    private static let columns = """
        request_capacity, requests_per_second, request_level, requests_updated_unix_nano, token_capacity, tokens_per_second, token_level,
        tokens_updated_unix_nano, blocked_until_unix_nano
        """

    private static func locked(
        _ key: [UInt8], on connection: PostgresConnection
    ) async throws(PostgresError) -> (budget: StoredRateBudget, nowUnixNano: UInt64)? {
        // Nobody waits for the disk: set_config ends with the transaction.
        try await connection.query(
            """
            SELECT \(columns), clock_timestamp() AS now, set_config('synchronous_commit', 'off', true) AS setting
            FROM rate_budgets WHERE key = $1 FOR UPDATE
            """, [.bytes(key)]
        ).first.map { row throws(PostgresError) in
            (budget: try budget(row), nowUnixNano: UInt64(clamping: try row.unixNano("now")))
        }
    }

    private static func store(
        _ budget: StoredRateBudget, _ key: [UInt8], on connection: PostgresConnection
    ) async throws(PostgresError) {
        func values(_ bucket: StoredRateBucket?) -> [PostgresValue] {
            [
                .optional(bucket) { .double($0.capacity.stored(0)) }, .optional(bucket) { .double($0.refillPerSecond.stored(0)) },
                .optional(bucket) { .double($0.level.stored(-maximumAmount)) },
                .optional(bucket) { .integer(Int64(clamping: $0.updatedTimeUnixNano)) },
            ]
        }
        try await connection.query(
            """
            UPDATE rate_budgets SET request_capacity = $2, requests_per_second = $3, request_level = $4, requests_updated_unix_nano = $5,
                token_capacity = $6, tokens_per_second = $7, token_level = $8, tokens_updated_unix_nano = $9,
                blocked_until_unix_nano = $10, updated_at = now()
            WHERE key = $1
            """,
            [.bytes(key)] + values(budget.requests) + values(budget.tokens) + [.integer(Int64(clamping: budget.blockedUntilUnixNano))])
    }

    private static func budget(_ row: PostgresRow) throws(PostgresError) -> StoredRateBudget {
        func bucket(_ capacity: String, _ rate: String, _ level: String, _ updated: String) throws(PostgresError) -> StoredRateBucket? {
            guard let capacityValue: Double = try row.decodeIfPresent(capacity) else { return nil }
            return StoredRateBucket(
                capacity: capacityValue, refillPerSecond: try row.decode(rate), level: try row.decode(level),
                updatedTimeUnixNano: UInt64(clamping: try row.decode(updated, as: Int64.self)))
        }
        return StoredRateBudget(
            requests: try bucket("request_capacity", "requests_per_second", "request_level", "requests_updated_unix_nano"),
            tokens: try bucket("token_capacity", "tokens_per_second", "token_level", "tokens_updated_unix_nano"),
            blockedUntilUnixNano: UInt64(clamping: try row.decode("blocked_until_unix_nano", as: Int64.self)))
    }

    /// What a provider might call a limit at most; the schema's own.
    private static let maximumAmount = 1e15
}

extension Double {
    /// Within what a row takes: a provider's nonsense must not cost its callers their turn.
    fileprivate func stored(_ minimum: Double) -> Double { isNaN ? 0 : Swift.min(Swift.max(self, minimum), 1e15) }
}
