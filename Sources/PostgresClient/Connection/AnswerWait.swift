/// The wait for a server's answer: until its socket is readable, the cancel signal fires, it was silent for so long that one should ask
/// whether it is there at all, or for too long.

import Glibc

struct AnswerWait {
    enum Event { case input, cancelled, quiet, silent, interrupted }

    private(set) var isCancelRequested = false
    private var deadline: Int64
    private let isFirm: Bool

    /// `deadlineMilliseconds`: from now; `.max` waits for ever. `isFirm`: also for a server that goes on sending.
    init(deadlineMilliseconds: Int, isFirm: Bool = false) {
        self.isFirm = isFirm
        deadline = deadlineMilliseconds == .max ? .max : Self.now() + Int64(deadlineMilliseconds)
    }

    /// `signal`: -1 when nothing can be cancelled. After a cancel request the server gets `silenceMilliseconds` to answer.
    mutating func next(socket: Int32, signal: Int32) -> Event {
        if isFirm, Self.now() >= deadline { return .silent }
        var entries = [pollfd(fd: socket, events: Int16(POLLIN), revents: 0), pollfd(fd: signal, events: Int16(POLLIN), revents: 0)]
        let timeout = Int32(clamping: max(0, min(deadline - Self.now(), Int64(PostgresLimits.askMilliseconds))))
        let readyCount = poll(&entries, 2, timeout)
        if readyCount < 0 { return errno == EINTR ? .interrupted : .silent }
        if readyCount == 0 { return Self.now() >= deadline ? .silent : .quiet }
        // Input first: an answer that is already there makes the cancel request needless.
        if entries[0].revents != 0 { return .input }
        isCancelRequested = true
        deadline = Self.now() + Int64(PostgresLimits.silenceMilliseconds)
        return .cancelled
    }

    /// Milliseconds of the monotonic clock.
    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
