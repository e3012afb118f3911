import ByteCoding
import Foundation
import GenAIConventions
import OTLP
import SpanStore
import Testing
import TraceModel
import TraceQuery

@testable import HTTPAPI

/// A segment of a program whose mapping was version 3: `cost` was the computed one everywhere, and sessions were not known.
@Suite("Spans that were stored under an older mapping")
struct OlderMappingTests {
    private static let project = ProjectID(high: 0x0190_0000_0000_7000, low: 9)
    private static let trace = TraceID(high: 7, low: 7)
    private static let start: UInt64 = 1_790_000_000_000_000_000

    private static func span(
        _ id: UInt64, _ operation: String, model: String = "gpt-4.1", answer: String? = nil, below parent: UInt64 = 0, billed: Double? = nil
    ) -> SpanRecord {
        var span = SpanRecord(
            traceID: trace, spanID: SpanID(rawValue: id), name: "\(operation) \(id)", startTimeUnixNano: start + id * 1000,
            endTimeUnixNano: start + id * 1000 + 500)
        span.parentSpanID = SpanID(rawValue: parent)
        span.attributes = [
            KeyValue("gen_ai.operation.name", .string(operation)), KeyValue("gen_ai.provider.name", .string("openai")),
            KeyValue("gen_ai.request.model", .string(model)), KeyValue("gen_ai.usage.input_tokens", .int(1000)),
            KeyValue("session.id", .string("s")),
        ]
        if let answer { span.attributes.append(KeyValue("gen_ai.response.id", .string(answer))) }
        if let billed { span.attributes.append(KeyValue("gen_ai.usage.cost", .double(billed))) }
        return span
    }

    /// An agent and calls: billed and priced; priced; billed; neither; an instrumentation's with a bill around an SDK's own.
    private static let spans = [
        span(1, "invoke_agent", billed: 9), span(2, "chat", below: 1, billed: 0.5), span(3, "chat", below: 1),
        span(4, "chat", model: "nobody's", below: 1, billed: 0.25), span(5, "chat", model: "nobody's", below: 1),
        span(6, "chat", answer: "r", below: 1, billed: 0.125), span(7, "chat", answer: "r", below: 6),
    ]
    /// By that program: 1,000 tokens at 2 dollars a million, and no cost of what repeats a call.
    private static let computed: [Double] = [.nan, 0.002, 0.002, .nan, .nan, .nan, 0.002]

    private func store(mappingVersion: UInt16) async throws -> (store: SpanStore, directory: String) {
        let directory = NSTemporaryDirectory() + "spandrel-older-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        var configuration = StoreConfiguration(root: directory + "/store")
        configuration.mappingVersion = mappingVersion
        configuration.configureWAL = { $0.fileByteCount = 1 << 20 }
        let store = try SpanStore.open(configuration)
        var batch = try ExportTraceRequestDecoder.decodeProtobuf(ExportTraceRequestEncoder.encode(Self.spans), limits: OTLPLimits())
        var fields = AttributeMapping.current.apply(to: &batch)
        fields.costs = Self.computed
        fields.sessionIDs = fields.sessionIDs.map { _ in .none }
        _ = try await store.append(
            AppendRequest(project: Self.project, batch: batch, fields: fields, codec: .otlpProtobuf, reply: StoredReply()))
        _ = try await store.seal()
        return (store, directory)
    }

    private func sum(of filter: Filter = .everything, _ executor: QueryExecutor, _ snapshot: any StoreSnapshot) async throws -> Double? {
        let request = QueryRequest(.groups([], [Aggregate(.sum, .cost)], bucket: nil), filter: filter)
        guard case .double(let sum)? = try await executor.execute(request, in: snapshot).rows.first?.first else { return nil }
        return sum
    }

    private static func isClose(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) < 1e-12 } ?? false }

    @Test("what was billed is their cost for every reader, decided when they are read; what was not known then stays unknown")
    func costs() async throws {
        let (store, directory) = try await store(mappingVersion: 3)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let snapshot = store.snapshot(of: Self.project), threads = ScanThreads(), executor = QueryExecutor(threads: threads)
        let found = try #require(try await TraceReader(threads: threads).trace(Self.trace, in: snapshot)).spans
        let byID = found.sorted { $0.spanID < $1.spanID }
        #expect(byID.map(\.llm.cost) == [nil, 0.5, 0.002, 0.25, nil, 0.125, 0.002])
        #expect(byID.map(\.llm.reportedCost) == [9, 0.5, nil, 0.25, nil, 0.125, nil])
        #expect(byID.allSatisfy { $0.llm.sessionID == nil })
        // One by one, and in any selection of rows.
        for span in byID {
            let alone = try await SpanReader(threads: threads).span(span.spanID, of: Self.trace, in: snapshot)
            #expect(alone == span)
        }
        // Queries over spans: each call once where both of its spans are asked for.
        #expect(Self.isClose(try await sum(executor, snapshot), 0.5 + 0.002 + 0.25 + 0.125))
        #expect(Self.isClose(try await sum(of: .condition(.cost, .greater(.double(0.2))), executor, snapshot), 0.75))
        #expect(Self.isClose(try await sum(of: .condition(.cost, .less(.double(0.1))), executor, snapshot), 0.004))
        #expect(try await sum(of: .condition(.sessionID, .equal(.text("s"))), executor, snapshot) == nil)
        let ordered = QueryRequest(.spans([.cost]), order: [OrderTerm(.field(.cost), isDescending: true)], limit: 2)
        #expect(try await executor.execute(ordered, in: snapshot).rows == [[.double(0.5)], [.double(0.25)]])
        // Whole traces: each call once, as it was billed where it was.
        let listed = try await TraceList(threads: threads).list(TraceListRequest(sort: .cost), in: snapshot)
        #expect(Self.isClose(listed.traces.first?.cost, 0.5 + 0.002 + 0.25 + 0.125))
        let outline = try #require(try await TraceOutlines(threads: threads).outline(of: Self.trace, in: snapshot))
        #expect(Self.isClose(outline.usage.cost, 0.5 + 0.002 + 0.25 + 0.125))
        await store.close()
    }

    @Test("explanations are by the mapping of today, beside what is stored")
    func explanations() async throws {
        let (store, directory) = try await store(mappingVersion: 3)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let snapshot = store.snapshot(of: Self.project), reader = SpanReader(threads: ScanThreads())
        func explained(_ id: UInt64) async throws -> JSONValue {
            let span = try #require(try await reader.span(SpanID(rawValue: id), of: Self.trace, in: snapshot))
            return try JSONValue.parse(SpanExplanation(span, prices: ShippedPrices.book, calls: nil).json)
        }
        let billed = try await explained(2)
        #expect(billed["mapping_version"]?.integerValue == Int64(AttributeMapping.current.version))
        let session = billed["fields"]?.arrayValue?.first { $0["field"]?.stringValue == "session_id" }
        #expect(session?["value"] == .null && session?["current_value"]?.stringValue == "s")
        func costs(_ explained: JSONValue) -> [Double?] {
            ["value", "current_value", "computed", "reported"].map { explained["cost"]?[$0]?.doubleValue }
        }
        #expect(costs(billed) == [0.5, 0.5, 0.002, 0.5])
        #expect(billed["cost"]?["reason"]?.stringValue == "what was billed counts before what is computed")
        #expect(costs(try await explained(1)) == [nil, nil, nil, 9])
        #expect(costs(try await explained(3)) == [0.002, 0.002, 0.002, nil])
        #expect(costs(try await explained(4)) == [0.25, 0.25, nil, 0.25])
        #expect(costs(try await explained(5)) == [nil, nil, nil, nil])
        await store.close()
    }

    @Test("spans of the mapping that counts what was billed are read as they are stored")
    func newer() async throws {
        let (store, directory) = try await store(mappingVersion: AttributeMapping.firstVersionOfBilledCosts)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let snapshot = store.snapshot(of: Self.project), threads = ScanThreads()
        let found = try #require(try await TraceReader(threads: threads).trace(Self.trace, in: snapshot)).spans
        #expect(found.sorted { $0.spanID < $1.spanID }.map(\.llm.cost) == Self.computed.map { $0.isNaN ? nil : $0 })
        #expect(Self.isClose(try await sum(QueryExecutor(threads: threads), snapshot), 0.006))
        await store.close()
    }
}
