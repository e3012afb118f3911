import TraceModel

@testable import GenAIConventions

/// One call as it comes in, and what it costs: worked out by hand.
struct HandComputedCost: Sendable {
    /// What the case is about.
    let name: String
    let attributes: [(String, AttributeValue)]
    let day: Day
    /// Prices of the project, which come before the shipped ones.
    let overrides: [Price]
    /// `tokens x US dollars per million` for each kind of tokens, whose sum is in millionths of a dollar; nil for no cost.
    let arithmetic: [(tokens: Int64, perMillion: Double)]?
    /// US dollars that were billed, which are the cost.
    let billed: Double?

    init(
        _ name: String, _ attributes: [(String, AttributeValue)], on day: Day = Day(2025, 12, 1), overrides: [Price] = [],
        billed: Double? = nil, _ arithmetic: [(Int64, Double)]?
    ) {
        self.name = name
        self.attributes = attributes
        self.day = day
        self.overrides = overrides
        self.billed = billed
        self.arithmetic = arithmetic?.map { (tokens: $0.0, perMillion: $0.1) }
    }

    static func price(
        _ provider: String?, _ pattern: String, from day: Day = Day(2025, 1, 1), _ rates: TokenRates, _ tiers: [PriceTier] = []
    )
        -> Price
    {
        Price(
            provider: provider, modelPattern: pattern, effectiveFromUnixNano: day.unixNano, rates: rates, tiers: tiers, source: "test")
    }

    /// By today's OpenTelemetry names: totals hold their parts.
    static func call(
        _ provider: String, _ model: String, input: Int64, output: Int64, read: Int64? = nil, write: Int64? = nil, reasoning: Int64? = nil,
        _ more: [(String, AttributeValue)] = []
    ) -> [(String, AttributeValue)] {
        var attributes: [(String, AttributeValue)] = [
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", .string(provider)), ("gen_ai.request.model", .string(model)),
            ("gen_ai.usage.input_tokens", .int(input)), ("gen_ai.usage.output_tokens", .int(output)),
        ]
        if let read { attributes.append(("gen_ai.usage.cache_read.input_tokens", .int(read))) }
        if let write { attributes.append(("gen_ai.usage.cache_write.input_tokens", .int(write))) }
        if let reasoning { attributes.append(("gen_ai.usage.reasoning.output_tokens", .int(reasoning))) }
        return attributes + more
    }
}
