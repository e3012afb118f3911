import SeededRandom
import SimulatedDisk
import Testing
import TraceModel

@testable import SpanStore

/// Random lives of a log on a disk that tears, drops and fails, against an oracle of what was acknowledged.
@Suite struct WALCrashTests {
    @Test("nothing acknowledged is lost, doubled or changed by crashes", arguments: TestSeed.several(20))
    func crashes(seed: UInt64) throws {
        var life = WALLives(seed: seed, rates: .init())
        try life.run(lifeCount: 8)
    }

    @Test("nothing acknowledged is lost, doubled or changed by crashes and a failing disk", arguments: TestSeed.several(20))
    func crashesAndFaults(seed: UInt64) throws {
        var rates = SimulatedDisk.FaultRates()
        rates.writeOneIn = 40
        rates.synchronizeOneIn = 15
        rates.noSpaceOneIn = 40
        rates.nameOneIn = 20
        var life = WALLives(seed: seed, rates: rates)
        try life.run(lifeCount: 8)
    }
}

/// The oracle and the driver.
struct WALLives {
    private let seed: UInt64
    private var generator: SeededGenerator
    private let disk: SimulatedDisk
    private let configuration = smallWAL()
    private let rates: SimulatedDisk.FaultRates
    private var manifest = ManifestState()

    private struct Submitted {
        var entry: WALEntry
        /// Set once acknowledged, or once a replay has shown it.
        var lsn: UInt64?
        /// A replay did not show it: it must never come back under the LSN it had then.
        var isGone = false
        /// A recovery said that it lies in the quarantine.
        var isPutAside = false
    }

    /// By the number in the body's first eight bytes.
    private var submitted: [UInt64: Submitted] = [:]
    private var nextID: UInt64 = 1
    private var clock = testDay

    init(seed: UInt64, rates: SimulatedDisk.FaultRates) {
        self.seed = seed
        self.rates = rates
        generator = SeededGenerator(seed: seed)
        disk = SimulatedDisk(seed: seed ^ 0xD15C)
    }

    private var hint: Comment { Comment(rawValue: TestSeed.hint(seed)) }

    mutating func run(lifeCount: Int) throws {
        for _ in 0..<lifeCount {
            disk.setFaultRates(.init())
            let recovered = try recoverDespiteCrashes()
            check(recovered)
            disk.setFaultRates(rates)
            live(recovered.report)
        }
        disk.setFaultRates(.init())
        check(try recoverDespiteCrashes())
    }

    private mutating func recoverDespiteCrashes() throws -> Replayed {
        for _ in 0..<2 where generator.oneIn(3) {
            disk.crash(atOperation: disk.operationCount + Int.random(in: 1...40, using: &generator))
            do {
                let recovered = try recover(disk, configuration, manifest: manifest)
                disk.crash(atOperation: nil)
                return recovered
            } catch {
                #expect(disk.isDown, hint)
                disk.crash()
            }
        }
        return try recover(disk, configuration, manifest: manifest)
    }

    /// Appends and seals until the machine stops, the process dies or the log is closed.
    private mutating func live(_ report: WALRecoveryReport) {
        let (log, table) = SpanStoreTests.log(disk, configuration, report, saltSeed: generator.next())
        let stops = !generator.oneIn(4)
        if stops { disk.crash(atOperation: disk.operationCount + Int.random(in: 1...120, using: &generator)) }
        for _ in 0..<Int.random(in: 0...40, using: &generator) {
            if disk.isDown { break }
            if generator.oneIn(6) { seal(table) }
            if generator.oneIn(5) { copy(log, table) }
            if generator.oneIn(12) { _ = log.removeSpares(withCurrentOver: generator.oneIn(2) ? 0 : nil) }
            append(log)
        }
        if !disk.isDown, generator.oneIn(2) { try? log.finish() }
        if generator.oneIn(4), !disk.isDown { disk.killProcess() } else { disk.crash() }
    }

    /// Lets go of the oldest file by writing some of what it holds once more.
    private mutating func copy(_ log: WALLog, _ table: SharedWALFileTable) {
        guard let oldest = table.withLock({ $0.oldestClosedFile }) else { return }
        let shares = oldest.unsealed.filter { _ in !generator.oneIn(4) }
        guard let copies = try? WALCopies.read(shares, from: oldest.number, disk, directory: configuration.directory) else { return }
        // Meanwhile the log goes on.
        if generator.oneIn(3) { append(log) }
        if generator.oneIn(3) { seal(table) }
        _ = try? log.append(copies)
    }

    private mutating func append(_ log: WALLog) {
        var ids: [UInt64] = []
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            // A sender tries again what failed.
            let failed = submitted.filter { $0.value.lsn == nil && !$0.value.isGone }.keys.min()
            if let failed, !ids.contains(failed), generator.oneIn(3), !disk.isDown {
                ids.append(failed)
            } else {
                ids.append(submitNew())
            }
        }
        let entries = ids.compactMap { submitted[$0]?.entry }
        guard let receipts = try? log.append(entries) else { return }
        for (id, receipt) in zip(ids, receipts) {
            submitted[id]?.lsn = receipt.lsn
            submitted[id]?.entry.receivedUnixNano = receipt.receivedUnixNano
        }
    }

    private mutating func submitNew() -> UInt64 {
        let id = nextID
        nextID += 1
        clock += UInt64.random(in: 0...PartitionID.nanosecondsPerDay / 16, using: &generator)
        let size = generator.oneIn(4) ? Int.random(in: 0...12_000, using: &generator) : Int.random(in: 0...600, using: &generator)
        var entry = testEntry(
            id.littleEndianBytes + generator.bytes(size), project: UInt64.random(in: 1...3, using: &generator), received: clock)
        entry.rejectedOrdinals = generator.oneIn(3) ? [0, 5, 900] : []
        entry.enrichment = generator.bytes(Int.random(in: 0...20, using: &generator))
        entry.reply = StoredReply(rejectedSpanCount: entry.rejectedOrdinals.count, errorMessage: generator.oneIn(3) ? "refused" : "")
        submitted[id] = Submitted(entry: entry)
        return id
    }

    /// Seals one partition past everything acknowledged in it, as a store does after publishing.
    private mutating func seal(_ table: SharedWALFileTable) {
        let partitions = Set(submitted.values.filter { $0.lsn != nil }.map(\.entry.partition)).sorted()
        guard let partition = partitions.randomElement(using: &generator) else { return }
        let lsn = submitted.values.filter { $0.entry.partition == partition }.compactMap(\.lsn).max() ?? 0
        var edit = ManifestEdit([.sealed(partition, lsn: lsn)])
        table.withLock { $0.sealed(partition, through: lsn) }
        if generator.oneIn(3), let start = table.withLock({ $0.firstHeldLSN }) { edit.append(.logStart(lsn: start)) }
        do { try manifest.apply(edit) } catch { Issue.record(error, hint) }
    }

    private mutating func check(_ recovered: Replayed) {
        #expect(recovered.report.damages.isEmpty, hint)
        var seen: Set<UInt64> = []
        var lastLSN: UInt64 = 0
        var lastReceived: UInt64 = 0
        for entry in recovered.entries {
            #expect(entry.lsn > lastLSN && entry.receivedUnixNano >= lastReceived, hint)
            lastLSN = entry.lsn
            lastReceived = entry.receivedUnixNano
            let id = UInt64(littleEndianBytes: entry.bytes)
            guard let known = submitted[id] else {
                Issue.record("an entry nobody sent is replayed; \(TestSeed.hint(seed))")
                continue
            }
            #expect(seen.insert(id).inserted, "entry \(id) is replayed twice; \(TestSeed.hint(seed))")
            #expect(!known.isGone, "entry \(id) came back; \(TestSeed.hint(seed))")
            #expect(known.lsn == nil || known.lsn == entry.lsn, hint)
            #expect(known.entry.bytes == entry.bytes && known.entry.rejectedOrdinals == entry.rejectedOrdinals, hint)
            #expect(known.entry.enrichment == entry.enrichment && known.entry.reply == entry.reply, hint)
            #expect(known.entry.project == entry.project && known.entry.decoderVersion == entry.decoderVersion, hint)
            // Shown once, it counts as acknowledged: a repetition of the request would be answered as a duplicate.
            submitted[id]?.lsn = entry.lsn
            submitted[id]?.entry.receivedUnixNano = entry.receivedUnixNano
        }
        for (id, known) in submitted.sorted(by: { $0.key < $1.key }) where !seen.contains(id) {
            guard let lsn = known.lsn else {
                submitted[id]?.isGone = true
                continue
            }
            let isSealed = lsn < manifest.logStartLSN || lsn <= manifest.sealedLSN[known.entry.partition] ?? 0
            // Two losses of power at the same entry of a replay put it aside: kept and reported, not lost.
            if recovered.report.poisonousLSNs.contains(lsn) { submitted[id]?.isPutAside = true }
            let isPutAside = submitted[id]?.isPutAside ?? false
            #expect(isSealed || isPutAside, "acknowledged entry \(id), LSN \(lsn), is lost; \(TestSeed.hint(seed))")
        }
        for entry in recovered.entries {
            #expect(entry.lsn > manifest.sealedLSN[entry.partition] ?? 0, hint)
        }
        #expect(recovered.report.position.nextLSN > lastLSN && recovered.report.position.nextLSN >= manifest.logStartLSN, hint)
    }
}

extension UInt64 {
    var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }

    init(littleEndianBytes bytes: [UInt8]) { self = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) } }
}
