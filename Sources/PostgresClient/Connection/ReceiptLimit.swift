/// How much a server that somebody else names may send on one connection. libpq keeps an answer whole, and of one long message it reads for as
/// long as there is something to read: so the kernel's own count is looked at, between libpq's steps and beside them on a thread of its own.

import Glibc

final class ReceiptLimit: Sendable {
    /// The connection's socket by a name of its own: libpq closes its one whenever it sees fit. The thread closes it.
    private let socket: Int32
    /// Closed when the connection goes: the thread ends then.
    private let writingEnd: Int32
    private let byteCount: UInt64

    /// Watches a connected TCP socket from now on; one that gets more is shut down. Errors: `connection`.
    init(_ connected: Int32, byteCount: Int = PostgresLimits.maximumForeignByteCount) throws(PostgresError) {
        let copy = fcntl(connected, F_DUPFD_CLOEXEC, 0)
        var ends: [Int32] = [-1, -1]
        guard copy >= 0, pipe(&ends) == 0 else {
            let reason = systemErrorText(errno)
            if copy >= 0 { close(copy) }
            throw PostgresError(.connection, "no socket or pipe: \(reason)", advice: "raise the limit of open files")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (socket, writingEnd) = (copy, ends[1])
        self.byteCount = UInt64(byteCount)
        let readingEnd = ends[0], limit = UInt64(byteCount)
        do throws(PostgresError) {
            try DetachedThread.start { Self.watch(copy, limit, until: readingEnd) }
        } catch {
            // Without the thread, nobody else closes these; deinit closes the other end.
            close(copy)
            close(readingEnd)
            throw error
        }
    }

    deinit { close(writingEnd) }

    var isExceeded: Bool { Self.receivedByteCount(socket) > byteCount }

    private static func watch(_ socket: Int32, _ limit: UInt64, until end: Int32) {
        var entry = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
        var period = PostgresLimits.receiptCheckMilliseconds
        while poll(&entry, 1, period) <= 0 {
            guard period >= 0, receivedByteCount(socket) > limit else { continue }
            // Whoever reads from it comes to an end; then only the connection's own is waited for.
            shutdown(socket, Int32(SHUT_RDWR))
            period = -1
        }
        close(socket)
        close(end)
    }

    /// `tcpi_bytes_received` of linux/tcp.h (since Linux 4.1), of whose structure the C library's header has the first part. A socket without
    /// such a count has no limit to be held, and so counts as beyond it.
    private static func receivedByteCount(_ socket: Int32) -> UInt64 {
        let offset = 128, size = MemoryLayout<UInt64>.size
        var info = [UInt8](repeating: 0, count: offset + size)
        var length = socklen_t(info.count)
        guard getsockopt(socket, Int32(IPPROTO_TCP), TCP_INFO, &info, &length) == 0, Int(length) >= info.count else { return .max }
        return info.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
    }
}
