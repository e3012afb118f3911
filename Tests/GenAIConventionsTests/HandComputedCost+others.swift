import TraceModel

@testable import GenAIConventions

/// Bedrock, Mistral, xAI, DeepSeek, and calls that have no price.
/// The comment of each case is its arithmetic: tokens times US dollars per million, kind by kind.
extension HandComputedCost {
    static let others: [HandComputedCost] = [
        // 800 x 3 + 200 x 0.3 + 100 x 15 = 3960 millionths of a dollar
        HandComputedCost(
            "Claude on Bedrock, by an expression",
            call("aws.bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", input: 1000, output: 100, read: 200),
            [(800, 3), (200, 0.3), (100, 15)]),
        // 1,000 x 3.3 + 100 x 16.5 = 4950 millionths of a dollar
        HandComputedCost(
            "Claude in one region of Bedrock",
            call("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", input: 1000, output: 100),
            [(1000, 3.3), (100, 16.5)]),
        // 500 x 0.06 + 500 x 0.015 + 100 x 0.24 = 61.5 millionths of a dollar
        HandComputedCost(
            "Nova on Bedrock",
            call("aws.bedrock", "eu.amazon.nova-lite-v1:0", input: 1000, output: 100, read: 500),
            [(500, 0.06), (500, 0.015), (100, 0.24)]),
        // 1,000 x 2 + 1,000 x 6 = 8000 millionths of a dollar
        HandComputedCost(
            "an API behind the name of the provider",
            [
                ("gen_ai.system", "mistral.chat"), ("ai.model.provider", "mistral.chat"), ("ai.model.id", "mistral-large-2411"),
                ("ai.usage.promptTokens", .int(1000)), ("ai.usage.completionTokens", .int(1000)),
            ],
            [(1000, 2), (1000, 6)]),
        // no price, no cost
        HandComputedCost(
            "nobody else's price",
            call("somewhere", "mistral-large-2411", input: 1000, output: 1000),
            nil),
        // 250 x 3 + 750 x 0.75 + 100 x 15 + 300 x 15 = 7312.5 millionths of a dollar
        HandComputedCost(
            "xAI leaves reasoning out of its output",
            [
                ("ai.model.provider", "xai.chat"), ("ai.model.id", "grok-4"), ("ai.usage.inputTokens", .int(1000)),
                ("ai.usage.outputTokens", .int(100)), ("ai.usage.reasoningTokens", .int(300)), ("ai.usage.cachedInputTokens", .int(750)),
            ],
            [(250, 3), (750, 0.75), (100, 15), (300, 15)]),
        // 100 x 0.56 + 900 x 0.07 + 1,000 x 1.68 = 1799 millionths of a dollar
        HandComputedCost(
            "DeepSeek from a day on",
            call("deepseek", "deepseek-chat", input: 1000, output: 1000, read: 900), on: Day(2025, 9, 10),
            [(100, 0.56), (900, 0.07), (1000, 1.68)]),
        // no price, no cost
        HandComputedCost(
            "an agent has no cost of its own",
            [
                ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4.1"),
                ("gen_ai.usage.input_tokens", .int(1000)),
            ],
            nil),
        // half a dollar, beside 1,000 x 2 = 2000 millionths of a dollar
        HandComputedCost(
            "what the gateway billed counts, and what is computed stands beside",
            call("openai", "gpt-4.1", input: 1000, output: 0, [("gen_ai.usage.cost", .double(0.5))]), billed: 0.5,
            [(1000, 2)]),
        // 0.125 + 0.25 = 0.375 dollars, beside nothing
        HandComputedCost(
            "the parts of a bill add up, of a model without a price",
            call(
                "somewhere", "nobody's", input: 1000, output: 50,
                [("llm.cost.prompt", .double(0.125)), ("llm.cost.completion", .double(0.25))]),
            billed: 0.375, nil),
        // nothing was billed, beside 1,000 x 2 = 2000 millionths of a dollar
        HandComputedCost(
            "a call that was given away",
            call("openai", "gpt-4.1", input: 1000, output: 0, [("langfuse.observation.cost_details", #"{"total":0}"#)]), billed: 0,
            [(1000, 2)]),
        // Prices of a project before the shipped ones.
        // 700 x 1 + 300 x 1 + 500 x 4 = 3000 millionths of a dollar
        HandComputedCost(
            "a project's price comes first, for this name",
            call("openai", "gpt-4.1", input: 1000, output: 500, read: 300),
            overrides: [price(nil, "gpt-4.1", TokenRates(input: 1, output: 4))],
            [(700, 1), (300, 1), (500, 4)]),
        // 1,000 x 2 + 500 x 8 = 6000 millionths of a dollar
        HandComputedCost(
            "before it starts the shipped one counts",
            call("openai", "gpt-4.1", input: 1000, output: 500),
            overrides: [price(nil, "gpt-4.1", from: Day(2026, 1, 1), TokenRates(input: 1, output: 4))],
            [(1000, 2), (500, 8)]),
        // 1,000 x 1.8 + 500 x 7.2 = 5400 millionths of a dollar
        HandComputedCost(
            "a project's expression for its deployments",
            call("azure", "team-7-gpt4.1-prod", input: 1000, output: 500),
            overrides: [price("azure.ai.openai", #"/team-[0-9]+-gpt4\.1-.*/"#, TokenRates(input: 1.8, output: 7.2))],
            [(1000, 1.8), (500, 7.2)]),
        // 60,000 x 0.75 + 600 x 3 + 400 x 3.5 = 48200 millionths of a dollar
        HandComputedCost(
            "a project's tiers: reasoning, length and batch",
            call("acme", "m-1", input: 60000, output: 1000, reasoning: 400, [("gen_ai.response.service_tier", "batch")]),
            overrides: [
                price(
                    "acme", "m-*", TokenRates(input: 1, output: 4),
                    [
                        PriceTier(.batch, rates: TokenRates(input: 0.5, output: 2)),
                        PriceTier(.batch, aboveInputTokens: 50_000, rates: reasoning(0.75, 3, 3.5)),
                    ])
            ],
            [(60000, 0.75), (600, 3), (400, 3.5)]),
        // 50,000 x 2 + 10,000 x 2 + 1,000 x 4 = 124000 millionths of a dollar
        HandComputedCost(
            "what a tier leaves out the price itself says",
            call("acme", "m-1", input: 60000, output: 1000, read: 10000),
            overrides: [
                price(
                    "acme", "m-*", TokenRates(input: 1, output: 4, cacheRead: 0.1),
                    [PriceTier(aboveInputTokens: 50_000, rates: TokenRates(input: 2))])
            ],
            [(50000, 2), (10000, 2), (1000, 4)]),
        // 1,000 x 0 + 1,000 x 0 = 0 millionths of a dollar
        HandComputedCost(
            "a free model costs nothing",
            call("acme", "m-free", input: 1000, output: 1000), overrides: [price("acme", "m-free", TokenRates(input: 0, output: 0))],
            [(1000, 0), (1000, 0)]),
        // 3 x 1e-07 + 7 x 3e-07 = 0.0000024 millionths of a dollar
        HandComputedCost(
            "fractions of a billionth of a dollar add up exactly",
            call("acme", "tiny", input: 3, output: 7), overrides: [price("acme", "tiny", TokenRates(input: 0.0000001, output: 0.0000003))],
            [(3, 1e-07), (7, 3e-07)]),
    ]

    private static func reasoning(_ input: Double, _ output: Double, _ reasoning: Double) -> TokenRates {
        var rates = TokenRates(input: input, output: output)
        rates.reasoning = reasoning
        return rates
    }
}
