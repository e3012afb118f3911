import FileSystem
import Foundation
import GenAIConventions
import OTLP
import SeededRandom
import Testing
import TraceModel

@testable import SpanStore

/// Spans written to one file, and spans read from files without a store.
@Suite struct SpanFileTests {
    private let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "spandrel-export-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    private func sorted(_ records: [SpanRecord]) -> [SpanRecord] {
        records.map(\.canonical).sorted { ($0.traceID, $0.spanID) < ($1.traceID, $1.spanID) }
    }

    private func read(_ spans: String, _ payloads: String?) throws -> [SpanRecord] {
        let reader = try SegmentReader(spansPath: spans, payloadsPath: payloads, fileSystem: LocalFileSystem())
        return try (0..<reader.rowGroupCount).flatMap { group in
            try stride(from: 0, to: reader.rowCount(ofRowGroup: group), by: 7).flatMap { start in
                try reader.records(rowGroup: group, rows: start..<min(start + 7, reader.rowCount(ofRowGroup: group)))
            }
        }
    }

    @Test("an exported file gives every span back, long values included, and an inspection finds it sound", arguments: TestSeed.several(2))
    func exported(seed: UInt64) throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var spans = RandomSpans(SeededGenerator(seed: seed))
        let path = directory + "/spans.parquet"
        let writer = try SpanFileWriter(fileSystem: LocalFileSystem(), path: path)
        var sent: [SpanRecord] = []
        for part in 0..<3 {
            var records = spans.records(60, startingAt: part * 60)
            records[0].attributes = [KeyValue("gen_ai.input.messages", .string(String(repeating: "long text ", count: 5_000)))]
            sent += records
            let request = try StoreFixture.request(records, project: ProjectID(high: 1, low: 1))
            try writer.append(request.batch, fields: request.fields)
        }
        let byteCount = try writer.finish()
        #expect(try byteCount == LocalFileSystem().size(of: path) && writer.rowCount == sent.count)
        #expect(try sorted(read(path, nil)) == sorted(sent), Comment(rawValue: TestSeed.hint(seed)))
        let inspection = SegmentInspection(fileSystem: LocalFileSystem(), root: directory, observer: InspectionObserver())
        let findings = try inspection.run(.init(spansPath: path, payloadsPath: nil)).findings.list
        // It belongs to no project and has no number.
        #expect(findings.allSatisfy { $0.message.hasPrefix("the footer does not say") }, "\(findings)")
    }

    @Test("an export of nothing is a file without rows")
    func empty() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/none.parquet"
        let writer = try SpanFileWriter(fileSystem: LocalFileSystem(), path: path)
        #expect(try writer.finish() > 0)
        #expect(try read(path, nil).isEmpty)
    }

    @Test("a segment's files are read without their store, wherever they lie")
    func segments() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let fixture = try StoreFixture()
        let store = try fixture.open()
        var spans = RandomSpans()
        let sent = spans.records(80)
        _ = try await store.append(fixture.request(sent))
        _ = try await store.seal()
        let file = try #require(store.files(of: fixture.project).first)
        let moved = (directory + "/a.spans.parquet", directory + "/a.payloads.parquet")
        try FileManager.default.copyItem(atPath: fixture.configuration.root + "/" + file.spans, toPath: moved.0)
        let payloads = try #require(file.payloads)
        try FileManager.default.copyItem(atPath: fixture.configuration.root + "/" + payloads, toPath: moved.1)
        #expect(try sorted(read(moved.0, moved.1)) == sorted(sent))
        await store.close()
    }
}
