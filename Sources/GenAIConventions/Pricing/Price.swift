/// What a model costs from a day on: US dollars per million tokens, as providers publish them.
package struct Price: Hashable, Sendable {
    /// A canonical provider name (`ProviderNames`); nil for a model that costs the same wherever it is called.
    package var provider: String?
    /// A model name, compared without regard to case; with a trailing `*`, the beginning of one.
    package var modelPattern: String
    /// Nanoseconds since 1970. Spans that start earlier are not priced by it.
    package var effectiveFromUnixNano: UInt64
    package var inputPerMillion: Double
    package var outputPerMillion: Double
    /// Nil: as input.
    package var cacheReadPerMillion: Double?
    /// Nil: as input.
    package var cacheWritePerMillion: Double?
    /// Nil: as output.
    package var reasoningPerMillion: Double?
    /// Where the price stands: a URL, or who set it.
    package var source: String

    package init(
        provider: String?, modelPattern: String, effectiveFromUnixNano: UInt64, inputPerMillion: Double, outputPerMillion: Double,
        cacheReadPerMillion: Double? = nil, cacheWritePerMillion: Double? = nil, reasoningPerMillion: Double? = nil, source: String
    ) {
        self.provider = provider
        self.modelPattern = modelPattern
        self.effectiveFromUnixNano = effectiveFromUnixNano
        self.inputPerMillion = inputPerMillion
        self.outputPerMillion = outputPerMillion
        self.cacheReadPerMillion = cacheReadPerMillion
        self.cacheWritePerMillion = cacheWritePerMillion
        self.reasoningPerMillion = reasoningPerMillion
        self.source = source
    }

    /// US dollars. Every token is paid once: cached tokens come off the input, reasoning off the output.
    package func cost(of usage: TokenUsage) -> Double {
        let plainInput = max(0, usage.input - usage.cacheRead - usage.cacheWrite)
        let plainOutput = max(0, usage.output - usage.reasoning)
        let dollarMillionths =
            Double(plainInput) * inputPerMillion
            + Double(usage.cacheRead) * (cacheReadPerMillion ?? inputPerMillion)
            + Double(usage.cacheWrite) * (cacheWritePerMillion ?? inputPerMillion)
            + Double(plainOutput) * outputPerMillion
            + Double(usage.reasoning) * (reasoningPerMillion ?? outputPerMillion)
        return dollarMillionths / 1_000_000
    }
}

/// Token counts of one call, with the meaning of the columns: input includes cache reads and writes, output includes
/// reasoning. Negative counts (absent) are taken as 0.
package struct TokenUsage: Hashable, Sendable {
    package var input: Int64
    package var output: Int64
    package var cacheRead: Int64
    package var cacheWrite: Int64
    package var reasoning: Int64

    package init(input: Int64 = 0, output: Int64 = 0, cacheRead: Int64 = 0, cacheWrite: Int64 = 0, reasoning: Int64 = 0) {
        func count(_ value: Int64) -> Int64 { min(max(0, value), GenAILimits.maximumTokenCount) }
        self.input = count(input)
        self.output = count(output)
        self.cacheRead = count(cacheRead)
        self.cacheWrite = count(cacheWrite)
        self.reasoning = count(reasoning)
    }
}
