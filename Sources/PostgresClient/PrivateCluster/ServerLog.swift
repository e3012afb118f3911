/// What the private server writes: into a file of bounded size, with the last lines kept for error messages.

import Glibc
import Synchronization

final class ServerLog: Sendable {
    private struct State {
        var descriptor: Int32 = -1
        var byteCount = 0
        var lines: [String] = []
        var unfinishedLine: [UInt8] = []
        /// Pipes that are still read.
        var followedCount = 0
    }

    private let path: String
    private let maximumByteCount: Int
    private let state = Mutex(State())

    init(path: String, maximumByteCount: Int = PostgresLimits.maximumServerLogByteCount) {
        self.path = path
        self.maximumByteCount = maximumByteCount
    }

    deinit { state.withLock { if $0.descriptor >= 0 { close($0.descriptor) } } }

    /// The last lines, oldest first.
    var lastLines: [String] { state.withLock { $0.lines } }

    /// Copies everything from a pipe's reading end until its writers are gone, on a thread of its own; closes it then.
    func follow(_ reading: Int32) throws(PostgresError) {
        state.withLock { $0.followedCount += 1 }
        try DetachedThread.start { [self] in
            defer { state.withLock { $0.followedCount -= 1 } }
            var buffer = [UInt8](repeating: 0, count: 8192)
            while true {
                let count = read(reading, &buffer, buffer.count)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { break }
                append(buffer[..<count])
            }
            close(reading)
        }
    }

    /// Waits until what an ended server wrote has been read, so that `lastLines` says why it ended. Blocks its thread, for a second
    /// at most: a child that outlives the server keeps the pipe open.
    func drain() {
        for _ in 0..<1_000 where state.withLock({ $0.followedCount > 0 }) { usleep(1_000) }
    }

    /// Keeps bytes of the server's output. A full disk loses log lines, never the server.
    func append(_ bytes: ArraySlice<UInt8>) {
        state.withLock { state in
            if state.byteCount + bytes.count > maximumByteCount || state.descriptor < 0 { reopen(&state, adding: bytes.count) }
            bytes.withUnsafeBytes { _ = write(state.descriptor, $0.baseAddress, $0.count) }
            state.byteCount += bytes.count
            for byte in bytes {
                if byte != UInt8(ascii: "\n") {
                    if state.unfinishedLine.count < 1_000 { state.unfinishedLine.append(byte) }
                    continue
                }
                state.lines.append(String(decoding: state.unfinishedLine, as: UTF8.self))
                state.unfinishedLine = []
                if state.lines.count > PostgresLimits.keptServerLogLineCount { state.lines.removeFirst() }
            }
        }
    }

    /// Opens the file, or starts a new one when the present one is full, keeping one older.
    private func reopen(_ state: inout State, adding byteCount: Int) {
        if state.descriptor >= 0 { close(state.descriptor) }
        var status = stat()
        if lstat(path, &status) == 0, Int(status.st_size) + byteCount > maximumByteCount { rename(path, path + ".1") }
        // O_NOFOLLOW: the server's account may write in this directory, and this process may be root.
        state.descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
        state.byteCount = state.descriptor >= 0 && fstat(state.descriptor, &status) == 0 ? Int(status.st_size) : 0
    }
}
