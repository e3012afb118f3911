import TraceModel

/// What a model costs from a day on: US dollars per million tokens, as providers publish them.
package struct Price: Hashable, Sendable {
    /// A canonical provider name (`ProviderNames`); nil for a model that costs the same wherever it is called.
    package var provider: String?
    /// A model name, compared without regard to case; with a trailing `*`, the beginning of one; between two `/`, a regular expression
    /// that the whole name has to match.
    package var modelPattern: String
    /// Nanoseconds since 1970. Spans that start earlier are not priced by it.
    package var effectiveFromUnixNano: UInt64
    /// At the standard service tier, for inputs of any length that no tier names. Input and output are always there.
    package var rates: TokenRates
    /// Where other rates count; of several for one case the last one.
    package var tiers: [PriceTier]
    /// Where the price stands: a URL, or who set it.
    package var source: String

    package var inputPerMillion: Double { rates.input ?? 0 }
    package var outputPerMillion: Double { rates.output ?? 0 }
    /// Nil: as input.
    package var cacheReadPerMillion: Double? { rates.cacheRead }
    /// Nil: as input.
    package var cacheWritePerMillion: Double? { rates.cacheWrite }
    /// Nil: as output.
    package var reasoningPerMillion: Double? { rates.reasoning }

    package init(
        provider: String?, modelPattern: String, effectiveFromUnixNano: UInt64, rates: TokenRates, tiers: [PriceTier] = [], source: String
    ) {
        self.provider = provider
        self.modelPattern = modelPattern
        self.effectiveFromUnixNano = effectiveFromUnixNano
        self.rates = rates
        self.tiers = tiers
        self.source = source
    }

    package init(
        provider: String?, modelPattern: String, effectiveFromUnixNano: UInt64, inputPerMillion: Double, outputPerMillion: Double,
        cacheReadPerMillion: Double? = nil, cacheWritePerMillion: Double? = nil, reasoningPerMillion: Double? = nil, source: String
    ) {
        var rates = TokenRates(
            input: inputPerMillion, output: outputPerMillion, cacheRead: cacheReadPerMillion, cacheWrite: cacheWritePerMillion)
        rates.reasoning = reasoningPerMillion
        self.init(
            provider: provider, modelPattern: modelPattern, effectiveFromUnixNano: effectiveFromUnixNano, rates: rates, source: source)
    }

    /// US dollars: every token is paid once. Added up as integers, so exact but for the one rounding to a double.
    package func cost(of usage: TokenUsage) -> Double {
        let choice = choice(for: usage)
        var total: Int128 = 0
        usage.forEachPart { kind, tokens in total += Int128(tokens) * Int128(Self.units(rate(of: kind, choice).perMillion)) }
        // The conversion of 128 bits is generic code; nearly every call costs less than the 922 dollars that 64 bits hold.
        let narrow = Int64(truncatingIfNeeded: total)
        return (Int128(narrow) == total ? Double(narrow) : Double(total)) / Self.unitsPerDollar
    }

    /// The pattern between its slashes, where it is a regular expression.
    package static func expression(in pattern: String) -> String? {
        guard pattern.utf8.count > 2, pattern.hasPrefix("/"), pattern.hasSuffix("/") else { return nil }
        return String(pattern.dropFirst().dropLast())
    }

    // MARK: Rates

    /// Tokens times ten thousandths of a millionth of a dollar per million tokens: every price has at most ten decimals
    /// (`prices.*_per_million`), and the largest call at the largest price fits in 128 bits.
    private static let unitsPerRate = 1e10
    private static let unitsPerDollar = 1e16

    private static func units(_ perMillion: Double) -> Int64 {
        perMillion >= 0 && perMillion <= 1e8 ? Int64((perMillion * unitsPerRate).rounded()) : 0
    }

    /// Which tiers count for a call, as places in `tiers`: that of its service and length, then that of its length alone.
    struct Choice {
        var service: Int?
        var length: Int?
    }

    func choice(for usage: TokenUsage) -> Choice {
        guard !tiers.isEmpty else { return Choice() }
        func longest(_ service: ServiceTier) -> Int? {
            var found: Int?
            for (place, tier) in tiers.enumerated() where tier.serviceTier == service && tier.counts(inputTokens: usage.input) {
                if let other = found, tiers[other].aboveInputTokens > tier.aboveInputTokens { continue }
                found = place
            }
            return found
        }
        let length = longest(.standard)
        switch usage.serviceTier {
        case .standard: return Choice(length: length)
        // Providers sell flexible service at their batch prices unless they say otherwise.
        case .flex: return Choice(service: longest(.flex) ?? longest(.batch), length: length)
        case .batch, .priority: return Choice(service: longest(usage.serviceTier), length: length)
        }
    }

    /// What a kind of tokens costs: by the first list that has a price for it or for what it is a part of.
    func rate(of kind: TokenKind, _ choice: Choice) -> (perMillion: Double, isFallback: Bool) {
        func find(_ rates: borrowing TokenRates) -> (perMillion: Double, isFallback: Bool)? {
            var at: TokenKind? = kind
            while let asked = at {
                if let rate = rates[asked] { return (rate, asked != kind) }
                at = asked.whole
            }
            return nil
        }
        if let service = choice.service, let found = find(tiers[service].rates) { return found }
        if let length = choice.length, let found = find(tiers[length].rates) { return found }
        return find(rates) ?? (0, true)
    }
}

/// Rates for a part of a model's calls.
package struct PriceTier: Hashable, Sendable {
    package var serviceTier: ServiceTier
    /// Counts for calls with more input tokens, cached ones included, and then for all of their tokens; 0 for any length.
    package var aboveInputTokens: Int64
    package var rates: TokenRates

    package init(_ serviceTier: ServiceTier = .standard, aboveInputTokens: Int64 = 0, rates: TokenRates) {
        self.serviceTier = serviceTier
        self.aboveInputTokens = aboveInputTokens
        self.rates = rates
    }

    func counts(inputTokens: Int64) -> Bool { aboveInputTokens == 0 || inputTokens > aboveInputTokens }
}
