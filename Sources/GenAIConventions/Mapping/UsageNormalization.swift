import TraceModel

/// One meaning for the token columns: `input_tokens` holds cache reads and writes, `output_tokens` holds reasoning.
///
/// Whether a sender's totals hold their details is told, in this order, by
/// 1. the sum it reported beside them: where it is more than input and output, by exactly the details, these were left out;
///    where it is input and output, these hold them (but for the cache of a provider's own numbers: Anthropic reports no sum, and
///    who instruments it adds up the two);
/// 2. the provider's own count of the input beside it, where the AI SDK passes it on;
/// 3. the rule of the convention, or of the provider whose numbers it passes on (`UsageRule`, `ProviderUsage`);
/// 4. the numbers: a detail larger than its total was left out, whatever the rule says (older instrumentations of Anthropic pass
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
        var cacheReadDetail = Inclusion.asProvider
        /// Likewise of the cache writes, and of the reasoning.
        var cacheWriteDetail = Inclusion.asProvider
        var reasoningDetail = Inclusion.asProvider
        /// Whose names gave the totals and their details; nil for what is absent.
        var inputDialect: Dialect?
        var outputDialect: Dialect?
        var cacheReadDialect: Dialect?
        var cacheWriteDialect: Dialect?
        var reasoningDialect: Dialect?
        /// What the AI SDK counted; -1 when it did not.
        var passedOnInput: Int64 = -1
        var passedOnOutput: Int64 = -1
        /// The provider's own input, without cache; -1 when absent.
        var providerInput: Int64 = -1

        /// Of reads and writes together: what either of them is known to be.
        var cacheDetail: Inclusion { cacheReadDetail == .asProvider ? cacheWriteDetail : cacheReadDetail }

        /// Whether a total under one of OpenTelemetry's names is the AI SDK's own number, which passes on the provider's: it is
        /// the same, and the details stand only under the AI SDK's names, which knows no other place for them then.
        func passesOnInput(_ input: Int64) -> Bool {
            isOpenTelemetry(inputDialect) && input >= 0 && passedOnInput == input && cacheReadDialect ?? .vercel == .vercel
                && cacheWriteDialect ?? .vercel == .vercel
        }

        func passesOnOutput(_ output: Int64) -> Bool {
            isOpenTelemetry(outputDialect) && output >= 0 && passedOnOutput == output && reasoningDialect ?? .vercel == .vercel
        }

        private func isOpenTelemetry(_ dialect: Dialect?) -> Bool { dialect == .openTelemetry || dialect == .openTelemetryDeprecated }
    }

    /// Why a detail was added to its total.
    package enum Reason: String, Sendable {
        case reportedTotal = "the sum that was sent with them shows that it was left out"
        case providerCount = "the provider's own count, sent beside it, is the same and leaves it out"
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
        if evidence.passesOnInput(input) { holdsCache = .asProvider }
        if evidence.passesOnOutput(output) { holdsReasoning = .asProvider }
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
        if evidence.providerInput >= 0, cache > 0 {
            if evidence.providerInput == input {
                (holdsCache, cacheReason) = (.no, .providerCount)
            } else if evidence.providerInput == input - cache {
                holdsCache = .yes
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
