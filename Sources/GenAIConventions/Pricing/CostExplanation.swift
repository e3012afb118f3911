import TraceModel

/// How the cost of a call comes about: the price that counts, and what each kind of its tokens costs by it.
package struct CostExplanation: Equatable, Sendable {
    /// Tokens that are paid alike.
    package struct Item: Equatable, Sendable {
        package var kind: TokenKind
        package var tokens: Int64
        /// US dollars.
        package var perMillion: Double
        /// Whether the price has no rate of its own for this, and that of its whole counts.
        package var isFallback: Bool
        /// US dollars.
        package var amount: Double
    }

    /// Why nothing is computed.
    package enum Absence: String, Sendable {
        case container = "agents and chains have no cost of their own: what they report repeats the calls below them"
        case noUsage = "the span reports no tokens"
        case noModel = "the span names no model"
        case noPrice = "no price is known for the model at the time of the call"
    }

    /// Nil where `absence` says why.
    package var price: Price?
    package var absence: Absence?
    /// The name the price was found for.
    package var model: String?
    package var priceBookVersion: Int64
    package var items: [Item] = []
    package var serviceTier = ServiceTier.standard
    /// The tiers of the price that come before its plain rates for this call, best first.
    package var tiers: [PriceTier] = []

    /// US dollars: the sum of the items, but for the last bits of rounding. As the span would be priced.
    package var total: Double?
    /// US dollars: what was billed, which counts instead.
    package var billed: Double?

    /// US dollars that the span would cost if it came in now, and no other one reported its call.
    package var cost: Double? { billed ?? total }
}

extension PriceBook {
    /// Explains what `price(_:batch:)` makes of a span. Counts that are absent are 0.
    package func explain(_ llm: SpanRecord.LLM, details: UsageDetails? = nil, at unixNano: UInt64) -> CostExplanation {
        func absent(_ reason: CostExplanation.Absence) -> CostExplanation {
            CostExplanation(price: nil, absence: reason, model: nil, priceBookVersion: version, billed: llm.billedCost)
        }
        let counts = [llm.inputTokens, llm.outputTokens, llm.cacheReadTokens, llm.cacheWriteTokens, llm.reasoningTokens]
        guard !llm.kind.isContainer else { return absent(.container) }
        guard counts.contains(where: { $0 != nil }) else { return absent(.noUsage) }
        let models = [llm.responseModel, llm.requestModel].compactMap { $0 }
        guard !models.isEmpty else { return absent(.noModel) }
        for model in models {
            guard let price = price(provider: llm.provider, model: model, at: unixNano) else { continue }
            let usage = TokenUsage(
                input: llm.inputTokens ?? 0, output: llm.outputTokens ?? 0, cacheRead: llm.cacheReadTokens ?? 0,
                cacheWrite: llm.cacheWriteTokens ?? 0, reasoning: llm.reasoningTokens ?? 0, details: details)
            let choice = price.choice(for: usage)
            return CostExplanation(
                price: price, absence: nil, model: model, priceBookVersion: version, items: price.items(of: usage, choice),
                serviceTier: usage.serviceTier, tiers: [choice.service, choice.length].compactMap { $0.map { price.tiers[$0] } },
                total: price.cost(of: usage), billed: llm.billedCost)
        }
        return absent(.noPrice)
    }
}

extension Price {
    /// What `cost(of:)` adds up.
    fileprivate func items(of usage: TokenUsage, _ choice: Choice) -> [CostExplanation.Item] {
        var items: [CostExplanation.Item] = []
        usage.forEachPart { kind, tokens in
            let rate = rate(of: kind, choice)
            items.append(
                CostExplanation.Item(
                    kind: kind, tokens: tokens, perMillion: rate.perMillion, isFallback: rate.isFallback,
                    amount: Double(tokens) * rate.perMillion / 1_000_000))
        }
        return items
    }
}
