import Dispatch
import SimulatedDisk
import Synchronization
import Testing

@testable import SpanStore

/// The log's thread: grouping, order, refusals, closing.
@Suite struct WALWriterTests {
    /// What completions said, in the order they ran.
    private final class Outcomes: Sendable {
        let results = Mutex([(id: Int, result: Result<WALReceipt, StoreError>)]())
        let done = DispatchSemaphore(value: 0)

        func completion(_ id: Int) -> WALWriter.Completion {
            { result in
                self.results.withLock { $0.append((id, result)) }
                self.done.signal()
            }
        }

        func wait(_ count: Int) { for _ in 0..<count { done.wait() } }

        var receipts: [WALReceipt] { results.withLock { $0.compactMap { try? $0.result.get() } } }
        var codes: [StoreError.Code] {
            results.withLock { results in
                results.compactMap { if case .failure(let error) = $0.result { error.code } else { nil } }
            }
        }
    }

    private func open(_ disk: SimulatedDisk, _ configuration: WALConfiguration = smallWAL()) throws -> WALWriter {
        let report = try WALRecovery(fileSystem: disk, configuration: configuration, manifest: ManifestState()).run { _ in }
        return try WALWriter(fileSystem: disk, configuration: configuration, after: report)
    }

    private func close(_ writer: WALWriter) {
        let closed = DispatchSemaphore(value: 0)
        writer.close { _ in closed.signal() }
        closed.wait()
    }

    @Test("entries of many threads are all stored once, and completions run in LSN order")
    func threads() throws {
        let disk = SimulatedDisk(seed: 4)
        var configuration = smallWAL()
        configuration.maximumTotalByteCount = 16 << 20
        let writer = try open(disk, configuration)
        let outcomes = Outcomes()
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for number in 0..<50 {
                let id = thread * 50 + number
                writer.submit(testEntry(UInt64(id).littleEndianBytes), completion: outcomes.completion(id))
            }
        }
        outcomes.wait(200)
        #expect(outcomes.receipts.map(\.lsn) == Array(1...200))
        let statistics = writer.statistics
        #expect(
            statistics.entryCount == 200 && statistics.groupCount <= 200 && statistics.synchronizeDurations.count == statistics.groupCount)
        close(writer)
        let replayed = try recover(disk, configuration)
        #expect(replayed.report.endedCleanly)
        #expect(Set(replayed.bodies.map { UInt64(littleEndianBytes: $0) }) == Set(0..<200))
        // Bytes and LSN belong together.
        let ids = outcomes.results.withLock { $0.map { UInt64($0.id) } }
        #expect(replayed.bodies.map { UInt64(littleEndianBytes: $0) } == ids)
    }

    @Test("what arrives while a group is being written forms the next group")
    func grouping() throws {
        let disk = SimulatedDisk(seed: 5)
        let writer = try open(disk)
        let outcomes = Outcomes()
        let started = DispatchSemaphore(value: 0)
        let mayGoOn = DispatchSemaphore(value: 0)
        // The completion holds the log's thread as a slow fdatasync would.
        writer.submit(testEntry([1])) { _ in
            started.signal()
            mayGoOn.wait()
        }
        started.wait()
        for number in 0..<10 { writer.submit(testEntry([UInt8(number)]), completion: outcomes.completion(number)) }
        mayGoOn.signal()
        outcomes.wait(10)
        #expect(writer.statistics.groupCount == 2)
        close(writer)
    }

    @Test("too much waiting is refused as busy at once, and one entry alone always passes")
    func busy() throws {
        let disk = SimulatedDisk(seed: 6)
        var configuration = smallWAL()
        configuration.maximumQueuedByteCount = 1000
        let writer = try open(disk, configuration)
        let outcomes = Outcomes()
        let started = DispatchSemaphore(value: 0)
        let mayGoOn = DispatchSemaphore(value: 0)
        writer.submit(testEntry([UInt8](repeating: 1, count: 5000))) { _ in
            started.signal()
            mayGoOn.wait()
        }
        started.wait()
        writer.submit(testEntry([2]), completion: outcomes.completion(2))
        outcomes.wait(1)
        #expect(outcomes.codes == [.busy] && writer.statistics.busyCount == 1)
        mayGoOn.signal()
        close(writer)
    }

    @Test("an entry that is too large, or whose body lies outside its bytes, is refused without being tried")
    func limits() throws {
        let writer = try open(SimulatedDisk(seed: 7))
        let outcomes = Outcomes()
        writer.submit(testEntry([UInt8](repeating: 0, count: smallWAL().maximumBodyByteCount + 1)), completion: outcomes.completion(1))
        var entry = testEntry([1])
        entry.bodyLength = 2
        writer.submit(entry, completion: outcomes.completion(2))
        entry.bodyLength = -1
        writer.submit(entry, completion: outcomes.completion(3))
        writer.submit(testEntry([UInt8](repeating: 7, count: smallWAL().maximumBodyByteCount)), completion: outcomes.completion(4))
        outcomes.wait(4)
        #expect(outcomes.codes == [.limit, .invalid, .invalid])
        #expect(outcomes.receipts.map(\.lsn) == [1])
        close(writer)
    }

    @Test("closing stores what waits, refuses what comes, and completes every call of it")
    func closing() throws {
        let disk = SimulatedDisk(seed: 8)
        let writer = try open(disk)
        let outcomes = Outcomes()
        for number in 0..<20 { writer.submit(testEntry([UInt8(number)]), completion: outcomes.completion(number)) }
        close(writer)
        close(writer)
        #expect(outcomes.receipts.count == 20)
        writer.submit(testEntry([99]), completion: outcomes.completion(99))
        #expect(outcomes.codes == [.closed])
        #expect(try recover(disk).bodies.count == 20)
    }

    @Test("after a failed synchronize the next entries are stored in a new file")
    func poison() throws {
        let disk = SimulatedDisk(seed: 9)
        let writer = try open(disk)
        let outcomes = Outcomes()
        writer.submit(testEntry([1]), completion: outcomes.completion(1))
        outcomes.wait(1)
        var rates = SimulatedDisk.FaultRates()
        rates.synchronizeOneIn = 1
        disk.setFaultRates(rates)
        writer.submit(testEntry([2]), completion: outcomes.completion(2))
        outcomes.wait(1)
        disk.setFaultRates(.init())
        writer.submit(testEntry([3]), completion: outcomes.completion(3))
        outcomes.wait(1)
        #expect(outcomes.codes == [.poisoned] && outcomes.receipts.map(\.lsn) == [1, 3])
        #expect(writer.statistics.abandonedFileCount == 1 && writer.statistics.failedGroupCount == 1)
        close(writer)
        #expect(try recover(disk).bodies == [[1], [3]])
    }

    @Test("releasing a sealed partition frees its files and names the next one in the way")
    func release() throws {
        let disk = SimulatedDisk(seed: 10)
        let writer = try open(disk)
        let outcomes = Outcomes()
        for number in 0..<20 {
            writer.submit(
                testEntry([UInt8](repeating: 1, count: 6000), project: number < 10 ? 1 : 2), completion: outcomes.completion(number))
        }
        outcomes.wait(20)
        let partitions = [1, 2].map { PartitionID(project: testProject($0), receivedUnixNano: testDay) }
        #expect(writer.oldestUnsealedPartitions.first == partitions[0])
        let before = writer.bytesInUse
        writer.release(partition: partitions[0], sealedLSN: 10)
        #expect(writer.oldestUnsealedPartitions == [partitions[1]])
        #expect(writer.bytesInUse < before && writer.statistics.spareFileCount > 0)
        #expect(writer.firstHeldLSN.map { $0 > 1 } == true)
        close(writer)
    }

    @Test("a writer that nothing waits for has its file grow ahead")
    func growingAhead() throws {
        let disk = SimulatedDisk(seed: 11)
        var configuration = smallWAL()
        configuration.zeroAheadByteCount = 32 << 10
        let writer = try open(disk, configuration)
        let outcomes = Outcomes()
        writer.submit(testEntry([1]), completion: outcomes.completion(1))
        outcomes.wait(1)
        let idle = DispatchSemaphore(value: 0)
        writer.whenIdle { idle.signal() }
        idle.wait()
        #expect(writer.statistics.totalByteCount == (32 << 10) + 8192)
        close(writer)
        #expect(try recover(disk).bodies == [[1]])
    }
}
