import TraceModel

@testable import GenAIConventions

/// Anthropic: cache read and written, for five minutes and an hour, batches, long inputs.
/// The comment of each case is its arithmetic: tokens times US dollars per million, kind by kind.
extension HandComputedCost {
    static let anthropic: [HandComputedCost] = [
        // 400 x 3 + 500 x 0.3 + 100 x 3.75 + 200 x 15 = 4725 millionths of a dollar
        HandComputedCost(
            "cache read and written, all inside the input",
            call("anthropic", "claude-sonnet-4-5", input: 1000, output: 200, read: 500, write: 100),
            [(400, 3), (500, 0.3), (100, 3.75), (200, 15)]),
        // 50 x 1 + 40 x 0.1 + 10 x 1.25 + 7 x 5 = 101.5 millionths of a dollar
        HandComputedCost(
            "the AI SDK leaves the cache out: 50 + 40 + 10",
            [
                ("ai.operationId", "ai.generateText.doGenerate"), ("gen_ai.system", "anthropic.messages"),
                ("ai.model.provider", "anthropic.messages"), ("ai.model.id", "claude-haiku-4-5"), ("ai.usage.promptTokens", .int(50)),
                ("gen_ai.usage.input_tokens", .int(50)), ("ai.usage.completionTokens", .int(7)), ("gen_ai.usage.output_tokens", .int(7)),
                ("ai.response.providerMetadata", #"{"anthropic":{"cacheReadInputTokens":40,"cacheCreationInputTokens":10}}"#),
            ],
            [(50, 1), (40, 0.1), (10, 1.25), (7, 5)]),
        // 1,000 x 5 + 1,500 x 6.25 + 500 x 10 + 100 x 25 = 21875 millionths of a dollar
        HandComputedCost(
            "some written for an hour",
            call(
                "anthropic", "claude-opus-4-5", input: 3000, output: 100, write: 2000,
                [("gen_ai.usage.cache_write.ephemeral_1h.input_tokens", .int(500))]),
            [(1000, 5), (1500, 6.25), (500, 10), (100, 25)]),
        // 200 x 1 + 1,000 x 2 + 10 x 5 = 2250 millionths of a dollar
        HandComputedCost(
            "all written for an hour, by the raw usage",
            call(
                "anthropic", "claude-haiku-4-5", input: 1200, output: 10, write: 1000,
                [("gen_ai.usage.raw", #"{"cache_creation":{"ephemeral_1h_input_tokens":1000}}"#)]),
            [(200, 1), (1000, 2), (10, 5)]),
        // 200 x 1 + 1,000 x 2 + 10 x 5 = 2250 millionths of a dollar
        HandComputedCost(
            "more for an hour than was written is as much as was written",
            call(
                "anthropic", "claude-haiku-4-5", input: 1200, output: 10, write: 1000,
                [("gen_ai.usage.details.ephemeral_1h_input_tokens", .int(5000))]),
            [(200, 1), (1000, 2), (10, 5)]),
        // 400 x 1.5 + 500 x 0.15 + 100 x 1.875 + 200 x 7.5 = 2362.5 millionths of a dollar
        HandComputedCost(
            "a batch halves everything",
            call("anthropic", "claude-sonnet-4-5", input: 1000, output: 200, read: 500, write: 100, [("anthropic.service_tier", "batch")]),
            [(400, 1.5), (500, 0.15), (100, 1.875), (200, 7.5)]),
        // 200 x 2.5 + 800 x 5 + 100 x 12.5 = 5750 millionths of a dollar
        HandComputedCost(
            "a batch with writes for an hour",
            call(
                "anthropic", "claude-opus-4-6", input: 1000, output: 100, write: 800,
                [("anthropic.service_tier", "batch"), ("gen_ai.usage.cache_write.ephemeral_1h.input_tokens", .int(800))]),
            on: Day(2026, 3, 1),
            [(200, 2.5), (800, 5), (100, 12.5)]),
        // 200,000 x 3 + 1,000 x 15 = 615000 millionths of a dollar
        HandComputedCost(
            "exactly 200,000 tokens are not above",
            call("anthropic", "claude-sonnet-4-5", input: 200000, output: 1000),
            [(200000, 3), (1000, 15)]),
        // 100,000 x 6 + 100,000 x 0.6 + 1 x 7.5 + 1,000 x 22.5 = 682507.5 millionths of a dollar
        HandComputedCost(
            "one more is, cache included",
            call("anthropic", "claude-sonnet-4-5", input: 200001, output: 1000, read: 100000, write: 1),
            [(100000, 6), (100000, 0.6), (1, 7.5), (1000, 22.5)]),
        // 500,000 x 5 + 10 x 25 = 2500250 millionths of a dollar
        HandComputedCost(
            "a model without a tier is as long as it likes",
            call("anthropic", "claude-opus-4-5", input: 500000, output: 10),
            [(500000, 5), (10, 25)]),
        // 1,000 x 3 + 100 x 15 = 4500 millionths of a dollar
        HandComputedCost(
            "by its beginning",
            call("anthropic", "claude-3-5-sonnet-latest", input: 1000, output: 100),
            [(1000, 3), (100, 15)]),
    ]
}
