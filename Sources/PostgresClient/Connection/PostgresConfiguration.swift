/// Where the server is and how sessions on it are set up.

import CLibpq

package struct PostgresConfiguration: Sendable {
    /// `postgres://user:password@host:port/database?...` or libpq's `key=value ...`. May hold a password: never logged.
    let connectionString: String
    /// Shown in pg_stat_activity.
    package var applicationName = "spandrel"
    /// Milliseconds the server lets a statement run; 0 means no limit (migrations).
    package var statementTimeoutMilliseconds = PostgresLimits.maximumStatementMilliseconds

    /// As whom sessions work; see EverydayRole. Migrations run as the connection string's user.
    package var everydayRole = EverydayRole.connectingUser
    /// A user with few rights who may connect without a password: the private cluster has one.
    package internal(set) var everydayLogin: String?

    /// Checks the text's form, not the server behind it. Errors: `configuration`, whose text never repeats the given one.
    package init(connectionString: String) throws(PostgresError) {
        // libpq's own message quotes the text, password included, so it is dropped.
        var message: UnsafeMutablePointer<CChar>?
        let options = connectionString.isEmpty ? nil : PQconninfoParse(connectionString, &message)
        if let message { PQfreemem(message) }
        guard let options else {
            throw PostgresError(
                .configuration, "the database URL cannot be read",
                advice: "write it as postgres://user:password@host:5432/database (special characters percent-encoded)")
        }
        PQconninfoFree(options)
        self.connectionString = connectionString
    }

    /// A server behind a Unix socket, without a password.
    package init(socketDirectory: String, database: String, user: String) throws(PostgresError) {
        func quoted(_ value: String) -> String {
            "'" + value.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "'"
        }
        // Port and TLS by name: PGPORT and PGSSLMODE of this process's environment are about some other server.
        try self.init(
            connectionString: "host=\(quoted(socketDirectory)) port=5432 dbname=\(quoted(database)) user=\(quoted(user)) sslmode=disable")
    }

    /// The same server and user, another database.
    package func with(database: String) -> PostgresConfiguration {
        var copy = self
        copy.databaseOverride = database
        return copy
    }

    private(set) var databaseOverride: String?
    /// Whether the server is somebody else's; see ForeignServer.
    var isForeign = false
    var hasPassword = true
    /// Of a foreign server: host, address and port that were settled on, in place of what the connection string says.
    var fixedPlace: [(name: String, value: String)] = []

    /// libpq's keywords: what stands after `dbname` overrides what the connection string says, what stands before does not.
    var keywords: [(name: String, value: String)] {
        var list = [
            ("application_name", applicationName), ("connect_timeout", String(PostgresLimits.connectTimeoutSeconds)),
            // A peer that is gone without a word is noticed in seconds, not after the kernel's quarter of an hour.
            ("tcp_user_timeout", "10000"), ("keepalives_idle", "30"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("dbname", connectionString), ("client_encoding", "UTF8"),
        ]
        if let databaseOverride { list.append(("dbname", databaseOverride)) }
        if isForeign {
            // Without these, libpq looks for a password in this process's home and environment and hands it to a stranger.
            list.append(("passfile", "/dev/null"))
            list += fixedPlace
            // Of its own, too: a text may ask to wait for ever.
            list.append(("connect_timeout", String(PostgresLimits.connectTimeoutSeconds)))
            if !hasPassword { list.insert(("password", "none"), at: 0) }
        }
        if case .login(let user) = everydayRole { list.append(("user", user)) }
        return list
    }

    /// Settings of every session, sent as its first statement.
    var sessionSQL: String {
        """
        \(everydayRole.sessionSQL)SET TIME ZONE 'UTC'; SET client_min_messages = error; SET standard_conforming_strings = on; \
        SET statement_timeout = \(statementTimeoutMilliseconds); \
        SET idle_in_transaction_session_timeout = \(PostgresLimits.maximumStatementMilliseconds)
        """
    }
}
