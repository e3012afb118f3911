/// Why a query was not answered: what happened, where in the request, and what to do.
package struct QueryError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The request is not one: unknown field, operator or type, or over a limit of its form (400).
        case malformed
        /// The cursor is of another query, or damaged (400).
        case cursor
        /// The time limit passed before the answer was complete.
        case timeLimit = "time_limit"
        /// The answer needs more memory than a query may have.
        case memoryLimit = "memory_limit"
        /// Whoever asked has gone.
        case cancelled
        /// The store could not be read; `cause` says why.
        case storage
    }

    package let code: Code
    /// Where in the request, as a JSON path like `filter._or[1].duration_ms._gt`; empty where that says nothing.
    package let path: String
    /// What happened and what to do.
    package let message: String
    package let cause: (any Error)?

    package init(_ code: Code, path: String = "", _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.path = path
        self.message = message
        self.cause = cause
    }

    package var description: String { path.isEmpty ? message : "\(path): \(message)" }

    static func malformed(_ path: String, _ message: String) -> QueryError { QueryError(.malformed, path: path, message) }

    static func timeLimit(milliseconds: Int) -> QueryError {
        QueryError(
            .timeLimit,
            "the query did not finish within \(milliseconds) ms; narrow the time range or the filter, or raise timeout_ms "
                + "(at most \(QueryLimits.maximumTimeMilliseconds))")
    }

    static func memoryLimit(byteCount: Int) -> QueryError {
        QueryError(
            .memoryLimit,
            "the query needs more than its \(byteCount >> 20) MiB of memory; group by fewer or coarser fields, "
                + "narrow the time range, or lower limit")
    }

    /// Any error of a scan as a query's: the engine's own pass through.
    static func wrapping(_ error: any Error) -> QueryError {
        if let error = error as? QueryError { return error }
        return QueryError(.storage, "the store could not be read: \(error)", cause: error)
    }
}
