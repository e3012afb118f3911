import Glibc
import StoreMachine

/// This program once more, with other arguments, and what it says.
struct Child {
    /// Ended by a signal, or with a status.
    enum End: Equatable {
        case signal(Int32)
        case status(Int32)
    }

    private let process: pid_t
    private let output: Int32

    init(_ words: [String], program: String = "/proc/self/exe") throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Violation("a pipe cannot be made: errno \(errno)") }
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        var arguments = (["StoreSoak"] + words).map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        // Steady hash tables, so that the child need not start itself anew for them.
        var environment = [strdup("SWIFT_DETERMINISTIC_HASHING=1"), nil]
        defer { for variable in environment { free(variable) } }
        var process = pid_t()
        let status = posix_spawn(&process, program, &actions, nil, &arguments, &environment)
        close(ends[1])
        guard status == 0 else {
            close(ends[0])
            throw Violation("the program cannot be started again: errno \(status)")
        }
        self.process = process
        output = ends[0]
    }

    /// Everything it said, and how it ended. Waits for that.
    func finish() -> (lines: [String], end: End) {
        var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(output, &buffer, buffer.count)
            if count > 0 { bytes += buffer[..<count] } else if count == 0 || errno != EINTR { break }
        }
        close(output)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        return (lines, status & 0x7F == 0 ? .status((status >> 8) & 0xFF) : .signal(status & 0x7F))
    }
}
