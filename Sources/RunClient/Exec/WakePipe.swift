/// How one thread that waits in `poll` is told something by others: a byte in a pipe.

import Glibc
import Synchronization

final class WakePipe: Sendable {
    enum Reason: UInt8, Sendable { case stop = 115, ended = 101 }

    private struct Ends {
        var reading: Int32 = -1, writing: Int32 = -1
        var isClosed = false
    }

    private let ends: Mutex<Ends>

    init() {
        let pipe = PipePair()
        ends = Mutex(pipe.map { Ends(reading: $0.reading, writing: $0.writing) } ?? Ends())
    }

    /// To be polled by the one who closes it; -1 when there was no pipe to be had.
    var reading: Int32 { ends.withLock { $0.reading } }

    /// Does nothing once the pipe is closed.
    func wake(_ reason: Reason) {
        ends.withLock { ends in
            guard !ends.isClosed, ends.writing >= 0 else { return }
            var byte = reason.rawValue
            _ = write(ends.writing, &byte, 1)
        }
    }

    func close() {
        ends.withLock { ends in
            guard !ends.isClosed else { return }
            ends.isClosed = true
            for end in [ends.reading, ends.writing] where end >= 0 { Glibc.close(end) }
        }
    }

    deinit { close() }
}

/// Both ends of a pipe that no child inherits unless it is given to it.
struct PipePair {
    let reading: Int32
    let writing: Int32

    /// Nil when the process has no descriptor left.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
    }

    func close() {
        Glibc.close(reading)
        Glibc.close(writing)
    }
}
