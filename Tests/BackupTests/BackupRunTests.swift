import FileSystem
import GenAIConventions
import Metastore
import OTLP
import PostgresClient
import PostgresTesting
import SeededRandom
import SimulatedDisk
import SpanStore
import Testing
import TraceModel

@testable import Backup

/// Whole backups of a small store on a disk in memory, with the rows of a real database.
@Suite("Backup run")
struct BackupRunTests {
    private static let project = ProjectID(high: 0x0190_0000_0000_7000, low: 1)

    private struct Installation {
        let disk: SimulatedDisk
        let database: PostgresConfiguration

        init(seed: UInt64) async throws {
            disk = SimulatedDisk(seed: seed)
            database = try await TestServer.makeDatabase()
            try await Migrator(SchemaMigrations.all, logger: TestServer.logger).migrate(database)
            try await grow(by: 20, from: 1)
            try await grow(by: 20, from: 100)
        }

        /// One more segment.
        func grow(by count: Int, from first: Int) async throws {
            var configuration = StoreConfiguration(root: "/data/store", fileSystem: disk)
            configuration.configureWAL = {
                $0.zeroStepByteCount = 16 << 10
                $0.zeroAheadByteCount = 0
            }
            let store = try SpanStore.open(configuration)
            store.pauseCompaction(true)
            let spans = (first..<first + count).map {
                """
                {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"\(String(0x1000_0000_0000_0000 + $0, radix: 16))","name":"s",\
                "startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000000000001",\
                "attributes":[{"key":"gen_ai.input.messages","value":{"stringValue":"\(String(repeating: "long \($0) ", count: 300))"}}]}
                """
            }
            let body = Array(#"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(spans.joined(separator: ","))]}]}]}"#.utf8)
            var batch = try ExportTraceRequestDecoder.decodeJSON(body, limits: .unlimited)
            let fields = AttributeMapping.current.apply(to: &batch)
            _ = try await store.append(
                AppendRequest(
                    project: BackupRunTests.project, batch: batch, fields: fields, codec: .otlpJSON,
                    reply: StoredReply()))
            _ = try await store.seal()
            await store.close()
            // As a server's lock leaves it.
            try disk.replace("/data/store/LOCK", with: Array("4711\n".utf8))
        }

        func run(copiesAlways: Bool = false) -> BackupRun {
            let disk = disk
            var run = BackupRun(
                dataDirectory: "/data", folder: "/backups", database: database, programVersion: "1.0.0",
                seal: {
                    let node = String(decoding: disk.content(of: "/data/store/NODE") ?? [], as: UTF8.self).filter { !$0.isWhitespace }
                    return StoreIdentity.text(nodeID: UInt64(node, radix: 16) ?? 0, processID: 4711)
                })
            run.copiesAlways = copiesAlways
            return run
        }

        func check(_ report: BackupRun.Report) throws {
            let verified = try BackupVerification(fileSystem: disk, path: report.path).run()
            #expect(verified.faults.isEmpty && verified.unlisted.isEmpty && verified.manifest == report.manifest)
            #expect(try StoreInspection(fileSystem: disk, root: report.path + "/store").run().findings.isSound)
            #expect(report.copiedByteCount + report.linkedByteCount + report.reusedByteCount == report.manifest.byteCount)
        }
    }

    @Test("a second backup copies what is new, and the rest is that of the first")
    func incremental() async throws {
        let made = try await Installation(seed: TestSeed.value)
        let first = try await made.run(copiesAlways: true).run(made.disk)
        try made.check(first)
        #expect(first.manifest.store.segmentCount == 2 && first.manifest.store.rowCount == 40 && first.reusedByteCount == 0)
        try await made.grow(by: 5, from: 1000)
        let second = try await made.run(copiesAlways: true).run(made.disk)
        try made.check(second)
        let segments = first.manifest.files.filter { $0.path.hasSuffix(".parquet") }.reduce(0) { $0 + $1.byteCount }
        #expect(second.reusedByteCount >= segments && second.previousName == FilePath.name(of: first.path))
        // The first may go.
        try made.disk.removeTree(first.path)
        try made.check(second)
        // On one disk with the store nothing of a segment is copied.
        let third = try await made.run().run(made.disk)
        try made.check(third)
        #expect(third.linkedByteCount >= segments)
        #expect(try made.disk.exists("/data/backup-staging/store") == false)
    }

    @Test("a server that is not the directory's is refused, and nothing is left")
    func mismatch() async throws {
        let made = try await Installation(seed: TestSeed.value)
        var run = made.run()
        run.seal = { "another" }
        let error = await #expect(throws: BackupError.self) { try await run.run(made.disk) }
        #expect(error?.code == .mismatch)
        #expect(try made.disk.list("/backups").filter { $0 != "LOCK" }.isEmpty && !made.disk.exists("/data/backup-staging/store"))
    }

    @Test("wherever the power fails, there is a whole backup or none, and the next one is whole")
    func crashes() async throws {
        let seed = TestSeed.value
        var generator = SeededGenerator(seed: seed)
        let made = try await Installation(seed: seed)
        let start = made.disk.operationCount
        var count = 1
        try made.check(try await made.run().run(made.disk))
        let operationCount = made.disk.operationCount - start
        for _ in 0..<8 {
            // The last operations, at which the backup becomes one, are the most interesting.
            let operation =
                Bool.random(using: &generator)
                ? Int.random(in: 1...operationCount, using: &generator)
                : Int.random(in: operationCount - 40...operationCount, using: &generator)
            made.disk.crash(atOperation: made.disk.operationCount + operation)
            _ = try? await made.run().run(made.disk)
            made.disk.crash()
            let names = try BackupFolder(fileSystem: made.disk, path: "/backups").names()
            for name in names.complete {
                let report = try BackupVerification(fileSystem: made.disk, path: "/backups/\(name)").run()
                #expect(report.faults.isEmpty, "\(operation): \(TestSeed.hint(seed))")
            }
            #expect(names.complete.count >= count, "\(operation): \(TestSeed.hint(seed))")
            count = names.complete.count
        }
        try made.check(try await made.run().run(made.disk))
        #expect(try BackupFolder(fileSystem: made.disk, path: "/backups").names().incomplete.isEmpty)
    }
}
