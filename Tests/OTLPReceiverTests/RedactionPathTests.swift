import Access
import Foundation
import GenAIConventions
import HTTPTesting
import Ingest
import Logging
import Metastore
import OTLP
import PostgresClient
import SpanStore
import Synchronization
import Testing
import TraceModel

/// Whatever way a span comes in, what the rules take out of it is nowhere afterwards. A new way in joins `waysIn`.
@Suite("Redaction on every way in")
struct RedactionPathTests {
    struct WayIn: Sendable {
        var path: String
        var contentType: OTLPContentType
        var encoding: ContentEncoding
    }

    static let waysIn: [WayIn] = ["/v1/traces", "/otel/v1/traces", "/api/public/otel/v1/traces"].flatMap { path in
        OTLPContentType.allCases.flatMap { contentType in
            ContentEncoding.allCases.map { WayIn(path: path, contentType: contentType, encoding: $0) }
        }
    }

    /// Ways in of log records, which become events of spans.
    static let logWaysIn: [WayIn] = ["/v1/logs", "/otel/v1/logs", "/api/public/otel/v1/logs"].flatMap { path in
        ContentEncoding.allCases.map { WayIn(path: path, contentType: .json, encoding: $0) }
    }

    /// An event of the first span, and one without ids.
    static func logBody(_ number: Int) -> [UInt8] {
        func value(_ value: AttributeValue) -> String { String(decoding: AttributeValueJSON.otlpJSON(of: value), as: UTF8.self) }
        let members = attributes().map { #"{"key":"\#($0.key)","value":\#(value($0.value))}"# }.joined(separator: ",")
        let record =
            #"{"eventName":"gen_ai.user.message","timeUnixNano":"\#(number)","severityText":\#(value(.string(secrets[1])).dropFirst(15).dropLast()),"#
            + #""body":\#(value(.keyValueList([KeyValue("content", .string(secrets[..<6].joined(separator: " ")))]))),"attributes":[\#(members)]"#
        let ids = #","traceId":"\#(TraceID(high: 7, low: 1).hex)","spanId":"\#(SpanID(rawValue: 1).hex)"}"#
        return Array(#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[\#(record)\#(ids),\#(record)}]}]}]}"#.utf8)
    }

    static let rules =
        #"{"keys":[{"glob":"user.id","action":"hash"},{"glob":"secret.*","action":"drop"}],"#
        + #""patterns":[{"builtin":"email"},{"builtin":"card"},{"builtin":"phone"},{"builtin":"ip"},{"builtin":"api_key"},"#
        + #"{"name":"badge","regex":"EMP-[0-9]{6}"}]}"#

    /// What must be found nowhere.
    static let secrets = [
        "ada.lovelace@example.com", "4111 1111 1111 1111", "+49 171 1234567", "203.0.113.77", "sk-proj-Abcdefgh12345678Abcdefgh",
        "EMP-123456",
        "user-4711-hashed", "dropped-entirely-0815",
    ]

    static func attributes() -> [KeyValue] {
        [
            KeyValue("user.id", .string(secrets[6])), KeyValue("secret.note", .string(secrets[7])),
            KeyValue(
                "gen_ai.input.messages", .string(#"[{"role":"user","content":"\n"# + secrets[..<6].joined(separator: #"\n"#) + #""}]"#)),
            KeyValue("nested", .keyValueList([KeyValue("list", .array(secrets[..<6].map { .string($0) }))])),
            KeyValue("long", .string(String(repeating: "word ", count: 1000) + secrets[0])),
        ]
    }

    static func span(_ number: Int) -> SpanRecord {
        var span = SpanRecord(
            traceID: TraceID(high: 7, low: UInt64(number)), spanID: SpanID(rawValue: UInt64(number)), name: "for \(secrets[0])",
            startTimeUnixNano: 1_790_000_000_000_000_000, endTimeUnixNano: 1_790_000_001_000_000_000)
        span.attributes = attributes()
        span.status = .init(code: 2, message: "refused \(secrets[3])")
        span.resource = SpanRecord.Resource(
            encoded: ResourceEncoder.encode(DecodedResource(attributes: attributes())), schemaURL: "https://\(secrets[3])/\(secrets[0])")
        span.scope = SpanRecord.Scope(
            encoded: ScopeEncoder.encode(DecodedScope(name: "scope of \(secrets[0])", version: secrets[5], attributes: attributes())),
            schemaURL: secrets[..<6].joined(separator: "/"))
        span.events = [.init(timeUnixNano: 1, name: "e", attributes: [KeyValue("m", .string(secrets[1]))], droppedAttributesCount: 0)]
        return span
    }

    /// A request with two good spans and one whose span id is zero.
    static func body(_ number: Int, _ contentType: OTLPContentType) -> [UInt8] {
        var spans = [span(3 * number + 1), span(3 * number + 2), span(3 * number + 3)]
        spans[1].spanID = SpanID(rawValue: 0)
        return contentType == .protobuf ? ExportTraceRequestEncoder.encode(spans) : TracesDataJSONEncoder.encode(spans)
    }

    static func found(in bytes: [UInt8]) -> [String] { found(in: Data(bytes)) }
    static func found(in data: Data) -> [String] { secrets.filter { data.range(of: Data($0.utf8)) != nil } }

    static func files(under directory: String) -> [String] {
        (FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []).map { directory + "/" + $0 }
    }

    @Test("a search of log, segments, quarantine, Postgres, logs and answers finds nothing of what was masked")
    func nothingIsLeft() async throws {
        let book = RedactionRulebook()
        let lines = LogLines()
        var logger = Logger(label: "test") { _ in LineLogHandler(lines: lines) }
        logger.logLevel = .trace
        try await TestInstallation.run(redaction: book, logger: logger) { installation, server in
            let project = installation.first.projectID
            book.replace(try RedactionRules(json: Array(Self.rules.utf8)), salt: Array("a salt of sixteen".utf8), of: project, version: 1)
            let key = try await installation.key([.ingest, .read, .write, .admin])
            func send(_ body: [UInt8], _ way: WayIn) async throws -> HTTPAnswer {
                try await server.send(
                    "POST", way.path,
                    headers: [
                        ("authorization", "Bearer \(key)"), ("content-type", way.contentType.rawValue),
                        ("content-encoding", way.encoding.rawValue), ("user-agent", "exporter of \(Self.secrets[0])"),
                    ], body: TestCompression.compress(body, way.encoding))
            }
            for (number, way) in Self.waysIn.enumerated() {
                let body = Self.body(number, way.contentType)
                let answer = try await send(body, way)
                #expect(answer.status == 200 && Self.found(in: answer.body).isEmpty, "\(way)")
                // The same once more is the same request.
                let repeated = try await send(body, way)
                #expect(repeated.status == 200 && repeated.body == answer.body, "\(way)")
            }
            let spanCount = 2 * Self.waysIn.count
            #expect(try await installation.spanCount() == spanCount)
            #expect(installation.store.statistics.duplicateRequestCount == Self.waysIn.count)

            // Out of the quarantine and in again, by a replay and as a sender would.
            let rejected = try installation.store.quarantine.spans(of: project, maximumCount: 1000)
            #expect(rejected.count == Self.waysIn.count)
            let replayed = try await server.send(
                "POST", "/api/v1/quarantine/replay", headers: [("authorization", "Bearer \(key)"), ("content-type", "application/json")],
                body: Array("{}".utf8))
            #expect(replayed.status == 200 && replayed.text.contains("\"refused_again_spans\":\(rejected.count)"), "\(replayed.text)")
            for span in rejected.map(\.span) {
                #expect(span.isRedacted && span.isReplayable && Self.found(in: span.source).isEmpty)
                let owner = try #require(span.origin?.owner), resource = String(decoding: owner.resource ?? [], as: UTF8.self)
                #expect(resource.contains("[email]") && resource.contains("hash:") && !resource.contains("secret.note"))
                #expect(span.exporter == "exporter of [email]")
                for part in [owner.resource, owner.resourceSchemaURL, owner.scope, owner.scopeSchemaURL] {
                    #expect(Self.found(in: part ?? []).isEmpty)
                }
                let contentType: OTLPContentType = span.codec == .otlpJSON ? .json : .protobuf
                let body =
                    contentType == .json
                    ? OwnedSpansEncoder.json([span.source], of: owner) : OwnedSpansEncoder.protobuf([span.source], of: owner)
                #expect(try await send(body, WayIn(path: "/v1/traces", contentType: contentType, encoding: .identity)).status == 200)
            }

            for (number, way) in Self.logWaysIn.enumerated() {
                let answer = try await send(Self.logBody(number), way)
                #expect(answer.status == 200 && answer.text.contains(#""rejectedLogRecords":"1""#), "\(way) \(answer.text)")
                #expect(Self.found(in: answer.body).isEmpty)
            }
            #expect(installation.store.statistics.appendedEventCount == Self.logWaysIn.count)

            // A request of which nothing can be read, and one that is refused whole.
            let broken = try await send(Array("\u{a}\u{7f}\(Self.secrets[0])".utf8), Self.waysIn[0])
            #expect(broken.status == 400 && Self.found(in: broken.body).isEmpty)

            try await Self.search(installation, server, key, "in memory")
            _ = try await installation.store.seal()
            try await Self.search(installation, server, key, "sealed")
            #expect(installation.ingestor.metrics.counts.redactionsByKind[.email] ?? 0 > spanCount)
            #expect(installation.ingestor.metrics.counts.redactionsByKind[.hashedKey] ?? 0 >= spanCount)
        }
        #expect(Self.found(in: Array(lines.text.utf8)).isEmpty)
        #expect(!lines.text.isEmpty)
    }

    /// Everything on disk and in Postgres, and what the API tells of a trace.
    static func search(_ installation: TestInstallation, _ server: LiveServer, _ key: String, _ when: String) async throws {
        installation.store.quarantine.flush()
        var fileCount = 0
        for file in files(under: installation.directory) {
            guard let data = FileManager.default.contents(atPath: file) else { continue }
            fileCount += 1
            #expect(found(in: data).isEmpty, "\(when): \(file)")
        }
        #expect(fileCount > 2)
        let pool = PostgresPool(installation.database, logger: Logger(label: "search"))
        for table in try await pool.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'") {
            let name = try table.decode("table_name", as: String.self)
            for row in try await pool.query("SELECT t::text AS line FROM \"\(name)\" t") {
                #expect(found(in: Array(try row.decode("line", as: String.self).utf8)).isEmpty, "\(when): \(name)")
            }
        }
        await pool.shutDown()
        let trace = try await server.send(
            "GET", "/api/v1/traces/\(TraceID(high: 7, low: 1).hex)", headers: [("authorization", "Bearer \(key)")])
        #expect(trace.status == 200 && found(in: trace.body).isEmpty && trace.text.contains("[email]"), "\(when)")
        #expect(trace.text.contains("hash:") && !trace.text.contains("secret.note"), "\(when)")
    }

    @Test("what was redacted is read back from the log as it was stored, and a repetition is still known")
    func replay() async throws {
        let directory = NSTemporaryDirectory() + "spandrel-redaction-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let project = ProjectID(high: 1, low: 2)
        let book = RedactionRulebook()
        book.replace(try RedactionRules(json: Array(Self.rules.utf8)), salt: Array("a salt of sixteen".utf8), of: project, version: 1)
        var replies: [IngestReply] = []
        for round in 0..<2 {
            let store = try SpanStore.open(StoreConfiguration(root: directory + "/store"))
            let ingestor = Ingestor(store: store, prices: CurrentPriceBook(PriceBook(version: 0, prices: [])), redaction: book)
            replies.append(
                try await ingestor.ingest(
                    Self.body(0, .json), encoding: .identity, contentType: .json, project: project, admission: ingestor.admission.begin()))
            #expect(store.statistics.memtableRowCount == 2)
            #expect(store.statistics.duplicateRequestCount == round)
            await store.close()
        }
        #expect(replies.map(\.rejectedSpanCount) == [1, 1] && replies[0].errorMessage == replies[1].errorMessage)
        #expect(replies[0].receipt != replies[1].receipt, "a repetition has a receipt of its own")
    }

    @Test("where rules cannot be known nothing is stored")
    func unknownRules() async throws {
        struct Unknown: RedactionSource {
            func program(of project: ProjectID) async throws(IngestError) -> RedactionProgram? {
                throw IngestError(.unavailable, "the project's redaction rules cannot be read now; try again", retryAfterSeconds: 5)
            }
        }
        try await TestInstallation.run(redaction: Unknown()) { installation, server in
            let key = try await installation.key([.ingest])
            let answer = try await server.send(
                "POST", "/v1/traces", headers: [("authorization", "Bearer \(key)"), ("content-type", "application/json")],
                body: Self.body(0, .json))
            #expect(answer.status == 503 && answer.headers["retry-after"] == "5")
            #expect(try await installation.spanCount() == 0)
        }
    }
}

/// Everything that was logged, whatever its level.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])
    func append(_ line: String) { lines.withLock { $0.append(line) } }
    var text: String { lines.withLock { $0.joined(separator: "\n") } }
}

struct LineLogHandler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    init(lines: LogLines) { self.lines = lines }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.append("\(event.message) \(metadata) \(event.metadata ?? [:]) \(event.error.map { "\($0)" } ?? "")") }
}
