import GenAIConventions
import Ingest
import OTLP
import SimulatedDisk
import SpanStore
import TraceModel
import TraceQuery

/// A store on a simulated disk, with spans and log records sent to it.
final class LogFixture {
    static let project = ProjectID(high: 0x0190_0000_0000_7000, low: 5)
    static let trace = TraceID(high: 3, low: 4)
    static let span = SpanID(rawValue: 21)

    let disk = SimulatedDisk(seed: 11)
    let book = RedactionRulebook()
    let threads = ScanThreads()
    let scores: any EvaluationScoreKeeper
    private(set) var store: SpanStore

    init(scores: any EvaluationScoreKeeper = NoEvaluationScores()) throws {
        self.scores = scores
        store = try Self.open(disk)
    }

    private static func open(_ disk: SimulatedDisk) throws -> SpanStore {
        var configuration = StoreConfiguration(root: "/data/store", fileSystem: disk)
        configuration.configureWAL = {
            $0.fileByteCount = 1 << 20
            $0.maximumTotalByteCount = 8 << 20
            $0.maximumGroupByteCount = 512 << 10
            $0.zeroStepByteCount = 16 << 10
            $0.zeroAheadByteCount = 0
        }
        configuration.now = { 1_790_000_000_000_000_000 }
        return try SpanStore.open(configuration)
    }

    /// The machine stops, and starts again.
    func restart() async throws {
        disk.crash(atOperation: nil)
        disk.crash()
        await store.close()
        store = try Self.open(disk)
    }

    var ingestor: Ingestor {
        Ingestor(store: store, prices: CurrentPriceBook(PriceBook(version: 0, prices: [])), redaction: book, scores: scores)
    }

    // MARK: Sending

    static func spanRecord(_ span: SpanID = span, trace: TraceID = trace, parent: SpanID = .none, endsAfter: UInt64 = 500) -> SpanRecord {
        var record = SpanRecord(
            traceID: trace, spanID: span, name: "chat gpt-4o", startTimeUnixNano: 1_789_999_999_000_000_000,
            endTimeUnixNano: 1_789_999_999_000_000_000 + endsAfter)
        record.parentSpanID = parent
        record.attributes = [KeyValue("gen_ai.operation.name", .string("chat")), KeyValue("gen_ai.request.model", .string("gpt-4o"))]
        return record
    }

    func send(_ spans: [SpanRecord]) async throws {
        let ingestor = ingestor
        _ = try await ingestor.ingest(
            ExportTraceRequestEncoder.encode(spans), encoding: .identity, contentType: .protobuf, project: Self.project,
            admission: ingestor.admission.begin())
    }

    @discardableResult
    func send(logs records: String...) async throws -> IngestReply {
        let ingestor = ingestor
        let body = #"{"resourceLogs":[{"scopeLogs":[{"logRecords":["# + records.joined(separator: ",") + "]}]}]}"
        return try await ingestor.ingestLogs(
            Array(body.utf8), encoding: .identity, contentType: .json, project: Self.project, author: "spdrl_test",
            admission: ingestor.admission.begin())
    }

    static func record(
        _ eventName: String, at time: UInt64 = 100, span: SpanID = span, trace: TraceID = trace, _ members: String = ""
    ) -> String {
        #"{"eventName":"\#(eventName)","timeUnixNano":"\#(1_789_999_999_000_000_000 + time)","traceId":"\#(trace.hex)","spanId":"\#(span.hex)""#
            + (members.isEmpty ? "" : "," + members) + "}"
    }

    /// One message each way, structured; the question may be made long.
    static func details(_ question: String = "Weather in Oslo?", at time: UInt64 = 100, span: SpanID = span, trace: TraceID = trace)
        -> String
    {
        func message(_ role: String, _ text: String) -> String {
            #"{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"role","value":{"stringValue":"\#(role)"}},"#
                + #"{"key":"parts","value":{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"type","value":{"stringValue":"text"}},"#
                + #"{"key":"content","value":{"stringValue":"\#(text)"}}]}}]}}}]}}]}}"#
        }
        return record(
            "gen_ai.client.inference.operation.details", at: time, span: span, trace: trace,
            #""attributes":[{"key":"gen_ai.input.messages","value":\#(message("user", question))},"#
                + #"{"key":"gen_ai.output.messages","value":\#(message("assistant", "It rains."))},"#
                + #"{"key":"gen_ai.usage.input_tokens","value":{"intValue":"7"}},{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},"#
                + #"{"key":"gen_ai.request.model","value":{"stringValue":"gpt-4o"}}]"#)
    }

    static func messages(_ role: String, _ text: String) -> AttributeValue {
        .array([
            .keyValueList([
                KeyValue("role", .string(role)),
                KeyValue("parts", .array([.keyValueList([KeyValue("type", .string("text")), KeyValue("content", .string(text))])])),
            ])
        ])
    }

    // MARK: Reading

    func read(_ span: SpanID = span, of trace: TraceID = trace) async throws -> SpanRecord? {
        try await SpanReader(threads: threads).span(span, of: trace, in: store.snapshot(of: Self.project))
    }

    func trace(_ trace: TraceID = trace) async throws -> Trace? {
        try await TraceReader(threads: threads).trace(trace, in: store.snapshot(of: Self.project))
    }

    func list(_ parameters: [(name: String, value: String)] = []) async throws -> [TraceSummary] {
        let request = try TraceListRequest(parameters: parameters, defaultSort: .startTime)
        return try await TraceList(threads: threads).list(request, in: store.snapshot(of: Self.project)).traces
    }

    func histogramCount(_ parameters: [(name: String, value: String)] = []) async throws -> Int {
        try await TraceList(threads: threads).histogram(
            TraceHistogramRequest(parameters: parameters), in: store.snapshot(of: Self.project)
        ).traceCount
    }

    /// Rows that queries count.
    func spanCount() throws -> Int {
        try store.snapshot(of: Self.project).units.reduce(0) { try $0 + $1.rowCount - $1.maskedRows.count }
    }
}
