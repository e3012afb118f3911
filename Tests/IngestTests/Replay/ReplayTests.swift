import GenAIConventions
import OTLP
import SeededRandom
import SimulatedDisk
import SpanStore
import Synchronization
import Testing
import TraceModel

@testable import Ingest

/// Refused spans that are taken in after all: what a server with other limits refused, one with today's takes.
@Suite("Replay of refused spans")
struct ReplayTests {
    static let project = ProjectID(high: 0x0190_0000_0000_7000, low: 1)

    /// A store on a simulated disk, and servers over it one after the other.
    final class Fixture {
        let disk: SimulatedDisk
        let clock = Mutex<UInt64>(1_790_000_000_000_000_000)
        private(set) var store: SpanStore
        let book = RedactionRulebook()

        init(seed: UInt64) throws {
            disk = SimulatedDisk(seed: seed)
            store = try Self.open(disk, 1_790_000_000_000_000_000)
        }

        private static func open(_ disk: SimulatedDisk, _ now: UInt64) throws -> SpanStore {
            var configuration = StoreConfiguration(root: "/data/store", fileSystem: disk)
            configuration.configureWAL = {
                $0.fileByteCount = 1 << 20
                $0.maximumTotalByteCount = 8 << 20
                $0.maximumGroupByteCount = 512 << 10
                $0.zeroStepByteCount = 16 << 10
                $0.zeroAheadByteCount = 0
            }
            configuration.now = { now }
            return try SpanStore.open(configuration)
        }

        /// The machine stops, and starts again so much later.
        func restart(afterSeconds seconds: UInt64 = 0) async throws {
            disk.crash(atOperation: nil)
            disk.crash()
            await store.close()
            let now = clock.withLock { clock in
                clock += seconds * 1_000_000_000
                return clock
            }
            store = try Self.open(disk, now)
        }

        /// - Parameter maximumAttributeCount: what this server takes; nil: what the room's limits say.
        func ingestor(maximumAttributeCount: Int? = nil, quotas: ByteQuotas = ByteQuotas()) -> Ingestor {
            var limits = OTLPLimits()
            if let maximumAttributeCount { limits.maximumAttributeCount = maximumAttributeCount }
            return Ingestor(
                store: store, prices: CurrentPriceBook(PriceBook(version: 0, prices: [])), redaction: book, quotas: quotas,
                decoderLimits: limits)
        }

        /// The rows that queries see.
        func records(of project: ProjectID = ReplayTests.project) throws -> [SpanRecord] {
            try store.snapshot(of: project).units.flatMap { unit in
                let masked = Set(try unit.maskedRows)
                return try unit.records(at: (0..<Int32(unit.rowCount)).filter { !masked.contains($0) })
            }
        }

        func kept(of project: ProjectID = ReplayTests.project) throws -> [KeptSpan] {
            try store.quarantine.spans(of: project, maximumCount: 20_000)
        }
    }

    /// With as many attributes as that.
    static func span(_ number: Int, attributeCount: Int = 5, service: String = "shop", text: String = "v") -> SpanRecord {
        var span = SpanRecord(
            traceID: TraceID(high: 9, low: UInt64(number / 4 + 1)), spanID: SpanID(rawValue: UInt64(number + 1)), name: "span \(number)",
            startTimeUnixNano: 1_789_999_999_000_000_000 + UInt64(number), endTimeUnixNano: 1_789_999_999_500_000_000)
        span.attributes = (0..<attributeCount).map { KeyValue("key \($0)", .string(text)) }
        span.resource = SpanRecord.Resource(
            encoded: ResourceEncoder.encode(
                DecodedResource(attributes: [
                    KeyValue("service.name", .string(service)), KeyValue("telemetry.sdk.name", .string("opentelemetry")),
                    KeyValue("telemetry.sdk.language", .string("swift")),
                ])), schemaURL: "https://example.com/resource")
        span.scope = SpanRecord.Scope(
            encoded: ScopeEncoder.encode(DecodedScope(name: "scope \(number % 2)")), schemaURL: "https://example.com/scope")
        return span
    }

    @discardableResult
    static func send(
        _ spans: [SpanRecord], as contentType: OTLPContentType = .protobuf, to ingestor: Ingestor, project: ProjectID = project,
        exporter: String? = "test/1"
    ) async throws -> IngestReply {
        let body = contentType == .protobuf ? ExportTraceRequestEncoder.encode(spans) : TracesDataJSONEncoder.encode(spans)
        return try await ingestor.ingest(
            body, encoding: .identity, contentType: contentType, project: project, exporter: exporter, admission: ingestor.admission.begin()
        )
    }

    @Test(
        "what is taken by now is stored as it was sent, with its resource and scope, and leaves the quarantine",
        arguments: OTLPContentType.allCases)
    func replay(contentType: OTLPContentType) async throws {
        let fixture = try Fixture(seed: 1)
        let spans = (0..<10).map { Self.span($0, service: $0 < 5 ? "shop" : "desk") }
        #expect(try await Self.send(spans, as: contentType, to: fixture.ingestor(maximumAttributeCount: 4)).rejectedSpanCount == 10)
        #expect(try fixture.records().isEmpty && fixture.kept().allSatisfy { $0.span.isReplayable && $0.span.exporter == "test/1" })
        try await fixture.restart()

        // A server that takes no more than the one before.
        let same = try await fixture.ingestor(maximumAttributeCount: 4).replay(RejectedSpanSelection(), of: Self.project)
        #expect(same.refusedSpanCount == 10 && same.storedSpanCount == 0 && same.stopReason == nil)
        #expect(try fixture.kept().count == 10)
        let report = try await fixture.ingestor().replay(RejectedSpanSelection(), of: Self.project)
        #expect(report.storedSpanCount == 10 && report.refusedSpanCount == 0 && report.remainingSpanCount == 0)
        #expect(try fixture.kept().isEmpty && fixture.store.quarantine.statistics.replayedCount == 10)
        let stored = try fixture.records().sorted { $0.spanID.rawValue < $1.spanID.rawValue }
        #expect(stored.map(\.name) == spans.map(\.name) && stored.map(\.attributes) == spans.map(\.attributes))
        #expect(stored.map(\.resource) == spans.map(\.resource) && stored.map(\.scope) == spans.map(\.scope))
        #expect(try await fixture.ingestor().replay(RejectedSpanSelection(), of: Self.project) == ReplayReport())
        try await fixture.restart()
        #expect(try fixture.records().count == 10 && fixture.kept().isEmpty, "both survive the machine's stop")
        await fixture.store.close()
    }

    @Test(
        "what a replay sends may be, byte for byte, the request that brought the spans: it is no repeat, as nothing of that one is stored",
        arguments: OTLPContentType.allCases)
    func sameRequest(contentType: OTLPContentType) async throws {
        let fixture = try Fixture(seed: 7), spans = [0, 2, 4].map { Self.span($0) }
        #expect(try await Self.send(spans, as: contentType, to: fixture.ingestor(maximumAttributeCount: 4)).rejectedSpanCount == 3)
        let report = try await fixture.ingestor().replay(RejectedSpanSelection(), of: Self.project)
        #expect(report.storedSpanCount == 3 && report.alreadyStoredSpanCount == 0)
        #expect(try fixture.kept().isEmpty && fixture.records().count == 3)
        try await fixture.restart()
        #expect(try Set(fixture.records().map(\.name)) == Set(spans.map(\.name)) && fixture.kept().isEmpty)
        await fixture.store.close()
    }

    @Test(
        "spans that name a project which nobody may send them to are kept under the rules of the key's own, and taken in when they are named",
        arguments: OTLPContentType.allCases, [false, true])
    func unchosen(contentType: OTLPContentType, hasRules: Bool) async throws {
        let fixture = try Fixture(seed: 8)
        if hasRules {
            let rules = try RedactionRules(json: Array(#"{"patterns":[{"builtin":"email"}]}"#.utf8))
            fixture.book.replace(rules, salt: Array("a salt of sixteen".utf8), of: Self.project, version: 1)
        }
        var spans = (0..<4).map { Self.span($0, text: "ada@example.com") }
        spans[3].spanID = SpanID(rawValue: 0)
        let body = contentType == .protobuf ? ExportTraceRequestEncoder.encode(spans) : TracesDataJSONEncoder.encode(spans)
        try await fixture.ingestor().keepUnchosen(body, contentType, of: Self.project, exporter: "of ada@example.com")
        let kept = try fixture.kept()
        #expect(try fixture.store.quarantine.countsByReason(of: Self.project) == ["project_not_choosable": 3, "span_id_zero": 1])
        #expect(kept.allSatisfy { $0.span.exporter == (hasRules ? "of [email]" : "of ada@example.com") && $0.span.isReplayable })
        #expect(kept.allSatisfy { String(decoding: $0.span.source, as: UTF8.self).contains("ada@") != hasRules })
        let all = try await fixture.ingestor().replay(RejectedSpanSelection(), of: Self.project)
        #expect(all.unreplayableSpanCount == 3 && all.refusedSpanCount == 1 && all.storedSpanCount == 0)
        let named = try await fixture.ingestor().replay(RejectedSpanSelection(reason: "project_not_choosable"), of: Self.project)
        #expect(named.storedSpanCount == 3 && named.unreplayableSpanCount == 0)
        let stored = try fixture.records().sorted { $0.spanID.rawValue < $1.spanID.rawValue }
        #expect(stored.map(\.name) == spans[..<3].map(\.name) && stored.map(\.scope) == spans[..<3].map(\.scope))
        if !hasRules { #expect(stored.map(\.attributes) == spans[..<3].map(\.attributes)) }
        await fixture.store.close()
    }

    @Test("only what is selected is tried; what is refused again has its newest reason; other projects' spans stay")
    func selection() async throws {
        let fixture = try Fixture(seed: 2), other = ProjectID(high: 1, low: 2)
        let old = fixture.ingestor(maximumAttributeCount: 4)
        var nobody = Self.span(50)
        nobody.spanID = SpanID(rawValue: 0)
        try await Self.send([Self.span(0), Self.span(1), nobody], to: old)
        try await Self.send([Self.span(2)], to: old, project: other)
        var noTrace = Self.span(60, attributeCount: 0)
        noTrace.traceID = TraceID(high: 0, low: 0)
        try await Self.send([noTrace], to: old)
        #expect(try fixture.store.quarantine.countsByReason(of: Self.project) == ["too_many_attributes": 3, "trace_id_zero": 1])
        let today = fixture.ingestor()
        #expect(try await today.replay(RejectedSpanSelection(reason: "span_id_zero"), of: Self.project) == ReplayReport())
        let oldest = try #require(try fixture.kept().last)
        #expect(try await today.replay(RejectedSpanSelection(ids: [oldest.id, 77]), of: Self.project).storedSpanCount == 1)
        #expect(try fixture.records().map(\.name) == ["span 0"])
        let report = try await today.replay(RejectedSpanSelection(reason: "too_many_attributes"), of: Self.project)
        #expect(report.storedSpanCount == 1 && report.refusedSpanCount == 1)
        #expect(try fixture.store.quarantine.countsByReason(of: Self.project) == ["span_id_zero": 1, "trace_id_zero": 1])
        #expect(try fixture.records(of: other).isEmpty && fixture.kept(of: other).count == 1)
        await fixture.store.close()
    }

    @Test("a span that is stored already leaves the quarantine and is not stored twice, however long ago and sealed or not")
    func alreadyStored() async throws {
        let fixture = try Fixture(seed: 3)
        let spans = (0..<6).map { Self.span($0) }
        try await Self.send(spans, to: fixture.ingestor(maximumAttributeCount: 4))
        #expect(try fixture.kept().count == 6)
        // Its sender was mended meanwhile: two come again, one with another end.
        var longer = spans[2]
        longer.endTimeUnixNano += 1_000
        try await Self.send([spans[0], spans[1], longer], to: fixture.ingestor())
        _ = try await fixture.store.seal()
        try await fixture.restart(afterSeconds: 86_400)
        let report = try await fixture.ingestor().replay(RejectedSpanSelection(), of: Self.project)
        #expect(report.alreadyStoredSpanCount == 2 && report.storedSpanCount == 4)
        #expect(try fixture.kept().isEmpty)
        #expect(try Set(fixture.records().map(\.spanID)).count == 6)
        await fixture.store.close()
    }

    @Test(
        "the machine stops anywhere in a replay: everything is stored once and the quarantine is empty in the end",
        arguments: TestSeed.several(12))
    func crashes(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let hint = Comment(rawValue: TestSeed.hint(seed))
        let fixture = try Fixture(seed: seed), spans = (0..<40).map { Self.span($0, service: "service \($0 / 9)") }
        let old = fixture.ingestor(maximumAttributeCount: 4)
        for start in stride(from: 0, to: 40, by: 8) { try await Self.send(Array(spans[start..<start + 8]), to: old) }
        #expect(try fixture.kept().count == 40, hint)
        for _ in 0..<4 {
            fixture.disk.crash(atOperation: fixture.disk.operationCount + Int.random(in: 1...60, using: &generator))
            _ = try? await fixture.ingestor().replay(RejectedSpanSelection(), of: Self.project)
            if generator.oneIn(2) { _ = try? await fixture.store.seal() }
            try await fixture.restart(afterSeconds: generator.oneIn(2) ? 5 : 90_000)
            let records = try fixture.records(), ids = Set(records.map(\.spanID))
            #expect(records.count == ids.count, hint)
            // Nothing is in neither place.
            let kept = try fixture.kept().map(\.span.source)
            #expect(ids.count + kept.count >= 40, hint)
        }
        let report = try await fixture.ingestor().replay(RejectedSpanSelection(), of: Self.project)
        #expect(report.refusedSpanCount + report.unreplayableSpanCount + report.remainingSpanCount == 0, hint)
        let stored = try fixture.records().sorted { $0.spanID.rawValue < $1.spanID.rawValue }
        #expect(stored.map(\.name) == spans.map(\.name) && stored.map(\.resource) == spans.map(\.resource), hint)
        #expect(try fixture.kept().isEmpty, hint)
        await fixture.store.close()
    }

    @Test("many files and requests are taken in by one replay")
    func many() async throws {
        let fixture = try Fixture(seed: 4), count = 3_000
        let old = fixture.ingestor(maximumAttributeCount: 4)
        for start in stride(from: 0, to: count, by: 600) {
            try await Self.send((start..<start + 600).map { Self.span($0) }, to: old)
        }
        #expect(try fixture.kept().count == count)
        let report = try await fixture.ingestor().replay(RejectedSpanSelection(), of: Self.project)
        #expect(report.storedSpanCount == count)
        let ids = try Set(fixture.records().map(\.spanID))
        #expect(try ids.count == count && fixture.kept().isEmpty)
        await fixture.store.close()
    }

    @Test("a replay obeys the quota and redacts under today's rules; what it could not do is said, and stays")
    func limits() async throws {
        let fixture = try Fixture(seed: 5)
        try await Self.send([Self.span(0, text: "ada@example.com")], to: fixture.ingestor(maximumAttributeCount: 4))
        let quotas = ByteQuotas { _ in 100 }
        quotas.setQuota(50, of: Self.project)
        quotas.count()
        let full = fixture.ingestor(quotas: quotas)
        let error = await #expect(throws: IngestError.self) { try await full.replay(RejectedSpanSelection(), of: Self.project) }
        #expect(error?.code == .quotaReached)
        #expect(try fixture.kept().count == 1 && fixture.records().isEmpty)
        fixture.book.replace(
            try RedactionRules(json: Array(#"{"patterns":[{"builtin":"email"}]}"#.utf8)), salt: Array("a salt of sixteen".utf8),
            of: Self.project, version: 1)
        #expect(try await fixture.ingestor().replay(RejectedSpanSelection(), of: Self.project).storedSpanCount == 1)
        #expect(try fixture.records().first?.attributes.first?.value == .string("[email]"))
        await fixture.store.close()
    }

    @Test("what no request can be made of stays: cut, without its resource, or nonsense that spoils only itself")
    func nonsense() async throws {
        let fixture = try Fixture(seed: 6)
        let owner = RejectedSpanOrigin(exporter: nil, owner: SpanOwner())
        func kept(_ source: String, _ codec: WALEntry.Codec, _ origin: RejectedSpanOrigin?) -> RejectedSpan {
            var span = RejectedSpan(
                receivedUnixNano: 1_790_000_000_000_000_000, reason: .spanIDZero, codec: codec, source: Array(source.utf8))
            span.origin = origin
            return span
        }
        let good = #"{"traceId":"00000000000000000000000000000001","spanId":"0000000000000002","name":"good"}"#
        fixture.store.quarantine.submit(
            [
                kept(good, .otlpJSON, owner), kept(good + "]}]}]}", .otlpJSON, owner), kept("{}]}", .otlpJSON, owner),
                kept(good + "," + good, .otlpJSON, owner), kept("not protobuf", .otlpProtobuf, owner), kept(good, .otlpJSON, nil),
                kept(String(repeating: "x", count: QuarantineLimits.maximumSourceByteCount + 1), .otlpJSON, owner),
                kept("", .otlpProtobuf, owner),
                kept(good, .otlpJSON, RejectedSpanOrigin(exporter: nil, owner: SpanOwner(resource: Array("{".utf8)))),
            ], of: Self.project)
        let report = try await fixture.ingestor().replay(RejectedSpanSelection(), of: Self.project)
        #expect(report.storedSpanCount == 1 && report.refusedSpanCount == 5 && report.unreplayableSpanCount == 3)
        #expect(try fixture.store.quarantine.countsByReason(of: Self.project) == ["malformed": 5, "span_id_zero": 3])
        #expect(try fixture.records().map(\.name) == ["good"])
        await fixture.store.close()
    }

    /// Here the resource itself is what is refused.
    @Test("an exporter that does not say who it is is known by the SDK its resource names", arguments: OTLPContentType.allCases)
    func exporter(contentType: OTLPContentType) async throws {
        let fixture = try Fixture(seed: 7)
        try await Self.send([Self.span(0)], as: contentType, to: fixture.ingestor(maximumAttributeCount: 2), exporter: nil)
        #expect(try fixture.kept().map(\.span.exporter) == ["opentelemetry swift"])
        await fixture.store.close()
    }

    /// Answers after somebody else had the chance to do what they want.
    private struct SlowRedaction: RedactionSource {
        let begin: @Sendable () async -> Void

        func program(of project: ProjectID) async throws(IngestError) -> RedactionProgram? {
            await begin()
            return nil
        }
    }

    @Test("what is deleted during a replay is not stored by it: every span is stored or deleted, none is both")
    func deletion() async throws {
        let fixture = try Fixture(seed: 9), count = 40
        try await Self.send((0..<count).map { Self.span($0, service: "service \($0)") }, to: fixture.ingestor(maximumAttributeCount: 4))
        #expect(try fixture.kept().count == count)
        let (deleted, deletion) = AsyncStream.makeStream(of: Int.self), isBegun = Atomic<Bool>(false)
        let other = fixture.ingestor(), ingestorBox = Mutex<Ingestor?>(nil)
        let slow = SlowRedaction {
            guard !isBegun.exchange(true, ordering: .relaxed), let ingestor = ingestorBox.withLock({ $0 }) else { return }
            // Within the first of forty requests, whose spans were read from the quarantine already.
            Task {
                deletion.yield((try? await ingestor.deleteRefused(RejectedSpanSelection(), of: Self.project)) ?? -1)
                deletion.finish()
            }
            // As far as it gets now. Where it had no turn to wait for, it would be through.
            for _ in 0..<200 { await Task.yield() }
        }
        let ingestor = Ingestor(
            store: fixture.store, prices: CurrentPriceBook(PriceBook(version: 0, prices: [])), redaction: slow, limits: other.limits)
        ingestorBox.withLock { $0 = ingestor }
        let report = try await ingestor.replay(RejectedSpanSelection(), of: Self.project)
        var deletedCount = 0
        for await count in deleted { deletedCount += count }
        #expect(try fixture.kept().isEmpty)
        #expect(try deletedCount + fixture.records().count == count && report.storedSpanCount == fixture.records().count)
        await fixture.store.close()
    }

    @Test("a project's replays go one after the other")
    func turns() async throws {
        let turns = ReplayTurns(), other = ProjectID(high: 5, low: 5)
        #expect(turns.begin(Self.project) && !turns.begin(Self.project) && turns.begin(other))
        turns.end(Self.project)
        #expect(turns.begin(Self.project))
        let fixture = try Fixture(seed: 8), ingestor = fixture.ingestor()
        #expect(ingestor.replays.begin(Self.project))
        let error = await #expect(throws: IngestError.self) { try await ingestor.replay(RejectedSpanSelection(), of: Self.project) }
        #expect(error?.code == .conflict)
        await fixture.store.close()
    }
}
