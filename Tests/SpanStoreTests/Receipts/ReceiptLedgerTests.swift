import ByteCoding
import FileSystem
import SeededRandom
import SimulatedDisk
import Testing
import TraceModel

@testable import SpanStore

@Suite("Ledger of receipts")
struct ReceiptLedgerTests {
    private let project = testProject(1)
    private static let directory = "/data/receipts"

    private func receipt(_ lsn: UInt64, dayOffset: UInt64 = 0, rejections: [ReceiptRejection] = [], message: String = "") -> ExportReceipt {
        let received = testDay + dayOffset * CalendarDay.nanoseconds + lsn * 1_000
        return ExportReceipt(
            lsn: lsn, receivedUnixNano: received, visibleUnixNano: received + 77, storedSpanCount: Int(lsn % 5),
            reply: StoredReply(rejectedSpanCount: rejections.count, errorMessage: message), rejections: rejections)
    }

    private func ledger(_ disk: SimulatedDisk, _ change: (inout ReceiptLimits) -> Void = { _ in }) -> ReceiptLedger {
        var limits = ReceiptLimits()
        change(&limits)
        return ReceiptLedger(fileSystem: disk, directory: Self.directory, limits: limits)
    }

    private func files(_ disk: SimulatedDisk, of project: ProjectID? = nil) -> [String] {
        (try? disk.list("\(Self.directory)/project=\((project ?? self.project).uuid)")) ?? []
    }

    @Test("a receipt is found in memory, in the files, and after a restart, by its own project alone")
    func finding() throws {
        let disk = SimulatedDisk(seed: 1)
        let first = ledger(disk) { $0.maximumBlockCount = 3 }
        let rejections = [
            ReceiptRejection(ordinal: 0, reason: "span_id_zero", traceID: TraceID(high: 1, low: 2), spanID: SpanID(rawValue: 3)),
            ReceiptRejection(ordinal: 7, reason: "malformed"), ReceiptRejection(ordinal: .max, reason: "", spanID: SpanID(rawValue: 9)),
        ]
        let all = [1, 4, 5, 9, 12, 13, 20].map { receipt($0) } + [receipt(21, rejections: rejections, message: "3 spans rejected: ü")]
        for receipt in all { first.record(receipt, of: project) }
        for receipt in all { #expect(try first.find(receipt.lsn, of: project) == receipt) }
        #expect(files(disk).isEmpty, "nothing is written before it has to be")
        try first.flush(project)
        first.record(receipt(30), of: project)
        for receipt in all + [receipt(30)] { #expect(try first.find(receipt.lsn, of: project) == receipt) }
        for lsn: UInt64 in [0, 2, 6, 14, 22, 31, .max] { #expect(try first.find(lsn, of: project) == nil) }
        #expect(try first.find(4, of: testProject(2)) == nil)
        disk.crash()
        let second = ledger(disk)
        for receipt in all { #expect(try second.find(receipt.lsn, of: project) == receipt) }
        #expect(try second.find(30, of: project) == nil, "its log entry would bring it back")
        // The replay of the log brings all of them: those that are on disk are not written again.
        for receipt in all + [receipt(30)] { second.restore(receipt, of: project) }
        #expect(second.statistics.pendingCount == 1)
        #expect(try second.find(30, of: project) == receipt(30))
    }

    @Test(
        "what a failed fdatasync left in the system's cache alone is written again by the next start, and a file given up proves nothing",
        arguments: TestSeed.several(8))
    func failedSynchronize(seed: UInt64) throws {
        for failureCount in 1...2 {
            let disk = SimulatedDisk(seed: seed &+ UInt64(failureCount))
            let first = ledger(disk) { $0.maximumBlockCount = 2 }
            first.record(receipt(1), of: project)
            try first.flush(project)
            // Of the entries from here on nothing was sealed: the log has them.
            let unsealed = (2...7).map { receipt(UInt64($0)) }
            for receipt in unsealed { first.record(receipt, of: project) }
            var rates = SimulatedDisk.FaultRates()
            rates.synchronizeOneIn = 1
            for failure in 0..<failureCount {
                // The second time there is a file of its own, whose header is synchronized before.
                if failure > 0 { disk.fail(atOperation: disk.operationCount + 7, with: .io) } else { disk.setFaultRates(rates) }
                #expect(throws: StoreError.self) { try first.flush(project) }
                disk.setFaultRates(SimulatedDisk.FaultRates())
            }
            disk.forgetPlannedFaults()
            disk.killProcess()
            let second = ledger(disk)
            for receipt in unsealed { second.restore(receipt, of: project) }
            try second.flush(project)
            disk.crash()
            let third = ledger(disk)
            for receipt in [receipt(1)] + unsealed {
                #expect(try third.find(receipt.lsn, of: project) == receipt, "\(failureCount) failures; \(TestSeed.hint(seed))")
            }
        }
    }

    @Test("what a killed process wrote and did not synchronize is not taken for durable", arguments: TestSeed.several(8))
    func unsynchronized(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let disk = SimulatedDisk(seed: seed)
        var written: [ExportReceipt] = []
        var next: UInt64 = 1
        for _ in 0..<12 {
            let ledger = ledger(disk) { $0.maximumBlockCount = 4 }
            // As the replay of a log does that still has everything.
            for receipt in written { ledger.restore(receipt, of: project) }
            for receipt in written { #expect(try ledger.find(receipt.lsn, of: project) == receipt, Comment(rawValue: TestSeed.hint(seed))) }
            disk.crash(atOperation: disk.operationCount + Int.random(in: 1...30, using: &generator))
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                for _ in 0..<Int.random(in: 1...9, using: &generator) {
                    written.append(receipt(next))
                    ledger.record(receipt(next), of: project)
                    next += 1
                }
                do {
                    try ledger.flush(project)
                    // Durable now: the log may let go.
                    written = []
                } catch {
                    #expect(disk.isDown, Comment(rawValue: TestSeed.hint(seed)))
                }
            }
            disk.crash(atOperation: nil)
            if generator.oneIn(2) { disk.killProcess() } else { disk.crash() }
            let after = self.ledger(disk)
            for lsn in 1..<next where !written.contains(where: { $0.lsn == lsn }) {
                #expect(try after.find(lsn, of: project) == receipt(lsn), Comment(rawValue: TestSeed.hint(seed)))
            }
        }
    }

    @Test("files are bounded in number of receipts, and the oldest go first")
    func bounds() throws {
        let disk = SimulatedDisk(seed: 2)
        let ledger = ledger(disk) { $0.maximumCount = 800 }
        for lsn: UInt64 in 1...2_000 {
            ledger.record(receipt(lsn), of: project)
            if lsn % 10 == 0 { try ledger.flush(project) }
        }
        let kept = try (1...2_000 as ClosedRange<UInt64>).filter { try ledger.find($0, of: project) != nil }
        #expect(kept.count <= 800 && kept.count > 600 && kept == Array((2_001 - UInt64(kept.count))...2_000))
        #expect(ledger.statistics.evictedCount == 2_000 - kept.count && ledger.statistics.writtenCount == 2_000)
    }

    @Test("more than shall be in memory is written ahead; what the disk does not take is dropped, and counted")
    func memory() async throws {
        let disk = SimulatedDisk(seed: 3)
        let ledger = ledger(disk) { $0.maximumPendingCount = 100 }
        for lsn: UInt64 in 1...101 { ledger.record(receipt(lsn), of: project) }
        // Behind what was written ahead.
        try await ledger.expire(nowUnixNano: testDay)
        #expect(ledger.statistics.pendingCount == 0)
        let full = SimulatedDisk(seed: 4)
        full.setCapacity(0)
        let small = self.ledger(full) { $0.maximumPendingCount = 100 }
        for lsn: UInt64 in 1...2_000 { small.record(receipt(lsn), of: project) }
        #expect(small.statistics.pendingCount <= 400 && small.statistics.lostCount == 2_000 - small.statistics.pendingCount)
        #expect(try small.find(2_000, of: project) == receipt(2_000))
        // Behind what is written ahead: a file that is being tried is there until it has failed.
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in small.settle { continuation.resume() } }
        #expect(throws: StoreError.self) { try small.flush(project) }
        #expect(files(full).isEmpty, "a full disk is left without empty files")
        full.setCapacity(1 << 20)
        try small.flush(project)
        #expect(try small.find(2_000, of: project) == receipt(2_000) && small.statistics.pendingCount == 0)
    }

    @Test("receipts go by receive day, also of projects that nobody has asked for")
    func days() throws {
        let disk = SimulatedDisk(seed: 5)
        let ledger = ledger(disk)
        let today = CalendarDay.daysSince1970(unixNano: testDay)
        for project in [project, testProject(2)] {
            for day: UInt64 in 0..<4 { ledger.record(receipt(day + 1, dayOffset: day), of: project) }
            try ledger.flush(project)
            #expect(files(disk, of: project).count == 4)
        }
        try ledger.removeReceipts(of: project, beforeDay: today + 2)
        #expect(try (1...4).map { try ledger.find($0, of: project) != nil } == [false, false, true, true])
        let other = self.ledger(disk)
        try other.removeReceipts(of: testProject(2), beforeDay: today + 3)
        #expect(try (1...4).map { try other.find($0, of: testProject(2)) != nil } == [false, false, false, true])
        // The file that is written to may go, too.
        try ledger.removeReceipts(of: project, beforeDay: today + 9)
        #expect(files(disk).isEmpty)
        ledger.record(receipt(9, dayOffset: 3), of: project)
        try ledger.flush(project)
        #expect(try ledger.find(9, of: project) == receipt(9, dayOffset: 3))
    }

    @Test("a block that was damaged costs its own receipts; a damaged header what is behind it in its file")
    func damage() throws {
        let disk = SimulatedDisk(seed: 6)
        let first = ledger(disk)
        for lsn: UInt64 in 1...3 {
            first.record(receipt(lsn), of: project)
            try first.flush(project)
        }
        let path = "\(Self.directory)/project=\(project.uuid)/" + (try #require(files(disk).first))
        let content = try #require(disk.content(of: path)), blockByteCount = (content.count - ReceiptBlockCoding.fileHeaderByteCount) / 3
        let second = ReceiptBlockCoding.fileHeaderByteCount + blockByteCount
        disk.corrupt(path, at: second + ReceiptBlockCoding.headerByteCount + 2)
        let damaged = ledger(disk)
        #expect(try (1...3).map { try damaged.find($0, of: project) != nil } == [true, false, true])
        disk.corrupt(path, at: second + 20)
        let worse = ledger(disk)
        #expect(try (1...3).map { try worse.find($0, of: project) != nil } == [true, false, false])
        worse.record(receipt(4), of: project)
        try worse.flush(project)
        #expect(try worse.find(4, of: project) == receipt(4) && worse.find(1, of: project) == receipt(1))
    }

    @Test("a block of the youngest file that is torn is not taken for written: the log brings its receipts back")
    func tornBlock() throws {
        let disk = SimulatedDisk(seed: 7)
        let first = ledger(disk)
        for lsn: UInt64 in 1...3 {
            first.record(receipt(lsn), of: project)
            try first.flush(project)
        }
        let path = "\(Self.directory)/project=\(project.uuid)/" + (try #require(files(disk).first))
        let content = try #require(disk.content(of: path))
        disk.corrupt(path, at: content.count - 1)
        let second = ledger(disk)
        for lsn: UInt64 in 1...3 { second.restore(receipt(lsn), of: project) }
        #expect(second.statistics.pendingCount == 1, "the first two are there")
        for lsn: UInt64 in 1...3 { #expect(try second.find(lsn, of: project) == receipt(lsn)) }
        try second.flush(project)
        let third = ledger(disk)
        for lsn: UInt64 in 1...3 { #expect(try third.find(lsn, of: project) == receipt(lsn)) }
    }

    @Test("a folder that cannot be read keeps no other project's receipts past their days")
    func unreadableFolder() async throws {
        let disk = SimulatedDisk(seed: 8)
        let ledger = ledger(disk)
        let projects = (1...4).map { testProject(UInt64($0)) }
        for project in projects {
            ledger.record(receipt(1), of: project)
            try ledger.flush(project)
        }
        // A file where the folder of a project should be: it cannot be listed.
        for project in [projects[0], projects[2]] {
            let folder = "\(Self.directory)/project=\(project.uuid)"
            for name in try disk.list(folder) { try disk.remove("\(folder)/\(name)") }
            try disk.removeDirectory(folder)
            try disk.replace(folder, with: [1])
        }
        let fresh = self.ledger(disk)
        await #expect(throws: StoreError.self) { try await fresh.expire(nowUnixNano: testDay + 60 * CalendarDay.nanoseconds) }
        for project in [projects[1], projects[3]] { #expect(files(disk, of: project).isEmpty) }
    }
}
