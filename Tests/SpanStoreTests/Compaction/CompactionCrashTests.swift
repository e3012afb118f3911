import FileSystem
import SeededRandom
import SimulatedDisk
import Testing
import TraceModel

@testable import SpanStore

@Suite("Compaction on a failing disk")
struct CompactionCrashTests {
    private static let project = ProjectID(high: 0x0190_0000_0000_7000, low: 9)

    private static func configuration(_ disk: SimulatedDisk) -> StoreConfiguration {
        var configuration = CrashTesting.configuration(disk, logFileByteCount: 2 << 20)
        configuration.limits.maximumRowGroupRowCount = 20
        configuration.limits.minimumCopiedRowGroupRowCount = 15
        configuration.limits.compactionGrowthFactor = 1
        return configuration
    }

    /// A store of two segments, the same for one seed, and what it holds.
    private static func begin(_ disk: SimulatedDisk, _ seed: UInt64) async throws -> (SpanStore, [String]) {
        let store = try CrashTesting.open(configuration(disk))
        var random = RandomSpans(SeededGenerator(seed: seed))
        _ = try await random.segments(2, rowCount: 3...6, in: store, of: project)
        return (store, try everything(store))
    }

    private static func everything(_ store: SpanStore) throws -> [String] { try StoreFixture.everything(store.snapshot(of: project).units) }

    private static func files(_ disk: SimulatedDisk) throws -> Int {
        try ["spans", "payloads"].reduce(0) { count, top in
            guard try disk.exists(CrashTesting.root + "/" + top) else { return count }
            return try disk.list(CrashTesting.root + "/" + top).reduce(count) { count, project in
                try disk.list("\(CrashTesting.root)/\(top)/\(project)").reduce(count) { count, day in
                    try count + disk.list("\(CrashTesting.root)/\(top)/\(project)/\(day)").count
                }
            }
        }
    }

    /// The last ones publish.
    private static func operations(_ count: Int, _ seed: UInt64) -> [Int] {
        CrashTesting.operations(count, of: seed, some: 5, closing: [3, 1])
    }

    private static func operationCount(_ seed: UInt64) async throws -> Int {
        let disk = SimulatedDisk(seed: seed)
        let (store, before) = try await begin(disk, seed)
        let start = disk.operationCount
        #expect(try await store.compact(isUrgent: true).count == 1)
        let count = disk.operationCount - start
        #expect(try everything(store) == before)
        await store.close()
        return count
    }

    @Test(
        "a machine that stops at any call of a rewrite comes back with the old segments or with the new one, whole",
        arguments: [false, true])
    func crashAnywhere(kills: Bool) async throws {
        let seed = TestSeed.next(), hint = Comment(rawValue: TestSeed.hint(seed))
        let count = try await Self.operationCount(seed)
        try #require(count > 10)
        for operation in Self.operations(count, seed) {
            let disk = SimulatedDisk(seed: seed &+ UInt64(operation))
            let (store, before) = try await Self.begin(disk, seed)
            disk.crash(atOperation: disk.operationCount + operation)
            _ = try? await store.compact(isUrgent: true)
            await CrashTesting.end(store, on: disk, kills: kills)

            let again = try CrashTesting.open(Self.configuration(disk))
            #expect(try Self.everything(again) == before, hint)
            #expect([1, 2].contains(again.handles(of: Self.project).count), hint)
            let paths = again.files(of: Self.project).reduce(0) { $0 + ($1.payloads == nil ? 1 : 2) }
            #expect(try Self.files(disk) == paths, "nothing is left over: \(hint.rawValue)")
            _ = try await again.compact(isUrgent: true)
            #expect(again.handles(of: Self.project).count == 1, hint)
            #expect(try Self.everything(again) == before, hint)
            await again.close()
        }
    }

    @Test("a call that fails leaves the old segments, and a later rewrite succeeds", arguments: [SimulatedDisk.Fault.io, .noSpace])
    func faultAnywhere(fault: SimulatedDisk.Fault) async throws {
        let seed = TestSeed.next(), hint = Comment(rawValue: TestSeed.hint(seed))
        let count = try await Self.operationCount(seed)
        try #require(count > 10)
        for operation in Self.operations(count, seed) {
            let disk = SimulatedDisk(seed: seed &+ UInt64(operation))
            let (store, before) = try await Self.begin(disk, seed)
            disk.fail(atOperation: disk.operationCount + operation, with: fault)
            _ = try? await store.compact(isUrgent: true)
            #expect(try Self.everything(store) == before, hint)
            _ = try? await store.compact(isUrgent: true)
            #expect(try Self.everything(store) == before, hint)
            await store.close()
            let again = try CrashTesting.open(Self.configuration(disk))
            #expect(try Self.everything(again) == before, hint)
            let paths = again.files(of: Self.project).reduce(0) { $0 + ($1.payloads == nil ? 1 : 2) }
            #expect(try Self.files(disk) == paths, hint)
            await again.close()
        }
    }
}
