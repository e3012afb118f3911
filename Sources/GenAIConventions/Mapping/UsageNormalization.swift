import TraceModel

/// One meaning for the token columns: `input_tokens` holds cache reads and writes, `output_tokens` holds reasoning.
///
/// Whether a sender's totals hold their details is told, in this order, by
/// 1. the sum it reported beside them: where it is more than input and output, by exactly the details, these were left out;
///    where it is input and output, these hold them (but for the cache of a provider's own numbers: Anthropic reports no sum, and
///    who instruments it adds up the two);
/// 2. the rule of the convention, or of the provider whose numbers it passes on (`UsageRule`, `ProviderUsage`);
/// 3. the numbers: a detail larger than its total was left out, whatever the rule says (older instrumentations of Anthropic pass
///    on the provider's own `input_tokens`, which stands beside the cache counts).
/// What was left out is added to the total. An absent total stays absent.
package enum UsageNormalization {
    /// What else is known of a span's usage.
    struct Evidence {
        /// As sent; -1 when absent.
        var reportedTotal: Int64 = -1
        /// By the rules that filled the totals.
        var inputIncludesCache = Inclusion.yes
        var outputIncludesReasoning = Inclusion.yes
        /// By the rule that filled the cache reads, where it is of another convention than that of the total.
        var cacheDetail = Inclusion.asProvider
        /// Likewise of the reasoning.
        var reasoningDetail = Inclusion.asProvider
    }

    /// Why a detail was added to its total.
    package enum Reason: String, Sendable {
        case reportedTotal = "the sum that was sent with them shows that it was left out"
        case convention = "the convention leaves it out"
        case provider = "the provider leaves it out"
        case numbers = "it is larger than the total that should hold it"
    }

    /// What has to be added to the totals; nil for what they hold, and where there is no total.
    struct Decision: Equatable {
        var cacheLeftOut: Reason?
        var reasoningLeftOut: Reason?
    }

    /// Counts below 0 are absent. They are at most 2^53, so sums of some do not overflow.
    ///
    /// - Parameters:
    ///   - cache: reads and writes.
    ///   - providerRule: asked only where the numbers are the provider's own.
    static func decide(
        input: Int64, output: Int64, cache: Int64, reasoning: Int64, _ evidence: Evidence, providerRule: () -> UsageRule
    ) -> Decision {
        var holdsCache = evidence.inputIncludesCache, holdsReasoning = evidence.outputIncludesReasoning
        var cacheReason = Reason.convention, reasoningReason = Reason.convention
        if holdsCache == .asProvider { holdsCache = evidence.cacheDetail }
        if holdsReasoning == .asProvider { holdsReasoning = evidence.reasoningDetail }
        if input >= 0, output >= 0, evidence.reportedTotal >= 0 {
            let rest = evidence.reportedTotal - input - output
            if rest == 0 {
                holdsReasoning = .yes
                if holdsCache == .no { holdsCache = .yes }
            } else if rest == cache + reasoning {
                (holdsCache, holdsReasoning) = (.no, .no)
                (cacheReason, reasoningReason) = (.reportedTotal, .reportedTotal)
            } else if cache != reasoning, rest == cache {
                (holdsCache, holdsReasoning) = (.no, .yes)
                cacheReason = .reportedTotal
            } else if cache != reasoning, rest == reasoning {
                (holdsCache, holdsReasoning) = (.yes, .no)
                reasoningReason = .reportedTotal
            }
        }
        if holdsCache == .asProvider || holdsReasoning == .asProvider {
            let rule = providerRule()
            if holdsCache == .asProvider { (holdsCache, cacheReason) = (rule.inputIncludesCache, .provider) }
            if holdsReasoning == .asProvider { (holdsReasoning, reasoningReason) = (rule.outputIncludesReasoning, .provider) }
        }
        func leftOut(_ total: Int64, _ details: Int64, _ inclusion: Inclusion, _ reason: Reason) -> Reason? {
            guard total >= 0, details > 0 else { return nil }
            return inclusion == .no ? reason : details > total ? .numbers : nil
        }
        return Decision(
            cacheLeftOut: leftOut(input, cache, holdsCache, cacheReason),
            reasoningLeftOut: leftOut(output, reasoning, holdsReasoning, reasoningReason))
    }
}
