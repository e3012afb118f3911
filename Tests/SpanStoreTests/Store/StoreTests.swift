import FileSystem
import Foundation
import SeededRandom
import SpanStore
import Synchronization
import Testing
import TraceModel

@Suite("Store")
struct StoreTests {
    @Test("what was appended is read back equal from the memtable, after sealing and after a restart")
    func roundTrip() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        var store = try fixture.open()
        let first = random.records(300), second = random.records(200, startingAt: 300)
        let expected = (first + second).map(\.canonical).sorted { $0.spanID < $1.spanID }
        for records in [first, second] {
            let outcome = try await store.append(fixture.request(records))
            #expect(!outcome.isDuplicate)
        }
        expectEqual(try fixture.all(store), expected)
        await store.close()

        store = try fixture.open()
        expectEqual(try fixture.all(store), expected)
        let report = try await store.seal()
        #expect(report.spanCount == expected.count && report.segmentCount == 1)
        expectEqual(try fixture.all(store), expected)
        await store.close()

        store = try fixture.open()
        expectEqual(try fixture.all(store), expected)
        #expect(store.recovery.replayedEntryCount == 0)
        await store.close()
    }

    /// Entries of older programs have the computed cost of such a span, or none.
    @Test("a restart keeps which span of a call counts, and counts what was billed where an older program kept something else")
    func billedCosts() async throws {
        let fixture = try StoreFixture()
        func span(_ id: UInt64, _ operation: String = "chat", billed: Double?) -> SpanRecord {
            var span = SpanRecord(
                traceID: TraceID(high: 1, low: 2), spanID: SpanID(rawValue: id), name: "call", startTimeUnixNano: 1_790_000_000_000_000_000,
                endTimeUnixNano: 1_790_000_000_000_000_500)
            span.attributes = [KeyValue("gen_ai.operation.name", .string(operation))]
            if let billed { span.attributes.append(KeyValue("gen_ai.usage.cost", .double(billed))) }
            return span
        }
        let records = [span(1, billed: 0.5), span(2, billed: 0.25), span(3, billed: nil), span(4, "invoke_agent", billed: 9)]
        var request = try fixture.request(records)
        // The first repeats the second's call.
        request.fields.costs = [.nan, 0.25, 0.002, .nan]
        var older = try fixture.request(
            records.map {
                var record = $0
                record.spanID = SpanID(rawValue: $0.spanID.rawValue + 10)
                return record
            })
        older.fields.costs = [0.002, 0.002, 0.002, .nan]
        var store = try fixture.open()
        _ = try await store.append(request)
        _ = try await store.append(older)
        await store.close()
        store = try fixture.open()
        for isSealed in [false, true] {
            if isSealed { _ = try await store.seal() }
            #expect(try fixture.all(store).map(\.llm.cost) == [nil, 0.25, 0.002, nil, 0.5, 0.25, 0.002, nil])
        }
        await store.close()
    }

    @Test("who has everything sealed does not wait for what comes in meanwhile")
    func sealBesideAppends() async throws {
        let fixture = try StoreFixture(), maximumCount = 2_000
        let request = { @Sendable [project = fixture.project] (number: Int) throws -> AppendRequest in
            var spans = RandomSpans(SeededGenerator(seed: UInt64(number)))
            return try StoreFixture.request(spans.records(4, startingAt: number * 4), project: project)
        }
        let sealedCount = Mutex(0), stream = Mutex<SpanStore?>(nil)
        var configuration = fixture.configuration
        configuration.limits.maximumMemtableRowCount = 4
        // With each seal one more memtable is frozen before the next is looked for, as long as somebody waits.
        configuration.memtableSealed = { _ in
            let count = sealedCount.withLock {
                $0 += 1
                return $0
            }
            guard let store = stream.withLock({ $0 }), count < maximumCount else { return }
            let isAppended = DispatchSemaphore(value: 0)
            Task {
                _ = try? await store.append(request(count))
                isAppended.signal()
            }
            isAppended.wait()
        }
        let store = try SpanStore.open(configuration)
        stream.withLock { $0 = store }
        _ = try await store.append(request(0))
        _ = try await store.seal()
        #expect(sealedCount.withLock { $0 } < maximumCount)
        stream.withLock { $0 = nil }
        await store.close()
    }

    @Test("a body that is sent again is stored once, also after a seal and a restart")
    func idempotence() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        let records = random.records(50)
        var store = try fixture.open()
        #expect(try await store.append(fixture.request(records)).isDuplicate == false)
        #expect(try await store.append(fixture.request(records)).isDuplicate)
        _ = try await store.seal()
        #expect(try await store.append(fixture.request(records)).isDuplicate)
        await store.close()
        store = try fixture.open()
        #expect(try await store.append(fixture.request(records)).isDuplicate)
        #expect(try fixture.all(store).count == 50)
        await store.close()
    }

    @Test("the request that fills a memtable is recognised once the log has let go of it")
    func idempotenceOfTheLast() async throws {
        let fixture = try StoreFixture()
        fixture.configuration.limits.maximumMemtableRowCount = 1
        fixture.configuration.configureWAL = {
            $0.fileByteCount = 256 << 10
            $0.maximumGroupByteCount = 64 << 10
            $0.zeroStepByteCount = 16 << 10
            $0.zeroAheadByteCount = 0
        }
        var random = RandomSpans()
        let requests = try (0..<150).map { try fixture.request(random.records(6, startingAt: $0 * 6)) }
        var store = try fixture.open()
        // Every request fills a memtable, and its seal begins at once.
        for request in requests { _ = try await store.append(request) }
        _ = try await store.seal()
        await store.close()
        store = try fixture.open()
        #expect(store.recovery.replayedEntryCount < requests.count / 2, "most of the log is gone")
        for (index, request) in requests.enumerated() {
            #expect(try await store.append(request).isDuplicate, "request \(index)")
        }
        await store.close()
    }

    @Test("of a span sent twice in different versions only the later one counts")
    func supersededSpan() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        var span = SpanRecord(
            traceID: TraceID(high: 1, low: 2), spanID: SpanID(rawValue: 3), name: "run", startTimeUnixNano: 10, endTimeUnixNano: 10)
        _ = try await store.append(fixture.request([span]))
        let before = store.snapshot(of: fixture.project)
        span.endTimeUnixNano = 50
        _ = try await store.append(fixture.request([span]))
        #expect(try fixture.all(store).map(\.endTimeUnixNano) == [50])
        #expect(try before.units[0].maskedRows == [] && before.units[0].rowCount == 1, "an older snapshot keeps its row")
        span.endTimeUnixNano = 20
        _ = try await store.append(fixture.request([span]))
        #expect(try fixture.all(store).map(\.endTimeUnixNano) == [50])
        _ = try await store.seal()
        #expect(try fixture.all(store).map(\.endTimeUnixNano) == [50])
        await store.close()
    }

    @Test("a trace is found by its id in memtables and segments")
    func traceLookup() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        let store = try fixture.open()
        let records = random.records(400)
        _ = try await store.append(fixture.request(Array(records[..<200])))
        _ = try await store.seal()
        _ = try await store.append(fixture.request(Array(records[200...])))
        for trace in Set(records.map(\.traceID)) {
            let found = try store.snapshot(of: fixture.project).units.flatMap { unit in try unit.records(at: unit.rows(ofTrace: trace)) }
            #expect(Set(found.map(\.spanID)) == Set(records.filter { $0.traceID == trace }.map(\.spanID)))
        }
        let unknown = TraceID(high: 9, low: 9)
        #expect(try store.snapshot(of: fixture.project).units.allSatisfy { try $0.rows(ofTrace: unknown).isEmpty })
        await store.close()
    }

    @Test("long values of a trace over several pages come back with their spans, whatever the order of rows")
    func longValuesInAnyOrder() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        // 120 texts of 60 to 80 KB: nine pages of 1 MiB, most of them with texts of every trace.
        let records = (0..<60).map { number in
            var record = SpanRecord(
                traceID: TraceID(high: 1, low: UInt64(number % 3 + 1)), spanID: SpanID(rawValue: UInt64(number + 1)), name: "long",
                startTimeUnixNano: 1_700_000_000_000_000_000, endTimeUnixNano: 1_700_000_000_000_000_001)
            record.attributes = [
                KeyValue("first", .string(String(repeating: "a\(number) ", count: 20_000))),
                KeyValue("second", .string(String(repeating: "b\(number) ", count: 20_000))), KeyValue("short", .int(Int64(number))),
            ]
            return record
        }
        _ = try await store.append(fixture.request(records))
        var random = SeededGenerator(seed: TestSeed.value)
        for sealed in [false, true] {
            if sealed { _ = try await store.seal() }
            let units = store.snapshot(of: fixture.project).units
            #expect(units.count == 1 && units.allSatisfy { $0.isSealed == sealed })
            for unit in units {
                let inOrder = Array(0..<Int32(unit.rowCount))
                for rows in [inOrder] + (sealed ? [] : [Array(inOrder.reversed()), inOrder.shuffled(using: &random), [59], []]) {
                    let found = try unit.records(at: rows)
                    #expect(found.count == rows.count)
                    for record in found {
                        let number = Int(record.spanID.rawValue) - 1
                        let values = Dictionary(uniqueKeysWithValues: record.attributes.map { ($0.key, $0.value) })
                        #expect(values == Dictionary(uniqueKeysWithValues: records[number].attributes.map { ($0.key, $0.value) }))
                    }
                }
            }
        }
        await store.close()
    }

    @Test("columns, gathered columns and texts say the same as the records")
    func columns() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        let store = try fixture.open()
        _ = try await store.append(fixture.request(random.records(300)))
        for sealed in [false, true] {
            if sealed { _ = try await store.seal() }
            for unit in store.snapshot(of: fixture.project).units {
                try ColumnCheck(unit: unit).run()
                #expect(unit.isSealed == sealed)
            }
        }
        await store.close()
    }

    @Test("a second store on the same directory is refused")
    func lock() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        #expect { _ = try fixture.open() } throws: { ($0 as? StoreError)?.code == .locked }
        await store.close()
        await (try fixture.open()).close()
    }

    @Test("retention drops whole segments by receive day and frees their bytes")
    func retention() async throws {
        let fixture = try StoreFixture()
        let clock = TestClock(now: 1_800_000_000_000_000_000)
        fixture.configuration.now = { clock.now }
        let store = try fixture.open()
        var random = RandomSpans()
        _ = try await store.append(fixture.request(random.records(10)))
        _ = try await store.seal()
        clock.now += 3 * CalendarDay.nanoseconds
        _ = try await store.append(fixture.request(random.records(10, startingAt: 10)))
        _ = try await store.seal()
        #expect(try await store.sweepRetention([fixture.project: RetentionRule(days: 3)]).droppedSegmentCount == 0)
        let held = store.snapshot(of: fixture.project)
        let paths = store.files(of: fixture.project).map { fixture.configuration.root + "/" + $0.spans }
        let report = try await store.sweepRetention([fixture.project: RetentionRule(days: 2)])
        #expect(report.droppedSegmentCount == 1 && report.droppedSpanCount == 10)
        #expect(try fixture.all(store).count == 10)
        #expect(try held.units.reduce(0) { $0 + (try $1.records(at: [0]).count) } == 2, "a snapshot taken before keeps its files")
        #expect(FileManager.default.fileExists(atPath: paths[0]))
        withExtendedLifetime(held) {}
        await store.close()
    }
}

/// A clock that tests set.
final class TestClock: @unchecked Sendable {
    // Set by the test between awaited calls of the store, which is the only other reader.
    var now: UInt64
    init(now: UInt64) { self.now = now }
}

func expectEqual(_ found: [SpanRecord], _ expected: [SpanRecord], sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    for (a, b) in zip(found.map(\.canonical), expected) where a != b {
        // Doubles that are not numbers differ from themselves: their text does not.
        if "\(a)" == "\(b)" { continue }
        Issue.record("\(a)\nis not\n\(b)", sourceLocation: sourceLocation)
        return
    }
}
