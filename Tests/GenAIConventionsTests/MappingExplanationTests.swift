import Testing
import TraceModel

@testable import GenAIConventions

@Suite("The mapping explains itself")
struct MappingExplanationTests {
    private func explained(_ attributes: [(String, AttributeValue)]) -> MappingExplanation {
        var batch = BatchBuilder.span(attributes)
        return AttributeMapping.current.explain(&batch)
    }

    private func sources(_ explanation: MappingExplanation) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: explanation.origins.map { origin in
                (origin.field.name, origin.rules.map(\.key.description).joined(separator: " + "))
            })
    }

    @Test("every field that has a value has the rule that gave it, and no other one does")
    func everyRow() {
        for row in MappingRowTests.rows + MappingRowTests.dialectRows {
            let found = explained([(row.key, row.value)])
            var filled = Set(row.expected.keys)
            if row.expected["kind"] == "span" { filled.remove("kind") }
            // It follows from what was billed, which has its rule.
            filled.remove("cost")
            var told = Set(found.origins.map(\.field.name)).subtracting(
                ["(reported total)", "(AI SDK's input)", "(AI SDK's output)", "(provider's input)"])
            // A kind that is said to be none.
            if row.expected["kind"] == "span" { told.remove("kind") }
            #expect(told == filled, "\(row.testDescription)")
            for origin in found.origins { #expect(origin.rules.allSatisfy { $0.field == origin.field }) }
        }
    }

    @Test("the best attribute is named with its place, one of a list by its own key, parts of a sum together")
    func origins() {
        let found = explained([
            ("llm.token_count.prompt", .int(1)), ("gen_ai.usage.prompt_tokens", .int(2)), ("llm.cost.prompt", .double(1)),
            ("llm.cost.completion", .double(1)), ("llm.input_messages.3.message.content", "x"),
            ("ai.telemetry.metadata.langfusePrompt", #"{"name":"p"}"#),
        ])
        #expect(
            sources(found) == [
                "input_tokens": "gen_ai.usage.prompt_tokens", "reported_cost": "llm.cost.prompt + llm.cost.completion",
                "input": "llm.input_messages.N.message.content", "prompt_name": "ai.telemetry.metadata.langfusePrompt: name",
            ])
        #expect(found.origins.first { $0.field == .input }?.attribute == "llm.input_messages.3.message.content")
        let place = AttributeMapping.current.rules.filter { $0.field == .inputTokens }.firstIndex {
            $0.key == .exact("gen_ai.usage.prompt_tokens")
        }
        #expect(found.origins.first { $0.field == .inputTokens }?.position == place.map { $0 + 1 })
    }

    @Test("a total that was added to says by how much and why")
    func totals() {
        func total(_ attributes: [(String, AttributeValue)]) -> [MappingExplanation.Total] { explained(attributes).totals }
        let cache: (String, AttributeValue) = ("gen_ai.usage.cache_read.input_tokens", .int(40))
        #expect(
            total([("gen_ai.usage.input_tokens", .int(10)), cache])
                == [MappingExplanation.Total(field: .inputTokens, sent: 10, added: 40, reason: .numbers)])
        #expect(total([("gen_ai.usage.input_tokens", .int(100)), cache]).isEmpty)
        #expect(
            total([("ai.model.provider", "anthropic"), ("ai.usage.inputTokens", .int(100)), ("ai.usage.cachedInputTokens", .int(40))])
                .map(\.reason) == [.provider])
        #expect(
            total([("langfuse.observation.usage_details", #"{"input":100,"cache_read_input_tokens":40}"#)]).map(\.reason) == [.convention])
        #expect(
            total([
                ("ai.usage.inputTokens", .int(1)), ("ai.usage.outputTokens", .int(50)), ("ai.usage.reasoningTokens", .int(5)),
                ("ai.usage.totalTokens", .int(56)),
            ]) == [MappingExplanation.Total(field: .outputTokens, sent: 50, added: 5, reason: .reportedTotal)])
    }

    @Test("a cost is the sum of its items, each with its rate; where there is none, it says why")
    func costs() throws {
        let price = Price(
            provider: nil, modelPattern: "m", effectiveFromUnixNano: 0, inputPerMillion: 2, outputPerMillion: 8, cacheReadPerMillion: 0.5,
            source: "test")
        let book = PriceBook(version: 9, prices: [price])
        var llm = SpanRecord.LLM()
        llm.kind = .llm
        #expect(book.explain(llm, at: 1).absence == .noUsage)
        (llm.inputTokens, llm.cacheReadTokens, llm.cacheWriteTokens) = (1_000_000, 400_000, 100_000)
        (llm.outputTokens, llm.reasoningTokens) = (500_000, 250_000)
        #expect(book.explain(llm, at: 1).absence == .noModel)
        llm.requestModel = "m"
        llm.responseModel = "unknown"
        let found = book.explain(llm, at: 1)
        #expect(found.model == "m" && found.price == price && found.priceBookVersion == 9 && found.absence == nil)
        #expect(found.items.map(\.kind) == [.input, .cacheRead, .cacheWrite, .output, .reasoning])
        #expect(found.items.map(\.tokens) == [500_000, 400_000, 100_000, 250_000, 250_000])
        #expect(found.items.map(\.amount) == [1, 0.2, 0.2, 2, 2])
        #expect(found.items.map(\.isFallback) == [false, false, true, false, true])
        #expect(abs(try #require(found.total) - 5.4) < 1e-12)
        llm.requestModel = "other"
        #expect(book.explain(llm, at: 1).absence == .noPrice)
        llm.kind = .agent
        #expect(book.explain(llm, at: 1).absence == .container)
    }
}
