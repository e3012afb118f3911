import FileSystem
import Foundation
import OTLP
import Parquet
import SeededRandom
import Testing
import TraceModel

@testable import SpanStore

@Suite("Store, values in parts")
struct StorePartsTests {
    private static let input = "gen_ai.input.messages", system = "gen_ai.system_instructions"

    /// Sessions of agents: every call sends its whole history again, with the same system prompt.
    private static func sessions(_ random: inout SeededGenerator, callCount: Int, startingAt first: Int = 0) -> [SpanRecord] {
        var histories = [[AttributeValue]](repeating: [], count: 4)
        var texts = TextsToCut(random: random)
        defer { random = texts.random }
        return (first..<first + callCount).map { number in
            let session = texts.number(0...3)
            var record = SpanRecord(
                traceID: TraceID(high: 9, low: UInt64(session + 1)), spanID: SpanID(rawValue: UInt64(number + 1)), name: "chat",
                startTimeUnixNano: 1_700_000_000_000_000_000 + UInt64(number), endTimeUnixNano: 1_700_000_000_000_001_000 + UInt64(number))
            if histories[session].count > 30 { histories[session] = [] }
            histories[session].append(.keyValueList([KeyValue("role", .string("user")), KeyValue("content", .string(texts.text()))]))
            let json = String(decoding: StoredValue.encode(.array(histories[session])).text, as: UTF8.self)
            record.attributes = [
                // As text, and as an array of OTLP.
                KeyValue(input, session == 0 ? .array(histories[session]) : .string(json)),
                KeyValue(system, .string(String(repeating: "Always be kind.\n", count: 300))), KeyValue("number", .int(Int64(number))),
            ]
            if texts.number(0...4) == 0 {
                record.events = [
                    .init(
                        timeUnixNano: 1, name: "twice",
                        attributes: [
                            KeyValue("body", .string(json + String(repeating: " ", count: 2000))),
                            KeyValue("body", .string(String(repeating: "again ", count: 500))), KeyValue("body", .int(1)),
                        ], droppedAttributesCount: 0)
                ]
            }
            return record
        }
    }

    @Test("histories come back byte for byte, whole and by column, from memtable and segment, and are stored once")
    func histories() async throws {
        let fixture = try StoreFixture()
        var random = SeededGenerator(seed: TestSeed.value)
        var store = try fixture.open()
        let records = Self.sessions(&random, callCount: 240)
        for start in stride(from: 0, to: 240, by: 40) { _ = try await store.append(fixture.request(Array(records[start..<start + 40]))) }
        let expected = records.map(\.canonical).sorted { $0.spanID < $1.spanID }
        for step in ["memtable", "segment", "reopened"] {
            if step == "segment" { _ = try await store.seal() }
            if step == "reopened" {
                await store.close()
                store = try fixture.open()
            }
            expectEqual(try fixture.all(store), expected)
            for unit in store.snapshot(of: fixture.project).units {
                let rows = (0..<Int32(unit.rowCount)).map { $0 }
                let found = try unit.records(at: rows)
                for (key, column) in [
                    (Self.input, ScanColumn.input), (Self.input, .attribute(Self.input)), (Self.system, .attribute(Self.system)),
                ] {
                    let values = try unit.gather(column, rows: rows).values
                    #expect(zip(values, found).allSatisfy { $0 == $1.first(key) }, "\(column) of the \(step)")
                    var texts: [Int32: [UInt8]] = [:]
                    try unit.forEachText(in: column, rows: rows) { row, text in
                        #expect(texts[row] == nil)
                        texts[row] = Array(text)
                    }
                    #expect(
                        rows.allSatisfy { texts[$0] == found[Int($0)].first(key).map { StoredValue.encode($0).text } },
                        "\(column) of the \(step)")
                }
                for row in rows.shuffled(using: &random).prefix(20) { #expect(try unit.records(at: [row]) == [found[Int(row)]]) }
            }
        }
        let file = try #require(store.files(of: fixture.project).first)
        let sentByteCount = records.flatMap(\.attributes).reduce(0) { $0 + StoredValue.encode($1.value).text.count }
        let stored = try Self.payloads(fixture, try #require(file.payloads))
        #expect(stored.byteCount * 4 < sentByteCount, "\(stored.byteCount) bytes of \(sentByteCount)")
        #expect(try Self.version(fixture, file.spans) == "3")
        await store.close()
    }

    @Test("values in parts come through a compaction, also when the trace that sent them first is deleted")
    func compaction() async throws {
        let fixture = try StoreFixture()
        var random = SeededGenerator(seed: TestSeed.value)
        let store = try fixture.openForCompaction()
        var records: [SpanRecord] = []
        for part in 0..<3 {
            let some = Self.sessions(&random, callCount: 40, startingAt: 40 * part)
            _ = try await store.append(fixture.request(some))
            _ = try await store.seal()
            records += some
        }
        // Its system prompt is that of all the others.
        let first = records[0].traceID
        _ = try await store.delete(.trace(first), of: fixture.project)
        records.removeAll { $0.traceID == first }
        _ = try await store.compact(isUrgent: true)
        #expect(store.files(of: fixture.project).count == 1)
        expectEqual(try fixture.all(store), records.map(\.canonical).sorted { $0.spanID < $1.spanID })
        await store.close()
    }

    @Test("what is in no need of parts is written as before")
    func versions() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        var record = SpanRecord(
            traceID: TraceID(high: 1, low: 1), spanID: SpanID(rawValue: 1), name: "long", startTimeUnixNano: 1, endTimeUnixNano: 2)
        record.attributes = [KeyValue("text", .string(String(repeating: "one paragraph ", count: 200)))]
        var other = record
        other.spanID = SpanID(rawValue: 2)
        _ = try await store.append(fixture.request([record, other]))
        _ = try await store.seal()
        let file = try #require(store.files(of: fixture.project).first)
        #expect(try Self.version(fixture, file.spans) == "1")
        #expect(try Self.payloads(fixture, try #require(file.payloads)).rowCount == 1, "a value that came twice is stored once")
        expectEqual(try fixture.all(store), [record, other].map(\.canonical))
        await store.close()
    }

    @Test("what models said is a payload from 257 bytes on, any other value from 1,025 on")
    func border() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let values: [(key: String, byteCount: Int, isPayload: Bool)] = [
            ("gen_ai.output.messages", 256, false), (Self.input, 257, true), ("llm.output_messages.0.message.content", 257, true),
            ("gen_ai.completion.0.content", 256, false), ("http.route", 1_024, false), ("user_agent.original", 1_025, true),
            ("note", 1_024, false), ("remark", 1_025, true),
        ]
        let nested = [("gen_ai.event.content", 256, false), ("message", 257, true), ("plain", 1_024, false), ("other", 1_025, true)]
        func attributes(_ values: [(key: String, byteCount: Int, isPayload: Bool)]) -> [KeyValue] {
            values.map { KeyValue($0.key, .string($0.key + String(repeating: "~", count: $0.byteCount - $0.key.utf8.count))) }
        }
        var record = SpanRecord(
            traceID: TraceID(high: 1, low: 1), spanID: SpanID(rawValue: 1), name: "chat", startTimeUnixNano: 1, endTimeUnixNano: 2)
        record.attributes = attributes(values)
        record.events = [.init(timeUnixNano: 1, name: "gen_ai.choice", attributes: attributes(nested), droppedAttributesCount: 0)]
        _ = try await store.append(fixture.request([record]))
        _ = try await store.seal()
        expectEqual(try fixture.all(store), [record.canonical])
        let file = try #require(store.files(of: fixture.project).first)
        let payloads = try Self.parquet(fixture, try #require(file.payloads)).file
        let leaf = try payloads.readLeaf(rowGroup: 0, leaf: 1, rows: 0..<payloads.metadata.rowGroups[0].rowCount)
        let keys = (0..<leaf.rowCount).map { leaf.withText($0) { String(decoding: $0, as: UTF8.self) } }
        let isPayload = (values + nested).filter(\.isPayload).map(\.key)
        #expect(keys.count == isPayload.count && zip(keys.sorted(), isPayload.sorted()).allSatisfy { $0.hasPrefix($1) })
        await store.close()
    }

    private static func parquet(_ fixture: StoreFixture, _ path: String) throws -> SegmentParquet {
        try SegmentParquet(FileSource(LocalFileSystem().open(fixture.configuration.root + "/" + path, .read)))
    }

    private static func version(_ fixture: StoreFixture, _ path: String) throws -> String? {
        try parquet(fixture, path).keyValue(SegmentKey.formatVersion)
    }

    private static func payloads(_ fixture: StoreFixture, _ path: String) throws -> (rowCount: Int, byteCount: Int) {
        let file = try parquet(fixture, path)
        var rowCount = 0, byteCount = 0
        for group in 0..<file.rowGroupCount {
            let leaf = try file.file.readLeaf(rowGroup: group, leaf: 1, rows: 0..<file.rowCount(ofRowGroup: group))
            rowCount += leaf.rowCount
            for row in 0..<leaf.rowCount { byteCount += leaf.withText(row) { $0.count } }
        }
        return (rowCount, byteCount)
    }
}
