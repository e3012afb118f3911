import SeededRandom
import Testing
import TraceModel

@testable import GenAIConventions

@Suite("A call that two spans report counts once")
struct RepeatedCallsTests {
    private func call(_ id: UInt64, in parent: UInt64 = 0, response: UInt64 = 0, at start: UInt64 = 0, of group: UInt64 = 1) -> ModelCall {
        ModelCall(
            group: group, spanID: SpanID(rawValue: id), parentSpanID: SpanID(rawValue: parent), responseHash: response,
            startTimeUnixNano: start)
    }

    @Test("of equal response ids the innermost counts: the one that begins last, at any distance")
    func responses() {
        #expect(RepeatedCalls.find([call(1, response: 7, at: 10), call(3, in: 2, response: 7, at: 12)]) == [true, false])
        #expect(RepeatedCalls.find([call(3, in: 2, response: 7, at: 12), call(1, response: 7, at: 10)]) == [false, true])
        #expect(
            RepeatedCalls.find([call(1, response: 7, at: 1), call(2, in: 1, response: 7, at: 2), call(3, in: 2, response: 7, at: 3)])
                == [true, true, false])
        #expect(RepeatedCalls.find([call(1, response: 7), call(2, response: 7)]) == [true, false])
    }

    @Test("without response ids a call right below another one counts instead of it")
    func parents() {
        #expect(RepeatedCalls.find([call(1), call(2, in: 1)]) == [true, false])
        #expect(RepeatedCalls.find([call(1), call(2, in: 1, response: 7)]) == [true, false])
        #expect(RepeatedCalls.find([call(1, response: 7), call(2, in: 1)]) == [true, false])
    }

    @Test("calls of their own count each: other answers, other traces, siblings, spans sent twice, spans that are their own parent")
    func apart() {
        #expect(RepeatedCalls.find([call(1, response: 7), call(2, in: 1, response: 8)]) == [false, false])
        #expect(RepeatedCalls.find([call(1, response: 7), call(2, response: 7, of: 2)]) == [false, false])
        #expect(RepeatedCalls.find([call(1, of: 1), call(2, in: 1, of: 2)]) == [false, false])
        #expect(RepeatedCalls.find([call(1, in: 9), call(2, in: 9)]) == [false, false])
        #expect(RepeatedCalls.find([call(1, response: 7), call(1, response: 7)]) == [false, false])
        #expect(RepeatedCalls.find([call(1, in: 1), call(2)]) == [false, false])
        #expect(RepeatedCalls.find([]) == [])
    }

    @Test("the answer does not hang on the order, and of every answer exactly one span counts")
    func order() {
        let seed = TestSeed.next()
        print("RepeatedCallsTests seed: \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let calls = (1...UInt64.random(in: 2...40, using: &random)).map { id in
                call(
                    id, response: UInt64.random(in: 1...12, using: &random), at: UInt64.random(in: 0...5, using: &random),
                    of: UInt64.random(in: 1...3, using: &random))
            }
            let found = RepeatedCalls.find(calls)
            let counted = zip(calls, found).filter { !$1 }.map { "\($0.0.group)/\($0.0.responseHash)" }
            #expect(counted.count == Set(counted).count)
            #expect(Set(counted) == Set(calls.map { "\($0.group)/\($0.responseHash)" }))
            let shuffled = calls.indices.shuffled(using: &random)
            #expect(RepeatedCalls.find(shuffled.map { calls[$0] }) == shuffled.map { found[$0] })
        }
    }

    @Test("spans of one batch: the span of an instrumentation around an SDK's own gets no cost, and keeps its tokens")
    func pricing() {
        var builder = BatchBuilder()
        let call: [(String, AttributeValue)] = [
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4.1"),
            ("gen_ai.usage.input_tokens", .int(1_000_000)),
        ]
        builder.add(call + [("gen_ai.response.id", "r-1")], startTimeUnixNano: 1_790_000_000_000_000_000)
        builder.add(call + [("gen_ai.response.id", "r-1")], startTimeUnixNano: 1_790_000_000_000_000_001)
        builder.add(call + [("gen_ai.response.id", "r-2")])
        builder.add(call + [("gen_ai.request.model", "nobody's"), ("gen_ai.response.id", "r-3")])
        var batch = builder.batch
        batch.traceIDs = batch.traceIDs.map { _ in TraceID(high: 1, low: 1) }
        var fields = AttributeMapping.current.apply(to: &batch)
        ShippedPrices.book.price(&fields, batch: batch)
        #expect(fields.costs.map { $0.isNaN ? -1 : $0 } == [-1, 2, 2, 2])
        #expect(fields.inputTokens == [1_000_000, 1_000_000, 1_000_000, 1_000_000])
    }
}
