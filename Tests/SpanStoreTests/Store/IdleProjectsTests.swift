import FileSystem
import Foundation
import SeededRandom
import SimulatedDisk
import Synchronization
import Testing
import TraceModel

@testable import SpanStore

@Suite("Many projects, most of them idle")
struct IdleProjectsTests {
    private static func project(_ number: Int) -> ProjectID { ProjectID(high: 0x0190_0000_0000_7000, low: UInt64(number)) }

    private static func spans(_ store: SpanStore, _ project: ProjectID) throws -> Set<SpanID> {
        Set(
            try store.snapshot(of: project).units.flatMap { unit -> [SpanID] in
                try unit.records(at: Array(0..<Int32(unit.rowCount))).map(\.spanID)
            })
    }

    @Test("three projects with two requests a day for five weeks: few segments and files, and every span is there")
    func trickle() async throws {
        let disk = SimulatedDisk(seed: TestSeed.value), clock = TestClock(now: 19_997 * CalendarDay.nanoseconds)
        let start = clock.now, projectCount = 3, dayCount = 35
        var configuration = CrashTesting.configuration(disk, logFileByteCount: 4 << 20)
        configuration.now = { clock.now }
        var store = try CrashTesting.open(configuration)
        _ = try await store.sweepRetention([:])
        var random = RandomSpans(), sent: [Int: Set<SpanID>] = [:], mostMemtables = 0
        for day in 0..<dayCount {
            for hour in [2, 9, 17, 23] {
                clock.now = start + UInt64(day) * CalendarDay.nanoseconds + UInt64(hour) * 3_600 * 1_000_000_000
                if hour == 9 || hour == 17 {
                    for number in 0..<projectCount {
                        let first = ((day * 2 + (hour == 9 ? 0 : 1)) * projectCount + number) * 2
                        let records = random.records(2, startingAt: first)
                        sent[number, default: []].formUnion(records.map(\.spanID))
                        _ = try await store.append(StoreFixture.request(records, project: Self.project(number)))
                    }
                }
                await store.maintain()
                mostMemtables = max(mostMemtables, store.statistics.memtableCount)
            }
            _ = try await store.compact()
        }
        #expect(mostMemtables <= 2 * projectCount)
        // October as one or two segments, November's four days as three or so, and what is not sealed yet.
        #expect(store.statistics.segmentCount <= 8 * projectCount, "\(store.statistics.segmentCount)")
        #expect(store.statistics.sealedSegmentCount <= dayCount * projectCount, "one seal a day: \(store.statistics.sealedSegmentCount)")
        #expect(Double(store.statistics.compaction.bytesWritten) <= 3 * Double(store.statistics.sealedByteCount))
        let files = try ["spans", "payloads"].flatMap { try StoreFiles.list(disk, CrashTesting.root, below: $0) }
        #expect(files.count <= 2 * store.statistics.segmentCount)
        for number in 0..<projectCount { #expect(try Self.spans(store, Self.project(number)) == sent[number]) }
        await store.close()
        store = try CrashTesting.open(configuration)
        for number in 0..<projectCount { #expect(try Self.spans(store, Self.project(number)) == sent[number]) }
        #expect(store.statistics.damagedSegmentCount == 0)
        await store.close()
    }

    @Test("beside a busy project, what others sent now and then is neither sealed each time the log turns over nor keeps it long")
    func trickleBesideBusy() async throws {
        let fixture = try StoreFixture()
        fixture.configuration.limits.maximumMemtableRowCount = 600
        fixture.configuration.configureWAL = {
            $0.fileByteCount = 512 << 10
            $0.maximumTotalByteCount = 2 << 20
            $0.maximumGroupByteCount = 64 << 10
            $0.zeroStepByteCount = 32 << 10
            $0.zeroAheadByteCount = 0
            $0.maximumCopiedByteCount = 128 << 10
        }
        var store = try fixture.open()
        store.pauseCompaction(true)
        var random = RandomSpans(), sent: [Int: Set<SpanID>] = [:], first = 0
        func append(_ count: Int, _ number: Int) async throws {
            let records = random.records(count, startingAt: first)
            first += count
            sent[number, default: []].formUnion(records.map(\.spanID))
            _ = try await store.append(StoreFixture.request(records, project: Self.project(number)))
        }
        for round in 0..<240 {
            if round % 8 == 0 { try await append(1, 1 + round / 8 % 5) }
            try await append(25, 0)
            // A log so small turns over faster than unoptimized code seals.
            await store.settle()
        }
        let statistics = store.wal.statistics
        #expect(statistics.recycledFileCount >= 4, "the log has turned over: \(statistics)")
        #expect(statistics.copiedEntryCount > 0 && statistics.copiedByteCount < statistics.writtenByteCount / 8)
        for number in 1...5 {
            #expect(store.fileByteCount(of: Self.project(number)) == 0, "project \(number) has a segment")
            #expect(try Self.spans(store, Self.project(number)) == sent[number])
        }
        await store.close()
        store = try fixture.open()
        #expect(store.recovery.damages.isEmpty)
        for number in 0...5 { #expect(try Self.spans(store, Self.project(number)) == sent[number], "project \(number)") }
        await store.close()
    }

    private static func openFiles(_ fixture: StoreFixture) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)
        }.filter { $0.hasPrefix(fixture.directory) && $0.contains(".parquet") }
    }

    @Test("segments that nobody has asked for lately have neither files open nor handles in memory; readers keep what they have")
    func unusedSegments() async throws {
        let fixture = try StoreFixture(), clock = TestClock(now: 20_000 * CalendarDay.nanoseconds)
        fixture.configuration.now = { clock.now }
        fixture.configuration.limits.compactionGrowthFactor = 1
        var store = try fixture.open()
        store.pauseCompaction(true)
        var random = RandomSpans()
        for number in 0..<4 {
            let request = try StoreFixture.request(random.records(2, startingAt: number * 10), project: Self.project(number % 2))
            _ = try await store.append(request)
            _ = try await store.seal()
        }
        func loaded() -> Int { store.state.withLock { $0.loadedHandles.count } }
        func wait() async {
            for _ in 0..<3 {
                clock.now += 6 * 60 * 1_000_000_000
                await store.maintain()
            }
        }
        #expect(loaded() == 0, "a seal asks for nothing")
        let expected = try Self.spans(store, Self.project(0))
        #expect(expected.count == 4 && loaded() == 2 && !Self.openFiles(fixture).isEmpty)
        await wait()
        #expect(loaded() == 0 && Self.openFiles(fixture).isEmpty)
        #expect(store.statistics.segmentCount == 4 && store.fileByteCount(of: Self.project(1)) > 0 && loaded() == 0)
        do {
            // While somebody reads, the segments are merged, and their files stay; so do the handles.
            let held = store.snapshot(of: Self.project(0))
            await wait()
            #expect(loaded() == 2)
            _ = try await store.compact(isUrgent: true)
            await wait()
            #expect(store.statistics.segmentCount == 2)
            let spans = try held.units.flatMap { try $0.records(at: Array(0..<Int32($0.rowCount))).map(\.spanID) }
            #expect(Set(spans) == expected)
        }
        await wait()
        #expect(loaded() == 0)
        let files = try StoreFiles.list(fixture.configuration.fileSystem, fixture.configuration.root, below: "spans")
        #expect(files.count == 2, "\(files)")
        // What is dropped while nobody has its handles goes at once.
        _ = try await store.sweepRetention([Self.project(0): RetentionRule(byteCount: 1)])
        #expect(try Self.spans(store, Self.project(0)).isEmpty && Self.spans(store, Self.project(1)).count == 4)
        #expect(try StoreFiles.list(fixture.configuration.fileSystem, fixture.configuration.root, below: "spans").count == 1)
        await store.close()
        store = try fixture.open()
        #expect(loaded() == 0 && store.statistics.segmentCount == 1, "a start asks for nothing")
        #expect(try Self.spans(store, Self.project(1)).count == 4)
        await store.close()
    }

    @Test("of more handles than there is room for, those longest unused go, and none that somebody has")
    func roomForHandles() throws {
        let disk = SimulatedDisk(seed: 1)
        func handles(_ number: UInt64) -> [SegmentHandle] {
            (0..<4).map { SegmentHandle(testSegment(number * 4 + $0, project: number), fileSystem: disk, root: "/x", mask: []) }
        }
        var loaded = LoadedSegments(maximumCount: 40)
        let held = handles(0)
        loaded.load(held, of: testProject(0))
        for number in UInt64(1)...9 { loaded.load(handles(number), of: testProject(number)) }
        #expect(loaded.count == 40)
        _ = loaded.handles(of: testProject(1))
        loaded.load(handles(10), of: testProject(10))
        #expect(loaded.count <= 40 && loaded.all.count == loaded.count)
        #expect(loaded.handles(of: testProject(0))?.first === held[0] && loaded.handles(of: testProject(1)) != nil)
        #expect(loaded.handles(of: testProject(2)) == nil && loaded.handles(of: testProject(10)) != nil)
        // A masked form in the place of what a reader has is in use with it.
        let masked = held[0].masking([1])
        loaded.change(testProject(0)) { $0 = [masked] }
        let ofReader = held[0]
        #expect(masked.isInUse)
        for number in UInt64(20)...60 { loaded.load(handles(number), of: testProject(number)) }
        #expect(loaded.handles(of: testProject(0))?.first === masked && loaded.handles(of: testProject(1)) == nil)
        #expect(loaded.count <= 50)
        withExtendedLifetime(ofReader) {}
    }

    @Test("days that lie together go together, when the last of them is over its time")
    func retentionOfSharedDays() async throws {
        let fixture = try StoreFixture(), clock = TestClock(now: 19_997 * CalendarDay.nanoseconds)
        fixture.configuration.now = { clock.now }
        let store = try fixture.open()
        store.pauseCompaction(true)
        let rules = [fixture.project: RetentionRule(days: 40)]
        _ = try await store.sweepRetention(rules)
        var random = RandomSpans()
        for day in 0..<4 {
            _ = try await store.append(fixture.request(random.records(3, startingAt: day * 10)))
            _ = try await store.seal()
            clock.now += CalendarDay.nanoseconds
        }
        _ = try await store.compact()
        let descriptor = try #require(store.files(of: fixture.project).first?.descriptor)
        #expect(store.statistics.segmentCount == 1 && descriptor.firstReceiveDay == 19_997 && descriptor.receiveDay == 20_000)
        #expect(store.files(of: fixture.project)[0].spans.contains("received=2024-10-04"))
        clock.now = (20_000 + 40) * CalendarDay.nanoseconds
        #expect(try await store.sweepRetention(rules).droppedSegmentCount == 0)
        clock.now += CalendarDay.nanoseconds
        #expect(try await store.sweepRetention(rules).droppedSpanCount == 12)
        await store.close()
    }

    @Test("a small memtable waits for its day's end and some time, its project's own; a larger one for ten minutes, and memory for neither")
    func waiting() async throws {
        let fixture = try StoreFixture(), day: Int32 = 20_000, second: UInt64 = 1_000_000_000
        let clock = TestClock(now: UInt64(day) * CalendarDay.nanoseconds)
        fixture.configuration.now = { clock.now }
        let store = try fixture.open()
        var random = RandomSpans()
        // The same span, so that all memtables are of one size.
        let records = random.records(1)
        for number in 0..<20 { _ = try await store.append(StoreFixture.request(records, project: Self.project(number))) }
        func due(at now: UInt64, _ change: (inout StoreLimits) -> Void = { _ in }) -> [PartitionID] {
            var limits = StoreLimits()
            change(&limits)
            return store.state.withLock { $0.due(nowUnixNano: now, limits: limits) }
        }
        let end = UInt64(day + 1) * CalendarDay.nanoseconds
        #expect(due(at: end - second).isEmpty)
        #expect(due(at: clock.now + 601 * second) { $0.smallMemtableByteCount = 0 }.count == 20)
        #expect(due(at: clock.now + 599 * second) { $0.smallMemtableByteCount = 0 }.isEmpty)
        let half = due(at: end + 1_800 * second).count
        #expect((2...18).contains(half), "they do not all go at once: \(half) of 20")
        #expect(due(at: end + 3_600 * second).count == 20)
        let each = store.statistics.memtableByteCount / 20
        #expect(due(at: clock.now + second) { $0.waitingMemtablesByteCount = 15 * each + each / 2 }.count == 5, "the oldest make room")
        await store.close()
    }

    @Test("after a deletion small memtables wait ten minutes and no longer: the log lets go of what was deleted when they are sealed")
    func scrubbing() async throws {
        let fixture = try StoreFixture(), clock = TestClock(now: 20_000 * CalendarDay.nanoseconds)
        fixture.configuration.now = { clock.now }
        let store = try fixture.open()
        var random = RandomSpans()
        for number in 0..<2 {
            _ = try await store.append(StoreFixture.request(random.records(1, startingAt: number * 10), project: Self.project(number)))
        }
        clock.now += 601 * 1_000_000_000
        await store.maintain()
        #expect(store.statistics.memtableCount == 2)
        _ = try await store.delete(.project, of: Self.project(0))
        await store.maintain()
        #expect(store.statistics.memtableCount == 0)
        await store.close()
    }

    @Test("a memtable of one span takes little memory")
    func memtableMemory() async throws {
        let fixture = try StoreFixture(), store = try fixture.open()
        var random = RandomSpans()
        for number in 0..<50 {
            _ = try await store.append(StoreFixture.request(random.records(1, startingAt: number * 10), project: Self.project(number)))
        }
        #expect(store.statistics.memtableByteCount / 50 < 64 << 10, "\(store.statistics.memtableByteCount / 50)")
        await store.close()
    }
}
