/// What is said about a PostgreSQL that could not be read. A library's own text may quote parts of a connection string (a password with an `@`
/// ends up in the host's name), so none of it is repeated: the reason is told by what it is known to say.

import PostgresClient

enum CatalogFault {
    private static let reasons: [(sign: String, reason: String)] = [
        ("password authentication failed", "the server does not take this user or password"),
        ("no password supplied", "the server wants a password"),
        ("pg_hba.conf", "the server does not let this user in from here"),
        ("database \"", "the server has no such database, or does not let this user into it"),
        ("role \"", "the server has no such user"),
        ("could not translate host name", "the host's name is not known"),
        ("Connection refused", "nothing answers at this host and port"),
        ("No such file or directory", "nothing answers at this host and port"),
        ("No route to host", "the host cannot be reached"),
        ("Network is unreachable", "the host cannot be reached"),
        ("the server sent more than", "the server sent more than a catalog has"),
        ("within the time limit", "the server did not answer in time"),
        ("timeout expired", "the server did not answer in time"),
        ("SSL", "no TLS could be agreed on with the server"),
    ]

    static func message(of error: PostgresError) -> String {
        switch error.code {
        case .connection:
            let reason = reasons.first { error.message.contains($0.sign) }?.reason
            return "no connection to the database: \(reason ?? "the attempt failed")"
        case .timedOut: return "the database took too long to answer"
        case .cancelled: return "reading the database was cancelled"
        case .server: return "the database refused to tell its tables (SQLSTATE \(error.sqlstate))"
        // The limits of this room.
        case .decoding: return error.message
        default: return "the database could not be read"
        }
    }
}
