/// Wakes a connection's thread out of its wait for the server when the task behind the statement is cancelled.
///
/// The cancel request itself (CancelRequest) is sent by the connection's own thread, which waits for it and goes on reading until the
/// server has answered the statement. So a cancel can never hit the next statement by mistake: PostgreSQL delivers the interrupt before
/// PQcancel returns, and ignores one that finds the session idle. Where PQcancel does not return, the connection counts as lost.

import Glibc
import Synchronization

final class CancellationSignal: Sendable {
    /// Names one statement, from before it is sent until its answer is there.
    struct Ticket: Hashable, Sendable { let number: Int }

    private struct State {
        var lastNumber = 0
        var active: Ticket?
        var cancelled: Set<Ticket> = []
    }

    /// The reading end of a pipe: readable once `cancel` was called for the active ticket.
    let descriptor: Int32
    private let writingEnd: Int32
    private let state = Mutex(State())

    init() throws(PostgresError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw PostgresError(.connection, "no pipe: \(systemErrorText(errno))", advice: "raise the limit of open files")
        }
        (descriptor, writingEnd) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
    }

    deinit {
        close(descriptor)
        close(writingEnd)
    }

    func makeTicket() -> Ticket {
        state.withLock { state in
            state.lastNumber += 1
            return Ticket(number: state.lastNumber)
        }
    }

    /// The connection starts on the statement; false if it was cancelled before.
    func begin(_ ticket: Ticket) -> Bool {
        state.withLock { state in
            if state.cancelled.remove(ticket) != nil { return false }
            state.active = ticket
            return true
        }
    }

    /// The statement is answered; a signal that came too late is taken back.
    func end(_ ticket: Ticket) {
        state.withLock { state in
            state.active = nil
            clear()
        }
    }

    /// The task was cancelled. Before `begin` this is remembered, after `end` it does nothing.
    func cancel(_ ticket: Ticket) {
        state.withLock { state in
            if state.active == ticket {
                var byte: UInt8 = 1
                _ = write(writingEnd, &byte, 1)
            } else {
                state.cancelled.insert(ticket)
            }
        }
    }

    /// Forgets a ticket whose call is over, whatever became of it.
    func retire(_ ticket: Ticket) { state.withLock { _ = $0.cancelled.remove(ticket) } }

    /// Makes the descriptor unreadable again.
    func clear() {
        // A ticket's task is cancelled once, so there is never more than one byte.
        var byte: UInt8 = 0
        _ = read(descriptor, &byte, 1)
    }
}
