import Testing
import TraceModel

@testable import GenAIConventions

@Suite("A batch is priced span by span")
struct BatchPricingTests {
    private let start = Day(2025, 12, 1).unixNano

    /// Costs in millionths of a dollar, nil where none was computed.
    private func microDollars(_ spans: [[(String, AttributeValue)]], at starts: [UInt64]? = nil) -> [Double?] {
        var builder = BatchBuilder()
        for (index, attributes) in spans.enumerated() { builder.add(attributes, startTimeUnixNano: starts?[index] ?? start) }
        var batch = builder.batch
        var fields = AttributeMapping.current.apply(to: &batch)
        ShippedPrices.book.price(&fields, batch: batch)
        return fields.costs.map { $0.isNaN ? nil : ($0 * 1e9).rounded() / 1e3 }
    }

    private func call(_ provider: String?, _ model: String, input: Int64, output: Int64 = 0) -> [(String, AttributeValue)] {
        (provider.map { [("gen_ai.provider.name", AttributeValue.string($0))] } ?? [])
            + [
                ("gen_ai.request.model", .string(model)), ("gen_ai.usage.input_tokens", .int(input)),
                ("gen_ai.usage.output_tokens", .int(output)),
            ]
    }

    @Test("the same model at different times and other models in between each get their price")
    func mixed() {
        let spans = [
            call("openai", "o3", input: 1000), call("anthropic", "claude-haiku-4-5", input: 1000), call("openai", "o3", input: 1000),
            call("openai", "gpt-unknown", input: 1000), call(nil, "o3", input: 1000), call("deepseek", "deepseek-chat", input: 1000),
            call("elsewhere", "deepseek-chat", input: 1000),
        ]
        let before = Day(2025, 5, 1).unixNano
        #expect(
            microDollars(spans, at: [start, start, before, start, before, start, start]) == [2_000, 1_000, 10_000, nil, 10_000, 280, nil])
    }

    @Test("more models than the cache has slots are priced alike")
    func manyModels() {
        let prices = (0..<500).map { number in
            Price(
                provider: nil, modelPattern: "m\(number)", effectiveFromUnixNano: 0, inputPerMillion: Double(number), outputPerMillion: 0,
                source: "test")
        }
        var builder = BatchBuilder()
        for number in Array(0..<500) + Array(0..<500) { builder.add(call("p", "m\(number)", input: 1_000_000)) }
        var batch = builder.batch
        var fields = AttributeMapping.current.apply(to: &batch)
        PriceBook(version: 1, prices: prices).price(&fields, batch: batch)
        #expect(fields.costs == (Array(0..<500) + Array(0..<500)).map { Double($0) })
    }

    @Test("the response's model is priced before the request's, and the request's where the response's has no price")
    func models() {
        let usage: (String, AttributeValue) = ("gen_ai.usage.input_tokens", .int(1000))
        #expect(microDollars([[("gen_ai.request.model", "gpt-4.1-mini"), ("gen_ai.response.model", "gpt-4.1"), usage]]) == [2_000])
        #expect(microDollars([[("gen_ai.request.model", "gpt-4.1"), ("gen_ai.response.model", "my-deployment"), usage]]) == [2_000])
    }

    @Test("embeddings are priced")
    func embeddings() {
        #expect(
            microDollars([call("openai", "text-embedding-3-small", input: 1000) + [("gen_ai.operation.name", "embeddings")]]) == [20])
    }

    @Test("agents and chains have no computed cost, so that sums over a trace are not doubled")
    func agents() {
        let usage = call("openai", "gpt-4.1", input: 1000)
        #expect(
            microDollars([
                usage + [("gen_ai.operation.name", "invoke_agent")], usage + [("gen_ai.operation.name", "invoke_workflow")],
                usage + [("gen_ai.operation.name", "chat")],
            ]) == [nil, nil, 2_000])
    }

    @Test("without a model or without any count there is no computed cost")
    func nothingToPrice() {
        #expect(microDollars([[("gen_ai.usage.input_tokens", .int(5))], [("gen_ai.request.model", "gpt-4.1")], []]) == [nil, nil, nil])
        #expect(microDollars([[("gen_ai.request.model", "gpt-4.1"), ("gen_ai.usage.output_tokens", .int(0))]]) == [0])
    }

    private func bill(_ dollars: Double) -> [(String, AttributeValue)] { [("gen_ai.usage.cost", .double(dollars))] }

    @Test("what was billed is the cost, with or without a price, also when it is nothing; agents and chains have it beside only")
    func billed() {
        let known = call("openai", "gpt-4.1", input: 1000), chat: (String, AttributeValue) = ("gen_ai.operation.name", "chat")
        #expect(
            microDollars([
                known + bill(0.5), call("acme", "m", input: 1000) + bill(0.25), bill(0.125), known + bill(0), known,
                known + bill(0.5) + [("gen_ai.operation.name", "invoke_agent")], known + bill(.nan) + [chat], known + bill(-1) + [chat],
            ]) == [500_000, 250_000, 125_000, 0, 2_000, nil, 2_000, 2_000])
        var batch = BatchBuilder.span(known + bill(0.5))
        var fields = AttributeMapping.current.apply(to: &batch)
        ShippedPrices.book.price(&fields, batch: batch)
        #expect(fields.reportedCosts == [0.5] && fields.costs == [0.5])
    }

    @Test("of spans of one call one that was billed counts before one that was not, and each call once")
    func billedRepeats() {
        func costs(_ outer: Double?, _ inner: Double?) -> [Double?] {
            let answer: (String, AttributeValue) = ("gen_ai.response.id", "r-1")
            let chat = call("openai", "gpt-4.1", input: 1000) + [("gen_ai.operation.name", "chat"), answer]
            var builder = BatchBuilder()
            for billed in [outer, inner] { builder.add(chat + (billed.map(bill) ?? []), startTimeUnixNano: start) }
            var batch = builder.batch
            batch.traceIDs = batch.traceIDs.map { _ in TraceID(high: 1, low: 1) }
            batch.parentSpanIDs[1] = batch.spanIDs[0]
            var fields = AttributeMapping.current.apply(to: &batch)
            ShippedPrices.book.price(&fields, batch: batch)
            return fields.costs.map { $0.isNaN ? nil : $0 }
        }
        #expect(costs(nil, nil) == [nil, 0.002])
        #expect(costs(0.5, nil) == [0.5, nil])
        #expect(costs(nil, 0.25) == [nil, 0.25])
        #expect(costs(0.5, 0.25) == [nil, 0.25])
    }

    @Test("a call of ours costs what was billed, else what the model that answered costs, else the one that was asked")
    func ownCalls() {
        let usage = TokenUsage(input: 1_000_000)
        func cost(_ billed: Double?, _ answered: String?, _ asked: String, _ usage: TokenUsage?) -> Double? {
            ShippedPrices.book.cost(
                billed: billed, provider: "openai", responseModel: answered, requestModel: asked, usage: usage, at: start)
        }
        #expect(cost(0.5, "gpt-4.1", "gpt-4.1", usage) == 0.5)
        #expect(cost(0, nil, "nobody's", nil) == 0)
        #expect(cost(nil, "gpt-4.1-mini", "gpt-4.1", usage) == 0.4)
        #expect(cost(nil, "my-deployment", "gpt-4.1", usage) == 2)
        #expect(cost(nil, nil, "gpt-4.1", usage) == 2)
        #expect(cost(nil, nil, "nobody's", usage) == nil)
        #expect(cost(nil, nil, "gpt-4.1", nil) == nil)
    }
}
