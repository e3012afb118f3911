import FileSystem
import SeededRandom
import SimulatedDisk
import Synchronization
import Testing
import TraceModel

@testable import SpanStore

@Suite("A store on a disk that fills up")
struct FullDiskTests {
    private static let project = ProjectID(high: 0x0190_0000_0000_7000, low: 31)
    private static let second: UInt64 = 1_000_000_000

    /// A store on a disk of 16 MiB, its clock and what it logged.
    private final class Fixture {
        let disk = SimulatedDisk(seed: 31)
        let clock = TestClock(now: 1_800_000_000_000_000_000)
        let messages = Messages()
        var configuration: StoreConfiguration
        private var random = RandomSpans(SeededGenerator(seed: 31))
        private var spanCount = 0

        final class Messages: Sendable {
            let all = Mutex<[String]>([])
            func count(_ part: String) -> Int { all.withLock { $0.count { $0.contains(part) } } }
        }

        init(ballast: Int = 256 << 10) {
            disk.setCapacity(16 << 20)
            configuration = StoreConfiguration(root: "/data/store", fileSystem: disk)
            let clock = clock, messages = messages
            configuration.now = { clock.now }
            configuration.log = { _, message in messages.all.withLock { $0.append(message) } }
            configuration.disk.ballastByteCount = ballast
            // The disk shrinks in these tests, and the ballast shall not be given back for that.
            configuration.disk.ballastDivisor = 1
            // The log is most of these disks.
            configuration.disk.logDivisor = 1
            configuration.configureWAL = {
                $0.fileByteCount = 512 << 10
                $0.maximumTotalByteCount = 2 << 20
                $0.maximumGroupByteCount = 128 << 10
                $0.zeroStepByteCount = 16 << 10
                $0.zeroAheadByteCount = 0
            }
        }

        func open() throws -> SpanStore {
            let store = try SpanStore.open(configuration)
            store.pauseCompaction(true)
            return store
        }

        /// Spans of sessions `gone` and `kept` in turn, with values that nothing compresses.
        func append(_ count: Int, to store: SpanStore, seals: Bool = true, valueByteCount: Int = 4096) async throws {
            var records = random.records(count, startingAt: spanCount)
            spanCount += count
            for index in records.indices {
                // A trace each: with a session its traces go whole.
                records[index].traceID = TraceID(high: 7, low: UInt64(spanCount + index))
                let noise = String(
                    (0..<valueByteCount).map { _ in Character(Unicode.Scalar(UInt8.random(in: 33...126, using: &random.random))) })
                records[index].attributes = [
                    KeyValue("session.id", .string(index % 2 == 0 ? "gone" : "kept")), KeyValue("noise", .string(noise)),
                ]
            }
            _ = try await store.append(StoreFixture.request(records, project: project))
            if seals { _ = try await store.seal() }
        }

        /// Leaves so many bytes free.
        func leave(_ byteCount: Int) throws {
            let space = try disk.space(at: "/data")
            disk.setCapacity(space.capacityByteCount - space.freeByteCount + byteCount)
        }

        func spanCount(_ store: SpanStore) throws -> Int {
            try store.snapshot(of: project).units.reduce(0) { $0 + $1.rowCount - (try $1.maskedRows.count) }
        }
    }

    @Test("from the third mark on spans are refused, reads and deletions go on, and all is as before when there is room")
    func refusing() async throws {
        let fixture = Fixture(), store = try fixture.open()
        for _ in 0..<2 { try await fixture.append(20, to: store) }
        await store.lookAtDisk()
        #expect(store.diskStatistics.level == .normal && store.diskStatistics.ballastByteCount == 256 << 10)
        try fixture.leave(8 << 10)
        await store.lookAtDisk()
        await store.lookAtDisk()
        #expect(store.diskStatistics.level == .refusing)
        let refusal = await #expect(throws: StoreError.self) { try await fixture.append(1, to: store) }
        #expect(refusal?.code == .full && store.diskStatistics.refusedAppendCount == 1)
        #expect(try fixture.spanCount(store) == 40)
        #expect(try await store.delete(.session("gone"), of: Self.project).spanCount == 20)
        #expect(try fixture.spanCount(store) == 20)
        fixture.disk.setCapacity(64 << 20)
        await store.lookAtDisk()
        #expect(store.diskStatistics.level == .normal)
        try await fixture.append(10, to: store)
        #expect(try fixture.spanCount(store) == 30)
        #expect(fixture.messages.count("level refusing after normal") == 1 && fixture.messages.count("level normal after refusing") == 1)
        await store.close()
    }

    @Test(
        "a disk without a free byte can still delete, also what is only in the log so far, because the ballast is given up",
        arguments: [DeletionSelection.session("gone"), .project], [true, false])
    func deletionOnFullDisk(selection: DeletionSelection, hasBallast: Bool) async throws {
        let fixture = Fixture(ballast: hasBallast ? 256 << 10 : 0), store = try fixture.open()
        try await fixture.append(20, to: store)
        try await fixture.append(10, to: store, seals: false)
        await store.lookAtDisk()
        try fixture.leave(0)
        await store.lookAtDisk()
        guard hasBallast else {
            let refusal = await #expect(throws: StoreError.self) { try await store.delete(selection, of: Self.project) }
            #expect(refusal?.code == .full, "without a ballast a full disk stays full")
            await store.close()
            return
        }
        let outcome = try await store.delete(selection, of: Self.project)
        #expect(outcome.spanCount == (selection == .project ? 30 : 15))
        #expect(store.diskStatistics.ballastGivenUpCount == 1)
        #expect(store.diskStatistics.ballastByteCount == 0)
        #expect(try fixture.spanCount(store) == (selection == .project ? 0 : 15))
        _ = try await store.compact(isUrgent: true)
        #expect(store.statistics.maskedRowCount == 0)
        // Still so after a start on the full disk.
        await store.close()
        let next = try fixture.open()
        #expect(try fixture.spanCount(next) == (selection == .project ? 0 : 15))
        fixture.disk.setCapacity(64 << 20)
        await next.lookAtDisk()
        #expect(next.diskStatistics.ballastByteCount == 256 << 10, "made again where there is room")
        await next.close()
    }

    @Test("retention's edit finds room on a full disk, too")
    func retentionOnFullDisk() async throws {
        let fixture = Fixture(), store = try fixture.open()
        try await fixture.append(20, to: store)
        await store.lookAtDisk()
        try fixture.leave(0)
        let report = try await store.sweepRetention([Self.project: RetentionRule(byteCount: 1)])
        #expect(report.droppedSpanCount == 20 && report.freedByteCount > 0 && store.diskStatistics.ballastGivenUpCount == 1)
        #expect(try fixture.spanCount(store) == 0)
        await store.close()
    }

    @Test("above the first mark what is due goes at once, by the rules of the last sweep")
    func expiresAtOnce() async throws {
        let fixture = Fixture(ballast: 0), store = try fixture.open()
        try await fixture.append(20, to: store)
        #expect(try await store.sweepRetention([Self.project: RetentionRule(days: 2)]).droppedSegmentCount == 0)
        fixture.clock.now += 5 * CalendarDay.nanoseconds
        await store.lookAtDisk()
        #expect(try fixture.spanCount(store) == 20, "there is room: it waits for the next sweep")
        try fixture.leave(8 << 10)
        await store.lookAtDisk()
        #expect(try fixture.spanCount(store) == 0)
        await store.close()
    }

    @Test("the oldest data goes where it is allowed, and nothing else does", arguments: [true, false])
    func dropsOldest(isAllowed: Bool) async throws {
        let fixture = Fixture(ballast: 0)
        fixture.configuration.disk.dropsOldest = isAllowed
        let store = try fixture.open()
        for _ in 0..<4 {
            try await fixture.append(20, to: store)
            fixture.clock.now += 2 * 3_600 * Self.second
        }
        let before = store.files(of: Self.project).map(\.descriptor.sequence)
        try fixture.leave(64 << 10)
        await store.lookAtDisk()
        let after = store.files(of: Self.project).map(\.descriptor.sequence)
        if isAllowed {
            #expect(after.count < before.count && after == Array(before.suffix(after.count)))
            #expect(store.diskStatistics.droppedSegmentCount == before.count - after.count)
        } else {
            #expect(after == before && store.diskStatistics.droppedSegmentCount == 0)
        }
        await store.close()
    }

    @Test("above the second mark nothing is merged, and what was deleted is still cleaned up")
    func saving() async throws {
        let fixture = Fixture(ballast: 0)
        fixture.configuration.limits.compactionGrowthFactor = 1
        let store = try fixture.open()
        for _ in 0..<20 { try await fixture.append(4, to: store) }
        _ = try await store.delete(.session("gone"), of: Self.project)
        // 93 percent in use.
        let space = try fixture.disk.space(at: "/data")
        fixture.disk.setCapacity((space.capacityByteCount - space.freeByteCount) * 100 / 93)
        await store.lookAtDisk()
        #expect(store.diskStatistics.level == .saving)
        let reports = try await store.compact(isUrgent: true)
        #expect(reports.count == 20 && store.statistics.maskedRowCount == 0 && store.statistics.segmentCount == 20)
        fixture.disk.setCapacity(64 << 20)
        await store.lookAtDisk()
        _ = try await store.compact(isUrgent: true)
        #expect(store.statistics.segmentCount == 1)
        #expect(try fixture.spanCount(store) == 40)
        await store.close()
    }

    @Test("a bound on what the store may take counts its segments, its log and the ballast")
    func allowance() async throws {
        let fixture = Fixture()
        fixture.disk.setCapacity(.max)
        fixture.configuration.disk.capacityByteCount = 2 << 20
        let store = try fixture.open()
        await store.lookAtDisk()
        var refusal: StoreError?
        for _ in 0..<100 where refusal == nil {
            do throws(StoreError) { try await Self.append(fixture, store) } catch { refusal = error }
            await store.lookAtDisk()
        }
        #expect(refusal?.code == .full && store.diskStatistics.level == .refusing)
        #expect((store.diskStatistics.capacityByteCount ?? 0) == 2 << 20)
        _ = try await store.delete(.project, of: Self.project)
        await store.lookAtDisk()
        #expect(store.diskStatistics.level < .refusing)
        await store.close()
    }

    @Test("a deletion that meets a full disk at any call gives up the ballast and counts what it deleted", arguments: [false, true])
    func countsOnce(isProject: Bool) async throws {
        // The calls behind the edit that takes the rows away come last.
        var operationCount = 0, givenUpCount = 0
        // Every second call of each kind, the other ones of the other kind.
        for back in [-1] + Array(stride(from: isProject ? 0 : 1, to: 16, by: 2)) {
            let fixture = Fixture(), store = try fixture.open()
            await store.lookAtDisk()
            try await fixture.append(10, to: store)
            // Receipts that the deletion takes away as well.
            try store.receipts.flush(Self.project)
            await store.settle()
            let first = fixture.disk.operationCount
            if back >= 0 { fixture.disk.fail(atOperation: first + max(1, operationCount - back), with: .noSpace) }
            // What a read finds is no full disk: then nothing is answered.
            let outcome = try? await store.delete(isProject ? .project : .session("gone"), of: Self.project)
            if back < 0 { operationCount = fixture.disk.operationCount - first }
            fixture.disk.forgetPlannedFaults()
            if let outcome {
                #expect(outcome.spanCount == (isProject ? 10 : 5), "\(back) calls before the last of \(operationCount)")
            }
            givenUpCount += store.diskStatistics.ballastGivenUpCount
            await store.close()
        }
        #expect(givenUpCount > 0)
    }

    @Test("spare files of the log go before anything is refused or dropped, and a start finds nothing missing")
    func spareFiles() async throws {
        let fixture = Fixture(ballast: 0)
        fixture.configuration.disk.dropsOldest = true
        let store = try fixture.open()
        // More than one file of the log, all of it sealed.
        for _ in 0..<16 { try await fixture.append(20, to: store) }
        fixture.clock.now += 2 * 3_600 * Self.second
        let before = store.statistics
        #expect(before.wal.spareFileCount >= 1 && before.segmentCount == 16)
        try fixture.leave(8 << 10)
        await store.lookAtDisk()
        #expect(fixture.messages.count("log files were given back") == 1)
        await store.lookAtDisk()
        let after = store.statistics
        #expect(after.wal.spareFileCount == 0 && after.wal.totalByteCount == before.wal.bytesInUse)
        #expect(store.diskStatistics.level < .refusing)
        try await fixture.append(20, to: store)
        let spanCount = try fixture.spanCount(store)
        await store.close()
        let next = try fixture.open()
        #expect(next.recovery.damages.isEmpty && fixture.messages.count("the log is damaged") == 0)
        #expect(try fixture.spanCount(next) == spanCount)
        await next.close()
    }

    @Test("a log that takes much of a small disk is sealed and given up to its last file, and a start finds nothing missing")
    func longLog() async throws {
        let fixture = Fixture(ballast: 0)
        fixture.disk.setCapacity(.max)
        fixture.configuration.disk.capacityByteCount = 1 << 20
        fixture.configuration.disk.logDivisor = 8
        let store = try fixture.open()
        // Four fifths of the disk, in two files; the last is not sealed.
        for index in 0..<9 { try await fixture.append(20, to: store, seals: index < 7) }
        #expect(store.statistics.wal.heldFileCount >= 1 && store.statistics.memtableRowCount > 0)
        // The first look has it sealed, the second removes it.
        await store.lookAtDisk()
        await store.lookAtDisk()
        #expect(store.statistics.memtableRowCount == 0 && store.statistics.wal.totalByteCount == 0)
        await store.close()
        let next = try fixture.open()
        #expect(next.recovery.damages.isEmpty && next.recovery.replayedEntryCount == 0)
        #expect(try fixture.spanCount(next) == 180)
        await next.lookAtDisk()
        // New entries are not taken for sealed ones.
        fixture.disk.setCapacity(.max)
        next.pauseCompaction(true)
        _ = try? await fixture.append(1, to: next, seals: false)
        let spanCount = try fixture.spanCount(next)
        await next.close()
        let last = try fixture.open()
        #expect(try fixture.spanCount(last) == spanCount)
        await last.close()
    }

    private static func append(_ fixture: Fixture, _ store: SpanStore) async throws(StoreError) {
        do { try await fixture.append(10, to: store) } catch let error as StoreError { throw error } catch {
            throw StoreError(.invalid, "\(error)")
        }
    }
}
