import FileSystem
import GenAIConventions
import SeededRandom
import SimulatedDisk
import Testing
import TraceModel

@testable import SpanStore

@Suite("Reapplication on a failing disk")
struct ReapplicationCrashTests {
    private static let project = ProjectID(high: 0x0190_0000_0000_7000, low: 11)
    private static let revision = FieldRevision(.mapping, prices: TestPrices.book(version: 5, perMillion: 2))

    private static func configuration(_ disk: SimulatedDisk) -> StoreConfiguration {
        var configuration = StoreConfiguration(root: "/data/store", fileSystem: disk)
        configuration.mappingVersion = OldMapping.mapping.version
        configuration.configureWAL = {
            $0.fileByteCount = 2 << 20
            $0.maximumTotalByteCount = 8 << 20
            $0.maximumGroupByteCount = 512 << 10
            $0.zeroStepByteCount = 16 << 10
            $0.zeroAheadByteCount = 0
        }
        return configuration
    }

    /// A store of two segments, the same for one seed, and what it holds but for the fields.
    private static func begin(_ disk: SimulatedDisk, _ seed: UInt64) async throws -> (SpanStore, [String]) {
        let store = try SpanStore.open(configuration(disk))
        store.pauseCompaction(true)
        var calls = RandomCalls(seed: seed)
        try await calls.segments(2, rowCount: 3...6, in: store, of: project, mapping: OldMapping.mapping, prices: TestPrices.none)
        return (store, try spans(store))
    }

    private static func records(_ store: SpanStore) throws -> [SpanRecord] {
        try store.snapshot(of: project).units.flatMap { try $0.records(at: (0..<Int32($0.rowCount)).map { $0 }) }
    }

    private static func spans(_ store: SpanStore) throws -> [String] { try records(store).map { "\($0.canonical)" }.sorted() }
    private static func everything(_ store: SpanStore) throws -> [String] { try StoreFixture.everything(store.snapshot(of: project).units) }

    private static func files(_ disk: SimulatedDisk) throws -> Int {
        try ["spans", "payloads"].reduce(0) { count, top in
            guard try disk.exists("/data/store/" + top) else { return count }
            return try disk.list("/data/store/" + top).reduce(count) { count, project in
                try disk.list("/data/store/\(top)/\(project)").reduce(count) { count, day in
                    try count + disk.list("/data/store/\(top)/\(project)/\(day)").count
                }
            }
        }
    }

    /// What comes of it when nothing fails, and how many calls that takes.
    private static func expectation(_ seed: UInt64) async throws -> (operationCount: Int, everything: [String]) {
        let disk = SimulatedDisk(seed: seed)
        let (store, before) = try await begin(disk, seed)
        let start = disk.operationCount
        #expect(try await store.reapplyAll(revision, to: project).rewrittenSegmentCount == 2)
        let count = disk.operationCount - start
        #expect(try spans(store) == before)
        let everything = try everything(store)
        await store.close()
        return (count, everything)
    }

    /// Some of the calls and the last ones, which publish; all of them where a longer search is asked for (SPANDREL_TEST_SEED_COUNT).
    private static func operations(_ count: Int, _ seed: UInt64) -> [Int] {
        if TestSeed.several(1).count > 1 { return Array(1...count) }
        var random = SeededGenerator(seed: seed)
        return (0..<3).map { _ in Int.random(in: 1...count, using: &random) } + [count - 3, count - 1]
    }

    @Test(
        "a machine that stops at any call comes back with each segment as it was or as it becomes, and goes on", arguments: [false, true])
    func crashAnywhere(kills: Bool) async throws {
        let seed = TestSeed.next(), hint = Comment(rawValue: TestSeed.hint(seed))
        let (count, expected) = try await Self.expectation(seed)
        try #require(count > 20)
        for operation in Self.operations(count, seed) {
            let disk = SimulatedDisk(seed: seed &+ UInt64(operation))
            let (store, before) = try await Self.begin(disk, seed)
            disk.crash(atOperation: disk.operationCount + operation)
            _ = try? await store.reapplyAll(Self.revision, to: Self.project)
            if kills { disk.killProcess() } else { disk.crash() }
            await store.close()
            disk.crash(atOperation: nil)
            if kills { disk.killProcess() } else { disk.crash() }

            let again = try SpanStore.open(Self.configuration(disk))
            again.pauseCompaction(true)
            #expect(try Self.spans(again) == before, hint)
            #expect(again.handles(of: Self.project).count == 2, hint)
            let paths = again.files(of: Self.project).reduce(0) { $0 + ($1.payloads == nil ? 1 : 2) }
            #expect(try Self.files(disk) == paths, "nothing is left over: \(hint.rawValue)")
            let done = again.handles(of: Self.project).count { $0.descriptor.mappingVersion == AttributeMapping.current.version }
            let report = try await again.reapplyAll(Self.revision, to: Self.project)
            #expect(report.segmentCount == 2 - done, hint)
            #expect(try Self.everything(again) == expected, hint)
            await again.close()
        }
    }

    @Test("a call that fails leaves the segment as it was, and a later attempt succeeds", arguments: [SimulatedDisk.Fault.io, .noSpace])
    func faultAnywhere(fault: SimulatedDisk.Fault) async throws {
        let seed = TestSeed.next(), hint = Comment(rawValue: TestSeed.hint(seed))
        let (count, expected) = try await Self.expectation(seed)
        for operation in Self.operations(count, seed) {
            let disk = SimulatedDisk(seed: seed &+ UInt64(operation))
            let (store, before) = try await Self.begin(disk, seed)
            disk.fail(atOperation: disk.operationCount + operation, with: fault)
            _ = try? await store.reapplyAll(Self.revision, to: Self.project)
            #expect(try Self.spans(store) == before, hint)
            _ = try? await store.reapplyAll(Self.revision, to: Self.project)
            #expect(try Self.everything(store) == expected, hint)
            await store.close()
            let again = try SpanStore.open(Self.configuration(disk))
            #expect(try Self.everything(again) == expected, hint)
            await again.close()
        }
    }
}
