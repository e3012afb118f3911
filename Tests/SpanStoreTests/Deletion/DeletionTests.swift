import FileSystem
import Foundation
import SeededRandom
import Synchronization
import Testing
import TraceModel

@testable import SpanStore

@Suite("Deletion")
struct DeletionTests {
    /// Every byte of every file of the store, but for its lock.
    private static func bytes(_ fixture: StoreFixture) throws -> [(String, Data)] {
        let root = fixture.configuration.root
        return try (FileManager.default.subpathsOfDirectory(atPath: root)).compactMap { path in
            FileManager.default.contents(atPath: root + "/" + path).map { (path, $0) }
        }
    }

    private static func files(containing text: String, _ fixture: StoreFixture) throws -> [String] {
        let wanted = Data(text.utf8)
        return try bytes(fixture).filter { $0.1.range(of: wanted) != nil }.map(\.0)
    }

    /// Of traces that no other call's records are of.
    private static func records(_ random: inout RandomSpans, _ count: Int, from first: Int, session: String? = nil, user: String? = nil)
        -> [SpanRecord]
    {
        var records = random.records(count, startingAt: first)
        for index in records.indices {
            records[index].traceID = TraceID(high: records[index].traceID.high + UInt64(first + 1) * 1_000, low: 0x7e57)
            records[index].attributes = records[index].attributes.filter { $0.key != "session.id" && $0.key != "user.id" }
            if let session { records[index].attributes.append(KeyValue("session.id", .string(session))) }
            if let user { records[index].attributes.append(KeyValue("user.id", .string(user))) }
        }
        return records
    }

    @Test("a trace is gone from every answer at once, from memory and from segments, with its event records, and stays gone")
    func trace() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        random.traceCount = 6
        var store = try fixture.openForCompaction()
        let records = try await random.segments(3, rowCount: 30...60, in: store, of: fixture.project)
        let late = random.records(40, startingAt: 9_000)
        _ = try await store.append(fixture.request(late))
        let all = records + late, trace = try #require(late.first).traceID
        let before = try fixture.everything(store)
        let held = store.snapshot(of: fixture.project)
        let outcome = try await store.delete(.trace(trace), of: fixture.project)
        #expect(outcome.spanCount == all.count { $0.traceID == trace } && outcome.traces == [trace])
        let kept = try fixture.everything(store)
        #expect(Set(try fixture.all(store).map(\.spanID)) == Set(all.filter { $0.traceID != trace }.map(\.spanID)))
        #expect(Set(before).isSuperset(of: kept))
        #expect(kept.count == before.count - outcome.spanCount - outcome.eventCount)
        #expect(
            try store.snapshot(of: fixture.project).units.allSatisfy { unit in
                let masked = Set(try unit.maskedRows)
                return try unit.rows(ofTrace: trace).allSatisfy { masked.contains($0) }
            })
        #expect(try StoreFixture.everything(held.units).count == before.count, "a snapshot of before has what it had")
        #expect(store.statistics.maskedRowCount == outcome.spanCount + outcome.eventCount)
        // Again: there is nothing left to delete.
        let again = try await store.delete(.trace(trace), of: fixture.project)
        #expect(again.spanCount == 0 && again.eventCount == 0 && again.segmentCount == 0 && again.keptPayloadByteCount == 0)
        await store.close()
        store = try fixture.openForCompaction()
        #expect(try fixture.everything(store) == kept)
        _ = try await store.compact(isUrgent: true)
        #expect(try fixture.everything(store) == kept && store.statistics.maskedRowCount == 0)
        #expect(store.handles(of: fixture.project).allSatisfy { $0.mask.isEmpty })
        await store.close()
    }

    @Test("of a session, and of a user, the traces of spans that carry it go, with their event records in other segments, and no others")
    func sessionAndUser() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        let store = try fixture.openForCompaction()
        let a = Self.records(&random, 30, from: 0, session: "s-1"), b = Self.records(&random, 30, from: 100, session: "s-2", user: "u-1")
        let c = Self.records(&random, 30, from: 200)
        for records in [a, b, c] { _ = try await store.append(fixture.request(records)) }
        _ = try await store.seal()
        // Events of spans of the first and the third batch, in a segment of their own, without the session.
        var events = Array(a.prefix(5) + c.prefix(4))
        for index in events.indices { events[index].attributes = [KeyValue("n", .int(Int64(index)))] }
        var request = try fixture.request(events)
        request.batch.record = .event
        _ = try await store.append(request)
        let outcome = try await store.delete(.session("s-1"), of: fixture.project)
        #expect(outcome.spanCount == 30 && outcome.eventCount == 5 && outcome.segmentCount == 2)
        #expect(Set(try fixture.all(store).map(\.spanID)) == Set((b + c).map(\.spanID)))
        #expect(try fixture.everything(store).count { $0.hasPrefix("event") } == 4)
        #expect(try await store.delete(.user("u-1"), of: fixture.project).spanCount == 30)
        #expect(Set(try fixture.all(store).map(\.spanID)) == Set(c.map(\.spanID)))
        #expect(try await store.delete(.user("nobody"), of: fixture.project).spanCount == 0)
        // Another project's session of the same name is another's.
        #expect(try await store.delete(.session("s-2"), of: ProjectID(high: 7, low: 7)).spanCount == 0)
        let kept = try fixture.everything(store)
        _ = try await store.compact(isUrgent: true)
        #expect(try fixture.everything(store) == kept)
        await store.close()
    }

    @Test("one span that carries it takes its whole trace along, in every segment, and of several users' trace everybody's spans")
    func wholeTraces() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        random.traceCount = 9
        let store = try fixture.openForCompaction()
        // The same traces in three segments: only the second names who they belong to, of every third trace.
        let all = (0..<3).map { Self.records(&random, 60, from: $0 * 100) }.enumerated().map { batch, records in
            records.map { record in
                var record = record
                record.traceID = TraceID(high: record.traceID.high % 1_000, low: 0x7e57)
                let number = record.traceID.high % 3
                if batch == 1, number == 1 { record.attributes.append(KeyValue("user.id", .string("ada"))) }
                if batch == 1, number == 2 { record.attributes.append(KeyValue("user.id", .string("bob"))) }
                return record
            }
        }
        for records in all {
            _ = try await store.append(fixture.request(records))
            _ = try await store.seal()
        }
        // A trace of both.
        var shared = Self.records(&random, 2, from: 5_000)
        for index in shared.indices {
            shared[index].traceID = TraceID(high: 77, low: 1)
            shared[index].attributes = [KeyValue("user.id", .string(index == 0 ? "ada" : "bob"))]
        }
        _ = try await store.append(fixture.request(shared))
        let spans = all.flatMap { $0 } + shared
        let named = Set((all[1] + shared).filter { $0.attributes.contains(KeyValue("user.id", .string("ada"))) }.map(\.traceID))
        let gone = spans.filter { named.contains($0.traceID) }
        try #require(named.count > 1 && gone.count < spans.count)
        let outcome = try await store.delete(.user("ada"), of: fixture.project)
        #expect(outcome.spanCount == gone.count && outcome.traces == named.sorted())
        #expect(Set(try fixture.all(store).map(\.spanID)) == Set(spans.map(\.spanID)).subtracting(gone.map(\.spanID)))
        await store.close()
    }

    @Test("what models said about a trace goes with it, also where that came in before or long after it")
    func judgements() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        let store = try fixture.openForCompaction()
        let judged = Self.records(&random, 5, from: 0).map { record in
            var record = record
            record.traceID = TraceID(high: 1, low: 1)
            return record
        }
        func judgement(_ trace: TraceID, from first: Int) -> [SpanRecord] {
            var records = Self.records(&random, 3, from: first)
            for index in records.indices { records[index].traceID = TraceID(high: 1 << 63, low: UInt64(first)) }
            records[0].attributes = [KeyValue("spandrel.scored.trace_id", .string(trace.hex))]
            return records
        }
        let of = judgement(TraceID(high: 1, low: 1), from: 100), another = judgement(TraceID(high: 1, low: 2), from: 200)
        for records in [of, judged, another] {
            _ = try await store.append(fixture.request(records))
            _ = try await store.seal()
        }
        let outcome = try await store.delete(.trace(TraceID(high: 1, low: 1)), of: fixture.project)
        #expect(outcome.spanCount == 8 && outcome.traces == [TraceID(high: 1, low: 1), TraceID(high: 1 << 63, low: 100)])
        #expect(Set(try fixture.all(store).map(\.spanID)) == Set(another.map(\.spanID)))
        await store.close()
    }

    @Test("more traces than are looked up one by one go as well, and traces that an earlier try found")
    func manyTraces() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        random.traceCount = 200
        let store = try fixture.openForCompaction()
        var gone = Self.records(&random, 150, from: 0, session: "many"), kept = Self.records(&random, 50, from: 500)
        let other = kept.removeLast()
        gone += kept.filter { $0.traceID == other.traceID } + [other]
        kept.removeAll { $0.traceID == other.traceID }
        _ = try await store.append(fixture.request(gone + kept))
        let prepared = try await store.prepareDeletion(.session("many"), of: fixture.project, known: [other.traceID])
        #expect(prepared.found.spanCount == gone.count && Set(prepared.found.traces) == Set(gone.map(\.traceID)))
        #expect(prepared.found.traces.count > 32)
        #expect(try fixture.all(store).count == gone.count + kept.count, "found is not yet gone")
        // What happens in between is no obstacle.
        _ = try await store.compact(isUrgent: true)
        let outcome = try await store.complete(prepared)
        #expect(outcome.spanCount == gone.count && outcome.traces == prepared.found.traces)
        #expect(Set(try fixture.all(store).map(\.spanID)) == Set(kept.map(\.spanID)))
        await store.close()
    }

    @Test("what remains on disk is told until it is gone, and a repetition of a deleted request does not bring it back")
    func remains() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        let store = try fixture.openForCompaction()
        let gone = Self.records(&random, 20, from: 0, session: "s"), kept = Self.records(&random, 20, from: 500)
        _ = try await store.append(fixture.request(gone))
        _ = try await store.append(fixture.request(kept))
        #expect(try await store.append(fixture.request(gone)).isDuplicate)
        let outcome = try await store.delete(.session("s"), of: fixture.project)
        func remains() async throws -> DeletionRemains {
            try await store.remains(
                of: fixture.project, deletedUnixNano: outcome.maskedUnixNano, throughLogFile: outcome.throughLogFile)
        }
        let first = try await remains()
        #expect(first.maskedRowCount == 20 && first.maskedSegmentCount == 1 && first.damagedSegmentCount == 0)
        #expect(try await store.append(fixture.request(gone)).isDuplicate)
        #expect(try fixture.all(store).count == 20)
        // What is new is none of the deletion's.
        _ = try await store.append(fixture.request(Self.records(&random, 20, from: 1_000, session: "s")))
        #expect(try fixture.all(store).count == 40)
        _ = try await store.compact(isUrgent: true)
        for _ in 0..<6_000 where try await !remains().isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try await remains() == DeletionRemains())
        // A later deletion of the same segment's rows is none of the first.
        let later = try await store.delete(.session("s"), of: fixture.project)
        #expect(later.spanCount == 20)
        #expect(try await remains().maskedRowCount == 0)
        await store.close()
    }

    @Test("refused spans of a deleted trace, session or user go from the quarantine, and others' stay; receipts forget their ids")
    func refusedSpans() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.openForCompaction()
        let trace = TraceID(high: 0xfeed_0000_0000_0001, low: 0x1234)
        func refused(_ codec: WALEntry.Codec, _ source: [UInt8]) -> RejectedSpan {
            RejectedSpan(receivedUnixNano: fixture.configuration.now(), reason: .spanIDZero, codec: codec, source: source)
        }
        let value = Array("\u{0a}\u{05}ada-1".utf8), longer = Array("\u{0a}\u{06}ada-12".utf8)
        store.quarantine.submit(
            [
                refused(.otlpJSON, Array("{\"traceId\":\"\(trace.hex)\"}".utf8)),
                refused(.otlpProtobuf, [0x0a, 16] + trace.bytes),
                refused(.otlpJSON, Array("{\"value\":{\"stringValue\":\"ada-1\"}}".utf8)), refused(.otlpProtobuf, value),
                refused(.otlpProtobuf, longer), refused(.otlpJSON, Array("{\"stringValue\":\"ada-12\"}".utf8)),
            ], of: fixture.project)
        store.quarantine.flush()
        var request = try fixture.request([])
        request.rejections = [ReceiptRejection(ordinal: 0, reason: "span_id_zero", traceID: trace, spanID: SpanID(rawValue: 9))]
        let lsn = try await store.append(request).lsn
        func left() throws -> Int { try store.quarantine.countsByReason(of: fixture.project).values.reduce(0, +) }
        #expect(try await store.delete(.trace(trace), of: fixture.project).refusedSpanCount == 2)
        #expect(try left() == 4)
        let receipt = try #require(try await store.receipt(lsn, of: fixture.project))
        #expect(receipt.rejections.map(\.traceID) == [nil] && receipt.rejections.map(\.reason) == ["span_id_zero"])
        #expect(try await store.delete(.user("ada-1"), of: fixture.project).refusedSpanCount == 2)
        #expect(try left() == 2)
        await store.close()
        #expect(try Self.bytes(fixture).allSatisfy { !$0.0.hasPrefix("receipts/") || $0.1.range(of: Data(trace.bytes)) == nil })
    }

    @Test(
        "after the rewrite and the scrubbing no file of the store has a deleted byte, also after a restart in between",
        arguments: [false, true])
    func bytesAreGone(restarts: Bool) async throws {
        let fixture = try StoreFixture()
        fixture.configuration.configureWAL = {
            $0.fileByteCount = 4 << 20
            $0.zeroStepByteCount = 64 << 10
            $0.zeroAheadByteCount = 0
        }
        var random = RandomSpans()
        var store = try fixture.openForCompaction()
        let secret = "f3a9-secret-\(random.number(1...1_000_000))"
        var gone = Self.records(&random, 20, from: 0, session: "to-delete"), kept = Self.records(&random, 20, from: 500, session: "to-keep")
        for index in gone.indices {
            gone[index].name = "name of \(secret)"
            // Short and long, the long one not compressible.
            gone[index].attributes.append(KeyValue("note", .string(secret)))
            let noise = (0..<200).map { _ in String(random.random.next(), radix: 36) }.joined(separator: secret)
            gone[index].attributes.append(KeyValue("long", .string(noise)))
        }
        for index in kept.indices { kept[index].attributes.append(KeyValue("note", .string("kept"))) }
        for records in [gone, kept] { _ = try await store.append(fixture.request(records)) }
        #expect(try !Self.files(containing: secret, fixture).isEmpty)
        #expect(try await store.delete(.session("to-delete"), of: fixture.project).spanCount == 20)
        if restarts {
            await store.close()
            store = try fixture.openForCompaction()
        }
        #expect(Set(try fixture.all(store).map(\.spanID)) == Set(kept.map(\.spanID)))
        _ = try await store.compact(isUrgent: true)
        // Work of the log's thread while nothing else waits; before the restart, behind it, or on both sides.
        let note = fixture.configuration.root + "/wal/scrub"
        try await eventually { !FileManager.default.fileExists(atPath: note) }
        #expect(restarts || store.statistics.wal.scrubbedFileCount > 0)
        #expect(try Self.files(containing: secret, fixture) == [])
        #expect(try Self.files(containing: "to-delete", fixture) == [])
        // The log goes on in files that were scrubbed.
        let more = Self.records(&random, 10, from: 900)
        _ = try await store.append(fixture.request(more))
        await store.close()
        store = try fixture.openForCompaction()
        #expect(store.recovery.damages.isEmpty)
        #expect(Set(try fixture.all(store).map(\.spanID)) == Set((kept + more).map(\.spanID)))
        await store.close()
    }

    private func eventually(_ condition: () -> Bool) async throws {
        for _ in 0..<6_000 {
            if condition() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("it did not happen within a minute")
    }

    @Test("of a deleted project nothing is left, and others have all they had")
    func project() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        var store = try fixture.openForCompaction()
        let other = ProjectID(high: 3, low: 4)
        _ = try await random.segments(2, rowCount: 10...20, in: store, of: fixture.project)
        _ = try await store.append(StoreFixture.request(random.records(10, startingAt: 7_000), project: other))
        let outcome = try await store.append(fixture.request(random.records(10, startingAt: 8_000)))
        store.quarantine.submit(
            [RejectedSpan(receivedUnixNano: fixture.configuration.now(), reason: .traceIDZero, codec: .otlpJSON, source: Array("{}".utf8))],
            of: fixture.project)
        let before = try StoreFixture.everything(store.snapshot(of: other).units), count = try fixture.all(store).count
        let events = try fixture.everything(store).count - count
        let deleted = try await store.delete(.project, of: fixture.project)
        #expect(deleted.spanCount == count && deleted.eventCount == events && deleted.segmentCount == 3 && deleted.traces.isEmpty)
        for _ in 0..<2 {
            #expect(try fixture.everything(store).isEmpty)
            #expect(store.files(of: fixture.project).isEmpty)
            #expect(try await store.receipt(outcome.lsn, of: fixture.project) == nil)
            #expect(try store.quarantine.countsByReason(of: fixture.project).isEmpty)
            #expect(try StoreFixture.everything(store.snapshot(of: other).units) == before)
            await store.close()
            store = try fixture.openForCompaction()
        }
        await store.close()
    }

    @Test("rows that are deleted while a rewrite runs are masked in what it made")
    func duringRewrite() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        random.traceCount = 5
        var store = try fixture.openForCompaction()
        _ = try await random.segments(4, rowCount: 10...70, in: store, of: fixture.project)
        let trace = try #require(try fixture.all(store).first).traceID
        let sources = store.handles(of: fixture.project)
        let result = try store.rewriter.rewrite(sources, registry: PromotionRegistry(), sequence: 700)
        let outcome = try await store.delete(.trace(trace), of: fixture.project)
        let kept = try fixture.everything(store)
        #expect(try store.publish(result, replacing: sources))
        #expect(store.handles(of: fixture.project).map(\.descriptor.sequence) == [700])
        #expect(store.handles(of: fixture.project)[0].mask.count == outcome.spanCount + outcome.eventCount)
        #expect(try fixture.everything(store) == kept)
        await store.close()
        store = try fixture.openForCompaction()
        #expect(try fixture.everything(store) == kept)
        _ = try await store.compact(isUrgent: true)
        #expect(try fixture.everything(store) == kept && store.statistics.maskedRowCount == 0)
        await store.close()
    }

    @Test("a rewrite whose segments are gone by its end is given up")
    func droppedDuringRewrite() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        let store = try fixture.openForCompaction()
        _ = try await random.segments(2, rowCount: 5...9, in: store, of: fixture.project)
        let sources = store.handles(of: fixture.project)
        let result = try store.rewriter.rewrite(sources, registry: PromotionRegistry(), sequence: 700)
        _ = try await store.delete(.project, of: fixture.project)
        #expect(try !store.publish(result, replacing: sources))
        #expect(try fixture.everything(store).isEmpty)
        await store.close()
    }

    @Test("after a whole project went, the same request is stored again")
    func repetitionAfterProject() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        let store = try fixture.openForCompaction()
        let records = Self.records(&random, 20, from: 0)
        _ = try await store.append(fixture.request(records))
        _ = try await store.delete(.project, of: fixture.project)
        #expect(try await !store.append(fixture.request(records)).isDuplicate)
        #expect(try fixture.all(store).count == 20)
        #expect(try await store.append(fixture.request(records)).isDuplicate)
        await store.close()
    }

    @Test("what was deleted before is not counted again with the project")
    func countsOnce() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans(SeededGenerator(seed: 11))
        random.traceCount = 4
        let store = try fixture.openForCompaction()
        let records = try await random.segments(3, rowCount: 30...60, in: store, of: fixture.project)
        let all = try fixture.everything(store)
        let trace = try await store.delete(.trace(try #require(records.first).traceID), of: fixture.project)
        #expect(trace.spanCount > 0)
        let rest = try await store.delete(.project, of: fixture.project)
        #expect(trace.spanCount + rest.spanCount == all.count { $0.hasPrefix("span") })
        #expect(trace.eventCount + rest.eventCount == all.count { $0.hasPrefix("event") })
        await store.close()
    }
}
