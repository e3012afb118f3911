import PostgresClient

/// Failed sign-ins in a row of an account or from an address.
package struct SignInFailures: Sendable, Equatable {
    package let count: Int
    /// nil while there are none.
    package let lastTimeUnixNano: Int64?

    package init(count: Int, lastTimeUnixNano: Int64?) {
        self.count = count
        self.lastTimeUnixNano = lastTimeUnixNano
    }

    package static let none = SignInFailures(count: 0, lastTimeUnixNano: nil)
}

/// Counts sign-ins as failed before they are checked, so that guesses made side by side count one by one; success takes the
/// count back.
package struct SignInAttemptRepository: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case account, address
    }

    let pool: PostgresPool

    /// `decide` sees the failures so far and answers whether the attempt may be made, which then counts as failed; otherwise
    /// nothing changes. Subjects: SHA-256 of an e-mail address and of an IP address. Errors: `unavailable`.
    package func attempt(
        _ subjects: [Kind: [UInt8]], nowUnixNano: Int64, decide: @Sendable ([Kind: SignInFailures]) -> Bool
    ) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                var failures: [Kind: SignInFailures] = [:]
                // In one order, so that two attempts never wait for each other.
                for kind in Kind.allCases {
                    guard let subject = subjects[kind] else { continue }
                    let row = try await connection.query(
                        """
                        INSERT INTO sign_in_attempts AS a (kind, subject, failure_count, last_failure_at) VALUES ($1, $2, 0, $3)
                        ON CONFLICT (kind, subject) DO UPDATE SET failure_count = a.failure_count
                        RETURNING failure_count, last_failure_at
                        """, [.text(kind.rawValue), .bytes(subject), .timestamp(unixNano: nowUnixNano)]
                    ).only { row throws(PostgresError) in row }
                    let count = try row.decode("failure_count", as: Int.self)
                    failures[kind] =
                        count == 0 ? .none : SignInFailures(count: count, lastTimeUnixNano: try row.unixNano("last_failure_at"))
                }
                guard decide(failures) else { return false }
                for (kind, subject) in subjects {
                    try await connection.query(
                        """
                        UPDATE sign_in_attempts SET failure_count = failure_count + 1, last_failure_at = $3
                        WHERE kind = $1 AND subject = $2
                        """, [.text(kind.rawValue), .bytes(subject), .timestamp(unixNano: nowUnixNano)])
                }
                return true
            }
        }
    }

    /// The attempt succeeded: the account's count ends, the address's goes back by this one. Errors: `unavailable`.
    package func succeeded(_ subjects: [Kind: [UInt8]]) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                if let account = subjects[.account] {
                    try await connection.query("DELETE FROM sign_in_attempts WHERE kind = 'account' AND subject = $1", [.bytes(account)])
                }
                if let address = subjects[.address] {
                    try await connection.query(
                        """
                        UPDATE sign_in_attempts SET failure_count = greatest(failure_count - 1, 0)
                        WHERE kind = 'address' AND subject = $1
                        """, [.bytes(address)])
                }
            }
        }
    }
}
