/// One session with the server: an actor on its own thread, blocking in poll(2) between libpq's non-blocking steps.
///
/// A statement's way: makeTicket -> (thread) begin -> send -> wait for the socket or the cancel signal -> results -> end.
/// Statements with parameters are prepared once per connection and kept by their text.

import CLibpq
import Glibc

package actor PostgresConnection {
    typealias Ticket = CancellationSignal.Ticket

    private let executor: ThreadExecutor
    // Safe: used only on the actor's thread (and in deinit, when nobody else can); a PGconn is one thread's at a time.
    nonisolated(unsafe) let connection: OpaquePointer
    nonisolated let socket: Int32
    nonisolated let cancellation: CancellationSignal
    let configuration: PostgresConfiguration
    /// Of a foreign server: what it may send.
    private let receipts: ReceiptLimit?
    let silenceDeadlineMilliseconds: Int
    private var statements: [String: PreparedStatement] = [:]
    private var lastStatementNumber = 0
    /// Why this session is of no more use; nil while it is.
    private(set) var failure: PostgresError?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    struct PreparedStatement {
        let name: String
        let parameterTypes: [PostgresType]
    }

    /// Connects and sets the session up; takes `connect_timeout` seconds at the most. Errors: `connection`, `server`.
    package static func connect(_ configuration: PostgresConfiguration) async throws(PostgresError) -> PostgresConnection {
        let executor = try ThreadExecutor()
        do throws(PostgresError) {
            let cancellation = try CancellationSignal()
            // PQconnectdb blocks: run it on the connection's own thread.
            let opened = await OpeningThread(executor: executor).open(configuration)
            let connection = PostgresConnection(
                executor: executor, opened: try opened.get(), cancellation: cancellation, configuration: configuration)
            _ = try await connection.script(configuration.sessionSQL)
            return connection
        } catch {
            // A connection that was made stops its thread itself, in deinit; stopping twice does no harm.
            executor.stop()
            throw error
        }
    }

    private init(
        executor: ThreadExecutor, opened: OpenedConnection, cancellation: CancellationSignal, configuration: PostgresConfiguration
    ) {
        self.executor = executor
        self.cancellation = cancellation
        self.configuration = configuration
        connection = opened.pointer
        receipts = opened.receipts
        socket = PQsocket(opened.pointer)
        let statementTimeout = configuration.statementTimeoutMilliseconds
        silenceDeadlineMilliseconds = statementTimeout == 0 ? .max : statementTimeout + PostgresLimits.silenceMilliseconds
    }

    deinit {
        PQfinish(connection)
        executor.stop()
    }

    // MARK: Statements

    /// Runs one statement with parameters. Errors: all but those of pool, migrations and cluster; a cancelled task makes
    /// `cancelled`, after the server has stopped the statement.
    @discardableResult
    package nonisolated func query(_ sql: String, _ parameters: [PostgresValue] = []) async throws(PostgresError) -> PostgresRows {
        let ticket = cancellation.makeTicket()
        defer { cancellation.retire(ticket) }
        let result = await withTaskCancellationHandler {
            await self.answer(sql, parameters, ticket: ticket)
        } onCancel: {
            self.cancellation.cancel(ticket)
        }
        return try result.get()
    }

    /// Runs statements without parameters, separated by semicolons; nothing in `sql` may come from outside. Not stopped by
    /// cancellation: ends of transactions run through here.
    package func script(_ sql: String) throws(PostgresError) -> PostgresRows {
        try requireUsable()
        guard PQsendQuery(connection, sql) == 1 else { throw lost("sending") }
        return try collect(ticket: nil)
    }

    /// Whether a lent connection may be lent again: open and outside of any transaction.
    var isReusable: Bool { failure == nil && PQstatus(connection) == CONNECTION_OK && PQtransactionStatus(connection) == PQTRANS_IDLE }

    /// Whether a transaction is open (and not failed).
    var isInTransaction: Bool { PQtransactionStatus(connection) == PQTRANS_INTRANS }

    /// True if an idle session has something to read: the server's farewell or the end of the stream. (Nothing else comes
    /// unasked but a change of settings, for which a new session is no loss.) Callable from any thread that has the connection
    /// lent, since nothing else then uses the socket.
    nonisolated var hasUnexpectedInput: Bool {
        var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) != 0
    }

    private func answer(_ sql: String, _ parameters: [PostgresValue], ticket: Ticket) -> Result<PostgresRows, PostgresError> {
        guard cancellation.begin(ticket) else { return .failure(PostgresError(.cancelled, "cancelled before the statement was sent")) }
        defer { cancellation.end(ticket) }
        do throws(PostgresError) {
            do throws(PostgresError) {
                return .success(try execute(sql, parameters, ticket: ticket))
            } catch {
                guard isStaleStatement(error) else { throw error }
                // The tables changed since it was prepared, or the server forgot it: once more from the start.
                statements[sql] = nil
                return .success(try execute(sql, parameters, ticket: ticket))
            }
        } catch {
            return .failure(error)
        }
    }

    private func isStaleStatement(_ error: PostgresError) -> Bool {
        (error.sqlstate == SQLState.featureNotSupported || error.sqlstate == SQLState.invalidStatementName)
            && PQtransactionStatus(connection) == PQTRANS_IDLE
    }

    private func execute(_ sql: String, _ parameters: [PostgresValue], ticket: Ticket) throws(PostgresError) -> PostgresRows {
        try requireUsable()
        let statement = try prepare(sql, ticket: ticket)
        let encoded = try EncodedParameters(parameters, types: statement.parameterTypes)
        let sent = encoded.withPointers { values, lengths, formats in
            PQsendQueryPrepared(connection, statement.name, Int32(values.count), values, lengths, formats, 1)
        }
        guard sent == 1 else { throw lost("sending") }
        return try collect(ticket: ticket)
    }

    private func prepare(_ sql: String, ticket: Ticket) throws(PostgresError) -> PreparedStatement {
        if let statement = statements[sql] { return statement }
        if statements.count >= PostgresLimits.maximumPreparedStatementCount {
            guard PQsendQuery(connection, "DEALLOCATE ALL") == 1 else { throw lost("sending") }
            _ = try collect(ticket: ticket)
            statements = [:]
        }
        lastStatementNumber += 1
        let name = "s\(lastStatementNumber)"
        guard PQsendPrepare(connection, name, sql, 0, nil) == 1 else { throw lost("sending") }
        _ = try collect(ticket: ticket)
        guard PQsendDescribePrepared(connection, name) == 1 else { throw lost("sending") }
        let description = try collectResult(ticket: ticket)
        let parameterTypes = (0..<PQnparams(description.pointer)).map { PostgresType(rawValue: PQparamtype(description.pointer, $0)) }
        let statement = PreparedStatement(name: name, parameterTypes: parameterTypes)
        statements[sql] = statement
        return statement
    }

    // MARK: Answers

    private func collect(ticket: Ticket?) throws(PostgresError) -> PostgresRows {
        PostgresRows(try collectResult(ticket: ticket))
    }

    /// Reads all results of what was sent and returns the last one. The first error counts.
    func collectResult(ticket: Ticket?) throws(PostgresError) -> ResultStorage {
        var wait = AnswerWait(deadlineMilliseconds: silenceDeadlineMilliseconds, isFirm: configuration.isForeign)
        var last: ResultStorage?
        var refusal: PostgresError?
        while true {
            while PQisBusy(connection) == 1 { try waitForInput(&wait, isCancellable: ticket != nil) }
            guard let pointer = PQgetResult(connection) else { break }
            let result = ResultStorage(pointer)
            switch PQresultStatus(pointer) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: last = result
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                // No statement of ours copies; the protocol state is not one we can leave.
                throw lost("COPY, which this client does not speak,")
            default: refusal = refusal ?? ServerError.error(of: result, isCancelled: wait.isCancelRequested)
            }
        }
        if PQstatus(connection) != CONNECTION_OK { throw lost("reading", refusal: refusal) }
        if let refusal { throw refusal }
        guard let last else { throw lost("reading") }
        return last
    }

    /// Blocks until the socket has input, the task is cancelled or the server was silent for too long; a foreign one also ends by sending on.
    func waitForInput(_ wait: inout AnswerWait, isCancellable: Bool) throws(PostgresError) {
        if receipts?.isExceeded == true { throw lost("reading") }
        switch wait.next(socket: socket, signal: isCancellable && !wait.isCancelRequested ? cancellation.descriptor : -1) {
        case .input: if PQconsumeInput(connection) != 1 { throw lost("reading") }
        case .cancelled:
            cancellation.clear()
            guard CancelRequest.send(for: connection) else { throw lost("the server took no cancel request; waiting") }
        case .quiet: if !ServerQuestion.isAnswered(by: configuration) { throw lost("the server answers nobody; waiting") }
        // No cancel request: the statement's own time limit has not been heeded either.
        case .silent: throw lost("the server did not end its answer within the time limit; waiting")
        case .interrupted: break
        }
    }

    func requireUsable() throws(PostgresError) { if let failure { throw failure } }

    /// Marks the session as of no more use and describes why.
    func lost(_ activity: String, refusal: PostgresError? = nil) -> PostgresError {
        if let failure { return failure }
        let text = ServerError.firstLine(PQerrorMessage(connection).map { String(cString: $0) } ?? "")
        var reason = refusal?.message ?? (text.isEmpty ? "no reason given" : text)
        if receipts?.isExceeded == true { reason = "the server sent more than \(PostgresLimits.maximumForeignByteCount >> 20) MiB" }
        let error = PostgresError(
            .connection, "the connection to PostgreSQL was lost while \(activity): \(reason)", sqlstate: refusal?.sqlstate ?? "")
        failure = error
        return error
    }
}
