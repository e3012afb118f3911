import ByteCoding
import Testing
import TraceModel

@testable import GenAIConventions

@Suite("Prices out of LiteLLM's table")
struct LiteLLMPricesTests {
    private static let table = #"""
        {"sample_spec": {"input_cost_per_token": 0, "output_cost_per_token": 0, "litellm_provider": "one of ...", "mode": "one of ..."},
         "gpt-4.1": {"litellm_provider": "openai", "mode": "chat", "max_tokens": 32768, "input_cost_per_token": 2e-06,
            "output_cost_per_token": 8e-06, "cache_read_input_token_cost": 5e-07, "input_cost_per_token_batches": 1e-06,
            "output_cost_per_token_batches": 4e-06, "input_cost_per_token_priority": 3.5e-06, "output_cost_per_token_priority": 1.4e-05,
            "cache_read_input_token_cost_priority": 8.75e-07, "supports_vision": true},
         "claude-sonnet-4-5": {"litellm_provider": "anthropic", "mode": "chat", "input_cost_per_token": 3e-06,
            "output_cost_per_token": 1.5e-05, "cache_read_input_token_cost": 3e-07, "cache_creation_input_token_cost": 3.75e-06,
            "cache_creation_input_token_cost_above_1hr": 6e-06, "input_cost_per_token_above_200k_tokens": 6e-06,
            "output_cost_per_token_above_200k_tokens": 2.25e-05, "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 1.2e-05},
         "gemini/gemini-2.5-flash": {"litellm_provider": "gemini", "mode": "chat", "input_cost_per_token": 3e-07,
            "output_cost_per_token": 2.5e-06, "output_cost_per_reasoning_token": 2.5e-06, "input_cost_per_audio_token": 1e-06,
            "input_cost_per_token_above_128k_tokens_batches": 1.5e-07, "source": "https://ai.google.dev/pricing"},
         "vertex_ai/claude-haiku-4-5": {"litellm_provider": "vertex_ai-anthropic_models", "mode": "chat", "input_cost_per_token": 1e-06,
            "output_cost_per_token": 5e-06},
         "text-embedding-3-small": {"litellm_provider": "openai", "mode": "embedding", "input_cost_per_token": 2e-08},
         "1024-x-1024/dall-e-3": {"litellm_provider": "openai", "mode": "image_generation", "input_cost_per_pixel": 4e-08},
         "half": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-06},
         "openai/gpt-4.1": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06},
         "negative": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": -1, "output_cost_per_token": 8e-06},
         "odd": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": "free", "output_cost_per_token": [1]},
         "none": 7}
        """#

    private func read(_ text: String = table, at unixNano: UInt64 = 100) throws -> LiteLLMPrices {
        try #require(LiteLLMPrices(try JSONValue.parse(text), effectiveFromUnixNano: unixNano, source: "LiteLLM"))
    }

    private func price(_ model: String) throws -> Price { try #require(try read().prices.first { $0.modelPattern == model }) }

    @Test("every key of the table becomes the rate it stands for, to the last digit")
    func keys() throws {
        let sonnet = try price("claude-sonnet-4-5")
        var rates = TokenRates(input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75)
        rates.cacheWrite1h = 6
        #expect(sonnet.provider == "anthropic" && sonnet.rates == rates && sonnet.source == "LiteLLM")
        #expect(sonnet.effectiveFromUnixNano == 100)
        var long = TokenRates(input: 6, output: 22.5)
        long.cacheWrite1h = 12
        #expect(sonnet.tiers == [PriceTier(aboveInputTokens: 200_000, rates: long)])
        let gpt = try price("gpt-4.1")
        #expect(gpt.rates == TokenRates(input: 2, output: 8, cacheRead: 0.5))
        #expect(
            gpt.tiers == [
                PriceTier(.batch, rates: TokenRates(input: 1, output: 4)),
                PriceTier(.priority, rates: TokenRates(input: 3.5, output: 14, cacheRead: 0.875)),
            ])
    }

    @Test("models have their own names and their provider's canonical one, with the source that the table gives them")
    func names() throws {
        let flash = try price("gemini-2.5-flash")
        #expect(flash.provider == "gcp.gemini" && flash.source == "https://ai.google.dev/pricing")
        #expect(flash.rates.audioInput == 1 && flash.rates.reasoning == 2.5)
        #expect(flash.tiers == [PriceTier(.batch, aboveInputTokens: 128_000, rates: TokenRates(input: 0.15))])
        #expect(try price("claude-haiku-4-5").provider == "gcp.vertex_ai")
        #expect(try price("text-embedding-3-small").rates == TokenRates(input: 0.02, output: 0))
    }

    @Test("what has no price by the token is left out and counted by why")
    func skipped() throws {
        let found = try read()
        #expect(
            Set(found.prices.map(\.modelPattern)) == [
                "gpt-4.1", "claude-sonnet-4-5", "gemini-2.5-flash", "claude-haiku-4-5", "text-embedding-3-small",
            ])
        #expect(found.skipped == [.notByToken: 2, .half: 1, .repeated: 1, .unusable: 2])
        for text in ["[]", "7", "{}", #"{"a": 1}"#] {
            #expect(LiteLLMPrices(try JSONValue.parse(text), effectiveFromUnixNano: 0, source: "x") == nil)
        }
    }

    @Test("importing twice changes nothing; a new price holds from its day on, and what holds now is told beside it")
    func changes() throws {
        let prices = try read().prices
        let first = PriceChanges(importing: prices, into: [])
        #expect(first.changes.count == prices.count && first.changes.allSatisfy { $0.before == nil } && first.unchangedCount == 0)
        let known = first.applied(to: [])
        let again = PriceChanges(importing: try read(at: 500).prices, into: known)
        #expect(again.changes.isEmpty && again.unchangedCount == prices.count)
        let dearer = try read(Self.table.replacing("\"input_cost_per_token\": 2e-08", with: "\"input_cost_per_token\": 4e-08"), at: 500)
        let changed = PriceChanges(importing: dearer.prices, into: known)
        #expect(changed.changes.map(\.price.modelPattern) == ["text-embedding-3-small"])
        #expect(changed.changes[0].before?.inputPerMillion == 0.02 && changed.changes[0].price.inputPerMillion == 0.04)
        let book = PriceBook(version: 1, prices: changed.applied(to: known))
        #expect(book.price(provider: "openai", model: "text-embedding-3-small", at: 499)?.inputPerMillion == 0.02)
        #expect(book.price(provider: "openai", model: "text-embedding-3-small", at: 500)?.inputPerMillion == 0.04)
        // Of one day the later word counts.
        let corrected = PriceChanges(
            importing: dearer.prices,
            into: dearer.prices.map { price in
                var price = price
                price.rates.input = 9
                return price
            })
        #expect(corrected.applied(to: dearer.prices).count == dearer.prices.count)
    }
}
