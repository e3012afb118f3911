import SeededRandom
import Testing
import TraceModel

@testable import GenAIConventions

@Suite("A call that two spans report counts once")
struct RepeatedCallsTests {
    private func call(
        _ id: UInt64, in parent: UInt64 = 0, response: UInt64 = 0, at start: UInt64 = 0, until end: UInt64 = 100, of group: UInt64 = 1,
        _ kind: LLMKind = .llm
    ) -> ModelCall {
        ModelCall(
            group: group, kind: kind, spanID: SpanID(rawValue: id), parentSpanID: SpanID(rawValue: parent), responseHash: response,
            startTimeUnixNano: start, endTimeUnixNano: end)
    }

    @Test("of equal response ids the innermost counts, at any distance: by parents that are calls, by time where they are not")
    func responses() {
        #expect(RepeatedCalls.find([call(1, response: 7, at: 10), call(3, in: 2, response: 7, at: 12)]) == [true, false])
        #expect(RepeatedCalls.find([call(3, in: 2, response: 7, at: 12), call(1, response: 7, at: 10)]) == [false, true])
        #expect(
            RepeatedCalls.find([call(1, response: 7, at: 1), call(2, in: 1, response: 7, at: 2), call(3, in: 2, response: 7, at: 3)])
                == [true, true, false])
        #expect(RepeatedCalls.find([call(1, response: 7), call(2, response: 7)]) == [true, false])
        // Parents beat clocks: what is below may begin before and end behind.
        #expect(
            RepeatedCalls.find([call(5, response: 7, at: 10, until: 20), call(2, in: 5, response: 7, at: 9, until: 21)]) == [true, false])
        // Another call between, with an answer of its own.
        #expect(
            RepeatedCalls.find([
                call(1, response: 7, at: 1, until: 5), call(2, in: 1, response: 8, at: 2), call(3, in: 2, response: 7, at: 3),
            ]) == [true, false, false])
    }

    @Test("a repeat names the call that counts in its place: the innermost, also through repeats of repeats")
    func counting() {
        let chain = [call(1, response: 7, at: 1), call(2, in: 1, response: 7, at: 2), call(3, in: 2, response: 7, at: 3)]
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let calls = order.map { chain[$0] }
            #expect(RepeatedCalls.counting(calls).map { $0.map { calls[$0].spanID.rawValue } } == order.map { [3, 3, nil][$0] })
        }
        #expect(RepeatedCalls.counting([call(1, at: 1), call(2, in: 1, response: 7, at: 2)]) == [1, nil])
        // By time: its own wrapper for each of two calls.
        let wrapped = [
            call(1, in: 9, response: 7, at: 10, until: 30), call(2, in: 11, response: 7, at: 11, until: 29),
            call(3, in: 9, response: 7, at: 40, until: 60), call(4, in: 31, response: 7, at: 41, until: 59),
        ]
        #expect(RepeatedCalls.counting(wrapped) == [1, nil, 3, nil])
        #expect(RepeatedCalls.counting([call(1, response: 7, at: 1, until: 5), call(2, response: 7, at: 6, until: 9)]) == [nil, nil])
        let cycle = [call(1, in: 3, response: 7, at: 1), call(2, in: 1, response: 7, at: 2), call(3, in: 2, response: 7, at: 3)]
        #expect(RepeatedCalls.counting(cycle) == [2, 2, nil])
    }

    @Test("a response id that a server sends with every answer makes no repeats: siblings, one after the other, and calls side by side")
    func constantResponses() {
        let siblings = [
            call(1, in: 9, response: 7, at: 10, until: 30), call(2, in: 9, response: 7, at: 20, until: 40),
            call(3, in: 9, response: 7, at: 40, until: 50),
        ]
        #expect(RepeatedCalls.find(siblings) == [false, false, false])
        #expect(RepeatedCalls.find([call(1, response: 7, at: 1, until: 5), call(2, response: 7, at: 6, until: 9)]) == [false, false])
        #expect(
            RepeatedCalls.find([call(1, in: 8, response: 7, at: 1, until: 5), call(2, in: 9, response: 7, at: 3, until: 9)])
                == [false, false])
        // An instrumentation that does not make its span the current one: the SDK's own span stands beside it, and within its time.
        let beside = [call(1, in: 9, response: 7, at: 10, until: 90), call(2, in: 9, response: 7, at: 20, until: 30)]
        #expect(RepeatedCalls.find(beside) == [true, false])
        #expect(RepeatedCalls.find(beside.map { call($0.spanID.rawValue, in: 9, response: 7, at: 10, until: 30) }) == [false, false])
        // Each of them has a wrapper with a span between.
        let wrapped = [
            call(1, in: 9, response: 7, at: 10, until: 30), call(2, in: 11, response: 7, at: 11, until: 29),
            call(3, in: 9, response: 7, at: 40, until: 60), call(4, in: 31, response: 7, at: 41, until: 59),
        ]
        #expect(RepeatedCalls.find(wrapped) == [true, false, true, false])
    }

    @Test("calls of different kinds never repeat each other: a chat that embeds what it looks up")
    func kinds() {
        #expect(RepeatedCalls.find([call(1), call(2, in: 1, .embedding)]) == [false, false])
        #expect(RepeatedCalls.find([call(1, response: 7), call(2, in: 1, .reranker)]) == [false, false])
        #expect(RepeatedCalls.find([call(1, response: 7), call(2, in: 1, response: 7, .embedding)]) == [false, false])
        #expect(RepeatedCalls.find([call(1, .embedding), call(2, in: 1, .embedding)]) == [true, false])
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

    @Test("the answer does not hang on the order, is that of the rule said plainly, and of every answer some span counts")
    func order() {
        let seed = TestSeed.next()
        print("RepeatedCallsTests seed: \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            let calls = (1...UInt64.random(in: 2...24, using: &random)).map { id in
                // Parents have smaller ids, so there are no cycles; those from 100 on are no calls.
                let parent = [0, 100 + UInt64.random(in: 0...3, using: &random), UInt64.random(in: 0..<id, using: &random)]
                let start = UInt64.random(in: 0...5, using: &random)
                return call(
                    id, in: parent.randomElement(using: &random) ?? 0, response: UInt64.random(in: 1...6, using: &random), at: start,
                    until: start + UInt64.random(in: 0...5, using: &random), of: UInt64.random(in: 1...2, using: &random),
                    Bool.random(using: &random) ? .llm : .embedding)
            }
            let found = RepeatedCalls.find(calls)
            #expect(found == plain(calls), "seed \(seed)")
            func answer(_ call: ModelCall) -> String { "\(call.group)/\(call.kind)/\(call.responseHash)" }
            #expect(Set(zip(calls, found).filter { !$1 }.map { answer($0.0) }) == Set(calls.map(answer)))
            let shuffled = calls.indices.shuffled(using: &random)
            #expect(RepeatedCalls.find(shuffled.map { calls[$0] }) == shuffled.map { found[$0] })
        }
    }

    /// The rule for calls that all have response ids, pair by pair.
    private func plain(_ calls: [ModelCall]) -> [Bool] {
        func parent(_ call: ModelCall) -> ModelCall? { calls.first { $0.spanID == call.parentSpanID && $0.group == call.group } }
        func above(_ call: ModelCall) -> [ModelCall] { parent(call).map { [$0] + above($0) } ?? [] }
        func isSame(_ a: ModelCall, _ b: ModelCall) -> Bool {
            a.group == b.group && a.kind == b.kind && a.responseHash == b.responseHash
        }
        func isAbove(_ call: ModelCall) -> Bool {
            calls.contains { inner in isSame(call, inner) && above(inner).contains { $0.spanID == call.spanID } }
        }
        return calls.map { outer in
            if isAbove(outer) { return true }
            return calls.contains { inner in
                guard isSame(outer, inner), inner.spanID != outer.spanID, !isAbove(inner) else { return false }
                let top = (above(inner).last ?? inner).parentSpanID
                let isBehind =
                    (outer.startTimeUnixNano, .max - outer.endTimeUnixNano, outer.spanID.rawValue)
                    < (inner.startTimeUnixNano, UInt64.max - inner.endTimeUnixNano, inner.spanID.rawValue)
                if outer.parentSpanID == top, !outer.parentSpanID.isZero {
                    return outer.startTimeUnixNano < inner.startTimeUnixNano && inner.endTimeUnixNano < outer.endTimeUnixNano
                }
                return isBehind && inner.endTimeUnixNano <= outer.endTimeUnixNano
            }
        }
    }

    @Test("parents that lead back to themselves end, and something counts")
    func cycles() {
        let cycle = [call(1, in: 3, response: 7, at: 1), call(2, in: 1, response: 7, at: 2), call(3, in: 2, response: 7, at: 3)]
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            #expect(RepeatedCalls.find(order.map { cycle[$0] }) == order.map { [true, true, false][$0] })
        }
        #expect(RepeatedCalls.find([call(1, in: 2, at: 1), call(2, in: 1, at: 2)]) == [true, false])
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
        batch.endTimesUnixNano = batch.endTimesUnixNano.map { _ in 1_790_000_000_000_001_000 }
        var fields = AttributeMapping.current.apply(to: &batch)
        ShippedPrices.book.price(&fields, batch: batch)
        #expect(fields.costs.map { $0.isNaN ? -1 : $0 } == [-1, 2, 2, 2])
        #expect(fields.inputTokens == [1_000_000, 1_000_000, 1_000_000, 1_000_000])
    }
}
