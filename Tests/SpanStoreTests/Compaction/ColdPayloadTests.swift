import FileSystem
import SeededRandom
import SimulatedDisk
import Synchronization
import Testing
import TraceModel

@testable import SpanStore

@Suite("Payloads for long keeping")
struct ColdPayloadTests {
    private static func hint(_ seed: UInt64) -> Comment { Comment(rawValue: TestSeed.hint(seed)) }
    private static let day = CalendarDay.nanoseconds

    private static func prepare(_ configuration: inout StoreConfiguration, _ clock: TestClock) {
        configuration.limits.maximumRowGroupRowCount = 100
        configuration.limits.minimumCopiedRowGroupRowCount = 60
        configuration.limits.minimumColdByteCount = 1
        configuration.limits.coldPageByteCount = 256 << 10
        configuration.now = { clock.now }
    }

    /// Spans with prose, of which each says again half of what others said.
    private static func append(_ count: Int, to store: SpanStore, of project: ProjectID, _ random: inout RandomSpans) async throws {
        let sentences = (0..<100).map { _ in (0..<12).map { _ in random.text() }.joined(separator: " ") + ". " }
        var records = random.records(count)
        for index in records.indices {
            let prompt = (0..<random.number(10...80)).map { _ in sentences[random.number(0...99)] }.joined()
            records[index].attributes.append(KeyValue("gen_ai.input.messages.\(index % 3)", .string(prompt)))
        }
        _ = try await store.append(StoreFixture.request(records, project: project))
        _ = try await store.seal()
    }

    private static func fixture() throws -> (StoreFixture, TestClock) {
        let fixture = try StoreFixture(), clock = TestClock(now: 1_800_000_000_000_000_000)
        prepare(&fixture.configuration, clock)
        return (fixture, clock)
    }

    /// Looks twice, so that the store is known to be idle at the second time.
    private static func compactIdle(_ store: SpanStore, _ clock: TestClock) async throws -> [RewriteReport] {
        let first = try await store.compact()
        clock.now += 20 * 1_000_000_000
        return try await first + store.compact()
    }

    @Test("a week after their day payloads are compressed once more, in larger pages, and every span reads the same")
    func cold() async throws {
        let seed = TestSeed.next()
        var random = RandomSpans(SeededGenerator(seed: seed))
        let (fixture, clock) = try Self.fixture()
        var store = try fixture.open()
        store.pauseCompaction(true)
        try await Self.append(150, to: store, of: fixture.project, &random)
        let before = try fixture.everything(store), sealed = try #require(store.handles(of: fixture.project).first)
        clock.now += 7 * Self.day
        #expect(try await Self.compactIdle(store, clock).isEmpty, "the seventh day after it is not over")
        clock.now += Self.day
        let reports = try await Self.compactIdle(store, clock)
        #expect(reports.count == 1 && reports[0].coldPayloadPageCount > 0, Self.hint(seed))
        #expect(store.statistics.compaction.coldSegmentCount == 1)
        let cold = try #require(store.handles(of: fixture.project).first)
        #expect(cold.descriptor.payloadFileByteCount < sealed.descriptor.payloadFileByteCount, Self.hint(seed))
        #expect(cold.descriptor.spanRowCount == sealed.descriptor.spanRowCount)
        #expect(try cold.files().payloads?.isCold == true)
        #expect(try fixture.everything(store) == before, Self.hint(seed))
        #expect(try await Self.compactIdle(store, clock).isEmpty, "once is enough")

        await store.close()
        store = try fixture.open()
        store.pauseCompaction(true)
        #expect(try fixture.everything(store) == before)
        #expect(try await Self.compactIdle(store, clock).isEmpty, "the file says that it is cold")
        await store.close()
    }

    @Test("a busy store leaves them, and one that becomes busy gives up")
    func busy() async throws {
        var random = RandomSpans()
        let (fixture, clock) = try Self.fixture()
        fixture.configuration.limits.maximumIdleByteRate = 1_000
        let store = try fixture.open()
        store.pauseCompaction(true)
        try await Self.append(60, to: store, of: fixture.project, &random)
        let sealed = store.handles(of: fixture.project).map(\.descriptor.sequence)
        clock.now += 9 * Self.day
        #expect(try await store.compact().isEmpty)
        // Of another project, so that nothing else is to be done for the first.
        clock.now += 20 * 1_000_000_000
        try await Self.append(60, to: store, of: ProjectID(high: 7, low: 7), &random)
        #expect(try await store.compact().isEmpty)
        #expect(store.handles(of: fixture.project).map(\.descriptor.sequence) == sealed)
        #expect(try await Self.compactIdle(store, clock).count == 1)
        await store.close()
    }

    @Test("what is deleted of cold payloads leaves them cold, and a merge of cold segments is cold")
    func later() async throws {
        let seed = TestSeed.next()
        var random = RandomSpans(SeededGenerator(seed: seed))
        let (fixture, clock) = try Self.fixture()
        let store = try fixture.open()
        store.pauseCompaction(true)
        try await Self.append(150, to: store, of: fixture.project, &random)
        clock.now += 9 * Self.day
        _ = try await Self.compactIdle(store, clock)
        let cold = try #require(store.handles(of: fixture.project).first)
        let masked = (0..<Int32(cold.descriptor.spanRowCount)).filter { _ in random.chance(30) }
        let expected = try StoreFixture.everything(cold.masking(masked).units)
        let result = try store.rewriter.rewrite([cold.masking(masked)], registry: PromotionRegistry(), sequence: 900)
        #expect(result.report.filteredPayloadPageCount > 0, Self.hint(seed))
        let thinned = SegmentHandle(
            try #require(result.descriptor), fileSystem: fixture.configuration.fileSystem, root: fixture.configuration.root, mask: [])
        #expect(try StoreFixture.everything(thinned.units) == expected, Self.hint(seed))
        #expect(try thinned.files().payloads?.isCold == true)
        // One that is not cold makes the merged one not cold.
        clock.now += Self.day
        try await Self.append(20, to: store, of: fixture.project, &random)
        let both = store.handles(of: fixture.project)
        #expect(both.count == 2)
        let before = try StoreFixture.everything(both.flatMap(\.units))
        let merged = try store.rewriter.rewrite(both, registry: PromotionRegistry(), sequence: 901)
        let handle = SegmentHandle(
            try #require(merged.descriptor), fileSystem: fixture.configuration.fileSystem, root: fixture.configuration.root, mask: [])
        #expect(try handle.files().payloads?.isCold == false)
        #expect(try StoreFixture.everything(handle.units) == before, Self.hint(seed))
        await store.close()
    }

    @Test("a machine that stops at any call of it comes back with the pair of before or with the new one", arguments: [false, true])
    func crashAnywhere(kills: Bool) async throws {
        let seed = TestSeed.next(), hint = Self.hint(seed), project = ProjectID(high: 0x0190_0000_0000_7000, low: 9)
        func begin(_ disk: SimulatedDisk) async throws -> (SpanStore, TestClock, StoreConfiguration, [String]) {
            let clock = TestClock(now: 1_800_000_000_000_000_000)
            var configuration = CrashTesting.configuration(disk, logFileByteCount: 2 << 20)
            Self.prepare(&configuration, clock)
            let store = try CrashTesting.open(configuration)
            store.pauseCompaction(true)
            var random = RandomSpans(SeededGenerator(seed: seed))
            try await Self.append(10, to: store, of: project, &random)
            clock.now += 9 * Self.day
            return (store, clock, configuration, try StoreFixture.everything(store.snapshot(of: project).units))
        }
        let whole = SimulatedDisk(seed: seed)
        let (store, clock, _, _) = try await begin(whole)
        let start = whole.operationCount
        #expect(try await Self.compactIdle(store, clock).count == 1)
        let count = whole.operationCount - start
        await store.close()
        try #require(count > 8)
        for operation in CrashTesting.operations(count, of: seed, some: 3, closing: [3, 1]) {
            let disk = SimulatedDisk(seed: seed &+ UInt64(operation))
            let (store, clock, configuration, before) = try await begin(disk)
            disk.crash(atOperation: disk.operationCount + operation)
            _ = try? await Self.compactIdle(store, clock)
            await CrashTesting.end(store, on: disk, kills: kills)
            let again = try CrashTesting.open(configuration)
            again.pauseCompaction(true)
            #expect(try StoreFixture.everything(again.snapshot(of: project).units) == before, hint)
            #expect(again.handles(of: project).count == 1, hint)
            _ = try await Self.compactIdle(again, clock)
            #expect(try again.handles(of: project).first?.files().payloads?.isCold == true, hint)
            #expect(try StoreFixture.everything(again.snapshot(of: project).units) == before, hint)
            await again.close()
        }
    }
}
