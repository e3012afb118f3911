/// One private PostgreSQL server for all tests of a process, and a fresh database for each test that wants one.

import Foundation
import Glibc
import Logging
import PostgresClient
import Synchronization

package enum TestServer {
    /// Set by `SPANDREL_TEST_LOG=1`: what the server's owner logs is shown.
    package static let logger: Logger = {
        var logger = Logger(label: "test")
        logger.logLevel = getenv("SPANDREL_TEST_LOG") == nil ? .critical : .debug
        return logger
    }()

    private static let shared = Task<PrivateCluster, any Error> {
        let directory = try TemporaryDirectory.make(in: TemporaryDirectory.roomy)
        removedAtExit.withLock { $0.append(directory) }
        // A test process just exits; the server gets its SIGINT from the kernel then, and the directory goes here.
        atexit { TestServer.removeDirectories() }
        let cluster = try await PrivateCluster.start(directory: directory + "/postgres", maximumConnectionCount: 500, logger: logger)
        serverProcessID.withLock { $0 = cluster.processID }
        // What these databases hold ends with the process: nothing is written for a loss of power.
        let connection = try await PostgresConnection.connect(cluster.configuration)
        for setting in ["fsync = off", "full_page_writes = off", "checkpoint_timeout = '1d'", "max_wal_size = '16GB'"] {
            _ = try await connection.script("ALTER SYSTEM SET \(setting)")
        }
        _ = try await connection.script("SELECT pg_reload_conf()")
        return cluster
    }

    private static let removedAtExit = Mutex<[String]>([])
    private static let serverProcessID = Mutex<Int32?>(nil)
    private static let lastDatabaseNumber = Mutex(0)

    /// Databases to copy, each made by the first who asks for it.
    private static let templates = Mutex<[String: Task<String, any Error>]>([:])

    /// An empty database of this test's own.
    package static func makeDatabase() async throws -> PostgresConfiguration { try await configuration(of: create()) }

    /// A database of this test's own that begins as one that `prepare` has filled, once for each name: a copy takes PostgreSQL a tenth of
    /// the time. `prepare` leaves no connection open.
    package static func makeDatabase(
        copyOf name: String, prepare: @escaping @Sendable (PostgresConfiguration) async throws -> Void
    ) async throws -> PostgresConfiguration {
        let template = templates.withLock { templates in
            if let template = templates[name] { return template }
            let template = Task<String, any Error> {
                let database = try await create()
                try await prepare(configuration(of: database))
                return database
            }
            templates[name] = template
            return template
        }
        return try await configuration(of: create(like: template.value))
    }

    /// Answers its name.
    private static func create(like template: String? = nil) async throws -> String {
        let cluster = try await shared.value
        let number = lastDatabaseNumber.withLock { number in
            number += 1
            return number
        }
        let connection = try await PostgresConnection.connect(cluster.configuration)
        _ = try await connection.script("CREATE DATABASE test_\(number)" + (template.map { " TEMPLATE \($0) STRATEGY file_copy" } ?? ""))
        return "test_\(number)"
    }

    private static func configuration(of name: String) async throws -> PostgresConfiguration {
        try await shared.value.configuration.with(database: name)
    }

    private static func removeDirectories() {
        if let processID = serverProcessID.withLock({ $0 }) {
            kill(processID, SIGQUIT)
            var status: Int32 = 0
            waitpid(processID, &status, 0)
        }
        for directory in removedAtExit.withLock({ $0 }) { TemporaryDirectory.remove(directory) }
    }
}

/// Directories for tests, where every account may search.
package enum TemporaryDirectory {
    package static func make() throws -> String { try make(in: "/tmp") }

    /// In memory where there is plenty: hundreds of databases have some hundred files each, and to make and remove these is most of what
    /// they cost on a disk.
    fileprivate static var roomy: String {
        var space = statvfs()
        let isThere = statvfs("/dev/shm", &space) == 0
        return isThere && UInt64(space.f_bavail) * UInt64(space.f_frsize) >= 16 << 30 ? "/dev/shm" : "/tmp"
    }

    fileprivate static func make(in parent: String) throws -> String {
        var template = Array("\(parent)/spandrel-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw PostgresError(.cluster, "no temporary directory") }
        let path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(path, 0o755)
        return path
    }

    /// Removes a directory that `make` made.
    package static func remove(_ path: String) {
        guard path.hasPrefix("/tmp/spandrel-test-") || path.hasPrefix("/dev/shm/spandrel-test-") else { return }
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Waits until a condition holds, by asking; for things that give no signal. Fails the caller after 30 s.
package func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw PostgresError(.timedOut, "not in 30 s: \(what)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}
