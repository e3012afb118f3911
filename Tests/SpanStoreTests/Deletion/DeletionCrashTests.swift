import FileSystem
import SeededRandom
import SimulatedDisk
import Testing
import TraceModel

@testable import SpanStore

@Suite("Deletion on a failing disk")
struct DeletionCrashTests {
    private static let project = ProjectID(high: 0x0190_0000_0000_7000, low: 11)

    private static func configuration(_ disk: SimulatedDisk) -> StoreConfiguration {
        var configuration = StoreConfiguration(root: "/data/store", fileSystem: disk)
        configuration.configureWAL = {
            $0.fileByteCount = 512 << 10
            $0.maximumTotalByteCount = 4 << 20
            $0.maximumGroupByteCount = 128 << 10
            $0.zeroStepByteCount = 16 << 10
        }
        configuration.limits.compactionGrowthFactor = 1
        return configuration
    }

    /// Some spans in a segment and some in memory; half of each belong to the session `gone`.
    private static func begin(_ disk: SimulatedDisk, _ seed: UInt64) async throws -> (SpanStore, gone: Set<SpanID>, kept: Set<SpanID>) {
        let store = try open(disk)
        var random = RandomSpans(SeededGenerator(seed: seed))
        var gone = Set<SpanID>(), kept = Set<SpanID>()
        for batch in 0..<2 {
            var records = random.records(8, startingAt: batch * 100)
            for index in records.indices {
                records[index].attributes = [KeyValue("session.id", .string(index % 2 == 0 ? "gone" : "kept"))]
                records[index].attributes.append(KeyValue("long", .string(String(repeating: "text \(batch) \(index) ", count: 120))))
                if index % 2 == 0 { gone.insert(records[index].spanID) } else { kept.insert(records[index].spanID) }
            }
            _ = try await store.append(StoreFixture.request(records, project: project))
            if batch == 0 { _ = try await store.seal() }
        }
        return (store, gone, kept)
    }

    private static func open(_ disk: SimulatedDisk) throws -> SpanStore {
        let store = try SpanStore.open(configuration(disk))
        store.pauseCompaction(true)
        return store
    }

    private static func ids(_ store: SpanStore) throws -> [SpanID] {
        try store.snapshot(of: project).units.flatMap { unit -> [SpanID] in
            let masked = Set(try unit.maskedRows)
            return try unit.records(at: (0..<Int32(unit.rowCount)).filter { !masked.contains($0) }).map(\.spanID)
        }
    }

    private static func operationCount(_ selection: DeletionSelection, _ seed: UInt64) async throws -> Int {
        let disk = SimulatedDisk(seed: seed)
        let (store, _, _) = try await begin(disk, seed)
        let start = disk.operationCount
        _ = try await store.delete(selection, of: project)
        _ = try await store.compact(isUrgent: true)
        let count = disk.operationCount - start
        await store.close()
        return count
    }

    /// Some of the calls; all of them where a longer search is asked for (SPANDREL_TEST_SEED_COUNT).
    private static func operations(_ count: Int, _ seed: UInt64) -> [Int] {
        if TestSeed.several(1).count > 1 { return Array(1...count) }
        var random = SeededGenerator(seed: seed)
        return (0..<6).map { _ in Int.random(in: 1...count, using: &random) }
    }

    @Test(
        "wherever the machine stops, a deletion has happened whole or not at all, and what is deleted never comes back",
        arguments: [DeletionSelection.session("gone"), .project])
    func crashAnywhere(selection: DeletionSelection) async throws {
        let seed = TestSeed.next(), hint = Comment(rawValue: TestSeed.hint(seed))
        let count = try await Self.operationCount(selection, seed)
        try #require(count > 10)
        for operation in Self.operations(count, seed) {
            let disk = SimulatedDisk(seed: seed &+ UInt64(operation))
            let (store, gone, kept) = try await Self.begin(disk, seed)
            let wanted = selection == .project ? [] : kept
            disk.crash(atOperation: disk.operationCount + operation)
            let outcome = try? await store.delete(selection, of: Self.project)
            if outcome != nil { _ = try? await store.compact(isUrgent: true) }
            let kills = operation % 3 == 0
            if kills { disk.killProcess() } else { disk.crash() }
            await store.close()
            disk.crash(atOperation: nil)
            if kills { disk.killProcess() } else { disk.crash() }

            var again = try Self.open(disk)
            #expect(again.recovery.damages.isEmpty, hint)
            let found = try Self.ids(again)
            #expect(Set(found).count == found.count, hint)
            if outcome == nil {
                #expect(Set(found) == wanted || Set(found) == gone.union(kept), hint)
            } else {
                #expect(Set(found) == wanted, hint)
            }
            _ = try await again.delete(selection, of: Self.project)
            #expect(Set(try Self.ids(again)) == wanted, hint)
            _ = try await again.compact(isUrgent: true)
            #expect(Set(try Self.ids(again)) == wanted, hint)
            await again.close()
            again = try Self.open(disk)
            #expect(again.recovery.damages.isEmpty, hint)
            #expect(Set(try Self.ids(again)) == wanted, hint)
            await again.close()
        }
    }
}
