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

    private static func records(_ random: inout RandomSpans, _ count: Int, from first: Int, session: String? = nil, user: String? = nil)
        -> [SpanRecord]
    {
        var records = random.records(count, startingAt: first)
        for index in records.indices {
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
        #expect(outcome.spanCount == all.count { $0.traceID == trace } && outcome.traceCount == 1)
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
        #expect(
            try await store.delete(.trace(trace), of: fixture.project)
                == {
                    var nothing = DeletionOutcome()
                    nothing.traceCount = 0
                    return nothing
                }())
        await store.close()
        store = try fixture.openForCompaction()
        #expect(try fixture.everything(store) == kept)
        _ = try await store.compact(isUrgent: true)
        #expect(try fixture.everything(store) == kept && store.statistics.maskedRowCount == 0)
        #expect(store.handles(of: fixture.project).allSatisfy { $0.mask.isEmpty })
        await store.close()
    }

    @Test("of a session, and of a user, the spans that carry it go, with their event records in other segments, and no others")
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

    @Test(
        "after the rewrite and the scrubbing no file of the store has a deleted byte, also after a restart in between",
        arguments: [false, true])
    func bytesAreGone(restarts: Bool) async throws {
        let fixture = try StoreFixture()
        fixture.configuration.configureWAL = {
            $0.fileByteCount = 4 << 20
            $0.zeroStepByteCount = 64 << 10
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
        #expect(deleted.spanCount == count && deleted.eventCount == events && deleted.segmentCount == 3 && deleted.traceCount == nil)
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
}
