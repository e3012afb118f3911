import Glibc
import PostgresTesting
import Testing

@testable import PostgresClient

/// Real servers, started, killed and started again; one at a time, as each takes some CPU.
@Suite(.serialized) final class PrivateClusterTests {
    private let directory: String
    private var root: String { directory + "/postgres" }

    init() throws { directory = try TemporaryDirectory.make() }
    deinit { TemporaryDirectory.remove(directory) }

    private func start() async throws -> PrivateCluster { try await PrivateCluster.start(directory: root, logger: TestServer.logger) }

    private func storeRow(_ cluster: PrivateCluster) async throws {
        let connection = try await PostgresConnection.connect(cluster.configuration)
        _ = try await connection.script("CREATE TABLE t (n int8); INSERT INTO t VALUES (42)")
    }

    private func expectRow(_ cluster: PrivateCluster) async throws {
        let connection = try await PostgresConnection.connect(cluster.configuration)
        #expect(try await connection.query("SELECT n FROM t").first?.decode("n", as: Int.self) == 42)
    }

    @Test("a cluster is made once, stops, and has its data at the next start; it listens on no port and lets nobody else in")
    func lifecycle() async throws {
        let cluster = try await start()
        try await storeRow(cluster)
        let connection = try await PostgresConnection.connect(cluster.configuration)
        func setting(_ name: String) async throws -> String? {
            try await connection.query("SELECT current_setting($1) AS v", [.text(name)]).first?.decode("v")
        }
        #expect(try await setting("listen_addresses") == "")
        #expect(try await setting("jit") == "off")
        #expect(try await setting("shared_buffers") == "32MB")
        #expect(try await setting("data_checksums") == "on")
        var status = stat()
        #expect(stat(root, &status) == 0 && status.st_mode & 0o777 == 0o700)
        #expect(stat(root + "/sock", &status) == 0 && status.st_mode & 0o777 == 0o700)
        let processID = try #require(cluster.processID)
        await cluster.stop()
        #expect(kill(processID, 0) != 0 && access(root + "/data/postmaster.pid", F_OK) != 0)
        await cluster.stop()
        let again = try await start()
        try await expectRow(again)
        await again.stop()
    }

    @Test("a server that is killed under queries is started again, and the pool recovers")
    func killedServer() async throws {
        let cluster = try await start()
        try await storeRow(cluster)
        let pool = PostgresPool(cluster.configuration, logger: TestServer.logger)
        let isEnding = Shared(false), answerCount = Shared(0)
        let load = Task {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        while !isEnding.value {
                            do throws(PostgresError) {
                                try await pool.query("SELECT pg_sleep(0.002)")
                                answerCount.change { $0 += 1 }
                            } catch {
                                #expect(error.isTransient, "\(error)")
                                await Task.yield()
                            }
                        }
                    }
                }
            }
        }
        for _ in 0..<3 {
            let before = answerCount.value
            try await eventually("queries are answered") { answerCount.value > before + 20 }
            let old = try #require(cluster.processID)
            kill(old, SIGKILL)
            try await eventually("a new server") { cluster.processID.map { $0 != old } ?? false }
        }
        let before = answerCount.value
        try await eventually("queries are answered again") { answerCount.value > before + 20 }
        isEnding.change { $0 = true }
        await load.value
        #expect(try await pool.query("SELECT n FROM t").count == 1)
        await pool.shutDown()
        await cluster.stop()
    }

    @Test("after a kill of the whole process the next one takes the cluster over, with all that was committed")
    func killedProcess() async throws {
        let root = root
        await #expect(processExitsWith: .signal(SIGKILL)) { [root = root as String] in
            let cluster = try await PrivateCluster.start(directory: root, logger: TestServer.logger)
            let connection = try await PostgresConnection.connect(cluster.configuration)
            _ = try await connection.script("CREATE TABLE t (n int8); INSERT INTO t VALUES (42)")
            kill(getpid(), SIGKILL)
        }
        // At once: the kernel's signal to the orphan may be on its way still.
        let cluster = try await start()
        try await expectRow(cluster)
        await cluster.stop()
    }

    @Test("an orphan that was never told to end is ended, and its cluster taken over")
    func orphan() async throws {
        try await {
            let cluster = try await start(); try await storeRow(cluster); await cluster.stop()
        }()
        let layout = try ClusterDirectory(root)
        let account = try ServerAccount.choose(for: layout)
        let command = ServerCommand(
            binaries: try ServerBinaries.find(clusterVersion: try layout.clusterVersion()), account: account, directory: layout,
            maximumConnectionCount: 10)
        let arguments = command.postgres(socketDirectory: root + "/sock").filter { $0 != "--pdeathsig" && $0 != "INT" }
        let log = try Subprocess.makePipe()
        let orphan = try Subprocess.spawn(arguments, output: log.writing)
        try await eventually("the orphan writes its process file") { readSmallFile(layout.processFile)?.hasPrefix("\(orphan)\n") ?? false }
        let cluster = try await start()
        #expect(Subprocess.waitForEnd(of: orphan) == 0)
        try await expectRow(cluster)
        await cluster.stop()
        close(log.reading)
        close(log.writing)
    }

    @Test("a process file that names a stranger's process keeps nobody from starting, and the stranger lives")
    func recycledProcessID() async throws {
        try await {
            let cluster = try await start(); try await storeRow(cluster); await cluster.stop()
        }()
        let stranger = try Subprocess.spawn(["/bin/sleep", "600"], output: 2)
        writeSmallFile(root + "/data/postmaster.pid", "\(stranger)\n\(root)/data\n1\n5432\n\(root)/sock\n\n")
        let cluster = try await start()
        try await expectRow(cluster)
        await cluster.stop()
        #expect(kill(stranger, SIGKILL) == 0)
        #expect(Subprocess.waitForEnd(of: stranger) == SIGKILL)
    }

    @Test("a half-made cluster of a killed run is made anew")
    func halfMade() async throws {
        mkdir(root, 0o700)
        mkdir(root + "/data.new", 0o700)
        writeSmallFile(root + "/data.new/PG_VERSION", "15\n")
        let cluster = try await start()
        try await storeRow(cluster)
        await cluster.stop()
        #expect(access(root + "/data.new", F_OK) != 0)
    }

    @Test("a long data directory gets a short socket directory, which is removed at the end and after a kill")
    func longPath() async throws {
        let long = directory + "/" + String(repeating: "long", count: 20) + "/postgres"
        let cluster = try await PrivateCluster.start(directory: long, logger: TestServer.logger)
        let note = try #require(readSmallFile(long + "/sock.path"))
        var status = stat()
        #expect(stat(note, &status) == 0 && status.st_mode & 0o777 == 0o700)
        try await storeRow(cluster)
        await cluster.stop()
        #expect(access(note, F_OK) != 0 && access(long + "/sock.path", F_OK) != 0)
    }

    @Test(
        "as root, a directory the postgres account cannot enter is served from a user namespace, and stays so",
        .enabled(if: geteuid() == 0, "only root changes its user"))
    func userNamespace() async throws {
        chmod(directory, 0o700)
        let cluster = try await start()
        #expect(ownerOfFile(root + "/data")?.userID == 0)
        try await storeRow(cluster)
        let old = try #require(cluster.processID)
        kill(old, SIGKILL)
        try await eventually("a new server") { cluster.processID.map { $0 != old } ?? false }
        try await eventually("it answers") { (try? await PostgresConnection.connect(cluster.configuration)) != nil }
        try await expectRow(cluster)
        await cluster.stop()
        chmod(directory, 0o755)
        let again = try await start()
        #expect(ownerOfFile(root + "/data")?.userID == 0)
        try await expectRow(again)
        await again.stop()
    }

    @Test("the server ends with the thread that started it")
    func endsWithThread() async throws {
        try await {
            let cluster = try await start(); await cluster.stop()
        }()
        let layout = try ClusterDirectory(root)
        let command = ServerCommand(
            binaries: try ServerBinaries.find(clusterVersion: nil), account: try ServerAccount.choose(for: layout), directory: layout,
            maximumConnectionCount: 10)
        let arguments = command.postgres(socketDirectory: root + "/sock")
        let log = try Subprocess.makePipe()
        let mayEnd = Shared(false), started = Shared<pid_t?>(nil)
        try DetachedThread.start {
            let processID = try? Subprocess.spawn(arguments, output: log.writing)
            started.change { $0 = processID }
            while !mayEnd.value { usleep(1_000) }
        }
        try await eventually("it has started") { readSmallFile(layout.processFile)?.contains("ready") ?? false }
        mayEnd.change { $0 = true }
        let processID = try #require(started.value)
        #expect(Subprocess.waitForEnd(of: processID) == 0, "a clean end")
        close(log.reading)
        close(log.writing)
    }

    @Test("missing programs, a foreign directory and a cluster of another version are refused with what to do")
    func refusals() async throws {
        #expect { try ServerBinaries.find(clusterVersion: nil, roots: [(directory, "")]) } throws: {
            "\($0)".contains("apt-get install postgresql-15")
        }
        #expect { try ServerBinaries.find(clusterVersion: 9) } throws: { "\($0)".contains("postgresql-9") }
        mkdir(root, 0o755)
        mkdir(root + "/data", 0o755)
        await #expect { try await self.start() } throws: { "\($0)".contains("not a PostgreSQL cluster") }
        writeSmallFile(root + "/data/PG_VERSION", "9\n")
        await #expect { try await self.start() } throws: { "\($0)".contains("postgresql-9") }
    }

    @Test("a server that cannot start says why")
    func brokenCluster() async throws {
        try await {
            let cluster = try await start(); await cluster.stop()
        }()
        unlink(root + "/data/global/pg_control")
        await #expect { try await self.start() } throws: { ($0 as? PostgresError)?.code == .cluster && "\($0)".contains("pg_control") }
    }
}
