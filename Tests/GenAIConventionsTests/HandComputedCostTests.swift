import Testing
import TraceModel

@testable import GenAIConventions

@Suite("Tokens and costs of calls as they come in agree with hand-computed ones, to the micro-dollar")
struct HandComputedCostTests {
    static let cases: [HandComputedCost] =
        HandComputedCost.openAI + HandComputedCost.anthropic + HandComputedCost.google + HandComputedCost.others

    /// US dollars of each span, by the mapping and the prices in the way of an export; nil for none.
    /// `isNested`: whether each lies within the time of the one before; else each begins and ends behind it.
    private func costs(
        _ spans: [(attributes: [(String, AttributeValue)], parent: UInt64)], at day: Day, _ overrides: [Price] = [], isNested: Bool = true
    ) -> [Double?] {
        var builder = BatchBuilder()
        for (index, span) in spans.enumerated() {
            builder.add(span.attributes, startTimeUnixNano: day.unixNano + UInt64(index))
            builder.batch.parentSpanIDs[index] = SpanID(rawValue: span.parent)
            builder.batch.endTimesUnixNano[index] =
                isNested ? day.unixNano + 1_000_000 - UInt64(index) : day.unixNano + 1_000_000 + UInt64(index)
        }
        var batch = builder.batch
        batch.traceIDs = batch.traceIDs.map { _ in TraceID(high: 1, low: 1) }
        var fields = AttributeMapping.current.apply(to: &batch)
        let book = overrides.isEmpty ? ShippedPrices.book : PriceBook(version: 9, prices: overrides, before: ShippedPrices.book)
        book.price(&fields, batch: batch)
        return fields.costs.map { $0.isNaN ? nil : $0 }
    }

    @Test("there are enough of them, of four providers and more")
    func count() {
        #expect(Self.cases.count >= 40)
        #expect(Set(Self.cases.map(\.name)).count == Self.cases.count)
    }

    @Test("a call costs the sum of its tokens at their prices", arguments: cases.indices)
    func cost(_ index: Int) throws {
        let example = Self.cases[index]
        let found = costs([(example.attributes, 0)], at: example.day, example.overrides)[0]
        if let billed = example.billed {
            #expect(found == billed, "\(example.name)")
            return
        }
        guard let arithmetic = example.arithmetic else {
            #expect(found == nil, "\(example.name)")
            return
        }
        let microDollars = arithmetic.reduce(0) { $0 + Double($1.tokens) * $1.perMillion }
        let cost = try #require(found, "\(example.name)") * 1_000_000
        #expect(abs(cost - microDollars) <= microDollars * 1e-12, "\(example.name): \(cost)")
    }

    @Test("what explains a cost has the same tokens at the same prices", arguments: cases.indices)
    func explanation(_ index: Int) throws {
        let example = Self.cases[index]
        var batch = BatchBuilder.span(example.attributes)
        let fields = AttributeMapping.current.apply(to: &batch)
        var llm = SpanRecord.LLM()
        llm.kind = fields.kinds[0]
        llm.provider = fields.providers[0].isNone ? nil : batch.text(fields.providers[0])
        llm.requestModel = fields.requestModels[0].isNone ? nil : batch.text(fields.requestModels[0])
        llm.responseModel = fields.responseModels[0].isNone ? nil : batch.text(fields.responseModels[0])
        func count(_ value: Int64) -> Int64? { value < 0 ? nil : value }
        (llm.inputTokens, llm.outputTokens) = (count(fields.inputTokens[0]), count(fields.outputTokens[0]))
        (llm.cacheReadTokens, llm.cacheWriteTokens) = (count(fields.cacheReadTokens[0]), count(fields.cacheWriteTokens[0]))
        llm.reasoningTokens = count(fields.reasoningTokens[0])
        llm.reportedCost = fields.reportedCosts[0].isNaN ? nil : fields.reportedCosts[0]
        let book = PriceBook(version: 9, prices: example.overrides, before: ShippedPrices.book)
        let explained = book.explain(llm, details: fields.usageDetails.first, at: example.day.unixNano)
        #expect(explained.billed == example.billed, "\(example.name)")
        guard let arithmetic = example.arithmetic else {
            #expect(explained.total == nil && explained.absence != nil, "\(example.name)")
            return
        }
        #expect(explained.cost == example.billed ?? explained.total)
        let wanted = arithmetic.filter { $0.tokens > 0 }.map { "\($0.tokens) x \($0.perMillion)" }
        #expect(explained.items.map { "\($0.tokens) x \($0.perMillion)" }.sorted() == wanted.sorted(), "\(example.name)")
        let total = try #require(explained.total)
        #expect(abs(explained.items.reduce(0) { $0 + $1.amount } - total) < 1e-12)
    }

    private func chat(_ input: Int64, _ more: [(String, AttributeValue)] = []) -> [(String, AttributeValue)] {
        HandComputedCost.call("openai", "gpt-4.1", input: input, output: 0, more)
    }

    /// Of nested spans the sum is that of the calls: 1,000 x 2 + 500 x 0.02 millionths of a dollar.
    @Test("nested spans: an agent around a chat around its SDK's own span, and vectors below the chat, are paid once each")
    func nested() {
        let agent: [(String, AttributeValue)] = [
            ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.request.model", "gpt-4.1"), ("gen_ai.usage.input_tokens", .int(1500)),
        ]
        let vectors: [(String, AttributeValue)] = [
            ("gen_ai.operation.name", "embeddings"), ("gen_ai.request.model", "text-embedding-3-small"),
            ("gen_ai.usage.input_tokens", .int(500)),
        ]
        let id: (String, AttributeValue) = ("gen_ai.response.id", "r-1")
        let found = costs([(agent, 0), (chat(1000), 1), (chat(1000, [id]), 2), (vectors, 3)], at: Day(2025, 12, 1))
        #expect(found.map { $0.map { ($0 * 1e6).rounded() } } == [nil, nil, 2000, 10])
    }

    /// Each of the three is paid: 1,000 x 2 + 2,000 x 2 + 3,000 x 2.
    @Test("nested spans: three calls side by side whose server sends one id with every answer are paid each")
    func constantResponse() {
        let id: (String, AttributeValue) = ("gen_ai.response.id", "chatcmpl-0")
        let calls: [(attributes: [(String, AttributeValue)], parent: UInt64)] = [
            ([], 0), (chat(1000, [id]), 1), (chat(2000, [id]), 1), (chat(3000, [id]), 1),
        ]
        let found = costs(calls, at: Day(2025, 12, 1), isNested: false)
        #expect(found.map { $0.map { ($0 * 1e6).rounded() } } == [nil, 2000, 4000, 6000])
    }

    @Test("the largest call at the largest price is counted, and a rate that is no number costs nothing")
    func bounds() {
        let usage = TokenUsage(input: .max, output: .max, cacheRead: .max, reasoning: .max)
        let price = Price(
            provider: nil, modelPattern: "m", effectiveFromUnixNano: 0, inputPerMillion: 1_000_000, outputPerMillion: 1_000_000,
            source: "test")
        // Reads and reasoning take all: 2^53 tokens each, at a dollar.
        #expect(price.cost(of: usage) == 2 * 0x1p53)
        for odd in [Double.nan, .infinity, -1] {
            let odd = Price(
                provider: nil, modelPattern: "m", effectiveFromUnixNano: 0, inputPerMillion: odd, outputPerMillion: 0, source: "test")
            #expect(odd.cost(of: TokenUsage(input: 5)) == 0)
        }
    }
}
