import Dispatch
import FileSystem
import SeededRandom
import SimulatedDisk
import Synchronization
import Testing
import TraceModel

@testable import SpanStore

@Suite("Store capture")
struct StoreCaptureTests {
    private static let target = "/backup/store"

    private func capture(_ fileSystem: any FileSystem, _ root: String, to target: String = target) async throws -> StoreCapture.Result {
        // Files are read and linked on a thread of their own, as everywhere: a test blocks none of the pool's.
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try StoreCapture(fileSystem: fileSystem, root: root, target: target).run() })
            }
        }
    }

    /// Every span of the project in a store that is opened there, in order.
    private func ids(_ configuration: StoreConfiguration, of project: ProjectID, at root: String = target) async throws -> [UInt64] {
        var configuration = configuration
        configuration.root = root
        let store = try SpanStore.open(configuration)
        let ids = try store.snapshot(of: project).units.flatMap { unit -> [UInt64] in
            let masked = Set(try unit.maskedRows)
            return try unit.records(at: (0..<Int32(unit.rowCount)).filter { !masked.contains($0) }).map(\.spanID.rawValue)
        }
        await store.close()
        return ids.sorted()
    }

    @Test("what is taken is a whole store: sound, without a log, with everything that was sealed, and it goes on")
    func whole() async throws {
        let made = try await InspectedStore(seed: TestSeed.value)
        let result = try await capture(made.disk, made.root)
        #expect(result.files.map(\.path) == (try made.disk.files(below: Self.target)))
        for file in result.files { #expect(try made.disk.size(of: Self.target + "/" + file.path) == file.byteCount, "\(file.path)") }
        #expect(!result.files.contains { $0.path.hasPrefix("wal/") })
        #expect(result.files.count { $0.isSegment } == 4)
        let report = try StoreInspection(fileSystem: made.disk, root: Self.target).run()
        #expect(report.findings.isSound && report.findings.list.map(\.message) == ["there is no log"], "\(report.findings.list)")
        #expect(report.nodeID == result.nodeID && report.rejectedSpanCount == 2 && report.receiptCount > 0)
        #expect(try await ids(made.configuration, of: made.project).count == 60)
        // New entries have numbers above those of the old store's segments, and are there after a restart.
        var configuration = made.configuration
        configuration.root = Self.target
        let store = try SpanStore.open(configuration)
        var spans = RandomSpans(SeededGenerator(seed: 9))
        let outcome = try await store.append(StoreFixture.request(spans.records(7, startingAt: 5_000), project: made.project))
        #expect(outcome.lsn > result.state.highestSealedLSN)
        await store.close()
        #expect(try await ids(made.configuration, of: made.project).count == 67)
    }

    @Test(
        "beside a store that takes in, seals and merges, everything acknowledged before is taken exactly once",
        arguments: TestSeed.several(1))
    func underLoad(seed: UInt64) async throws {
        let made = try await InspectedStore(seed: seed, spanCount: 10)
        var configuration = made.configuration
        configuration.limits.maximumMemtableRowCount = 32
        configuration.limits.compactionGrowthFactor = 2
        let store = try SpanStore.open(configuration), project = made.project
        let load = Load()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sender in 0..<3 {
                group.addTask {
                    var spans = RandomSpans(SeededGenerator(seed: seed &+ UInt64(sender)))
                    var next = (sender + 1) * 1_000_000
                    while !load.isOver {
                        let records = spans.records(6, startingAt: next)
                        next += 6
                        _ = try await store.append(StoreFixture.request(records, project: project))
                        load.acknowledge(records)
                    }
                }
            }
            group.addTask {
                while !load.isOver { _ = try await store.compact(isUrgent: true) }
            }
            defer { load.end() }
            for round in 0..<3 {
                let before = load.acknowledged
                _ = try await store.seal()
                let target = "/backup-\(round)/store"
                _ = try await capture(made.disk, made.root, to: target)
                let taken = try await ids(made.configuration, of: project, at: target)
                #expect(Set(taken).count == taken.count, "doubled; \(TestSeed.hint(seed))")
                #expect(before.isSubset(of: taken), "lost; \(TestSeed.hint(seed))")
                let report = try StoreInspection(fileSystem: made.disk, root: target).run()
                #expect(report.findings.isSound, "\(report.findings.list); \(TestSeed.hint(seed))")
            }
        }
        await store.close()
    }

    @Test("a segment that is merged away between the manifest and its link is replaced by the one it went into")
    func mergedMeanwhile() async throws {
        let made = try await InspectedStore(seed: TestSeed.value)
        let expected = try await ids(made.configuration, of: made.project, at: made.root)
        var configuration = made.configuration
        configuration.limits.compactionGrowthFactor = 1
        let store = try SpanStore.open(configuration)
        store.pauseCompaction(true)
        _ = try await store.seal()
        let disk = HookedDisk(made.disk) {
            let isDone = DispatchSemaphore(value: 0)
            Task {
                _ = try? await store.compact(isUrgent: true)
                isDone.signal()
            }
            isDone.wait()
        }
        let result = try await capture(disk, made.root)
        #expect(disk.isCalled)
        #expect(result.files.count { $0.path.hasPrefix("spans/") } == result.state.segments.count)
        await store.close()
        #expect(try await ids(made.configuration, of: made.project) == expected)
        #expect(result.state.segments.keys.allSatisfy { $0 > 3 }, "the segments of before are gone: \(result.state.segments.keys)")
    }

    @Test("masked rows stay masked, and a project that was deleted is not taken")
    func deletions() async throws {
        let made = try await InspectedStore(seed: TestSeed.value)
        let store = try SpanStore.open(made.configuration)
        store.pauseCompaction(true)
        let other = ProjectID(high: 0x0190_0000_0000_7000, low: 2)
        var spans = RandomSpans(SeededGenerator(seed: 1))
        let records = spans.records(9, startingAt: 9_000)
        _ = try await store.append(StoreFixture.request(records, project: other))
        _ = try await store.delete(.project, of: other)
        let trace = try #require(try store.snapshot(of: made.project).units.first?.records(at: [0]).first?.traceID)
        _ = try await store.delete(.trace(trace), of: made.project)
        _ = try await capture(made.disk, made.root)
        await store.close()
        #expect(try await ids(made.configuration, of: other).isEmpty)
        #expect(try await ids(made.configuration, of: made.project) == ids(made.configuration, of: made.project, at: made.root))
    }

    @Test("where files can have one name only, they are copied")
    func withoutLinks() async throws {
        let made = try await InspectedStore(seed: TestSeed.value)
        made.disk.setCanLink(false)
        let result = try await capture(made.disk, made.root)
        #expect(result.files.count { $0.isSegment } == 4)
        #expect(try await ids(made.configuration, of: made.project).count == 60)
    }

    @Test("a file that is appended to is taken as far as it is whole")
    func appendedFiles() async throws {
        let made = try await InspectedStore(seed: TestSeed.value)
        let receipts = try #require(try made.disk.files(below: made.root).first { $0.hasSuffix(".receipts") })
        let path = made.root + "/" + receipts
        let whole = try made.disk.size(of: path)
        let file = try made.disk.open(path, .readWrite)
        try file.write([1, 2, 3, 4, 5], at: whole)
        file.close()
        let result = try await capture(made.disk, made.root)
        #expect(result.files.first { $0.path == receipts }?.byteCount == whole)
        #expect(try StoreInspection(fileSystem: made.disk, root: made.root).run().findings.list.contains { $0.file == receipts })
        #expect(try !StoreInspection(fileSystem: made.disk, root: Self.target).run().findings.list.contains { $0.file == receipts })
    }

    @Test("a segment whose file is missing, or not whole, is said by name and nothing is passed over")
    func damaged() async throws {
        let made = try await InspectedStore(seed: TestSeed.value)
        let spans = try #require(try made.disk.files(below: made.root).first { $0.hasPrefix("spans/") })
        let file = try made.disk.open(made.root + "/" + spans, .readWrite)
        try file.truncate(to: 100)
        file.close()
        let error = await #expect(throws: StoreError.self) { try await capture(made.disk, made.root) }
        #expect(error?.code == .corrupt && error?.message.contains(spans) == true)
        try made.disk.remove(made.root + "/" + spans)
        try made.disk.removeTree("/backup")
        let missing = await #expect(throws: StoreError.self) { try await capture(made.disk, made.root) }
        #expect(missing?.code == .corrupt && missing?.message.contains(spans) == true)
    }

    @Test("cut short at any operation it leaves the store as it was, and what it left goes and is taken anew")
    func crashes() async throws {
        let seed = TestSeed.value
        let made = try await InspectedStore(seed: seed, spanCount: 6)
        let store = try SpanStore.open(made.configuration)
        _ = try await store.seal()
        await store.close()
        let expected = try await ids(made.configuration, of: made.project, at: made.root)
        let start = made.disk.operationCount
        _ = try await capture(made.disk, made.root)
        let operationCount = made.disk.operationCount - start
        try made.disk.removeTree("/backup")
        for operation in stride(from: 1, through: operationCount, by: 3) {
            made.disk.crash(atOperation: made.disk.operationCount + operation)
            _ = try? await capture(made.disk, made.root)
            made.disk.crash()
            try made.disk.removeTree("/backup")
        }
        #expect(try await ids(made.configuration, of: made.project, at: made.root) == expected, "\(TestSeed.hint(seed))")
        _ = try await capture(made.disk, made.root)
        #expect(try await ids(made.configuration, of: made.project) == expected, "\(TestSeed.hint(seed))")
    }
}

/// What senders of a test have heard of, and when they are to stop.
private final class Load: Sendable {
    private let state = Mutex((acknowledged: Set<UInt64>(), isOver: false))

    var acknowledged: Set<UInt64> { state.withLock { $0.acknowledged } }
    var isOver: Bool { state.withLock { $0.isOver } }
    func acknowledge(_ records: [SpanRecord]) { state.withLock { $0.acknowledged.formUnion(records.map(\.spanID.rawValue)) } }
    func end() { state.withLock { $0.isOver = true } }
}

/// A disk that does something before the first link.
private final class HookedDisk: FileSystem {
    private let disk: SimulatedDisk
    private let hook: Mutex<(@Sendable () -> Void)?>

    init(_ disk: SimulatedDisk, _ hook: @escaping @Sendable () -> Void) {
        self.disk = disk
        self.hook = Mutex(hook)
    }

    var isCalled: Bool { hook.withLock { $0 == nil } }

    func link(_ from: String, to: String) throws(FileSystemError) {
        let hook = self.hook.withLock { hook in
            defer { hook = nil }
            return hook
        }
        hook?()
        try disk.link(from, to: to)
    }
    func open(_ path: String, _ mode: FileOpenMode) throws(FileSystemError) -> any File { try disk.open(path, mode) }
    func list(_ path: String) throws(FileSystemError) -> [String] { try disk.list(path) }
    func createDirectory(_ path: String) throws(FileSystemError) { try disk.createDirectory(path) }
    func remove(_ path: String) throws(FileSystemError) { try disk.remove(path) }
    func removeDirectory(_ path: String) throws(FileSystemError) { try disk.removeDirectory(path) }
    func rename(_ from: String, to: String) throws(FileSystemError) { try disk.rename(from, to: to) }
    func synchronizeDirectory(_ path: String) throws(FileSystemError) { try disk.synchronizeDirectory(path) }
    func size(of path: String) throws(FileSystemError) -> Int { try disk.size(of: path) }
    func exists(_ path: String) throws(FileSystemError) -> Bool { try disk.exists(path) }
    func space(at path: String) throws(FileSystemError) -> DiskSpace { try disk.space(at: path) }
    func lockDirectory(_ path: String) throws(FileSystemError) -> any DirectoryLock { try disk.lockDirectory(path) }
}
