import Foundation
import GenAIConventions
import OTLP
import SeededRandom
import TraceModel

@testable import SpanStore

/// What a program of long ago knew: a third of the rules, under an older version.
enum OldMapping {
    static let mapping = AttributeMapping(
        version: 2,
        rules: AttributeMapping.current.rules.enumerated().filter { $0.offset % 3 == 0 && $0.element.reading != .toolText }.map(\.element),
        usageRules: AttributeMapping.current.usageRules)
}

enum TestPrices {
    /// A book in which every model has a price.
    static func book(version: Int64, perMillion: Double) -> PriceBook {
        PriceBook(
            version: version,
            prices: ["gpt-5", "claude-*", "/.*/"].enumerated().map { index, pattern in
                Price(
                    provider: nil, modelPattern: pattern, effectiveFromUnixNano: 0, inputPerMillion: perMillion * Double(index + 1),
                    outputPerMillion: perMillion * 4, cacheReadPerMillion: perMillion / 10, source: "test")
            })
    }

    static let none = PriceBook(version: 1, prices: [])
}

/// Calls of models as the conventions report them, among spans of every shape.
struct RandomCalls {
    var spans: RandomSpans
    /// Whether spans may be repeats of one another's calls.
    var mayRepeat = true

    init(seed: UInt64) { spans = RandomSpans(SeededGenerator(seed: seed)) }

    private mutating func long(_ start: String) -> String { spans.chance(30) ? start + String(repeating: " and so on", count: 300) : start }

    private mutating func attributes(_ index: Int) -> [KeyValue] {
        let input = Int64(spans.number(0...9_000)), output = Int64(spans.number(0...900)),
            model = spans.pick(["gpt-5", "claude-opus-4", "x-1"])
        var list: [KeyValue]
        switch spans.number(0...6) {
        case 0:
            list = [
                KeyValue("gen_ai.request.model", .string(model)), KeyValue("gen_ai.provider.name", .string("openai")),
                KeyValue("gen_ai.usage.input_tokens", .int(input)), KeyValue("gen_ai.usage.output_tokens", .int(output)),
                KeyValue("gen_ai.input.messages", .string(long("[{\"role\":\"user\"}]"))),
                KeyValue("gen_ai.response.id", .string("answer-\(spans.number(0...9))")),
                KeyValue("gen_ai.usage.cache_read.input_tokens", .int(input / 2)),
            ]
        case 1:
            list = [
                KeyValue("openinference.span.kind", .string("LLM")), KeyValue("llm.model_name", .string(model)),
                KeyValue("llm.token_count.prompt", .int(input)), KeyValue("llm.token_count.completion", .string("\(output)")),
                KeyValue("session.id", .string("session-\(index % 7)")),
                KeyValue("tag.tags", .array([.string("a"), .string("b\(index % 3)")])),
            ]
            // More than ten of them, the first of which counts, in whichever column it lies.
            for number in 0..<spans.number(1...13) {
                list.append(KeyValue("llm.input_messages.\(number).message.content", .string(long("message \(number)"))))
            }
        case 2:
            list = [
                KeyValue("langfuse.observation.type", .string("generation")), KeyValue("langfuse.observation.model.name", .string(model)),
                KeyValue(
                    "langfuse.observation.usage_details",
                    .string(long("{\"input\": \(input), \"output\": \(output), \"input_cached_tokens\": 7}"))),
                KeyValue("langfuse.user.id", .string("user-\(index % 5)")), KeyValue("langfuse.observation.level", .string("ERROR")),
                KeyValue("langfuse.observation.status_message", .string("it failed")),
            ]
            if spans.chance(40) { list.append(KeyValue("langfuse.observation.cost_details", .string("{\"total\": 0.25}"))) }
        case 3:
            list = [
                KeyValue("gen_ai.operation.name", .string("invoke_agent")), KeyValue("gen_ai.usage.input_tokens", .int(input)),
                KeyValue("gen_ai.usage.cost", .double(1.5)), KeyValue("gen_ai.response.model", .string(model)),
            ]
        case 4:
            list = [
                KeyValue("gen_ai.operation.name", .string("chat")), KeyValue("gen_ai.response.model", .string(model)),
                KeyValue("gen_ai.usage.prompt_tokens", .double(Double(input))), KeyValue("gen_ai.usage.cost", .double(0.5)),
                KeyValue("gen_ai.response.model", .string("a second one")), KeyValue("gen_ai.prompt.2.content", .string(long("second"))),
                KeyValue("gen_ai.prompt.10.content", .string("tenth")),
                KeyValue("gen_ai.openai.request.service_tier", .string("batch")), KeyValue("gen_ai.usage.completion_tokens", .int(output)),
            ]
        case 5:
            list = [
                KeyValue("gen_ai.tool.name", .string("search")), KeyValue("gen_ai.tool.call.arguments", .string(long("{}"))),
                KeyValue("error.type", .string("timeout")),
            ]
        default: list = spans.attributes(8)
        }
        if spans.chance(20) { list += spans.attributes(3) }
        return list
    }

    mutating func records(_ count: Int, startingAt first: Int = 0, start: UInt64 = 1_700_000_000_000_000_000) -> [SpanRecord] {
        spans.records(count, startingAt: first, start: start).enumerated().map { index, record in
            var record = record
            record.attributes = attributes(first + index)
            if !mayRepeat {
                record.parentSpanID = .none
                record.attributes.removeAll { $0.key == "gen_ai.response.id" }
                record.traceID = TraceID(high: 7, low: UInt64(first + index + 1))
            }
            if spans.chance(10) {
                record.status = .init(code: 2, message: "")
                record.events = [
                    .init(
                        timeUnixNano: record.startTimeUnixNano, name: "exception",
                        attributes: [
                            KeyValue("exception.type", .string("ValueError")),
                            KeyValue("exception.stacktrace", .string(String(repeating: "at line 1\n", count: 200))),
                        ], droppedAttributesCount: 0)
                ]
            }
            return record
        }
    }

    /// Batches, each sealed into a segment of its own, the second with event records.
    mutating func segments(
        _ count: Int, rowCount: ClosedRange<Int>, in store: SpanStore, of project: ProjectID, mapping: AttributeMapping, prices: PriceBook
    ) async throws {
        for index in 0..<count {
            let records = records(
                spans.number(rowCount), startingAt: index * 1_000, start: 1_700_000_000_000_000_000 &+ UInt64(index) * 500_000_000)
            _ = try await store.append(Self.request(records, of: project, mapping, prices))
            if index % 3 == 1 {
                var events = Array(records.prefix(9))
                for place in events.indices {
                    events[place].name = place % 2 == 0 ? "gen_ai.user.message" : "event"
                    events[place].attributes.insert(KeyValue(LogRecordKeys.body, .string(long("said"))), at: 0)
                }
                _ = try await store.append(Self.request(events, of: project, mapping, prices, record: .event))
            }
            _ = try await store.seal()
        }
    }

    static func request(
        _ records: [SpanRecord], of project: ProjectID, _ mapping: AttributeMapping, _ prices: PriceBook, record: RecordKind = .span
    ) throws -> AppendRequest {
        var batch = try ExportTraceRequestDecoder.decodeProtobuf(ExportTraceRequestEncoder.encode(records), limits: .unlimited)
        batch.record = record
        var fields = mapping.apply(to: &batch)
        if record == .span { prices.price(&fields, batch: batch) }
        return AppendRequest(project: project, batch: batch, fields: fields, codec: .otlpProtobuf, reply: StoredReply())
    }
}

extension StoreFixture {
    /// The first pair that differs, from where it does: of long lists the test library's own comparison takes minutes.
    static func difference(_ a: [String], _ b: [String]) -> String? {
        if a.count != b.count { return "\(a.count) and \(b.count) rows" }
        guard let (first, second) = zip(a, b).first(where: { $0 != $1 }) else { return nil }
        let common = first.commonPrefix(with: second).count
        func rest(_ text: String) -> String { String(text.dropFirst(max(0, common - 200)).prefix(600)) }
        return "\(first.prefix(200)) ... \(rest(first))  <>  \(rest(second))"
    }

    /// Nothing happens by itself; segments say that they are of an older mapping.
    func openOld(rowGroupRowCount: Int = 10_000) throws -> SpanStore {
        configuration.mappingVersion = OldMapping.mapping.version
        configuration.limits.maximumRowGroupRowCount = rowGroupRowCount
        let store = try open()
        store.pauseCompaction(true)
        return store
    }
}

extension SpanStore {
    /// Applies it to everything of a project; answers what came of it.
    @discardableResult
    func reapplyAll(
        _ revision: FieldRevision, to project: ProjectID, receiveDays: ClosedRange<Int32>? = nil
    ) async throws -> ReapplicationReport {
        let horizon = try await beginReapplication(of: project)
        let scope = ReapplicationScope(project: project, receiveDays: receiveDays, horizonLSN: horizon)
        var report = ReapplicationReport()
        while let step = try await reapplyNext(
            revision, in: scope, skipping: Set(report.skipped.map(\.sequence)), progress: ReapplicationProgress())
        { report.add(step) }
        return report
    }

    func reviewAll(_ revision: FieldRevision, of project: ProjectID) async throws -> ReapplicationReport {
        let scope = ReapplicationScope(project: project, receiveDays: nil, horizonLSN: try await beginReapplication(of: project))
        return try await reviewReapplication(revision, in: scope, progress: ReapplicationProgress())
    }
}
