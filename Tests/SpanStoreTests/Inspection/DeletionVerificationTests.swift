import FileSystem
import SeededRandom
import SimulatedDisk
import Testing
import TraceModel

@testable import SpanStore

@Suite("Proof of a deletion")
struct DeletionVerificationTests {
    private static let project = ProjectID(high: 0x0190_0000_0000_7000, low: 5), other = ProjectID(high: 0x0190_0000_0000_7000, low: 6)
    private static let root = "/data/store"

    private static func configuration(_ disk: SimulatedDisk) -> StoreConfiguration {
        var configuration = StoreConfiguration(root: root, fileSystem: disk)
        configuration.configureWAL = {
            $0.fileByteCount = 512 << 10
            $0.maximumTotalByteCount = 4 << 20
            $0.maximumGroupByteCount = 128 << 10
            $0.zeroStepByteCount = 16 << 10
            $0.zeroAheadByteCount = 0
        }
        return configuration
    }

    private static func open(_ disk: SimulatedDisk) throws -> SpanStore {
        let store = try SpanStore.open(configuration(disk))
        store.pauseCompaction(true)
        return store
    }

    /// Spans of traces of their own; the first of every trace carries the session.
    private static func records(_ random: inout RandomSpans, _ trace: UInt64, session: String) -> [SpanRecord] {
        var records = random.records(12, startingAt: Int(trace) * 100)
        for index in records.indices {
            records[index].traceID = TraceID(high: trace &* 0x9e37_79b9_7f4a_7c15, low: UInt64(index % 3) + 0x0123_4567_89ab_cdef)
            records[index].attributes = index < 3 ? [KeyValue("session.id", .string(session))] : []
        }
        return records
    }

    private static func verify(_ disk: SimulatedDisk, _ subject: DeletionVerification.Subject) throws -> DeletionVerification.Report {
        try DeletionVerification(fileSystem: disk, root: root, subject: subject).run()
    }

    private static func awaitNothingLeft(_ store: SpanStore, _ outcome: DeletionOutcome) async throws {
        for _ in 0..<6_000 {
            let remains = try await store.remains(
                of: project, deletedUnixNano: outcome.maskedUnixNano, throughLogFile: outcome.throughLogFile)
            if remains.isEmpty { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("bytes did not go within a minute")
    }

    @Test("before a deletion it names rows and bytes, after it masked rows, and nothing once they are gone; what came in later is apart")
    func session() async throws {
        let seed = TestSeed.next(), disk = SimulatedDisk(seed: seed)
        var random = RandomSpans(SeededGenerator(seed: seed))
        let store = try Self.open(disk)
        let gone = Self.records(&random, 1, session: "sess-gone"), kept = Self.records(&random, 2, session: "sess-kept")
        _ = try await store.append(StoreFixture.request(gone, project: Self.project))
        _ = try await store.append(StoreFixture.request(kept, project: Self.project))
        _ = try await store.append(StoreFixture.request(Self.records(&random, 3, session: "sess-gone"), project: Self.other))
        _ = try await store.seal()
        let subject = DeletionVerification.Subject(.session("sess-gone"), of: Self.project)
        let before = try Self.verify(disk, subject)
        #expect(before.leftRowCount == 12 && before.maskedRowCount == 0 && !before.isClean)
        #expect(
            before.bytes.hits.contains { $0.kind == .segment } && before.bytes.hits.contains { $0.kind == .log || $0.kind == .spareLog })

        let outcome = try await store.delete(.session("sess-gone"), of: Self.project)
        let masked = try Self.verify(disk, subject)
        #expect(masked.leftRowCount == 0 && masked.maskedRowCount == 12 && !masked.isClean)
        // Of what was deleted nothing is left to be found by then but by the receipt's traces.
        _ = try await store.compact(isUrgent: true)
        _ = try await store.seal()
        try await Self.awaitNothingLeft(store, outcome)
        var proof = DeletionVerification.Subject(
            .session("sess-gone"), of: Self.project, traces: Set(outcome.traces), deletedUnixNano: outcome.maskedUnixNano,
            throughLogFile: outcome.throughLogFile)
        let clean = try Self.verify(disk, proof)
        #expect(clean.isClean && clean.segmentCount == 1 && clean.bytes.fileCount > 3, "\(clean.bytes.hits) \(clean.rows)")
        // The other project has the session still.
        proof.project = nil
        #expect(try Self.verify(disk, proof).leftRowCount == 12)
        proof.project = Self.project

        // In another order it is another request, and no repetition of the one that was deleted.
        _ = try await store.append(StoreFixture.request(gone.reversed(), project: Self.project))
        _ = try await store.seal()
        let later = try Self.verify(disk, proof)
        #expect(later.isClean && later.laterRowCount == 12 && !later.laterHits.isEmpty, "\(later.bytes.hits) \(later.rows)")
        #expect(try !Self.verify(disk, subject).isClean, "without a receipt it cannot be told apart")
        await store.close()
    }

    @Test("of a trace and of a whole project it finds what is left")
    func traceAndProject() async throws {
        let seed = TestSeed.next(), disk = SimulatedDisk(seed: seed)
        var random = RandomSpans(SeededGenerator(seed: seed))
        let store = try Self.open(disk)
        let records = Self.records(&random, 1, session: "a-session")
        _ = try await store.append(StoreFixture.request(records, project: Self.project))
        _ = try await store.append(StoreFixture.request(Self.records(&random, 2, session: "x"), project: Self.other))
        store.quarantine.submit(
            [RejectedSpan(receivedUnixNano: testDay, reason: .traceIDZero, codec: .otlpJSON, source: Array("{}".utf8))], of: Self.project)
        store.quarantine.flush()
        let trace = DeletionVerification.Subject(.trace(records[0].traceID))
        let unsealed = try Self.verify(disk, trace)
        #expect(unsealed.rows.isEmpty)
        #expect(unsealed.bytes.hits.map(\.kind) == [.log], "it is in memory and in the log alone")
        let outcome = try await store.delete(.trace(records[0].traceID), of: Self.project)
        _ = try await store.compact(isUrgent: true)
        _ = try await store.seal()
        try await Self.awaitNothingLeft(store, outcome)
        #expect(try Self.verify(disk, trace).isClean)

        let project = DeletionVerification.Subject(.project, of: Self.project)
        let before = try Self.verify(disk, project)
        #expect(before.leftRowCount == 8 && before.bytes.hits.contains { $0.kind == .quarantine })
        let dropped = try await store.delete(.project, of: Self.project)
        #expect(dropped.spanCount == 8)
        try await Self.awaitNothingLeft(store, dropped)
        let after = try Self.verify(disk, project)
        #expect(after.isClean, "\(after.bytes.hits) \(after.rows)")
        await store.close()
    }

    @Test("a value too short to be looked for in bytes is looked for in rows alone, and said to be")
    func shortValue() async throws {
        let seed = TestSeed.next(), disk = SimulatedDisk(seed: seed)
        var random = RandomSpans(SeededGenerator(seed: seed))
        let store = try Self.open(disk)
        _ = try await store.append(StoreFixture.request(Self.records(&random, 1, session: "7"), project: Self.project))
        _ = try await store.seal()
        let report = try Self.verify(disk, .init(.session("7"), of: Self.project))
        #expect(report.isValueTooShort && report.leftRowCount == 12)
        await store.close()
    }
}
