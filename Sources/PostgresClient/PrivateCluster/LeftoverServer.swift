/// Finds and ends what a killed run left behind: a server that still runs, or the process file of one that does not.
///
/// Called by the owner of DATA_DIR only (the directory lock), so whatever server works on this directory is an orphan.
///
/// postmaster.pid, line by line: process id, data directory, start time, port, socket directory, ... PostgreSQL itself
/// refuses to start while any process has that id, even one that has nothing to do with it (after a reboot, in a container);
/// that case is told apart here by the working directory, which is the data directory for every process of a server.

import Glibc

struct LeftoverServer {
    let directory: ClusterDirectory
    private static let pollMicroseconds: UInt32 = 10_000

    /// Ends an orphan and removes a process file that would only mislead. Blocks. Errors: `cluster` if the orphan stays.
    func clear() throws(PostgresError) {
        guard let text = readSmallFile(directory.processFile), let pid = pid_t(text.prefix { $0 != "\n" }), pid > 1 else {
            try waitForStragglers()
            return
        }
        if worksHere(pid) {
            kill(pid, SIGINT)
            if !waitUntil({ !worksHere(pid) }) {
                kill(pid, SIGQUIT)
                guard waitUntil({ !worksHere(pid) }) else {
                    throw PostgresError(
                        .cluster, "a server of an earlier run (process \(pid)) does not end", advice: "end it by hand, then start again")
                }
            }
        }
        try waitForStragglers()
        // Now no process of a server is left; the id, if it lives, is somebody else's.
        unlink(directory.processFile)
    }

    /// A server that was killed alone leaves its sessions' processes for a moment: they must be gone before the next one.
    private func waitForStragglers() throws(PostgresError) {
        func stragglers() -> [pid_t] { directoryEntries("/proc").compactMap { pid_t($0) }.filter(worksHere) }
        if waitUntil({ stragglers().isEmpty }, milliseconds: 5_000) { return }
        // They notice the end of their server at their next wait; one that computes may not wait for long.
        for pid in stragglers() { kill(pid, SIGQUIT) }
        if waitUntil({ stragglers().isEmpty }) { return }
        throw PostgresError(
            .cluster, "processes of an earlier server still use \(directory.data): \(stragglers())", advice: "end them, then start again")
    }

    private func worksHere(_ pid: pid_t) -> Bool {
        var mine = stat(), theirs = stat()
        // stat follows /proc/PID/cwd to the directory itself, under whatever name it goes. A process that has ended but was
        // not waited for has no working directory any more.
        return stat(directory.data, &mine) == 0 && stat("/proc/\(pid)/cwd", &theirs) == 0 && mine.st_ino == theirs.st_ino
            && mine.st_dev == theirs.st_dev && pid != getpid()
    }

    private func waitUntil(_ condition: () -> Bool, milliseconds: Int = PostgresLimits.maximumClusterStopMilliseconds) -> Bool {
        for _ in 0..<(milliseconds * 1_000 / Int(Self.pollMicroseconds)) {
            if condition() { return true }
            usleep(Self.pollMicroseconds)
        }
        return condition()
    }
}
