/// Notifications of a session that LISTENs: waited for on the connection's own thread.

import CLibpq

/// What `NOTIFY` or `pg_notify` sent.
package struct PostgresNotification: Sendable, Hashable {
    package let channel: String
    /// At most 8000 bytes; empty when there was none.
    package let payload: String

    package init(channel: String, payload: String) {
        self.channel = channel
        self.payload = payload
    }
}

extension PostgresConnection {
    /// The notifications that are there, at least one, in the order of the commits that sent them; empty when none came in time.
    /// Holds the connection for as long. Errors: `connection`, and `cancelled` as soon as the task is.
    nonisolated func notifications(withinMilliseconds time: Int) async throws(PostgresError) -> [PostgresNotification] {
        let ticket = cancellation.makeTicket()
        defer { cancellation.retire(ticket) }
        let result = await withTaskCancellationHandler {
            await self.waitForNotifications(time, ticket)
        } onCancel: {
            self.cancellation.cancel(ticket)
        }
        return try result.get()
    }

    private func waitForNotifications(_ time: Int, _ ticket: Ticket) -> Result<[PostgresNotification], PostgresError> {
        let isCancelled = PostgresError(.cancelled, "cancelled while waiting for notifications")
        guard cancellation.begin(ticket) else { return .failure(isCancelled) }
        defer { cancellation.end(ticket) }
        do throws(PostgresError) {
            try requireUsable()
            var wait = AnswerWait(deadlineMilliseconds: time)
            while true {
                let notifications = takeNotifications()
                guard notifications.isEmpty else { return .success(notifications) }
                switch wait.next(socket: socket, signal: cancellation.descriptor) {
                case .input: if PQconsumeInput(connection) != 1 { throw lost("listening") }
                case .cancelled:
                    cancellation.clear()
                    throw isCancelled
                // Nothing is awaited in particular: a listener that hears nothing is in order.
                case .quiet: break
                case .silent: return .success([])
                case .interrupted: break
                }
            }
        } catch {
            return .failure(error)
        }
    }

    /// What libpq has read so far, with earlier answers too.
    private func takeNotifications() -> [PostgresNotification] {
        var list: [PostgresNotification] = []
        while let notification = PQnotifies(connection) {
            defer { PQfreemem(notification) }
            list.append(
                PostgresNotification(
                    channel: String(cString: notification.pointee.relname), payload: String(cString: notification.pointee.extra)))
        }
        return list
    }
}
