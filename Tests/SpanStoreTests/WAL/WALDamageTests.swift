import ByteCoding
import FileSystem
import SimulatedDisk
import Testing

@testable import SpanStore

/// What a recovery makes of bytes that are not what was written.
@Suite struct WALDamageTests {
    private let disk = SimulatedDisk(seed: 11)

    /// Fourteen groups, which one file holds, of one entry each, the body of entry n being 700 times the byte n. Returns
    /// where each group starts.
    private func write(_ count: Int = 14, closing: Bool) throws -> [Int] {
        let (log, _) = try openLog(disk)
        for number in 1...count { _ = try log.append([testEntry([UInt8](repeating: UInt8(number), count: 700))]) }
        if closing { try log.finish() }
        return (0..<count).map { WALFileHeader.pageByteCount * ($0 + 1) }
    }

    private func numbers(_ replayed: Replayed) -> [UInt64] { replayed.bodies.map { UInt64($0.first ?? 0) } }

    @Test("a log closed in order is read back as it was and known to be whole")
    func clean() throws {
        _ = try write(closing: true)
        let replayed = try recover(disk)
        #expect(numbers(replayed) == Array(1...14))
        #expect(replayed.entries.map(\.lsn) == Array(1...14))
        #expect(replayed.report.endedCleanly && !replayed.report.hasTornTail && replayed.report.damages.isEmpty)
        #expect(replayed.report.position.nextLSN == 15)
    }

    @Test("a flipped bit anywhere before the last group loses that group alone, and says so")
    func corruption() throws {
        let starts = try write(closing: false)
        for (victim, offset) in [(3, 0), (7, 4), (9, 24), (11, 64), (12, 200), (13, 700)] {
            let place = starts[victim - 1] + offset
            disk.corrupt(walPath(1), at: place)
            let replayed = try recover(disk)
            #expect(numbers(replayed) == (1...14).filter { $0 != UInt64(victim) })
            let damage = try #require(replayed.report.damages.first)
            #expect(replayed.report.damages.count == 1)
            #expect(damage.fileName == WALFileName.name(of: 1) && damage.byteOffset == starts[victim - 1])
            #expect(damage.firstLSN == UInt64(victim) && damage.lastLSN == UInt64(victim))
            let kept = try #require(damage.quarantinePath)
            let page = try #require(disk.content(of: walPath(1)))[starts[victim - 1]..<starts[victim - 1] + 4096]
            #expect(disk.content(of: kept).map { $0[...] } == page)
            #expect(replayed.report.position.nextLSN == 15)
            disk.corrupt(walPath(1), at: place)
            try disk.remove(kept)
        }
        #expect(try recover(disk).report.damages.isEmpty)
    }

    @Test("damage in the padding of a group harms nothing")
    func padding() throws {
        let starts = try write(closing: false)
        disk.corrupt(walPath(1), at: starts[4] + 4000)
        #expect(try recover(disk).entries.count == 14)
    }

    @Test("several damaged groups in a row are one range")
    func range() throws {
        let starts = try write(closing: false)
        for victim in 5...8 { disk.corrupt(walPath(1), at: starts[victim - 1] + 8) }
        let replayed = try recover(disk)
        #expect(numbers(replayed) == [1, 2, 3, 4] + Array(9...14))
        #expect(replayed.report.damages.count == 1)
        #expect(replayed.report.damages.first?.firstLSN == 5 && replayed.report.damages.first?.lastLSN == 8)
    }

    @Test("the last group of a log that was not closed counts as torn, of one that was closed as damaged")
    func lastGroup() throws {
        let starts = try write(closing: false)
        disk.corrupt(walPath(1), at: starts[13] + 300)
        let torn = try recover(disk)
        #expect(torn.entries.count == 13 && torn.report.damages.isEmpty && torn.report.hasTornTail)

        let other = SimulatedDisk(seed: 12)
        let (log, _) = try openLog(other)
        _ = try log.append([testEntry([1])])
        _ = try log.append([testEntry([2])])
        try log.finish()
        other.corrupt(walPath(1), at: starts[1] + 128)
        let damaged = try recover(other)
        #expect(damaged.bodies == [[1]])
        #expect(damaged.report.damages.first?.firstLSN == 2 && damaged.report.endedCleanly)
    }

    @Test("the end of a file that a later file vouches for is damaged, never torn")
    func endOfEarlierFile() throws {
        let (log, table) = try openLog(disk)
        for number in 1...20 { _ = try log.append([testEntry([UInt8](repeating: UInt8(number), count: 6000))]) }
        let first = try #require(table.withLock { $0.held.first })
        let last = first.shares.values.map(\.lastLSN).max() ?? 0
        #expect(table.withLock { $0.held.count } > 1)
        disk.corrupt(walPath(1), at: WALFileHeader.pageByteCount + (Int(last) - 1) * 8192 + 100)
        let replayed = try recover(disk)
        #expect(replayed.report.damages.first?.firstLSN == last && replayed.report.damages.first?.lastLSN == last)
        #expect(numbers(replayed) == (1...20).filter { $0 != last })
    }

    @Test("one damaged copy of the file header costs nothing, two cost the file, and it is kept")
    func fileHeader() throws {
        _ = try write(closing: true)
        disk.corrupt(walPath(1), at: 20)
        #expect(try recover(disk).entries.count == 14)
        disk.corrupt(walPath(1), at: 2048 + 20)
        let lost = try recover(disk)
        #expect(lost.entries.isEmpty)
        let kept = try #require(lost.report.damages.first?.quarantinePath)
        #expect(disk.content(of: kept) != nil && disk.content(of: walPath(1)) == nil)
        #expect(lost.report.position.nextFileNumber == 2)
    }

    @Test("a missing file in the middle is reported, and what is before and behind it is read")
    func missingFile() throws {
        let (log, table) = try openLog(disk)
        for number in 1...24 { _ = try log.append([testEntry([UInt8](repeating: UInt8(number), count: 6000))]) }
        let held = table.withLock { $0.held }
        try #require(held.count >= 3)
        try disk.remove(walPath(held[1].number))
        let replayed = try recover(disk)
        #expect(replayed.report.damages.map(\.reason) == ["the file is missing"])
        let lost = held[1].firstLSN..<held[2].firstLSN
        #expect(numbers(replayed) == (1...24).filter { !lost.contains($0) })
    }

    @Test("an entry forged inside a body is never found, even when the group around it is damaged")
    func forged() throws {
        let (log, _) = try openLog(disk, saltSeed: 5)
        _ = try log.append([testEntry([UInt8](repeating: 1, count: 100))])
        // The attacker's own log with another salt, its groups placed where pages of the victim's file will be.
        let attacker = SimulatedDisk(seed: 99)
        let (forger, _) = try openLog(attacker, saltSeed: 6)
        for _ in 0..<6 { _ = try forger.append([testEntry(Array("forged".utf8), project: 666)]) }
        let forgedFile = try #require(attacker.content(of: walPath(1)))
        let bodyOffset = 4096 * 2 + WALGroupHeader.byteCount + WALEntryCoding.headByteCount
        let body = Array(forgedFile[bodyOffset..<min(forgedFile.count, bodyOffset + 12_000)])
        _ = try log.append([testEntry(body)])
        for number in 3...5 { _ = try log.append([testEntry([UInt8](repeating: UInt8(number), count: 100))]) }
        disk.corrupt(walPath(1), at: 4096 * 2 + 9)
        let replayed = try recover(disk)
        #expect(numbers(replayed) == [1, 3, 4, 5])
        #expect(replayed.entries.allSatisfy { $0.project == testProject(1) })
        #expect(replayed.report.damages.first?.firstLSN == 2 && replayed.report.damages.first?.lastLSN == 2)
    }

    @Test("files of another node and of a newer version are refused by name")
    func refusals() throws {
        _ = try write(closing: true)
        let error = #expect(throws: StoreError.self) { _ = try recover(disk, smallWAL(nodeID: 8)) }
        #expect(error?.code == .corrupt && error?.message.contains(WALFileName.name(of: 1)) == true)
        var page = try #require(disk.content(of: walPath(1)).map { Array($0[..<4096]) })
        page[8] = 3
        for offset in WALFileHeader.copyOffsets {
            page[offset + 8] = 3
            let checksum = page.withUnsafeBytes { CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[offset..<offset + 124])) }
            for byte in 0..<4 { page[offset + 124 + byte] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * byte)) }
        }
        try disk.open(walPath(1), .readWrite).write(page, at: 0)
        let newer = #expect(throws: StoreError.self) { _ = try recover(disk) }
        #expect(newer?.code == .newerFormat && newer?.message.contains("log format 3") == true)
    }
}
