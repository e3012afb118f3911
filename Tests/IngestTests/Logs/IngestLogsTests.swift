import GenAIConventions
import OTLP
import SpanStore
import Synchronization
import Testing
import TraceModel
import TraceQuery

@testable import Ingest

/// Log records on their way in, and what the spans they belong to look like afterwards.
@Suite("Log records join their spans") struct IngestLogsTests {
    enum Step: Sendable { case span, event, seal, restart }

    @Test(
        "content that came as an event is the span's, whichever came first and wherever they lie",
        arguments: [
            [.span, .event], [.event, .span], [.span, .seal, .event], [.event, .seal, .span], [.span, .event, .seal],
            [.event, .span, .seal], [.span, .seal, .event, .seal], [.event, .seal, .span, .seal], [.span, .event, .restart],
            [.event, .restart, .span], [.event, .restart, .span, .seal, .restart], [.span, .seal, .event, .restart],
        ] as [[Step]])
    func join(steps: [Step]) async throws {
        let fixture = try LogFixture()
        for step in steps {
            switch step {
            case .span: try await fixture.send([LogFixture.spanRecord()])
            case .event: #expect(try await fixture.send(logs: LogFixture.details()).isFullSuccess)
            case .seal: _ = try await fixture.store.seal()
            case .restart: try await fixture.restart()
            }
        }
        let span = try #require(try await fixture.read())
        #expect(span.events.map(\.name) == ["gen_ai.client.inference.operation.details"])
        let attributes = Dictionary(uniqueKeysWithValues: try #require(span.events.first).attributes.map { ($0.key, $0.value) })
        #expect(attributes["gen_ai.input.messages"] == LogFixture.messages("user", "Weather in Oslo?"))
        #expect(attributes["gen_ai.output.messages"] == LogFixture.messages("assistant", "It rains."))
        #expect(attributes["gen_ai.usage.input_tokens"] == .int(7) && attributes.count == 5)
        let said = SpanMessages(span)
        #expect(said.input == [SpanMessage(role: "user", parts: [.text("Weather in Oslo?")])])
        #expect(said.output == [SpanMessage(role: "assistant", parts: [.text("It rains.")])])
        // The span's own fields stay what its own attributes say.
        #expect(span.llm.kind == .llm && span.llm.inputTokens == nil && span.llm.inputKey == nil)
        let trace = try #require(try await fixture.trace())
        #expect(trace.spans == [span])
        // The event counts nowhere.
        let listed = try await fixture.list()
        #expect(listed.map(\.spanCount) == [1] && listed[0].inputTokens == nil && listed[0].durationNano == 500)
        #expect(try fixture.spanCount() == 1)
        #expect(try await fixture.list([("filter[name]", "gen_ai.client.inference.operation.details")]).isEmpty)
        #expect(fixture.store.recovery.damages.isEmpty)
    }

    @Test("an event without its span is no trace, and shows once the span is there")
    func orphan() async throws {
        let fixture = try LogFixture()
        try await fixture.send(logs: LogFixture.details(), LogFixture.details("Other?", span: SpanID(rawValue: 99)))
        for _ in 0..<2 {
            #expect(try await fixture.read() == nil)
            #expect(try await fixture.trace() == nil)
            #expect(try await fixture.list().isEmpty)
            #expect(try await fixture.list([("filter[input][_contains]", "Oslo")]).isEmpty)
            #expect(try await fixture.histogramCount([("filter[input][_contains]", "Oslo")]) == 0)
            _ = try await fixture.store.seal()
        }
        try await fixture.send([LogFixture.spanRecord()])
        #expect(try await fixture.read()?.events.count == 1)
    }

    @Test("a text in an event finds the trace of its span, a figure or a span's text does not find events", arguments: [false, true])
    func search(isSealed: Bool) async throws {
        let fixture = try LogFixture()
        let other = TraceID(high: 3, low: 5)
        try await fixture.send([LogFixture.spanRecord(), LogFixture.spanRecord(trace: other)])
        try await fixture.send(
            logs: LogFixture.details(String(repeating: "rain ", count: 400) + "needle"),
            LogFixture.record(
                "gen_ai.user.message", span: LogFixture.span, trace: other,
                #""body":{"kvlistValue":{"values":[{"key":"content","value":{"stringValue":"a pin"}}]}}"#))
        if isSealed { _ = try await fixture.store.seal() }
        for sort in ["-start_time", "span_count"] {
            func found(_ parameters: (name: String, value: String)...) async throws -> [TraceID] {
                try await fixture.list(parameters + [("sort", sort)]).map(\.traceID)
            }
            #expect(try await found(("filter[input][_contains]", "needle")) == [LogFixture.trace])
            #expect(try await found(("filter[output][_contains]", "rains")) == [LogFixture.trace])
            #expect(try await found(("filter[input][_contains]", "pin")) == [other])
            #expect(try await found(("filter[model]", "gpt-4o"), ("filter[input][_contains]", "needle")) == [LogFixture.trace])
            #expect(try await found(("filter[attributes.gen_ai.usage.input_tokens]", "7")) == [LogFixture.trace])
            #expect(try await found(("filter[input_tokens]", "7")).isEmpty)
            #expect(try await found(("filter[input][_contains]", "haystack")).isEmpty)
        }
        #expect(try await fixture.histogramCount([("filter[input][_contains]", "needle")]) == 1)
        #expect(try await fixture.histogramCount() == 2)
        let inside = try await TraceOutlines(threads: fixture.threads).search(
            "NEEDLE", in: LogFixture.trace, of: fixture.store.snapshot(of: LogFixture.project))
        #expect(inside?.matches.map(\.field) == ["events.gen_ai.input.messages"] && inside?.matches.map(\.row) == [0])
        #expect(inside?.outline.rows.count == 1)
    }

    @Test("events stand behind the span's own, in the order of their times, each once")
    func order() async throws {
        let fixture = try LogFixture()
        var span = LogFixture.spanRecord()
        span.events = [.init(timeUnixNano: 1_789_999_999_000_000_300, name: "own", attributes: [], droppedAttributesCount: 0)]
        try await fixture.send([span])
        func body(_ text: String) -> String { #""body":{"stringValue":"\#(text)"}"# }
        try await fixture.send(
            logs: LogFixture.record("gen_ai.choice", at: 200, body("answer")), LogFixture.record("gen_ai.user.message", body("first")),
            LogFixture.record("gen_ai.user.message", body("second")))
        _ = try await fixture.store.seal()
        // The same once more in another request, and an older one.
        try await fixture.send(
            logs: LogFixture.record("gen_ai.choice", at: 200, body("answer")),
            LogFixture.record("gen_ai.system.message", at: 50, body("rules")))
        let read = try #require(try await fixture.read())
        #expect(
            read.events.map(\.name) == [
                "own", "gen_ai.system.message", "gen_ai.user.message", "gen_ai.user.message", "gen_ai.choice",
            ])
        #expect(SpanMessages(read).input.map(\.parts) == [[.text("rules")], [.text("first")], [.text("second")]])
    }

    @Test("what the span says itself wins over what an event says, and both stay")
    func ownWins() async throws {
        let fixture = try LogFixture()
        var span = LogFixture.spanRecord()
        span.attributes.append(KeyValue("gen_ai.input.messages", .string(#"[{"role":"user","parts":[{"type":"text","content":"mine"}]}]"#)))
        try await fixture.send([span])
        try await fixture.send(logs: LogFixture.details())
        let read = try #require(try await fixture.read())
        #expect(SpanMessages(read).input.map(\.parts) == [[.text("mine")]])
        #expect(SpanMessages(read).output.map(\.parts) == [[.text("It rains.")]])
        #expect(
            read.events.first?.attributes.contains(KeyValue("gen_ai.input.messages", LogFixture.messages("user", "Weather in Oslo?")))
                == true)
    }

    @Test("a later version of a span keeps the events, and an event is no version of its span", arguments: [false, true])
    func versions(isSealed: Bool) async throws {
        let fixture = try LogFixture()
        try await fixture.send([LogFixture.spanRecord()])
        try await fixture.send(logs: LogFixture.details(at: 10_000), LogFixture.details("Second?", at: 20_000))
        if isSealed { _ = try await fixture.store.seal() }
        try await fixture.send([LogFixture.spanRecord(endsAfter: 900)])
        let read = try #require(try await fixture.read())
        #expect(read.durationNano == 900 && read.events.count == 2)
        #expect(try await fixture.list().map(\.spanCount) == [1])
        let changes = await fixture.store.changes(of: LogFixture.project, after: ChangeCursor(lsn: 0))
        for unit in changes.units { #expect(try unit.rows.eventRows.allSatisfy { try unit.rows.maskedRows.contains($0) }) }
    }

    @Test("children of a span with events stay its children", arguments: [false, true])
    func tree(isSealed: Bool) async throws {
        let fixture = try LogFixture()
        let child = LogFixture.spanRecord(SpanID(rawValue: 22), parent: LogFixture.span)
        try await fixture.send(logs: LogFixture.details(), LogFixture.details("And?", span: child.spanID))
        try await fixture.send([child, LogFixture.spanRecord()])
        if isSealed { _ = try await fixture.store.seal() }
        let trace = try #require(try await fixture.trace())
        #expect(trace.spans.map(\.spanID) == [LogFixture.span, child.spanID] && trace.depths == [0, 1])
        #expect(trace.spans.map(\.events.count) == [1, 1])
        #expect(SpanMessages(trace.spans[1]).input.map(\.parts) == [[.text("And?")]])
    }

    @Test("a repeated request is stored once, across a restart too, and is told the same")
    func repeated() async throws {
        let fixture = try LogFixture()
        try await fixture.send([LogFixture.spanRecord()])
        let records = [LogFixture.details(), LogFixture.record("http.request")]
        let first = try await fixture.send(logs: records[0], records[1])
        #expect(first.rejectedSpanCount == 1 && first.errorMessage.hasPrefix("1 log record rejected: 1 of kinds that are not stored"))
        func told(_ reply: IngestReply) -> String { "\(reply.rejectedSpanCount): \(reply.errorMessage)" }
        let second = try await fixture.send(logs: records[0], records[1])
        #expect(told(second) == told(first) && second.receipt != first.receipt && second.receipt != nil)
        #expect(fixture.store.statistics.duplicateRequestCount == 1 && fixture.store.statistics.appendedEventCount == 1)
        try await fixture.restart()
        #expect(told(try await fixture.send(logs: records[0], records[1])) == told(first))
        #expect(fixture.store.statistics.duplicateRequestCount == 1 && fixture.store.statistics.appendedEventCount == 0)
        // Another request, though the same is stored of it.
        try await fixture.send(logs: records[0])
        #expect(fixture.store.statistics.appendedEventCount == 1)
        #expect(try await fixture.read()?.events.count == 1)
    }

    @Test("what is of no kind that is stored leaves nothing behind")
    func others() async throws {
        let fixture = try LogFixture()
        let ingestor = fixture.ingestor
        let reply = try await fixture.send(logs: #"{"body":{"stringValue":"started"}}"#, LogFixture.record("device.app"))
        #expect(reply.rejectedSpanCount == 2)
        #expect(
            try await fixture.send(logs: #"{"eventName":"exception"}"#).errorMessage.contains("1 trace_id_length (a trace id has 16 bytes;")
        )
        #expect(try await fixture.send() == IngestReply())
        #expect(fixture.store.statistics.memtableRowCount == 0 && fixture.store.statistics.wal.entryCount == 0)
        let points = #"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"gauge":{"dataPoints":[{},{}]}}]}]}]}"#
        let told = try ingestor.ingestMetrics(
            Array(points.utf8), encoding: .identity, contentType: .json, admission: ingestor.admission.begin())
        #expect(told.rejectedSpanCount == 2 && told.errorMessage.hasPrefix("2 data points rejected: Spandrel stores no metrics"))
        #expect(ingestor.metrics.counts.rejectedDataPointCount == 2)
    }

    @Test("a project's rules hold for attributes, bodies and names of log records as for spans")
    func redaction() async throws {
        let fixture = try LogFixture()
        let secret = "ada@example.com"
        func send() async throws {
            try await fixture.send(
                logs: LogFixture.details("Mail \(secret)"),
                LogFixture.record(
                    "gen_ai.user.message", at: 200,
                    #""severityText":"\#(secret)","body":{"kvlistValue":{"values":[{"key":"content","value":{"stringValue":"To \#(secret)"}}]}},"#
                        + #""attributes":[{"key":"user.id","value":{"stringValue":"u1"}}]"#))
        }
        try await fixture.send([LogFixture.spanRecord()])
        fixture.book.replace(
            try RedactionRules(json: Array(#"{"keys":[{"glob":"user.id","action":"hash"}],"patterns":[{"builtin":"email"}]}"#.utf8)),
            salt: Array("a salt of sixteen".utf8), of: LogFixture.project, version: 1)
        try await send()
        try await fixture.restart()
        let masked = try #require(try await fixture.read())
        #expect(SpanMessages(masked).input.map(\.parts) == [[.text("Mail [email]")]])
        let message = try #require(masked.events.last?.attributes)
        #expect(message.first { $0.key == "log.severity_text" }?.value == .string("[email]"))
        #expect(message.first { $0.key == "log.body" }?.value == .keyValueList([KeyValue("content", .string("To [email]"))]))
        guard case .string(let user)? = message.first(where: { $0.key == "user.id" })?.value else { throw CancellationError() }
        #expect(user.hasPrefix("hash:"))
        fixture.book.replace(
            try RedactionRules(json: Array(#"{"mode":"metadata_only"}"#.utf8)), salt: Array("a salt of sixteen".utf8),
            of: LogFixture.project, version: 2)
        try await send()
        // Of each time the one that came later.
        let events = try #require(try await fixture.read()?.events)
        try #require(events.count == 4)
        let bare = [events[1], events[3]]
        let keys = bare.flatMap(\.attributes).map(\.key)
        #expect(keys.contains("gen_ai.request.model") && !keys.contains("log.body") && !keys.contains("gen_ai.input.messages"))
    }

    /// Keeps in memory what it is given, or refuses.
    private final class Scores: EvaluationScoreKeeper {
        let kept = Mutex([EvaluationScore]())
        let isAway = Mutex(false)
        func keep(_ scores: [EvaluationScore], of project: ProjectID) async throws(IngestError) {
            if isAway.withLock({ $0 }) { throw IngestError(.unavailable, "away", retryAfterSeconds: 2) }
            kept.withLock { $0 += scores }
        }
    }

    @Test(
        "events that are larger than one request of the log may be are refused for good, and nothing is stored of them, nor of their scores"
    )
    func tooLarge() async throws {
        let scores = Scores()
        let fixture = try LogFixture(scores: scores)
        let evaluation = LogFixture.record(
            "gen_ai.evaluation.result",
            #""attributes":[{"key":"gen_ai.evaluation.name","value":{"stringValue":"n"}},"#
                + #"{"key":"gen_ai.evaluation.score.value","value":{"doubleValue":1}}]"#)
        let question = String(repeating: "x", count: 100_000)
        await #expect {
            try await fixture.send(
                logs: evaluation, LogFixture.details(question), LogFixture.details(question, at: 101), LogFixture.details(question, at: 102)
            )
        } throws: {
            guard let error = $0 as? IngestError else { return false }
            return error.code == .tooLarge && error.message.contains("the 4 GenAI and exception events of this request have 30")
                && error.message.contains("may have 262144")
        }
        #expect(scores.kept.withLock { $0.isEmpty } && fixture.store.statistics.appendedSpanCount == 0)
        #expect(try await fixture.send(logs: evaluation, LogFixture.details(question), LogFixture.details(question, at: 101)).isFullSuccess)
    }

    @Test("events of more bytes than a query may hold are told as such, and are not read all at once", arguments: [false, true])
    func budget(isSealed: Bool) async throws {
        let fixture = try LogFixture()
        try await fixture.send([LogFixture.spanRecord()])
        let question = String(repeating: "x", count: 30_000)
        for time in 0..<20 { try await fixture.send(logs: LogFixture.details(question, at: UInt64(time))) }
        if isSealed { _ = try await fixture.store.seal() }
        #expect(try await fixture.read()?.events.count == 20)
        let reader = SpanReader(threads: fixture.threads), snapshot = fixture.store.snapshot(of: LogFixture.project)
        let small = QueryLimits(maximumMemoryByteCount: 500_000)
        await #expect {
            _ = try await reader.span(LogFixture.span, of: LogFixture.trace, in: snapshot, limits: small)
        } throws: { ($0 as? QueryError)?.code == .memoryLimit }
        let alone = try await reader.span(
            LogFixture.span, of: LogFixture.trace, in: snapshot, limits: small, joiningEventRecords: false)
        #expect(alone?.events.isEmpty == true)
    }

    @Test("an evaluation's result is shown with its span and kept as a score; where that fails nothing is stored")
    func evaluations() async throws {
        let scores = Scores()
        let fixture = try LogFixture(scores: scores)
        try await fixture.send([LogFixture.spanRecord()])
        func attributes(_ members: String...) -> String { #""attributes":["# + members.joined(separator: ",") + "]" }
        let name = #"{"key":"gen_ai.evaluation.name","value":{"stringValue":"helpful"}}"#
        let value = #"{"key":"gen_ai.evaluation.score.value","value":{"doubleValue":0.75}}"#
        let label = #"{"key":"gen_ai.evaluation.score.label","value":{"stringValue":"pass"}}"#
        let why = #"{"key":"gen_ai.evaluation.explanation","value":{"stringValue":"thanked"}}"#
        let error = #"{"key":"error.type","value":{"stringValue":"timeout"}}"#
        let event = "gen_ai.evaluation.result"
        try await fixture.send(
            logs: LogFixture.record(event, attributes(name, value, label, why)), LogFixture.record(event, at: 101, attributes(name, error)),
            LogFixture.record(event, at: 102, attributes(name)), LogFixture.record(event, at: 103, attributes(value)), LogFixture.details())
        let kept = scores.kept.withLock { $0 }
        #expect(kept.map(\.value) == [0.75, nil] && kept.map(\.label) == ["pass", nil] && kept.map(\.error) == [nil, "timeout"])
        #expect(kept.map(\.reason) == ["thanked", ""] && kept.allSatisfy { $0.name == "helpful" && $0.author == "spdrl_test" })
        #expect(kept.allSatisfy { $0.traceID == LogFixture.trace && $0.spanID == LogFixture.span })
        #expect(kept[0].timeUnixNano == 1_789_999_999_000_000_100)
        #expect(try await fixture.read()?.events.count == 5)
        let emptyError = #"{"key":"error.type","value":{"stringValue":""}}"#
        try await fixture.send(logs: LogFixture.record(event, at: 150, attributes(name, emptyError)))
        #expect(scores.kept.withLock { $0.count } == 2, "an error without a word is none")
        scores.isAway.withLock { $0 = true }
        await #expect(throws: IngestError.self) {
            try await fixture.send(logs: LogFixture.record(event, at: 200, attributes(name, value)))
        }
        #expect(try await fixture.read()?.events.count == 6)
        #expect(try await fixture.send(logs: LogFixture.record("exception", at: 300)).isFullSuccess)
    }
}
