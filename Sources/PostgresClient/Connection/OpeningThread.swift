/// Runs the blocking PQconnectdb on the thread that will be the connection's.

import CLibpq

/// A fresh PGconn on its way to the one actor that will own it.
struct OpenedConnection: Sendable {
    // Safe: handed over once, from the opening thread to the connection, and never used by both.
    nonisolated(unsafe) let pointer: OpaquePointer
    /// Of a foreign server.
    let receipts: ReceiptLimit?
}

actor OpeningThread {
    private let executor: ThreadExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(executor: ThreadExecutor) { self.executor = executor }

    func open(_ configuration: PostgresConfiguration) -> Result<OpenedConnection, PostgresError> {
        guard let connection = Keywords.withPointers(configuration.keywords, { PQconnectdbParams($0, $1, 1) }) else {
            return .failure(PostgresError(.connection, "libpq has no memory for a connection"))
        }
        guard PQstatus(connection) == CONNECTION_OK else {
            let text = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
            PQfinish(connection)
            return .failure(
                PostgresError(
                    .connection, "no connection to PostgreSQL: \(ServerError.firstLine(text))",
                    advice: "check that it runs and that the database URL is right"))
        }
        // Notices go to stderr by default; the session asks for none, and what comes anyway carries nothing to act on.
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        guard configuration.isForeign else { return .success(OpenedConnection(pointer: connection, receipts: nil)) }
        do throws(PostgresError) {
            return .success(OpenedConnection(pointer: connection, receipts: try ReceiptLimit(PQsocket(connection))))
        } catch {
            PQfinish(connection)
            return .failure(error)
        }
    }
}
