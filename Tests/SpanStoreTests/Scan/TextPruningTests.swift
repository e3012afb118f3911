import Testing
import TraceModel

@testable import SpanStore

@Suite("Row groups left out by a text")
struct TextPruningTests {
    @Test("a column of ids without a dictionary is not looked through for one that it lacks, once it was asked for twice")
    func idsWithoutDictionary() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let records = (0..<3_000).map { number in
            var record = SpanRecord(
                traceID: TraceID(high: 1, low: UInt64(number + 1)), spanID: SpanID(rawValue: UInt64(number + 1)), name: "request",
                startTimeUnixNano: 1_700_000_000_000_000_000, endTimeUnixNano: 1_700_000_000_000_000_001)
            if number % 3 > 0 { record.attributes = [KeyValue("session.id", .string("session-\(number)"))] }
            return record
        }
        _ = try await store.append(fixture.request(records))
        _ = try await store.seal()
        let unit = try #require(store.snapshot(of: fixture.project).units.first)
        let column = ScanColumn.attribute("session.id")
        #expect(try unit.mayContain("session-3", in: column))
        for _ in 0..<2 { _ = try unit.read(column, rows: 0..<unit.rowCount) }
        #expect(try !unit.mayContain("session-3", in: column))
        #expect(try !unit.mayContain("", in: column))
        for number in 0..<3_000 where number % 3 > 0 { #expect(try unit.mayContain("session-\(number)", in: column)) }
        await store.close()
    }

    @Test("a large dictionary is read once for many texts")
    func largeDictionary() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let records = (0..<30_000).map { number in
            SpanRecord(
                traceID: TraceID(high: 1, low: UInt64(number + 1)), spanID: SpanID(rawValue: UInt64(number + 1)),
                name: "request \(number % 1_500)",
                startTimeUnixNano: 1_700_000_000_000_000_000, endTimeUnixNano: 1_700_000_000_000_000_001)
        }
        for start in stride(from: 0, to: records.count, by: 5_000) {
            _ = try await store.append(fixture.request(Array(records[start..<start + 5_000])))
        }
        _ = try await store.seal()
        let snapshot = store.snapshot(of: fixture.project)
        let unit = try #require(snapshot.units.first)
        #expect(try unit.mayContain("request 7", in: .name))
        let before = snapshot.cost
        #expect(try !unit.mayContain("request -1", in: .name))
        #expect(try unit.mayContain("request 1499", in: .name))
        #expect(snapshot.cost == before)
        await store.close()
    }
}
