import DemoTraces
import GenAIConventions
import OTLP
import Testing
import TraceModel

@Suite("The demo sample is sound telemetry")
struct DemoTracesTests {
    /// 2026-11-20 12:00:00 UTC.
    private static let end: UInt64 = 1_795_176_000_000_000_000

    private static func batches(seed: UInt64 = 7) throws -> [SpanBatch] {
        try DemoTraces.requests(endingAt: end, seed: seed).map {
            try ExportTraceRequestDecoder.decodeProtobuf($0, limits: .unlimited)
        }
    }

    @Test("the same seed and time give the same bytes, another seed gives others")
    func deterministic() {
        let first = DemoTraces.requests(endingAt: Self.end, seed: 7)
        #expect(first == DemoTraces.requests(endingAt: Self.end, seed: 7))
        #expect(first != DemoTraces.requests(endingAt: Self.end, seed: 8))
        #expect(first != DemoTraces.requests(endingAt: Self.end + 1, seed: 7))
    }

    @Test("the decoder takes every span and gives back what was made", arguments: [0, 1, 7, 12_345, UInt64.max])
    func decodes(_ seed: UInt64) throws {
        let made = DemoTraces.traces(endingAt: Self.end, seed: seed).flatMap { $0 }
        var decoded: [SpanID: (name: String, attributeCount: Int, eventCount: Int, status: Int32)] = [:]
        for batch in try Self.batches(seed: seed) {
            #expect(batch.rejections.isEmpty && batch.replacedStringCount == 0)
            #expect(batch.resources.count == 3 && batch.bodyLength < 1_000_000)
            for span in 0..<batch.spanCount {
                let events = batch.eventStarts[span + 1] - batch.eventStarts[span]
                decoded[batch.spanIDs[span]] = (
                    batch.text(batch.names[span]), batch.attributes(ofSpan: span).count, Int(events), batch.statusCodes[span]
                )
            }
        }
        #expect(decoded.count == made.count)
        for span in made {
            let found = try #require(decoded[span.spanID])
            #expect(found == (span.name, span.attributes.count, span.events.count, span.status?.code ?? 0))
        }
    }

    @Test(
        "every trace has one root, known parents, spans inside their parents, and lies in the hour before the end", arguments: [0, 7, 99])
    func shape(_ seed: UInt64) throws {
        let traces = DemoTraces.traces(endingAt: Self.end, seed: seed)
        #expect(traces.count == DemoTraces.traceCount)
        #expect(Set(traces.map { $0[0].traceID }).count == traces.count)
        let hour: UInt64 = 3_600_000_000_000
        for trace in traces {
            #expect(trace.filter { $0.parentSpanID.isZero }.map(\.spanID) == [trace[0].spanID])
            let byID = Dictionary(uniqueKeysWithValues: trace.map { ($0.spanID, $0) })
            #expect(byID.count == trace.count)
            for span in trace {
                #expect(span.traceID == trace[0].traceID)
                #expect(span.startTimeUnixNano >= Self.end - hour && span.endTimeUnixNano <= Self.end)
                #expect(span.endTimeUnixNano > span.startTimeUnixNano)
                guard !span.parentSpanID.isZero else { continue }
                let parent = try #require(byID[span.parentSpanID])
                #expect(span.startTimeUnixNano >= parent.startTimeUnixNano && span.endTimeUnixNano <= parent.endTimeUnixNano)
            }
        }
    }

    @Test("the sample shows what the product is for: models, cost, cache, reasoning, tools, errors, sessions, users, tags, prompts")
    func content() throws {
        var kinds: [LLMKind: Int] = [:]
        var models: Set<String> = []
        var sessions: Set<String> = []
        var users: Set<String> = []
        var errors: [String: Int] = [:]
        var cost = 0.0, spanCount = 0, unpricedCalls = 0
        var seen: Set<String> = []
        for decoded in try Self.batches() {
            var batch = decoded
            var fields = AttributeMapping.current.apply(to: &batch)
            ShippedPrices.book.price(&fields, batch: batch)
            for span in 0..<batch.spanCount {
                spanCount += 1
                kinds[fields.kinds[span], default: 0] += 1
                if !fields.responseModels[span].isNone { models.insert(batch.text(fields.responseModels[span])) }
                if !fields.sessionIDs[span].isNone { sessions.insert(batch.text(fields.sessionIDs[span])) }
                if !fields.userIDs[span].isNone { users.insert(batch.text(fields.userIDs[span])) }
                if !fields.errorTypes[span].isNone { errors[batch.text(fields.errorTypes[span]), default: 0] += 1 }
                if fields.kinds[span] == .llm, fields.inputTokens[span] >= 0 {
                    if fields.costs[span].isNaN { unpricedCalls += 1 } else { cost += fields.costs[span] }
                    #expect(fields.inputKeys[span] != .max && fields.outputKeys[span] != .max && !fields.promptNames[span].isNone)
                    let cached = max(0, fields.cacheReadTokens[span]) + max(0, fields.cacheWriteTokens[span])
                    #expect(cached < fields.inputTokens[span] && fields.reasoningTokens[span] < fields.outputTokens[span])
                }
                if fields.cacheReadTokens[span] > 0 { seen.insert("cache read") }
                if fields.cacheWriteTokens[span] > 0 { seen.insert("cache write") }
                if fields.reasoningTokens[span] > 0 { seen.insert("reasoning") }
                if fields.tagStarts[span] != fields.tagStarts[span + 1] { seen.insert("tags") }
            }
        }
        #expect(seen == ["cache read", "cache write", "reasoning", "tags"])
        #expect(Set(kinds.keys) == [.span, .llm, .embedding, .tool, .agent, .retriever])
        #expect(kinds[.agent] == DemoTraces.traceCount)
        #expect(spanCount > 300 && models.count >= 5 && sessions.count == 20 && users.count >= 6)
        #expect(unpricedCalls == 0)
        #expect(cost > 0.05 && cost < 5)
        #expect(errors["TimeoutError"] == 2)
        #expect(errors["RateLimitError"] == 4)  // Three refused calls, and the agent one of them brought down.
        #expect(errors["502"] == 1)
    }

    @Test("an end before the first hour of 1970 is no trap")
    func earlyEnd() {
        #expect(DemoTraces.traces(endingAt: 0, seed: 1).count == DemoTraces.traceCount)
    }
}
