/// Asks a server, over a connection of its own, whether it answers anybody: one that is frozen, or unreachable, keeps every connection
/// open and every statement waiting.

import CLibpq

enum ServerQuestion {
    /// Blocks for `PostgresLimits.askTimeoutSeconds` at most. A server that answers "no" (starting, full, no such user) answers.
    static func isAnswered(by configuration: PostgresConfiguration) -> Bool {
        let keywords = configuration.keywords + [("connect_timeout", String(PostgresLimits.askTimeoutSeconds))]
        return Keywords.withPointers(keywords) { PQpingParams($0, $1, 1) } != PQPING_NO_RESPONSE
    }
}
