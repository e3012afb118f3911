import OTLP
import SeededRandom
import SimulatedDisk
import Testing
import TraceModel

@testable import SpanStore

/// Random lives of a whole store on a disk that tears, drops, fills up and fails, against an oracle of what was acknowledged.
@Suite struct StoreCrashTests {
    @Test("nothing acknowledged is lost or doubled by power cuts and killed processes", arguments: TestSeed.several(2))
    func crashes(seed: UInt64) async throws {
        try await StoreLives(seed: seed, rates: .init()).run(lifeCount: 4)
    }

    @Test("nothing acknowledged is lost or doubled on a disk that fails and fills up", arguments: TestSeed.several(2))
    func faults(seed: UInt64) async throws {
        var rates = SimulatedDisk.FaultRates()
        rates.writeOneIn = 60
        rates.synchronizeOneIn = 25
        rates.noSpaceOneIn = 60
        rates.nameOneIn = 40
        try await StoreLives(seed: seed, rates: rates).run(lifeCount: 4)
    }
}

/// The oracle and the driver. Each request has spans of its own, so a span seen twice is a request stored twice.
final class StoreLives {
    private let seed: UInt64
    private var generator: SeededGenerator
    private let disk: SimulatedDisk
    private let rates: SimulatedDisk.FaultRates
    private let project = ProjectID(high: 0x0190_0000_0000_7000, low: 1)
    private var spans: RandomSpans
    private var nextSpan = 0

    private struct Sent {
        var request: AppendRequest
        var records: [SpanRecord]
        var isAcknowledged = false
        /// Of its entry, once it is acknowledged.
        var lsn: UInt64?
    }

    private var sent: [Sent] = []

    init(seed: UInt64, rates: SimulatedDisk.FaultRates) {
        self.seed = seed
        self.rates = rates
        generator = SeededGenerator(seed: seed)
        disk = SimulatedDisk(seed: seed ^ 0xD15C)
        spans = RandomSpans(SeededGenerator(seed: seed))
    }

    private var hint: Comment { Comment(rawValue: TestSeed.hint(seed)) }

    private var configuration: StoreConfiguration {
        var configuration = CrashTesting.configuration(disk, logFileByteCount: 256 << 10)
        configuration.limits.maximumMemtableRowCount = 64
        configuration.limits.maximumRowGroupRowCount = 24
        configuration.limits.minimumCopiedRowGroupRowCount = 16
        configuration.limits.compactionGrowthFactor = 3
        configuration.receiptLimits.maximumPendingCount = 9
        configuration.receiptLimits.maximumBlockCount = 4
        return configuration
    }

    func run(lifeCount: Int) async throws {
        for _ in 0..<lifeCount {
            let store = try openDespiteCrashes()
            try check(store)
            disk.setFaultRates(rates)
            await live(store)
            disk.setFaultRates(.init())
        }
        let store = try openDespiteCrashes()
        try check(store)
        // Senders that heard nothing try again: then everything is there exactly once.
        for index in sent.indices { _ = try await append(index, to: store) }
        try check(store)
        _ = try await store.seal()
        try check(store)
        await store.close()
    }

    private func openDespiteCrashes() throws -> SpanStore {
        if generator.oneIn(3) {
            disk.crash(atOperation: disk.operationCount + Int.random(in: 1...60, using: &generator))
            if let store = try? SpanStore.open(configuration) {
                disk.crash(atOperation: nil)
                return store
            }
            #expect(disk.isDown, hint)
            disk.crash()
        }
        return try SpanStore.open(configuration)
    }

    /// Appends, retries, seals and reads until the machine stops, the process dies or the store is closed.
    private func live(_ store: SpanStore) async {
        // Only where the disk is told of it: what runs beside would come at another moment each time.
        store.pauseCompaction(true)
        if !generator.oneIn(4) { disk.crash(atOperation: disk.operationCount + Int.random(in: 1...400, using: &generator)) }
        for _ in 0..<Int.random(in: 1...25, using: &generator) where !disk.isDown {
            switch Int.random(in: 0..<9, using: &generator) {
            case 0: _ = try? await store.seal()
            case 1: await store.maintain()
            case 8: _ = try? await store.compact(isUrgent: true)
            case 2 where !sent.isEmpty: _ = try? await append(Int.random(in: 0..<sent.count, using: &generator), to: store)
            default: await appendNew(to: store)
            }
        }
        if !disk.isDown, generator.oneIn(3) {
            await store.close()
            disk.crash(atOperation: nil)
            if generator.oneIn(2) { disk.crash() } else { disk.killProcess() }
        } else if generator.oneIn(3), !disk.isDown {
            disk.crash(atOperation: nil)
            disk.killProcess()
            await store.close()
        } else {
            disk.crash()
            await store.close()
        }
    }

    /// One to three requests at once: they may share a group of the log.
    private func appendNew(to store: SpanStore) async {
        var fresh: [Int] = []
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let records = spans.records(Int.random(in: 1...12, using: &generator), startingAt: nextSpan)
            nextSpan += records.count
            guard let request = try? StoreFixture.request(records, project: project) else { continue }
            sent.append(Sent(request: request, records: records))
            fresh.append(sent.count - 1)
        }
        let requests = fresh.map { ($0, sent[$0].request) }
        let acknowledged = await withTaskGroup(of: (Int, UInt64)?.self) { group in
            for (index, request) in requests { group.addTask { (try? await store.append(request)).map { (index, $0.lsn) } } }
            return await group.reduce(into: [(Int, UInt64)]()) { if let answer = $1 { $0.append(answer) } }
        }
        for (index, lsn) in acknowledged { acknowledge(index, lsn) }
    }

    private func append(_ index: Int, to store: SpanStore) async throws -> AppendOutcome {
        let outcome = try await store.append(sent[index].request)
        acknowledge(index, outcome.lsn)
        return outcome
    }

    private func acknowledge(_ index: Int, _ lsn: UInt64) {
        sent[index].isAcknowledged = true
        sent[index].lsn = lsn
    }

    /// Every acknowledged span is there once and equal, and its request has a receipt; of the others each is there at most once, and equal.
    private func check(_ store: SpanStore) throws {
        var found: [SpanID: SpanRecord] = [:]
        for unit in store.snapshot(of: project).units {
            let masked = Set(try unit.maskedRows)
            for record in try unit.records(at: (0..<Int32(unit.rowCount)).filter({ !masked.contains($0) })) {
                #expect(found.updateValue(record, forKey: record.spanID) == nil, hint)
            }
        }
        for request in sent {
            let present = request.records.filter { found[$0.spanID] != nil }
            if request.isAcknowledged { #expect(present.count == request.records.count, hint) }
            if let lsn = request.lsn {
                #expect(try store.receipts.find(lsn, of: project)?.storedSpanCount == request.records.count, hint)
            }
            for record in present {
                #expect("\(found[record.spanID]?.canonical as Any)" == "\(Optional(record.canonical) as Any)", hint)
            }
        }
        #expect(store.recovery.damages.isEmpty, hint)
    }
}
