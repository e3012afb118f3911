/// The one error of this target: what happened, what to do about it, and what PostgreSQL said.

/// A failure of a connection, a statement, the pool, a migration or the private cluster.
package struct PostgresError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is; callers branch on this, people read `message` and `advice`.
    package enum Code: Sendable, Hashable {
        /// No connection could be made, or an open one was lost.
        case connection
        /// The server refused the statement; `sqlstate` says why.
        case server
        /// The task was cancelled; the statement was stopped on the server.
        case cancelled
        /// The statement ran into its time limit.
        case timedOut
        /// Every connection stayed in use for the whole wait, or too many callers were waiting.
        case poolExhausted
        /// The pool or the connection was closed by this process.
        case closed
        /// A column does not hold what the caller asked for.
        case decoding
        /// A parameter cannot be sent as the type which the statement wants.
        case parameter
        /// The connection was lost during COMMIT: the transaction is either wholly there or not at all.
        case commitOutcomeUnknown
        /// The schema does not match this program.
        case migration
        /// The private cluster could not be set up, started or stopped.
        case cluster
        /// The connection string or another setting cannot be used.
        case configuration
    }

    package var code: Code
    /// What happened, lower case, without a trailing period.
    package var message: String
    /// What to do; empty where only a retry or a look at `message` helps.
    package var advice: String
    /// PostgreSQL's five characters (appendix A of its manual); empty when the failure did not come from the server.
    package var sqlstate: String
    /// The constraint which refused a row; empty otherwise.
    package var constraint: String

    package init(_ code: Code, _ message: String, advice: String = "", sqlstate: String = "", constraint: String = "") {
        self.code = code
        self.message = message
        self.advice = advice
        self.sqlstate = sqlstate
        self.constraint = constraint
    }

    /// Whether the same call can succeed a little later without anybody changing anything.
    package var isTransient: Bool {
        switch code {
        case .connection, .poolExhausted, .timedOut: return true
        case .server:
            // 08 connection, 40 rollback (serialization, deadlock), 53 out of resources, 57P operator intervention
            // (shutdown, crash, starting up), 55P03 lock not available, 25006 read-only standby.
            return ["08", "40", "53"].contains(sqlstate.prefix(2)) || sqlstate.hasPrefix("57P") || sqlstate == "55P03"
                || sqlstate == "25006"
        case .cancelled, .closed, .decoding, .parameter, .commitOutcomeUnknown, .migration, .cluster, .configuration: return false
        }
    }

    package var description: String {
        var text = message
        if !sqlstate.isEmpty { text += " (SQLSTATE \(sqlstate))" }
        if !advice.isEmpty { text += "; \(advice)" }
        return text
    }
}

/// The SQLSTATE values which this code tells apart (PostgreSQL manual, appendix A).
enum SQLState {
    static let queryCanceled = "57014"
    /// A prepared statement whose tables changed underneath: "cached plan must not change result type".
    static let featureNotSupported = "0A000"
    /// A prepared statement which the server no longer knows (DISCARD ALL, a pooler in between).
    static let invalidStatementName = "26000"
}
