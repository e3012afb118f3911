import FileSystem
import SeededRandom
import SimulatedDisk
import Testing
import TraceModel

@testable import SpanStore

/// Entries of the oldest file that are written once more, so that it can go.
@Suite struct WALCopiesTests {
    private let disk = SimulatedDisk(seed: TestSeed.value)
    private let busy = PartitionID(project: testProject(1), receivedUnixNano: testDay)

    /// Where groups may stand.
    private static let pages = (1..<16).map { $0 * 4096 }

    /// The magic, and the flags that say copies.
    private static func isCopies(_ file: [UInt8], _ page: Int) -> Bool { file[page] == UInt8(ascii: "S") && file[page + 20] == 2 }

    /// Whether a group of one entry stands there, and the entry's body begins so.
    private static func holds(_ file: [UInt8], _ page: Int, _ first: UInt8) -> Bool { file[page + 16] == 1 && file[page + 128] == first }

    private func body(_ number: Int, count: Int = 6000) -> [UInt8] { [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: count) }

    private func copies(_ table: SharedWALFileTable, _ disk: SimulatedDisk) throws -> WALCopies? {
        let oldest = try #require(table.withLock { $0.oldestClosedFile })
        return try WALCopies.read(oldest.unsealed, from: oldest.number, disk, directory: "/data/wal")
    }

    /// Two entries of projects 8 and 9 in the first file, and one of 9 in the second; the third is being written. All of project 1 is sealed.
    private func fill(_ log: WALLog, _ table: SharedWALFileTable) throws -> ManifestState {
        var manifest = ManifestState()
        for number in 1...16 {
            if number == 1 { _ = try log.append([testEntry([81], project: 8), testEntry([91], project: 9)]) }
            if number == 3 { _ = try log.append([testEntry([82], project: 8)]) }
            if number == 4 { _ = try log.append([testEntry([92], project: 9)]) }
            if number == 9 { _ = try log.append([testEntry([93], project: 9)]) }
            let receipts = try log.append([testEntry(body(number))])
            table.withLock { $0.sealed(busy, through: receipts[0].lsn) }
            try manifest.apply(ManifestEdit([.sealed(busy, lsn: receipts[0].lsn)]))
        }
        #expect(table.withLock { $0.held.map(\.number) } == [1, 2, 3])
        return manifest
    }

    private func small(_ replayed: Replayed) -> [UInt8] { replayed.bodies.filter { $0.count == 1 }.map { $0[0] } }

    @Test("a file whose entries are copied is let go, and a start hands the copies over where they belong, each once")
    func letGo() throws {
        let (log, table) = try openLog(disk)
        let manifest = try fill(log, table)
        let found = try #require(try copies(table, disk))
        #expect(found.entries.map { $0.bytes } == [[81], [91], [82], [92]] && found.partitions.count == 2)
        // Both are there: the log may not have been told yet that the old file can go.
        #expect(small(try recover(disk, manifest: manifest)) == [81, 91, 82, 92, 93])
        // In front of the copies of older ones.
        _ = try log.append([testEntry([94], project: 9)])
        #expect(try log.append(found))
        #expect(table.withLock { $0.held.map(\.number) } == [2, 3] && table.withLock { $0.firstHeldLSN } == found.entries[0].lsn)
        #expect(log.counters.copiedEntryCount == 4)
        let after = try recover(disk, manifest: manifest)
        #expect(small(after) == [81, 91, 82, 92, 93, 94] && after.report.damages.isEmpty)
        #expect(after.entries.map(\.lsn) == after.entries.map(\.lsn).sorted())
        // The second file goes the same way, and then what stands in it a second time.
        #expect(try log.append(try #require(try copies(table, disk))))
        #expect(table.withLock { $0.held.map(\.number) } == [3])
        for number in 17...60 {
            let receipts = try log.append([testEntry(body(number))])
            table.withLock { $0.sealed(busy, through: receipts[0].lsn) }
            if table.withLock({ $0.held.count }) == 3 { #expect(try log.append(try #require(try copies(table, disk)))) }
        }
        disk.crash()
        let last = try recover(disk, manifest: manifest)
        #expect(small(last) == [81, 91, 82, 92, 93, 94] && last.report.damages.isEmpty)
        #expect(last.report.fileTable.firstHeldLSN == found.entries[0].lsn)
    }

    @Test("what is sealed after it was read is not copied, and nothing is once the file has gone")
    func tooLate() throws {
        let (log, table) = try openLog(disk)
        _ = try fill(log, table)
        let found = try #require(try copies(table, disk))
        table.withLock { $0.sealed(PartitionID(project: testProject(9), receivedUnixNano: testDay), through: 1000) }
        #expect(try log.append(found))
        #expect(log.counters.copiedEntryCount == 2)
        #expect(try !log.append(found), "it has gone")
    }

    @Test("what is to be overwritten is not copied")
    func scrub() throws {
        let (log, table) = try openLog(disk)
        _ = try fill(log, table)
        let found = try #require(try copies(table, disk))
        _ = try log.beginScrub()
        #expect(try !log.append(found) && log.counters.copiedEntryCount == 0)
    }

    @Test("damaged copies are told; while the old file is there its entries count")
    func damage() throws {
        for isOldThere in [true, false] {
            let disk = SimulatedDisk(seed: 5)
            let (log, table) = try openLog(disk)
            let manifest = try fill(log, table)
            let old = try #require(disk.content(of: walPath(1)))
            #expect(try log.append(try #require(try copies(table, disk))))
            let copied = try #require(disk.content(of: walPath(3)))
            let place = try #require(Self.pages.first { Self.isCopies(copied, $0) })
            _ = try log.append([testEntry([94], project: 9)])
            if isOldThere {
                #expect(disk.content(of: walPath(1)) == old)
            } else {
                #expect(log.removeSpares() > 0)
            }
            disk.corrupt(walPath(3), at: place + 100)
            let replayed = try recover(disk, manifest: manifest)
            #expect(small(replayed) == (isOldThere ? [81, 91, 82, 92, 93, 94] : [93, 94]))
            #expect(replayed.report.damages.map(\.byteOffset) == [place] && replayed.report.damages[0].fileName == WALFileName.name(of: 3))
        }
    }

    @Test("copies that end a file and are damaged are told, too")
    func damageAtTheEnd() throws {
        let (log, table) = try openLog(disk)
        let manifest = try fill(log, table)
        #expect(try log.append(try #require(try copies(table, disk))))
        #expect(log.removeSpares() > 0)
        // The next group stands in a file of its own.
        _ = try log.append([testEntry(body(7, count: 15_000)), testEntry(body(8, count: 15_000)), testEntry(body(9, count: 15_000))])
        #expect(table.withLock { $0.held.map(\.number) }.contains(4))
        let copied = try #require(disk.content(of: walPath(3)))
        let place = try #require(Self.pages.first { Self.isCopies(copied, $0) })
        for offset in [place, place + 100] {
            disk.corrupt(walPath(3), at: offset)
            let replayed = try recover(disk, manifest: manifest)
            #expect(replayed.report.damages.count == 1 && replayed.report.damages.first?.byteOffset == place)
            #expect(small(replayed) == [93])
            disk.corrupt(walPath(3), at: offset)
            for damage in replayed.report.damages { if let kept = damage.quarantinePath { try disk.remove(kept) } }
        }
        #expect(small(try recover(disk, manifest: manifest)) == [81, 91, 82, 92, 93])
    }

    @Test("of a file that cannot be read to its end, only what is whole is copied")
    func partial() throws {
        let (log, table) = try openLog(disk)
        _ = try fill(log, table)
        let content = try #require(disk.content(of: walPath(1)))
        // The group of entry 82 is damaged: of project 8 not all can be read, of project 9 what stands behind it cannot.
        let place = try #require(Self.pages.last { Self.holds(content, $0, 82) })
        disk.corrupt(walPath(1), at: place + 64)
        #expect(try copies(table, disk) == nil)
        table.withLock { $0.sealed(PartitionID(project: testProject(8), receivedUnixNano: testDay), through: 1000) }
        #expect(try copies(table, disk) == nil)
    }

    private func partition(_ project: UInt64) -> PartitionID { PartitionID(project: testProject(project), receivedUnixNano: testDay) }

    @Test("what stands in a file besides what is known of it keeps the partition from being copied, wherever it stands")
    func stray() throws {
        let (log, table) = try openLog(disk)
        _ = try fill(log, table)
        let shares = try #require(table.withLock { $0.oldestClosedFile }).unsealed
        let entries = try #require(try copies(table, disk)).entries.filter { $0.partition == partition(8) }
        #expect(entries.map { $0.bytes } == [[81], [82]])
        for aside in entries {
            // One of the two was put aside, or is a copy that nobody recorded.
            var known = shares
            known[partition(8)] = WALFileTable.Share()
            for entry in entries where entry.lsn != aside.lsn { known[partition(8)]?.record(entry) }
            let found = try #require(try WALCopies.read(known, from: 1, disk, directory: "/data/wal"))
            // Above the last known one is what failed.
            #expect(found.partitions == (aside.bytes == [82] ? [partition(8), partition(9)] : [partition(9)]))
            #expect(found.entries.allSatisfy { $0.lsn != aside.lsn })
        }
    }

    @Test(
        "after a start a file whose entries stand in a later one is not held, and the copies are durable", arguments: TestSeed.several(20))
    func letGoAtStart(seed: UInt64) throws {
        for doesFail in [false, true] {
            let disk = SimulatedDisk(seed: seed)
            let (log, table) = try openLog(disk)
            let manifest = try fill(log, table)
            let found = try #require(try copies(table, disk))
            var rates = SimulatedDisk.FaultRates()
            rates.synchronizeOneIn = doesFail ? 1 : 0
            disk.setFaultRates(rates)
            if doesFail {
                #expect(throws: StoreError.self) { _ = try log.append(found) }
            } else {
                #expect(try log.append(found))
            }
            disk.setFaultRates(.init())
            // The cache stays, in which whole copies are found, durable or not.
            disk.killProcess()
            let table2 = try recover(disk, manifest: manifest).report.fileTable
            #expect(table2.held.map(\.number) == [2, 3] && table2.spares.map(\.number) == [1])
            #expect(table2.held[1].shares[partition(8)]?.entryCount == 2 && table2.firstHeldLSN == found.entries[0].lsn)
            try disk.remove(walPath(1))
            try disk.synchronizeDirectory("/data/wal")
            disk.crash()
            #expect(small(try recover(disk, manifest: manifest)) == [81, 91, 82, 92, 93])
        }
    }

    @Test("a copy of an entry that was put aside holds no file")
    func poisonous() throws {
        let (log, table) = try openLog(disk)
        let manifest = try fill(log, table)
        let found = try #require(try copies(table, disk))
        #expect(try log.append(found))
        let aside = try #require(found.entries.first { $0.bytes == [82] })
        try Quarantine(fileSystem: disk, directory: "/data/quarantine").keep(aside)
        let replayed = try recover(disk, manifest: manifest)
        #expect(small(replayed) == [81, 91, 92, 93] && replayed.report.poisonousLSNs == [aside.lsn])
        #expect(replayed.report.fileTable.held.last?.shares[partition(8)]?.entryCount == 1)
    }

    @Test("copies that end a file behind a damaged group keep the file")
    func damageBefore() throws {
        let (log, table) = try openLog(disk)
        let manifest = try fill(log, table)
        let found = try #require(try copies(table, disk))
        #expect(try log.append(found))
        #expect(log.removeSpares() > 0)
        _ = try log.append([testEntry(body(7, count: 15_000)), testEntry(body(8, count: 15_000)), testEntry(body(9, count: 15_000))])
        let content = try #require(disk.content(of: walPath(3)))
        let place = try #require(Self.pages.first { Self.isCopies(content, $0) })
        disk.corrupt(walPath(3), at: try #require(Self.pages.last { $0 < place && content[$0] == UInt8(ascii: "S") }))
        let replayed = try recover(disk, manifest: manifest)
        #expect(small(replayed) == [81, 91, 82, 92, 93] && replayed.report.damages.count == 1)
        #expect(replayed.report.fileTable.firstHeldLSN == found.entries[0].lsn)
        #expect(replayed.report.fileTable.held.first { $0.number == 3 }?.shares[partition(8)]?.entryCount == 2)
    }
}
