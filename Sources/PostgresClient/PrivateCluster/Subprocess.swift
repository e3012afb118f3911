/// Starts other programs with posix_spawn: clean signal state, own process group, no inherited descriptors.

import Glibc

enum Subprocess {
    /// What a child is given besides its arguments; nothing of this process's environment, in which PG* variables would
    /// change what PostgreSQL's programs do.
    private static let environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "HOME=/"]

    /// Starts `arguments[0]` (an absolute path) in "/"; it keeps the returned process id. Its output and errors go to
    /// `output`, its input is empty. A process group of its own keeps a terminal's Ctrl-C away from it. Errors: `cluster`.
    static func spawn(_ arguments: [String], output: Int32) throws(PostgresError) -> pid_t {
        // env changes the directory and execs; the non-portable spawn actions for it are not visible to Swift.
        let arguments = ["/usr/bin/env", "--chdir=/"] + arguments
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        // Descriptors opened without FD_CLOEXEC by others (one opened this very moment may slip through). Closing one that is
        // gone meanwhile is no error to glibc's posix_spawn.
        for descriptor in directoryEntries("/proc/self/fd").compactMap({ Int32($0) }) where descriptor > 2 {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)

        var pid: pid_t = 0
        let code = withCStrings(arguments) { arguments in
            withCStrings(environment) { posix_spawn(&pid, "/usr/bin/env", &actions, &attributes, arguments, $0) }
        }
        guard code == 0 else { throw PostgresError(.cluster, "/usr/bin/env could not be started: \(systemErrorText(code))") }
        return pid
    }

    /// Runs a program to its end; returns whether it succeeded and what it wrote. Errors: `cluster` if it cannot start.
    static func run(_ arguments: [String]) throws(PostgresError) -> (succeeded: Bool, output: String) {
        let pipe = try makePipe()
        defer { close(pipe.reading) }
        let pid: pid_t
        do throws(PostgresError) { pid = try spawn(arguments, output: pipe.writing) } catch {
            close(pipe.writing)
            throw error
        }
        close(pipe.writing)
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(pipe.reading, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { break }
            // What is over is read, so that the program never blocks, and dropped.
            if output.count < 64 << 10 { output += buffer[..<count] }
        }
        return (waitForEnd(of: pid) == 0, String(decoding: output, as: UTF8.self))
    }

    /// The wait status of a child of this process: 0 is success.
    static func waitForEnd(of pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 { if errno != EINTR { return -1 } }
        return status
    }

    /// A pipe no child inherits by accident. Errors: `cluster`.
    static func makePipe() throws(PostgresError) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw PostgresError(.cluster, "no pipe: \(systemErrorText(errno))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// `body` gets pointers to zero-terminated texts, ended by NULL, valid during the call.
    private static func withCStrings<R>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
        let pointers = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}
