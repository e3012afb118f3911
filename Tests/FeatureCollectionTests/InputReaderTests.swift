import GenAIConventions
import OTLP
import SimulatedDisk
import SpanStore
import Testing
import TraceModel
import TraceQuery

@testable import FeatureCollection

/// A store on a simulated disk, with spans and event records as they come in.
@Suite("What users said is read from spans, and where these say nothing from their events")
struct InputReaderTests {
    private static let project = ProjectID(high: 0x0190_0000_0000_7000, low: 6)
    private static let start: UInt64 = 1_789_999_999_000_000_000

    private func open() throws -> SpanStore {
        var configuration = StoreConfiguration(root: "/data/store", fileSystem: SimulatedDisk(seed: 3))
        configuration.configureWAL = {
            $0.fileByteCount = 1 << 20
            $0.maximumTotalByteCount = 8 << 20
            $0.maximumGroupByteCount = 512 << 10
            $0.zeroStepByteCount = 16 << 10
            $0.zeroAheadByteCount = 0
        }
        return try SpanStore.open(configuration)
    }

    private func append(_ records: [SpanRecord], _ kind: RecordKind = .span, to store: SpanStore) async throws {
        var batch = try ExportTraceRequestDecoder.decodeProtobuf(ExportTraceRequestEncoder.encode(records), limits: OTLPLimits())
        batch.record = kind
        let fields = AttributeMapping.current.apply(to: &batch)
        _ = try await store.append(
            AppendRequest(
                project: Self.project, batch: batch, fields: fields, codec: kind == .event ? .rewrittenProtobuf : .otlpProtobuf,
                reply: StoredReply()))
    }

    private func span(_ id: UInt64, _ operation: String?, of trace: UInt64, below parent: UInt64 = 0, input: String? = nil) -> SpanRecord {
        var span = SpanRecord(
            traceID: TraceID(high: 1, low: trace), spanID: SpanID(rawValue: trace * 100 + id), name: operation ?? "request",
            startTimeUnixNano: Self.start + id, endTimeUnixNano: Self.start + 100)
        if parent > 0 { span.parentSpanID = SpanID(rawValue: trace * 100 + parent) }
        if let operation { span.attributes.append(KeyValue("gen_ai.operation.name", .string(operation))) }
        if let input { span.attributes.append(KeyValue("gen_ai.input.messages", .string(input))) }
        return span
    }

    private func messages(_ role: String, _ text: String) -> String {
        #"[{"role":"\#(role)","parts":[{"type":"text","content":"\#(text)"}]}]"#
    }

    /// As a log record becomes a row: named like the event, with the ids of its span.
    private func event(_ name: String, of span: SpanRecord, _ attributes: [KeyValue]) -> SpanRecord {
        var record = SpanRecord(
            traceID: span.traceID, spanID: span.spanID, name: name, startTimeUnixNano: Self.start + 50, endTimeUnixNano: Self.start + 50)
        record.attributes = attributes
        return record
    }

    private func texts(_ traces: ClosedRange<UInt64>, in store: SpanStore) async throws -> [UInt64: String] {
        let reader = InputReader(executor: QueryExecutor(threads: ScanThreads()))
        let found = try await reader.userTexts(
            of: traces.map { TraceID(high: 1, low: $0) }, in: store.snapshot(of: Self.project))
        return Dictionary(uniqueKeysWithValues: found.map { ($0.key.low, $0.value) })
    }

    @Test("content that came as log records is read with its span, in memory and sealed, whichever of the two came first")
    func events() async throws {
        let store = try open()
        let details = "gen_ai.client.inference.operation.details"
        // 1: details; 2: a message as body; 3: the span's own input counts; 4: the second call tells; 5: nobody says anything.
        let calls = (1...5).map { span(2, "chat", of: $0, below: 1, input: $0 == 3 ? messages("user", "own") : nil) }
        let later = span(3, "chat", of: 4, below: 1)
        let said: [SpanRecord] = [
            event(details, of: calls[0], [KeyValue("gen_ai.input.messages", .string(messages("user", "Where is my order?")))]),
            event(
                "gen_ai.user.message", of: calls[1],
                [KeyValue("log.body", .keyValueList([KeyValue("content", .string("I want my money back"))]))]),
            event(details, of: calls[2], [KeyValue("gen_ai.input.messages", .string(messages("user", "from the event")))]),
            event(details, of: calls[3], [KeyValue("gen_ai.input.messages", .string(messages("system", "Be kind.")))]),
            event(details, of: later, [KeyValue("gen_ai.input.messages", .string(messages("user", "second call")))]),
            event("exception", of: calls[4], [KeyValue("exception.message", .string("no"))]),
        ]
        let roots = (1...5).map { span(1, nil, of: $0) }
        try await append(Array(said[0..<2]), .event, to: store)
        try await append(roots + calls + [later], to: store)
        try await append(Array(said[2...]), .event, to: store)
        let expected: [UInt64: String] = [1: "Where is my order?", 2: "I want my money back", 3: "own", 4: "second call"]
        for isSealed in [false, true] {
            if isSealed { _ = try await store.seal() }
            #expect(try await texts(1...5, in: store) == expected)
        }
        await store.close()
    }

    @Test("events that spans were sent with are read alike")
    func ownEvents() async throws {
        let store = try open()
        var call = span(1, "chat", of: 1)
        call.events = [
            SpanRecord.Event(
                timeUnixNano: Self.start, name: "gen_ai.user.message", attributes: [KeyValue("content", .string("Hello"))],
                droppedAttributesCount: 0)
        ]
        try await append([call, span(1, "chat", of: 2)], to: store)
        #expect(try await texts(1...2, in: store) == [1: "Hello"])
        await store.close()
    }
}
