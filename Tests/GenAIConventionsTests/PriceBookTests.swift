import Testing
import TraceModel

@testable import GenAIConventions

@Suite("A price book finds the one price that counts")
struct PriceBookTests {
    private func price(_ provider: String?, _ pattern: String, from unixNano: UInt64 = 0, _ input: Double) -> Price {
        Price(
            provider: provider, modelPattern: pattern, effectiveFromUnixNano: unixNano, inputPerMillion: input, outputPerMillion: 0,
            source: "test")
    }

    private func input(_ prices: [Price], _ provider: String?, _ model: String, at unixNano: UInt64 = 100) -> Double? {
        // The order of the prices must not matter.
        let books = [PriceBook(version: 1, prices: prices), PriceBook(version: 1, prices: prices.reversed())]
        let found = books.map { $0.price(provider: provider, model: model, at: unixNano)?.inputPerMillion }
        #expect(found[0] == found[1])
        return found[0]
    }

    @Test("the exact name beats the name without a date, and both beat a beginning")
    func names() {
        let prices = [price(nil, "m-*", 1), price(nil, "m-large", 2), price(nil, "m-large-2025-01-31", 3), price(nil, "m-la*", 4)]
        #expect(input(prices, nil, "m-large-2025-01-31") == 3)
        #expect(input(prices, nil, "m-large-2025-02-01") == 2)
        #expect(input(prices, nil, "m-large-20250201") == 2)
        #expect(input(prices, nil, "m-large") == 2)
        #expect(input(prices, nil, "M-Large") == 2)
        #expect(input(prices, nil, "m-larger") == 4)
        #expect(input(prices, nil, "m-small") == 1)
        #expect(input(prices, nil, "other") == nil)
    }

    @Test("the provider's own price beats one for any provider, however loose its pattern")
    func providers() {
        let prices = [price(nil, "m", 1), price("azure.ai.openai", "m*", 2)]
        #expect(input(prices, "azure.ai.openai", "m") == 2)
        #expect(input(prices, "azure", "m") == 2)
        #expect(input(prices, "openai", "m") == 1)
        #expect(input(prices, nil, "m") == 1)
        #expect(input(prices, "", "m") == 1)
    }

    @Test("the latest price that has started counts; before the first one the next pattern does")
    func dates() {
        let prices = [price(nil, "m", from: 10, 1), price(nil, "m", from: 20, 2), price(nil, "*", 9)]
        #expect(input(prices, nil, "m", at: 9) == 9)
        #expect(input(prices, nil, "m", at: 10) == 1)
        #expect(input(prices, nil, "m", at: 19) == 1)
        #expect(input(prices, nil, "m", at: 20) == 2)
        #expect(input(prices, nil, "m", at: .max) == 2)
    }

    @Test("of two prices for the same day the later one in the list counts")
    func corrections() {
        let book = PriceBook(version: 1, prices: [price(nil, "m", 1), price(nil, "m", 2)])
        #expect(book.price(provider: nil, model: "m", at: 5)?.inputPerMillion == 2)
    }

    @Test("only dates are taken off a name")
    func dateSuffixes() {
        #expect(ModelName.withoutDate("gpt-4.1-2025-04-14") == "gpt-4.1")
        #expect(ModelName.withoutDate("claude-haiku-4-5-20251001") == "claude-haiku-4-5")
        #expect(ModelName.withoutDate("claude-sonnet-4@20250514") == "claude-sonnet-4")
        let undated = [
            "", "gpt-4.1", "m-2025-13-01", "m-2025-00-10", "m-20251332", "m-19990101", "m-12345678", "-2025-04-14", "m-0709",
            "mé-2025-4-14",
        ]
        for name in undated {
            #expect(ModelName.withoutDate(name) == nil, "\(name)")
        }
        #expect(ModelName.normalized("Models/Gemini-2.5-Pro") == "gemini-2.5-pro")
    }

    @Test("names longer than any model's have no price")
    func longNames() {
        #expect(input([price(nil, "*", 1)], nil, String(repeating: "m", count: 257)) == nil)
        #expect(input([price(nil, "*", 1)], nil, String(repeating: "m", count: 256)) == 1)
    }

    @Test("a regular expression matches whole names, in either case, after names and beginnings; the longest first")
    func expressions() {
        let prices = [
            price(nil, #"/(eu\.)?m-[0-9]+(-fast)?/"#, 1), price(nil, "m-2*", 2), price(nil, "m-33", 3), price(nil, "/m-.*/", 4),
            price(nil, "/(/", 9),
        ]
        #expect(input(prices, nil, "m-1") == 1)
        #expect(input(prices, nil, "EU.M-1-Fast") == 1)
        #expect(input(prices, nil, "m-21") == 2)
        #expect(input(prices, nil, "m-33") == 3)
        #expect(input(prices, nil, "m-1-slow") == 4)
        #expect(input(prices, nil, "xm-1") == nil)
        #expect(input(prices, nil, "(") == nil)
        // Classes keep their case.
        #expect(input([price(nil, #"/M-\D+/"#, 1)], nil, "m-x") == 1)
        #expect(input([price(nil, #"/M-\D+/"#, 1)], nil, "m-1") == nil)
    }

    @Test("an expression that could be slow is matched in the time of its length")
    func slowExpressions() {
        let name = String(repeating: "a", count: 255) + "b"
        #expect(input([price(nil, "/(a*)*(a|aa)*(a?){20}c/", 1), price(nil, "/(a|a)*b/", 2)], nil, name) == 2)
    }

    @Test("a project's prices come before its organization's, and these before the installation's; each where it has started")
    func owners() {
        let installation = PriceBook(version: 3, prices: [price(nil, "m", 1), price("p", "n", 2)])
        let organization = PriceBook(version: 3, prices: [price(nil, "m*", from: 50, 3)], before: installation)
        let project = PriceBook(version: 3, prices: [price(nil, "n", from: 70, 4)], before: organization)
        func found(_ book: PriceBook, _ model: String, at time: UInt64) -> Double? {
            book.price(provider: "p", model: model, at: time)?.inputPerMillion
        }
        #expect([10, 60, 80].map { found(installation, "m", at: $0) } == [1, 1, 1])
        #expect([10, 60, 80].map { found(organization, "m", at: $0) } == [1, 3, 3])
        #expect([10, 60, 80].map { found(project, "m", at: $0) } == [1, 3, 3])
        #expect([10, 60, 80].map { found(project, "n", at: $0) } == [2, 2, 4])
        #expect(project.place(provider: "p", model: "n", at: 10).validity == 0...69)
        #expect(project.prices.map(\.inputPerMillion).sorted() == [1, 2, 3, 4])
        let current = CurrentPriceBook(
            PriceBooks(version: 3, installation: installation, projects: [ProjectID(high: 1, low: 1): project]))
        #expect(current.book(of: ProjectID(high: 1, low: 1)).price(provider: nil, model: "n", at: 90)?.inputPerMillion == 4)
        #expect(current.book(of: ProjectID(high: 1, low: 2)).price(provider: "p", model: "n", at: 90)?.inputPerMillion == 2)
        current.replace(with: PriceBooks(version: 2, installation: organization))
        #expect(current.version == 3 && current.value.prices.count == 2)
    }

    @Test("what was found for a name is remembered, and forgotten with the book; more names than are remembered are found too")
    func remembered() {
        let book = PriceBook(version: 1, prices: [price(nil, "m1*", 1), price(nil, "/m.*/", 2)])
        for _ in 0..<2 {
            for number in 0..<GenAILimits.maximumRememberedModelCount + 10 {
                let wanted: Double = "\(number)".hasPrefix("1") ? 1 : 2
                #expect(book.price(provider: nil, model: "m\(number)", at: 5)?.inputPerMillion == wanted)
            }
        }
    }

    @Test("the shipped table names every price once and with its source")
    func shipped() {
        struct Key: Hashable {
            var provider: String?
            var model: String
            var from: UInt64
        }
        let prices = ShippedPrices.all
        let keys = prices.map { Key(provider: $0.provider, model: $0.modelPattern, from: $0.effectiveFromUnixNano) }
        #expect(Set(keys).count == keys.count)
        for price in prices {
            #expect(price.source.hasPrefix("https://"))
            #expect(price.modelPattern == ModelName.normalized(price.modelPattern))
            #expect(price.inputPerMillion > 0 && price.inputPerMillion <= 150 && price.outputPerMillion <= 600)
            #expect((price.cacheReadPerMillion ?? 0) < price.inputPerMillion)
            if let body = Price.expression(in: price.modelPattern) { #expect(PriceLayer.compiled(body) != nil, "\(body)") }
            for tier in price.tiers {
                #expect(tier.rates.input != nil && tier.rates.output != nil)
                let isDearer = tier.serviceTier == .priority || tier.serviceTier == .standard
                #expect(isDearer == ((tier.rates.input ?? 0) > price.inputPerMillion) || tier.aboveInputTokens > 0, "\(price)")
            }
            #expect(price.effectiveFromUnixNano >= Day(2023, 1, 1).unixNano && price.effectiveFromUnixNano < Day(2026, 12, 1).unixNano)
            if let provider = price.provider { #expect(ProviderNames.spellings.contains { $0.canonical == provider }) }
        }
    }

    @Test("days are those of the calendar")
    func days() {
        #expect(Day(1970, 1, 1).unixNano == 0)
        #expect(Day(1972, 3, 1).unixNano == 790 * 86_400_000_000_000)
        #expect(Day(2024, 2, 29).unixNano == 1_709_164_800_000_000_000)
        #expect(Day(2025, 4, 14).unixNano == 1_744_588_800_000_000_000)
    }
}
