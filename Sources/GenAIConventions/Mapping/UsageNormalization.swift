import TraceModel

/// One meaning for the token columns: `input_tokens` holds cache reads and writes, `output_tokens` holds reasoning.
///
/// A dialect whose totals leave the details out gets them added. So does a span whose details are larger than the
/// total that should hold them: then the sender left them out, whatever its dialect says (older instrumentations of
/// Anthropic pass on the provider's own `input_tokens`, which stands beside the cache counts; some for Gemini do so with
/// thoughts). Where details fit into the total nothing can be told, and the total stays as it was sent.
enum UsageNormalization {
    static func normalize(_ fields: inout LLMFields, span: Int, inputIncludesCache: Bool, outputIncludesReasoning: Bool) {
        fields.inputTokens[span] = total(
            fields.inputTokens[span], details: max(0, fields.cacheReadTokens[span]) + max(0, fields.cacheWriteTokens[span]),
            included: inputIncludesCache)
        fields.outputTokens[span] = total(
            fields.outputTokens[span], details: max(0, fields.reasoningTokens[span]), included: outputIncludesReasoning)
    }

    /// An absent total stays absent. Counts are at most 2^53, so sums of three do not overflow.
    private static func total(_ total: Int64, details: Int64, included: Bool) -> Int64 {
        guard total >= 0, details > 0, !included || details > total else { return total }
        return total + details
    }
}
