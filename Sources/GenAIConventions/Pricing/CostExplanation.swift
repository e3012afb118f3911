import TraceModel

/// How the cost of a call comes about: the price that counts, and what each kind of its tokens costs by it.
package struct CostExplanation: Equatable, Sendable {
    /// Tokens that are paid alike.
    package struct Item: Equatable, Sendable {
        package enum Kind: String, Sendable, CaseIterable {
            case input
            case cacheRead = "cache_read"
            case cacheWrite = "cache_write"
            case output, reasoning
        }

        package var kind: Kind
        package var tokens: Int64
        /// US dollars.
        package var perMillion: Double
        /// Whether the price has no rate of its own for this, and that of input or output counts.
        package var isFallback: Bool
        /// US dollars.
        package var amount: Double
    }

    package enum Absence: String, Sendable {
        case container = "agents and chains have no cost of their own: their usage repeats that of the calls below them"
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

    /// US dollars: the sum of the items, but for the last bits of rounding. As the span would be priced.
    package var total: Double?
}

extension PriceBook {
    /// Explains what `price(_:batch:)` makes of a span. Counts that are absent are 0.
    package func explain(_ llm: SpanRecord.LLM, at unixNano: UInt64) -> CostExplanation {
        func absent(_ reason: CostExplanation.Absence) -> CostExplanation {
            CostExplanation(price: nil, absence: reason, model: nil, priceBookVersion: version)
        }
        let counts = [llm.inputTokens, llm.outputTokens, llm.cacheReadTokens, llm.cacheWriteTokens, llm.reasoningTokens]
        guard llm.kind != .agent, llm.kind != .chain else { return absent(.container) }
        guard counts.contains(where: { $0 != nil }) else { return absent(.noUsage) }
        let models = [llm.responseModel, llm.requestModel].compactMap { $0 }
        guard !models.isEmpty else { return absent(.noModel) }
        for model in models {
            guard let price = price(provider: llm.provider, model: model, at: unixNano) else { continue }
            let usage = TokenUsage(
                input: llm.inputTokens ?? 0, output: llm.outputTokens ?? 0, cacheRead: llm.cacheReadTokens ?? 0,
                cacheWrite: llm.cacheWriteTokens ?? 0, reasoning: llm.reasoningTokens ?? 0)
            return CostExplanation(
                price: price, absence: nil, model: model, priceBookVersion: version, items: price.items(of: usage),
                total: price.cost(of: usage))
        }
        return absent(.noPrice)
    }
}

extension Price {
    /// What `cost(of:)` adds up.
    fileprivate func items(of usage: TokenUsage) -> [CostExplanation.Item] {
        func item(_ kind: CostExplanation.Item.Kind, _ tokens: Int64, _ rate: Double?, else other: Double) -> CostExplanation.Item {
            let perMillion = rate ?? other
            return CostExplanation.Item(
                kind: kind, tokens: tokens, perMillion: perMillion, isFallback: rate == nil, amount: Double(tokens) * perMillion / 1_000_000
            )
        }
        return [
            item(.input, max(0, usage.input - usage.cacheRead - usage.cacheWrite), inputPerMillion, else: inputPerMillion),
            item(.cacheRead, usage.cacheRead, cacheReadPerMillion, else: inputPerMillion),
            item(.cacheWrite, usage.cacheWrite, cacheWritePerMillion, else: inputPerMillion),
            item(.output, max(0, usage.output - usage.reasoning), outputPerMillion, else: outputPerMillion),
            item(.reasoning, usage.reasoning, reasoningPerMillion, else: outputPerMillion),
        ].filter { $0.tokens > 0 }
    }
}
