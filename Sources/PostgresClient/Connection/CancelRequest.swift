/// A request to stop the statement of a connection, sent on a thread of its own: libpq's call blocks without a time limit, and a
/// frozen server takes the connection and says nothing.

import CLibpq
import Dispatch

enum CancelRequest {
    /// Returns true once the server has taken the request, which cannot hit a later statement then. After false, when it took longer than
    /// `PostgresLimits.cancelRequestMilliseconds`, the request may arrive at any time: the connection must not be used any more.
    static func send(for connection: OpaquePointer) -> Bool {
        guard let request = PQgetCancel(connection) else { return true }
        let handle = Handle(pointer: request)
        let done = DispatchSemaphore(value: 0)
        do throws(PostgresError) {
            try DetachedThread.start {
                var message = [CChar](repeating: 0, count: 256)
                // A failure is harmless: the statement's own time limit still stands.
                _ = PQcancel(handle.pointer, &message, Int32(message.count))
                PQfreeCancel(handle.pointer)
                done.signal()
            }
        } catch {
            // No thread to be had: nothing was sent.
            PQfreeCancel(request)
            return true
        }
        return done.wait(timeout: .now() + .milliseconds(PostgresLimits.cancelRequestMilliseconds)) == .success
    }

    private struct Handle: Sendable {
        // Safe: a copy of the connection's address and key that libpq made for the thread that uses and frees it, and no other.
        nonisolated(unsafe) let pointer: OpaquePointer
    }
}
