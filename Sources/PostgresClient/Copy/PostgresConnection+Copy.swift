/// COPY: a table's rows as one stream of text, out of the server and into it. Memory is bounded by one row.

import CLibpq

extension PostgresConnection {
    /// Sends a `COPY ... TO STDOUT` and hands over what comes, row by row, on the connection's thread. Answers the number of rows.
    ///
    /// The session is of no more use when `body` throws: the rest of the stream is not waited for. Errors: `server`, `connection`, those of
    /// `body`.
    package func copyOut(_ sql: String, _ body: @Sendable (UnsafeRawBufferPointer) throws -> Void) throws -> Int {
        try begin(sql, expecting: PGRES_COPY_OUT)
        while true {
            var buffer: UnsafeMutablePointer<CChar>?
            let count = PQgetCopyData(connection, &buffer, 1)
            if count > 0, let row = buffer {
                defer { PQfreemem(row) }
                do {
                    try body(UnsafeRawBufferPointer(start: row, count: Int(count)))
                } catch {
                    _ = lost("the rows of a COPY were taken")
                    throw error
                }
            } else if count == 0 {
                var wait = AnswerWait(deadlineMilliseconds: silenceDeadlineMilliseconds)
                try waitForInput(&wait, isCancellable: false)
            } else {
                break
            }
        }
        // The end of the stream, or what the server had against going on with it.
        return PostgresRows(try collectResult(ticket: nil)).affectedRowCount
    }

    /// Sends a `COPY ... FROM STDIN` and then what `next` answers, piece by piece, until it answers nothing. Answers the number of rows.
    ///
    /// Pieces may end anywhere. The session is of no more use when `next` throws. Errors: `server`, `connection`, those of `next`.
    package func copyIn(_ sql: String, _ next: @Sendable () throws -> [UInt8]) throws -> Int {
        try begin(sql, expecting: PGRES_COPY_IN)
        while true {
            let piece: [UInt8]
            do { piece = try next() } catch {
                // Said to the server, so that it forgets the rows.
                _ = PQputCopyEnd(connection, "the sender has failed")
                _ = lost("the rows of a COPY were sent")
                throw error
            }
            if piece.isEmpty { break }
            let isSent = piece.withUnsafeBytes {
                PQputCopyData(connection, $0.assumingMemoryBound(to: CChar.self).baseAddress, Int32($0.count))
            }
            guard isSent == 1 else { throw lost("the rows of a COPY were sent") }
        }
        guard PQputCopyEnd(connection, nil) == 1 else { throw lost("a COPY was ended") }
        return PostgresRows(try collectResult(ticket: nil)).affectedRowCount
    }

    private func begin(_ sql: String, expecting status: ExecStatusType) throws(PostgresError) {
        try requireUsable()
        guard PQsendQuery(connection, sql) == 1 else { throw lost("sending") }
        var wait = AnswerWait(deadlineMilliseconds: silenceDeadlineMilliseconds)
        while PQisBusy(connection) == 1 { try waitForInput(&wait, isCancellable: false) }
        guard let pointer = PQgetResult(connection) else { throw lost("a COPY began") }
        let result = ResultStorage(pointer)
        if PQresultStatus(pointer) == status { return }
        let refusal = ServerError.error(of: result, isCancelled: false)
        while PQisBusy(connection) == 1 { try waitForInput(&wait, isCancellable: false) }
        while let rest = PQgetResult(connection) { _ = ResultStorage(rest) }
        throw refusal
    }
}
