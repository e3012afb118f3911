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
        var configuration = CrashTesting.configuration(disk, logFileByteCount: 1 << 20)
        configuration.limits.compactionGrowthFactor = 1
        return configuration
    }

    /// Some spans in a segment and some in memory, of traces of which half belong to the session `gone`: every other of their spans says so.
    private static func begin(_ disk: SimulatedDisk, _ seed: UInt64) async throws -> (SpanStore, gone: Set<SpanID>, kept: Set<SpanID>) {
        let store = try open(disk)
        var random = RandomSpans(SeededGenerator(seed: seed))
        var gone = Set<SpanID>(), kept = Set<SpanID>()
        for batch in 0..<2 {
            var records = random.records(8, startingAt: batch * 100)
            for index in records.indices {
                let isGone = index % 4 < 2
                records[index].traceID = TraceID(high: isGone ? 1 : 2, low: UInt64(index % 2))
                records[index].attributes = [KeyValue("long", .string(String(repeating: "text \(batch) \(index) ", count: 120)))]
                if index < 4 || batch == 1 && index % 3 == 0 {
                    records[index].attributes.append(KeyValue("session.id", .string(isGone ? "gone" : "kept")))
                }
                if isGone { gone.insert(records[index].spanID) } else { kept.insert(records[index].spanID) }
            }
            _ = try await store.append(StoreFixture.request(records, project: project))
            if batch == 0 { _ = try await store.seal() }
        }
        return (store, gone, kept)
    }

    private static func open(_ disk: SimulatedDisk) throws -> SpanStore { try CrashTesting.open(configuration(disk)) }

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

    @Test(
        "wherever the machine stops, a deletion has happened whole or not at all, and what is deleted never comes back",
        arguments: [DeletionSelection.session("gone"), .project])
    func crashAnywhere(selection: DeletionSelection) async throws {
        let seed = TestSeed.next(), hint = Comment(rawValue: TestSeed.hint(seed))
        let count = try await Self.operationCount(selection, seed)
        try #require(count > 10)
        for operation in CrashTesting.operations(count, of: seed, some: 6) {
            let disk = SimulatedDisk(seed: seed &+ UInt64(operation))
            let (store, gone, kept) = try await Self.begin(disk, seed)
            let wanted = selection == .project ? [] : kept
            disk.crash(atOperation: disk.operationCount + operation)
            let outcome = try? await store.delete(selection, of: Self.project)
            if outcome != nil { _ = try? await store.compact(isUrgent: true) }
            await CrashTesting.end(store, on: disk, kills: operation % 3 == 0)

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

    @Test(
        "a request that was refused and lies in the log all the same does not come back behind a deletion",
        arguments: [SimulatedDisk.Fault.io, .noSpace], [0, 1])
    func refusedRequests(fault: SimulatedDisk.Fault, call: Int) async throws {
        for seed in TestSeed.several(4) {
            let disk = SimulatedDisk(seed: seed), hint = Comment(rawValue: TestSeed.hint(seed))
            let (store, gone, kept) = try await Self.begin(disk, seed)
            var random = RandomSpans(SeededGenerator(seed: seed ^ 1))
            var records = random.records(3, startingAt: 500)
            for index in records.indices { records[index].attributes = [KeyValue("session.id", .string("gone"))] }
            // The write of the group, or its fdatasync.
            disk.fail(atOperation: disk.operationCount + 1 + call, with: fault)
            let request = try StoreFixture.request(records, project: Self.project)
            await #expect(throws: StoreError.self) { _ = try await store.append(request) }
            let outcome = try await store.delete(.session("gone"), of: Self.project)
            #expect(outcome.spanCount == gone.count, hint)
            disk.killProcess()
            await store.close()
            let again = try Self.open(disk)
            #expect(Set(try Self.ids(again)) == kept, hint)
            #expect(again.recovery.damages.isEmpty, hint)
            await again.close()
        }
    }
}
