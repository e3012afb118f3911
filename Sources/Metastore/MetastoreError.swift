/// The one error of this target, in the caller's terms; what PostgreSQL said stays inside as the cause.

import PostgresClient

package struct MetastoreError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// PostgreSQL cannot be reached or is overloaded: the same call may succeed a little later.
        case unavailable
        /// Something of that name is there already.
        case conflict
        /// A value breaks a rule of the schema; `field` names it.
        case invalid
        /// What the call refers to does not exist.
        case notFound
        /// As many of these are under way as may be: the same call succeeds when one of them has ended.
        case tooMany
        case cancelled
        /// The database's schema does not fit this program; `message` says what to do.
        case schema
        /// A defect of this program or of the database.
        case `internal`
    }

    package var code: Code
    /// What happened and what to do about it.
    package var message: String
    /// The field at fault, for `conflict` and `invalid`; empty when there is none.
    package var field: String
    package var cause: PostgresError?

    package init(_ code: Code, _ message: String, field: String = "", cause: PostgresError? = nil) {
        self.code = code
        self.message = message
        self.field = field
        self.cause = cause
    }

    package init(_ cause: PostgresError) {
        self.cause = cause
        field = ""
        message = cause.message
        switch cause.code {
        case .cancelled: code = .cancelled
        case .migration, .configuration, .cluster:
            code = .schema
            message = cause.description
        case .closed, .connection, .poolExhausted, .timedOut:
            code = .unavailable
            message = "the database cannot be reached now; try again shortly"
        case .commitOutcomeUnknown:
            code = .unavailable
            message = "the connection to the database was lost; the change may or may not have been stored"
        case .parameter:
            code = .invalid
            // Without the parameter's number, which says nothing to whoever sent the value.
            if let colon = cause.message.firstIndex(of: ":") { message = "a value cannot be stored\(cause.message[colon...])" }
        case .decoding: code = .internal
        // What PostgreSQL says of its files, its memory and its types stays in `cause`: these messages go to clients.
        case .server:
            if let rule = SchemaRule.all[cause.constraint] {
                code = rule.code
                field = rule.field
                message = rule.message
            } else if cause.sqlstate.hasPrefix("22") {
                // Data exceptions: a number out of range, text that is no JSON or holds what it may not.
                code = .invalid
                message = "a value cannot be stored: it is out of range, or holds text that is not allowed"
            } else {
                code = cause.isTransient ? .unavailable : .internal
                if cause.isTransient { message = "the database cannot do this now; try again shortly" }
            }
        }
    }

    package var description: String {
        guard let cause, cause.message != message else { return message }
        return "\(message) (\(cause))"
    }
}

/// Runs statements and speaks of their failures in this target's terms.
@discardableResult
func translatingErrors<T: Sendable>(_ body: () async throws(PostgresError) -> T) async throws(MetastoreError) -> T {
    do throws(PostgresError) { return try await body() } catch { throw MetastoreError(error) }
}
