import Testing
import TraceModel

@testable import GenAIConventions

/// Costs computed by hand from the published prices: (tokens x US dollars per million), summed. Millionths of a dollar.
@Suite("Costs agree with hand-computed ones to the micro-dollar")
struct CostTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var provider: String?
        var model: String
        var usage: TokenUsage
        var day: Day
        /// Millionths of a dollar; nil for no price.
        var microDollars: Double?
        var testDescription: String { "\(provider ?? "-") \(model) \(usage)" }

        init(_ provider: String?, _ model: String, _ usage: TokenUsage, _ microDollars: Double?, on day: Day = Day(2025, 12, 1)) {
            self.provider = provider
            self.model = model
            self.usage = usage
            self.day = day
            self.microDollars = microDollars
        }
    }

    static let cases: [Case] = [
        // 1,000 x 2 + 500 x 8
        Case("openai", "gpt-4.1", TokenUsage(input: 1000, output: 500), 6_000),
        // 700 x 2 + 300 x 0.5 + 500 x 8
        Case("openai", "gpt-4.1-2025-04-14", TokenUsage(input: 1000, output: 500, cacheRead: 300), 5_550),
        // 1,234 x 0.4 + 567 x 1.6
        Case("openai", "gpt-4.1-mini", TokenUsage(input: 1234, output: 567), 1_400.8),
        // 1,000 x 0.1 + 1 x 0.4
        Case("openai", "gpt-4.1-nano", TokenUsage(input: 1000, output: 1), 100.4),
        // before and after the alias moved: 1,000 x 5 + 1,000 x 15; 1,000 x 2.5 + 1,000 x 10
        Case("openai", "gpt-4o", TokenUsage(input: 1000, output: 1000), 20_000, on: Day(2024, 6, 1)),
        Case("openai", "gpt-4o", TokenUsage(input: 1000, output: 1000), 12_500, on: Day(2024, 10, 2)),
        Case("openai", "gpt-4o-2024-05-13", TokenUsage(input: 1000, output: 1000), 20_000),
        Case("openai", "gpt-4o-2024-11-20", TokenUsage(input: 1000, output: 1000), 12_500),
        // 500 x 0.15 + 500 x 0.075 + 200 x 0.6
        Case("openai", "gpt-4o-mini", TokenUsage(input: 1000, output: 200, cacheRead: 500), 232.5),
        // reasoning is paid as output: 100 x 1.1 + 900 x 4.4
        Case("openai", "o4-mini", TokenUsage(input: 100, output: 900, reasoning: 640), 4_070),
        // o3 before and after its cut: 1,000 x 10 + 1,000 x 40; 1,000 x 2 + 1,000 x 8
        Case("openai", "o3", TokenUsage(input: 1000, output: 1000), 50_000, on: Day(2025, 6, 9)),
        Case("openai", "o3-2025-04-16", TokenUsage(input: 1000, output: 1000), 10_000, on: Day(2025, 6, 10)),
        // 200 x 1.25 + 800 x 0.125 + 300 x 10
        Case("openai", "gpt-5", TokenUsage(input: 1000, output: 300, cacheRead: 800, reasoning: 256), 3_350),
        // 10,000 x 0.02
        Case("openai", "text-embedding-3-small", TokenUsage(input: 10_000), 200),
        // 400 x 3 + 500 x 0.3 + 100 x 3.75 + 200 x 15
        Case("anthropic", "claude-sonnet-4-5-20250929", TokenUsage(input: 1000, output: 200, cacheRead: 500, cacheWrite: 100), 4_725),
        // all of it from the cache: 1,000 x 0.1 + 10 x 5
        Case("anthropic", "claude-haiku-4-5", TokenUsage(input: 1000, output: 10, cacheRead: 1000), 150),
        // 1,000 x 15 + 2,000 x 18.75 + 100 x 75
        Case("anthropic", "claude-opus-4-1-20250805", TokenUsage(input: 3000, output: 100, cacheWrite: 2000), 60_000),
        // 1,000 x 5 + 100 x 25
        Case("anthropic", "claude-opus-4-5", TokenUsage(input: 1000, output: 100), 7_500),
        // by its beginning: 1,000 x 3 + 100 x 15
        Case("anthropic", "claude-3-5-sonnet-latest", TokenUsage(input: 1000, output: 100), 4_500),
        // wherever it is sold, with the provider's own date form
        Case("gcp.vertex_ai", "claude-sonnet-4-5@20250929", TokenUsage(input: 1000, output: 100), 4_500),
        // 900 x 0.3 + 100 x 0.03 + 1,000 x 2.5
        Case("gcp.gemini", "gemini-2.5-flash", TokenUsage(input: 1000, output: 1000, cacheRead: 100, reasoning: 700), 2_773),
        // 1,000 x 1.25 + 1,000 x 10
        Case("google", "models/gemini-2.5-pro", TokenUsage(input: 1000, output: 1000), 11_250),
        // the longest beginning: 1,000 x 0.0375 + 1,000 x 0.15; the shorter one: 1,000 x 0.075 + 1,000 x 0.3
        Case("gcp.gemini", "gemini-1.5-flash-8b-001", TokenUsage(input: 1000, output: 1000), 187.5),
        Case("gcp.gemini", "gemini-1.5-flash-002", TokenUsage(input: 1000, output: 1000), 375),
        // 250 x 3 + 750 x 0.75 + 400 x 15
        Case("xai", "grok-4", TokenUsage(input: 1000, output: 400, cacheRead: 750), 7_312.5),
        // 1,000 x 2 + 1,000 x 6, by any spelling of the provider; nobody else's price
        Case("mistralai", "mistral-large-2411", TokenUsage(input: 1000, output: 1000), 8_000),
        Case("somewhere", "mistral-large-2411", TokenUsage(input: 1000, output: 1000), nil),
        // 100 x 0.28 + 900 x 0.028 + 1,000 x 0.42
        Case("deepseek", "deepseek-chat", TokenUsage(input: 1000, output: 1000, cacheRead: 900), 473.2),
        // no provider named
        Case(nil, "gpt-4.1", TokenUsage(input: 1000, output: 500), 6_000),
        // more cached than there was: 0 x 2 + 1,500 x 0.5
        Case("openai", "gpt-4.1", TokenUsage(input: 1000, cacheRead: 1500), 750),
        // no cache price: 5,000 x 0.075
        Case("gcp.gemini", "gemini-2.0-flash-lite", TokenUsage(input: 5000, cacheRead: 4000), 375),
        // nothing used costs nothing; unknown models and times before the first price have no price
        Case("openai", "gpt-4.1", TokenUsage(), 0),
        Case("openai", "gpt-9", TokenUsage(input: 1), nil),
        Case("openai", "gpt-4.1", TokenUsage(input: 1), nil, on: Day(2025, 4, 13)),
        Case("openai", "", TokenUsage(input: 1), nil),
    ]

    @Test("a call costs what the price list says", arguments: cases)
    func cost(_ example: Case) throws {
        let cost = ShippedPrices.book.cost(
            provider: example.provider, model: example.model, usage: example.usage, at: example.day.unixNano)
        guard let expected = example.microDollars else {
            #expect(cost == nil)
            return
        }
        let microDollars = try #require(cost) * 1_000_000
        #expect(abs(microDollars - expected) < 1e-6)
    }

    @Test("separate prices for cache and reasoning are used where they are given")
    func separatePrices() {
        let price = Price(
            provider: nil, modelPattern: "m", effectiveFromUnixNano: 0, inputPerMillion: 1, outputPerMillion: 10, cacheReadPerMillion: 0.1,
            cacheWritePerMillion: 2, reasoningPerMillion: 20, source: "test")
        // 700 x 1 + 200 x 0.1 + 100 x 2 + 60 x 10 + 40 x 20
        let usage = TokenUsage(input: 1000, output: 100, cacheRead: 200, cacheWrite: 100, reasoning: 40)
        #expect(abs(price.cost(of: usage) * 1_000_000 - 2_320) < 1e-6)
        // More reasoning than output: 0 x 10 + 40 x 20
        #expect(abs(price.cost(of: TokenUsage(output: 30, reasoning: 40)) * 1_000_000 - 800) < 1e-6)
    }

    @Test("the models of the benchmark workload all have a price, as its responses name them")
    func workloadModels() {
        let models = [
            ("openai", "gpt-4.1"), ("openai", "gpt-4.1-mini"), ("openai", "o4-mini"), ("anthropic", "claude-sonnet-4-5"),
            ("anthropic", "claude-haiku-4-5"), ("gcp.gemini", "gemini-2.5-flash"), ("gcp.gemini", "gemini-2.5-pro"), ("x_ai", "grok-4"),
        ]
        for (provider, model) in models {
            for name in [model, model + "-2025-10-01"] {
                #expect(ShippedPrices.book.price(provider: provider, model: name, at: Day(2026, 11, 1).unixNano) != nil)
            }
        }
    }
}
