import FileSystem
import SeededRandom
import Testing
import TraceModel

@testable import SpanStore

/// Rewritten segments are as sound as those that were sealed, and what was deleted is in none of the store's files.
@Suite struct CompactedStoreInspectionTests {
    @Test("merged segments, masked ones and rewritten ones have no findings", arguments: TestSeed.several(1))
    func compacted(seed: UInt64) async throws {
        let fixture = try StoreFixture()
        let store = try fixture.openForCompaction()
        var random = RandomSpans(SeededGenerator(seed: seed))
        random.traceCount = 6
        let records = try await random.segments(5, rowCount: 30...90, in: store, of: fixture.project)
        let hint = Comment(rawValue: TestSeed.hint(seed))
        func inspect() throws -> StoreInspection.Report {
            try StoreInspection(fileSystem: LocalFileSystem(), root: fixture.configuration.root).run()
        }
        func damage(_ report: StoreInspection.Report) -> [InspectionFinding] { report.findings.list.filter { $0.severity != .note } }
        #expect(try damage(inspect()) == [], hint)
        let trace = try #require(records.first).traceID
        _ = try await store.delete(.trace(trace), of: fixture.project)
        let masked = try inspect()
        #expect(damage(masked) == [] && masked.segments.contains { $0.maskedRowCount > 0 }, hint)
        let search = StoreSearch(fileSystem: LocalFileSystem(), root: fixture.configuration.root, needle: .traceID(trace))
        #expect(try !search.run().hits.isEmpty, hint)
        _ = try await store.compact(isUrgent: true)
        let compacted = try inspect()
        #expect(damage(compacted) == [], hint)
        #expect(compacted.segments.count < 5 && compacted.segments.allSatisfy { $0.maskedRowCount == 0 }, hint)
        await store.close()
        let hits = try search.run()
        #expect(hits.hits == [] && hits.unreadable == [], hint)
        #expect(try damage(inspect()) == [], hint)
    }

    @Test("elements without a count of parts stay elements when they are merged with those that have one")
    func partCounts() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.openForCompaction()
        // One short payload in every span: no part count, and as many entries as rows. Then one of several parts.
        for (part, byteCount) in [1_500, 9_000].enumerated() {
            let records = (0..<3).map { index -> SpanRecord in
                var record = SpanRecord(
                    traceID: TraceID(high: 1, low: UInt64(part * 3 + index + 1)), spanID: SpanID(rawValue: UInt64(part * 3 + index + 1)),
                    name: "", startTimeUnixNano: UInt64(part * 3 + index + 1), endTimeUnixNano: 99)
                let line = "line \(part) \(index) " + String(repeating: "x", count: part == 0 ? byteCount : 1_200) + "\n"
                record.attributes = [KeyValue("note", .string(String(repeating: line, count: part == 0 ? 1 : byteCount / 1_200)))]
                return record
            }
            _ = try await store.append(fixture.request(records))
            _ = try await store.seal()
        }
        let before = try fixture.everything(store)
        #expect(try await store.compact(isUrgent: true).count == 1)
        #expect(try fixture.everything(store) == before)
        let report = try StoreInspection(fileSystem: LocalFileSystem(), root: fixture.configuration.root).run()
        #expect(report.findings.isSound && report.segments.count == 1, "\(report.findings.list)")
        await store.close()
    }
}
