import Foundation
import GenAIConventions
import OTLP
import Testing
import TraceModel

@testable import SpanStore

@Suite("A newer mapping over stores of earlier programs")
struct GoldenReapplicationTests {
    @Test("segments of every format version get the fields of today, and keep everything else", arguments: ["v1", "v2", "v3"])
    func golden(version: String) async throws {
        let fixture = try StoreFixture()
        let archive = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Golden/\(version)/store.tar.xz")
            .standardized
        let tar = Process()
        tar.executableURL = URL(filePath: "/usr/bin/tar")
        tar.arguments = ["-xJf", archive.path, "-C", fixture.directory]
        try tar.run()
        tar.waitUntilExit()
        try #require(tar.terminationStatus == 0)
        let folder = try #require(
            try FileManager.default.contentsOfDirectory(atPath: fixture.configuration.root + "/spans").first { $0.hasPrefix("project=") })
        let project = try #require(ProjectID(uuid: folder.dropFirst("project=".count)))
        var store = try fixture.openForCompaction()
        let before = try Self.spans(store, project)
        try #require(before.count > 100)
        // Whatever the versions of the store are, these are newer.
        let current = AttributeMapping.current
        let mapping = AttributeMapping(version: current.version + 1, rules: current.rules, usageRules: current.usageRules)
        let revision = FieldRevision(.mapping, prices: TestPrices.book(version: 99, perMillion: 1), mapping: mapping)
        let report = try await store.reapplyAll(revision, to: project)
        #expect(report.skipped.isEmpty && report.rewrittenSegmentCount > 0)
        for _ in 0..<2 {
            let after = try Self.spans(store, project)
            #expect(after.count == before.count)
            for ((wasText, was), (nowText, now)) in zip(before, after) {
                #expect(wasText == nowText)
                var batch = try ExportTraceRequestDecoder.decodeProtobuf(ExportTraceRequestEncoder.encode([now]), limits: .unlimited)
                var mapped = SpanRecord.LLM(mapping.apply(to: &batch), span: 0, of: batch)
                (mapped.cost, mapped.inputKey, mapped.outputKey) = (now.llm.cost, now.llm.inputKey, now.llm.outputKey)
                #expect(mapped == now.llm)
                if let billed = now.llm.billedCost, was.llm.cost != nil { #expect(now.llm.cost == billed) }
            }
            for unit in store.handles(of: project).flatMap(\.units) { try ColumnCheck(unit: unit).run() }
            await store.close()
            store = try fixture.openForCompaction()
        }
        await store.close()
    }

    /// In an order of their contents, each with that as a text.
    private static func spans(_ store: SpanStore, _ project: ProjectID) throws -> [(text: String, span: SpanRecord)] {
        try store.snapshot(of: project).units.flatMap { unit -> [SpanRecord] in
            let masked = Set(try unit.maskedRows)
            return try unit.records(at: (0..<Int32(unit.rowCount)).filter { !masked.contains($0) })
        }.map { ("\($0.canonical)", $0) }.sorted { $0.text < $1.text }
    }
}
