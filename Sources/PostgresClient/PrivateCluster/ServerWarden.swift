/// The one thread that makes, starts, waits for and restarts the private server. It lives as long as the server: Linux ties
/// the "signal me when my parent ends" wish to the thread that started the child.
///
///     prepare -> start -> ready -> (ended: asked for -> stopped | unasked -> back-off -> start)

import CLibpq
import Glibc
import Logging
import Synchronization

final class ServerWarden: Sendable {
    private struct State {
        /// The running child; nil between two. Signals are sent under the lock, so never to a number that was reused.
        var processID: pid_t?
        var isStopRequested = false
        var isStopped = false
        var socketDirectory = ""
        var startWaiter: CheckedContinuation<Result<String, PostgresError>, Never>?
        var stopWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private static let pollMicroseconds: UInt32 = 5_000
    private static let maximumRestartDelayMilliseconds: UInt32 = 5_000

    private let directory: ClusterDirectory
    private let maximumConnectionCount: Int
    private let logger: Logger
    private let log: ServerLog
    private let state = Mutex(State())

    init(directory: ClusterDirectory, maximumConnectionCount: Int, logger: Logger) {
        self.directory = directory
        self.maximumConnectionCount = maximumConnectionCount
        self.logger = logger
        log = ServerLog(path: directory.log)
    }

    /// Starts the thread; returns the socket's directory once the server accepts connections. Errors: `cluster`.
    func start() async throws(PostgresError) -> String {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<String, PostgresError>, Never>) in
            state.withLock { $0.startWaiter = continuation }
            do throws(PostgresError) { try DetachedThread.start { [self] in run() } } catch { reportStart(.failure(error)) }
        }
        return try result.get()
    }

    /// Asks for a fast shutdown (sessions are ended, data written) and returns when the server is gone; after
    /// `maximumClusterStopMilliseconds` an immediate one, from which the next start recovers.
    func stop() async {
        signal(SIGINT, isStop: true)
        let impatience = Task { [self] in
            try await Task.sleep(for: .milliseconds(PostgresLimits.maximumClusterStopMilliseconds))
            signal(SIGQUIT, isStop: true)
        }
        await withCheckedContinuation { continuation in
            let isStopped = state.withLock { state in
                if !state.isStopped { state.stopWaiters.append(continuation) }
                return state.isStopped
            }
            if isStopped { continuation.resume() }
        }
        impatience.cancel()
    }

    /// The server's process id, for tests and diagnosis; nil between two servers.
    var processID: pid_t? { state.withLock { $0.processID } }

    // MARK: The thread

    private func run() {
        do throws(PostgresError) {
            let command = try prepare()
            let socketDirectory = try directory.makeSocketDirectory(for: command.account)
            state.withLock { $0.socketDirectory = socketDirectory }
            try keepRunning(command, socketDirectory: socketDirectory)
        } catch {
            reportStart(.failure(error))
        }
        directory.removeForeignSocketDirectory()
        let waiters = state.withLock { state in
            state.isStopped = true
            defer { state.stopWaiters = [] }
            return state.stopWaiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Chooses account and programs, clears what an earlier run left, makes the cluster if there is none.
    private func prepare() throws(PostgresError) -> ServerCommand {
        let version = try directory.clusterVersion()
        let binaries = try ServerBinaries.find(clusterVersion: version)
        directory.makeParents()
        let account = try ServerAccount.choose(for: directory)
        guard access("/usr/bin/setpriv", X_OK) == 0 else {
            throw PostgresError(.cluster, "/usr/bin/setpriv is missing", advice: "install the package util-linux")
        }
        try directory.prepare(for: account)
        try LeftoverServer(directory: directory).clear()
        let command = ServerCommand(
            binaries: binaries, account: account, directory: directory, maximumConnectionCount: maximumConnectionCount)
        if version == nil { try makeCluster(command) }
        return command
    }

    /// initdb into a directory beside, renamed when it is whole: a run killed in between leaves nothing that looks finished.
    private func makeCluster(_ command: ServerCommand) throws(PostgresError) {
        _ = try Subprocess.run(["/bin/rm", "-rf", "--", directory.unfinishedData])
        let result = try Subprocess.run(command.initdb)
        guard result.succeeded else {
            throw PostgresError(.cluster, "initdb failed: \(result.output.split(separator: "\n").suffix(3).joined(separator: " | "))")
        }
        guard rename(directory.unfinishedData, directory.data) == 0 else {
            throw PostgresError(.cluster, "\(directory.data) cannot be put in place: \(systemErrorText(errno))")
        }
        logger.info("private PostgreSQL cluster made", metadata: ["directory": "\(directory.data)"])
    }

    private func keepRunning(_ command: ServerCommand, socketDirectory: String) throws(PostgresError) {
        let arguments = command.postgres(socketDirectory: socketDirectory)
        var delayMilliseconds: UInt32 = 50
        var hasBeenReady = false
        while true {
            do throws(PostgresError) {
                let processID = try startServer(arguments)
                try waitUntilReady(processID, socketDirectory: socketDirectory)
                hasBeenReady = true
                delayMilliseconds = 50
                logger.info("private PostgreSQL is ready", metadata: ["process": "\(processID)", "socket": "\(socketDirectory)"])
                reportStart(.success(socketDirectory))
                waitForEnd(processID)
            } catch {
                // The first start fails to the caller; a restart is tried again.
                if !hasBeenReady { throw error }
                logger.error("private PostgreSQL does not start", metadata: ["error": "\(error)"])
            }
            if state.withLock({ $0.isStopRequested }) { return }
            logger.error("private PostgreSQL ended unasked, starting it again", metadata: ["log": "\(log.lastLines.suffix(3))"])
            usleep(delayMilliseconds * 1_000)
            delayMilliseconds = min(delayMilliseconds * 2, Self.maximumRestartDelayMilliseconds)
            do throws(PostgresError) { try LeftoverServer(directory: directory).clear() } catch {
                logger.error("a leftover of the ended PostgreSQL remains", metadata: ["error": "\(error)"])
            }
        }
    }

    private func startServer(_ arguments: [String]) throws(PostgresError) -> pid_t {
        let pipe = try Subprocess.makePipe()
        defer { close(pipe.writing) }
        do throws(PostgresError) { try log.follow(pipe.reading) } catch {
            close(pipe.reading)
            throw error
        }
        // Starting and recording under one lock: a stop either comes before (and nothing starts) or finds the process.
        let result: Result<pid_t, PostgresError> = state.withLock { state in
            if state.isStopRequested { return .failure(PostgresError(.cluster, "stopped before it was started")) }
            do throws(PostgresError) {
                let processID = try Subprocess.spawn(arguments, output: pipe.writing)
                state.processID = processID
                return .success(processID)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func waitUntilReady(_ processID: pid_t, socketDirectory: String) throws(PostgresError) {
        let text = try PostgresConfiguration(socketDirectory: socketDirectory, database: "postgres", user: ServerCommand.user)
            .connectionString
        for _ in 0..<(PostgresLimits.maximumClusterStartMilliseconds * 1_000 / Int(Self.pollMicroseconds)) {
            if PQping(text) == PQPING_OK { return }
            if hasEnded(processID) {
                waitForEnd(processID)
                log.drain()
                throw PostgresError(
                    .cluster, "PostgreSQL ended while starting: \(log.lastLines.suffix(4).joined(separator: " | "))",
                    advice: "see \(directory.log)")
            }
            usleep(Self.pollMicroseconds)
        }
        signal(SIGQUIT, isStop: false)
        waitForEnd(processID)
        throw PostgresError(
            .cluster, "PostgreSQL did not accept connections within \(PostgresLimits.maximumClusterStartMilliseconds / 1_000) s",
            advice: "see \(directory.log)")
    }

    private func hasEnded(_ processID: pid_t) -> Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(processID), &information, WEXITED | WNOHANG | WNOWAIT) == 0 && information.si_signo == SIGCHLD
    }

    /// Blocks until the child has ended, then collects it under the lock, after which its number may be anybody's.
    private func waitForEnd(_ processID: pid_t) {
        var information = siginfo_t()
        while waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        state.withLock { state in
            _ = Subprocess.waitForEnd(of: processID)
            state.processID = nil
        }
    }

    private func signal(_ number: Int32, isStop: Bool) {
        state.withLock { state in
            if isStop { state.isStopRequested = true }
            if let processID = state.processID { kill(processID, number) }
        }
    }

    private func reportStart(_ result: Result<String, PostgresError>) {
        let waiter = state.withLock { state in
            defer { state.startWaiter = nil }
            return state.startWaiter
        }
        waiter?.resume(returning: result)
    }
}
