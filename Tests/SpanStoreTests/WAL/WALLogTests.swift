import FileSystem
import SeededRandom
import SimulatedDisk
import Testing

@testable import SpanStore

/// The log's files: rotation, recycling, the cap, and what a failing disk does to them.
@Suite struct WALLogTests {
    private let disk = SimulatedDisk(seed: 3)
    private let partition = PartitionID(project: testProject(1), receivedUnixNano: testDay)

    private func body(_ number: Int, count: Int = 6000) -> [UInt8] { [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: count) }

    private func fileNames() throws -> [String] { try disk.list("/data/wal").filter { $0.hasSuffix(".wal") } }

    @Test("sealed files are used again, the log stays below its cap, and stale bytes are never read")
    func recycling() throws {
        let (log, table) = try openLog(disk)
        var manifest = ManifestState()
        for number in 1...100 {
            let receipts = try log.append([testEntry(body(number))])
            if number % 5 == 0 {
                try manifest.apply(ManifestEdit([.sealed(partition, lsn: receipts[0].lsn)]))
                table.withLock { $0.sealed(partition, through: receipts[0].lsn) }
            }
        }
        #expect(log.counters.recycledFileCount > 5 && log.counters.createdFileCount <= 4)
        #expect(table.withLock { $0.totalByteCount } <= smallWAL().maximumTotalByteCount)
        #expect(try recover(disk, manifest: manifest).entries.isEmpty)
        _ = try log.append([testEntry(body(101))])
        disk.crash()
        let replayed = try recover(disk, manifest: manifest)
        #expect(replayed.bodies == [body(101)] && replayed.report.damages.isEmpty)
    }

    @Test("at the cap entries are refused as full, the pinning partition is named, and sealing it makes room")
    func cap() throws {
        let (log, table) = try openLog(disk)
        var count = 0
        var refusal: StoreError?
        while refusal == nil, count < 100 {
            do throws(StoreError) {
                _ = try log.append([testEntry(body(count))])
                count += 1
            } catch {
                refusal = error
            }
        }
        #expect(refusal?.code == .full && count > 20)
        #expect(table.withLock { $0.oldestUnsealedPartitions } == [partition])
        #expect(try recover(disk).entries.count == count)
        table.withLock { $0.sealed(partition, through: UInt64(count)) }
        _ = try log.append([testEntry(body(1))])
        #expect(log.counters.failedGroupCount == 1)
    }

    @Test("a trickling partition pins the log until it is sealed, whatever else is")
    func pinning() throws {
        let (log, table) = try openLog(disk)
        let slow = PartitionID(project: testProject(9), receivedUnixNano: testDay)
        _ = try log.append([testEntry([1], project: 9)])
        for number in 1...20 {
            let receipts = try log.append([testEntry(body(number))])
            table.withLock { $0.sealed(partition, through: receipts[0].lsn) }
        }
        #expect(table.withLock { $0.held.first?.number } == 1)
        #expect(table.withLock { $0.oldestUnsealedPartitions } == [slow])
        let before = table.withLock { $0.heldByteCount }
        table.withLock { $0.sealed(slow, through: 1) }
        #expect(table.withLock { $0.heldByteCount } < before && table.withLock { $0.oldestUnsealedPartitions }.isEmpty)
    }

    @Test("a file that is used again counts as filled as far as its groups go, like a new one")
    func filled() throws {
        let (log, table) = try openLog(disk)
        var before = table.withLock { $0.filledByteCount }, number = 0
        while log.counters.recycledFileCount < 2 {
            number += 1
            let receipts = try log.append([testEntry(body(number))])
            let filled = table.withLock { $0.filledByteCount }
            #expect(filled > 0 && filled - before < 24 << 10, "after entry \(number)")
            #expect(filled <= table.withLock { $0.heldByteCount })
            table.withLock { $0.sealed(receipts[0].partition, through: receipts[0].lsn) }
            before = table.withLock { $0.filledByteCount }
        }
        #expect(before < table.withLock { $0.heldByteCount })
    }

    private func byteCount(_ number: UInt64) -> Int { disk.content(of: walPath(number))?.count ?? 0 }

    @Test("zeros are written ahead while nothing waits, durably, and groups then find the file long enough")
    func growingAhead() throws {
        var configuration = smallWAL()
        configuration.zeroAheadByteCount = 32 << 10
        let (log, table) = try openLog(disk, configuration)
        #expect(!log.growAhead(), "there is no file yet")
        _ = try log.append([testEntry([1])])
        while log.growAhead() {}
        let first = byteCount(1)
        #expect(first == (32 << 10) + 8192, "behind the header and the group")
        #expect(table.withLock { $0.totalByteCount } == first)
        // Half of it is used up before there are to be more.
        _ = try log.append([testEntry(body(2))])
        #expect(!log.growAhead())
        _ = try log.append([testEntry(body(3))])
        #expect(!log.growAhead())
        _ = try log.append([testEntry(body(4))])
        #expect(byteCount(1) == first, "no group had to wait for zeros")
        while log.growAhead() {}
        #expect(byteCount(1) > first)
        for number in 5...6 { _ = try log.append([testEntry(body(number))]) }
        while log.growAhead() {}
        #expect(byteCount(1) == 64 << 10, "no longer than a file may be")
        _ = try log.append([testEntry(body(7))])
        var rates = SimulatedDisk.FaultRates()
        rates.synchronizeOneIn = 1
        disk.setFaultRates(rates)
        #expect(!log.growAhead() && log.counters.abandonedFileCount == 0, "there is nothing to make durable")
        disk.setFaultRates(.init())
        disk.crash()
        #expect(byteCount(1) == 64 << 10)
        #expect(try recover(disk).bodies == [[1]] + (2...7).map { body($0) })
    }

    @Test("zeros are written ahead within the log's cap, a full disk ends that, and a failed write gives the file up")
    func growingAheadInNeed() throws {
        var configuration = smallWAL()
        configuration.zeroAheadByteCount = 32 << 10
        configuration.maximumTotalByteCount = 24 << 10
        let (log, _) = try openLog(disk, configuration)
        _ = try log.append([testEntry([1])])
        while log.growAhead() {}
        #expect(byteCount(1) == 24 << 10)

        let other = SimulatedDisk(seed: 3)
        configuration.maximumTotalByteCount = 256 << 10
        let (otherLog, _) = try openLog(other, configuration)
        _ = try otherLog.append([testEntry([1])])
        other.setCapacity(20 << 10)
        #expect(!otherLog.growAhead() && otherLog.counters.abandonedFileCount == 0)
        other.setCapacity(.max)
        var rates = SimulatedDisk.FaultRates()
        rates.writeOneIn = 1
        other.setFaultRates(rates)
        #expect(!otherLog.growAhead() && otherLog.counters.abandonedFileCount == 1)
        other.setFaultRates(.init())
        _ = try otherLog.append([testEntry([2])])
        #expect(try recover(other).bodies == [[1], [2]])
    }

    @Test("a failed synchronize fails the group alone, and what it left behind never comes back", arguments: TestSeed.several(20))
    func poison(seed: UInt64) throws {
        let disk = SimulatedDisk(seed: seed)
        let (log, _) = try openLog(disk)
        _ = try log.append([testEntry([1])])
        var rates = SimulatedDisk.FaultRates()
        rates.synchronizeOneIn = 1
        disk.setFaultRates(rates)
        let error = #expect(throws: StoreError.self) { _ = try log.append([testEntry([2])]) }
        #expect(error?.code == .poisoned)
        disk.setFaultRates(.init())
        let receipts = try log.append([testEntry([2]), testEntry([3])])
        #expect(receipts.map(\.lsn) == [3, 4])
        #expect(log.counters.abandonedFileCount == 1)
        if seed % 2 == 0 { disk.crash() } else { disk.killProcess() }
        let replayed = try recover(disk)
        #expect(replayed.bodies == [[1], [2], [3]] && replayed.entries.map(\.lsn) == [1, 3, 4], "\(TestSeed.hint(seed))")
        #expect(replayed.report.damages.isEmpty)
    }

    @Test("a replayed tail that was in the cache only is durable afterwards", arguments: TestSeed.several(40))
    func settling(seed: UInt64) throws {
        let disk = SimulatedDisk(seed: seed)
        let (log, _) = try openLog(disk)
        _ = try log.append([testEntry([1])])
        var rates = SimulatedDisk.FaultRates()
        rates.synchronizeOneIn = 1
        disk.setFaultRates(rates)
        #expect(throws: StoreError.self) { _ = try log.append([testEntry([2])]) }
        disk.setFaultRates(.init())
        disk.killProcess()
        // Shown to readers now: a loss of power must not take it away again.
        #expect(try recover(disk).bodies == [[1], [2]])
        disk.crash()
        #expect(try recover(disk).bodies == [[1], [2]], "\(TestSeed.hint(seed))")
    }

    @Test("a full disk refuses entries without giving the file up, and takes them when there is room")
    func fullDisk() throws {
        let (log, _) = try openLog(disk)
        _ = try log.append([testEntry([1])])
        disk.setCapacity(12 << 10)
        let error = #expect(throws: StoreError.self) { _ = try log.append([testEntry(body(2))]) }
        #expect(error?.code == .full)
        disk.setCapacity(.max)
        _ = try log.append([testEntry([3])])
        #expect(log.counters.abandonedFileCount == 0)
        #expect(try recover(disk).bodies == [[1], [3]])
    }

    @Test("on a full disk the log is still read, damage included")
    func fullDiskRecovery() throws {
        let (log, _) = try openLog(disk)
        for number in 1...4 { _ = try log.append([testEntry(body(number, count: 100))]) }
        try disk.remove("/data/wal/replaying")
        disk.corrupt(walPath(1), at: 2 * 4096 + 100)
        disk.setCapacity(1)
        let replayed = try recover(disk)
        #expect(replayed.entries.map(\.lsn) == [1, 3, 4])
        #expect(replayed.report.damages.count == 1 && replayed.report.damages.first?.quarantinePath == nil)
    }

    @Test("receive times never fall, even when the clock does")
    func clock() throws {
        let (log, _) = try openLog(disk)
        let first = try log.append([testEntry([1], received: testDay + 10), testEntry([2], received: testDay + 5)])
        #expect(first.map(\.receivedUnixNano) == [testDay + 10, testDay + 10])
        disk.killProcess()
        let (again, _) = try openLog(disk)
        let second = try again.append([testEntry([3], received: testDay - 1)])
        #expect(second.map(\.receivedUnixNano) == [testDay + 10])
        #expect(second[0].partition == partition)
    }

    @Test("an entry whose replay ends the process twice is put aside at the third start, and stays aside")
    func poisonousEntry() throws {
        let (log, _) = try openLog(disk)
        for number in 1...5 { _ = try log.append([testEntry([UInt8(number)])]) }
        for _ in 0..<2 {
            let stopped = #expect(throws: StoreError.self) {
                _ = try WALRecovery(fileSystem: disk, configuration: smallWAL(), manifest: ManifestState()).run {
                    (entry) throws(StoreError) in
                    // The process dies here: nothing after this reaches the disk.
                    if entry.lsn == 3 { disk.crash(atOperation: disk.operationCount + 1) }
                }
            }
            #expect(stopped?.code == .io)
            disk.killProcess()
        }
        let third = try recover(disk)
        #expect(third.entries.map(\.lsn) == [1, 2, 4, 5] && third.report.poisonousLSNs == [3])
        #expect(try disk.list("/data/quarantine") == ["entry-0000000000000003.poisonous"])
        let fourth = try recover(disk)
        #expect(fourth.entries.map(\.lsn) == [1, 2, 4, 5] && fourth.report.poisonousLSNs == [3])
    }

    @Test("an error of the store ends a recovery and blames no entry")
    func applyError() throws {
        let (log, _) = try openLog(disk)
        _ = try log.append([testEntry([1])])
        for _ in 0..<4 {
            #expect(throws: StoreError.self) {
                _ = try WALRecovery(fileSystem: disk, configuration: smallWAL(), manifest: ManifestState()).run { (_) throws(StoreError) in
                    throw StoreError(.full, "no memory")
                }
            }
        }
        #expect(try recover(disk).entries.count == 1)
    }

    @Test("a spare that cannot be renamed is used the next time")
    func spare() throws {
        let (log, table) = try openLog(disk)
        while table.withLock({ $0.held.count }) < 2 { _ = try log.append([testEntry(body(1))]) }
        table.withLock { $0.sealed(partition, through: 9) }
        #expect(table.withLock { $0.spares.map(\.number) } == [1])
        var rates = SimulatedDisk.FaultRates()
        rates.nameOneIn = 1
        disk.setFaultRates(rates)
        var failure: StoreError?
        while failure == nil {
            do throws(StoreError) { _ = try log.append([testEntry(body(2))]) } catch { failure = error }
        }
        #expect(failure?.code == .io && table.withLock { $0.spares.map(\.number) } == [1])
        disk.setFaultRates(.init())
        _ = try log.append([testEntry(body(3))])
        #expect(log.counters.recycledFileCount == 1)
        #expect(try !fileNames().contains(WALFileName.name(of: 1)))
    }
}
