/// Token counts of OpenAI's dialects, one meaning for all who speak them.
///
/// OpenAI counts cached tokens within the input and reasoning within the output, which is what `TokenUsage` means. xAI has left
/// reasoning out of `completion_tokens`: it shows in a total that is the sum of all three. xAI also tells what it bills.

import ByteCoding
import GenAIConventions

struct OpenAIUsage {
    /// 1 US dollar in xAI's ticks.
    private static let ticksPerDollar = 1e10

    private(set) var tokens = TokenUsage()
    private(set) var cost: Double?

    /// Nil when the next value is no object.
    static func read(_ scanner: inout JSONScanner) throws(JSONError) -> OpenAIUsage? {
        guard try scanner.entersObject() else { return nil }
        var input: Int64 = 0, output: Int64 = 0
        var total: Int64?, ticks: Int64?
        var inputDetails = Details(), outputDetails = Details()
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "prompt_tokens") || scanner.matches(key, "input_tokens") {
                input = try scanner.integer() ?? 0
            } else if scanner.matches(key, "completion_tokens") || scanner.matches(key, "output_tokens") {
                output = try scanner.integer() ?? 0
            } else if scanner.matches(key, "total_tokens") {
                total = try scanner.integer()
            } else if scanner.matches(key, "prompt_tokens_details") || scanner.matches(key, "input_tokens_details") {
                inputDetails = try Details.read(&scanner)
            } else if scanner.matches(key, "completion_tokens_details") || scanner.matches(key, "output_tokens_details") {
                outputDetails = try Details.read(&scanner)
            } else if scanner.matches(key, "cost_in_usd_ticks") {
                ticks = try scanner.integer()
            } else {
                try scanner.skipValue()
            }
        }
        let reasoning = outputDetails.reasoning
        // Sums that overflow are no token counts.
        let withReasoning = output.addingReportingOverflow(reasoning)
        let everything = input.addingReportingOverflow(withReasoning.partialValue)
        if reasoning > 0, !withReasoning.overflow, !everything.overflow,
            total.map({ $0 == everything.partialValue }) ?? (reasoning > output)
        {
            output = withReasoning.partialValue
        }
        var usage = OpenAIUsage()
        usage.tokens = TokenUsage(
            input: input, output: output, cacheRead: inputDetails.cacheRead, cacheWrite: inputDetails.cacheWrite, reasoning: reasoning)
        usage.cost = ticks.map { Double($0) / ticksPerDollar }
        return usage
    }

    private struct Details {
        var cacheRead: Int64 = 0
        var cacheWrite: Int64 = 0
        var reasoning: Int64 = 0

        static func read(_ scanner: inout JSONScanner) throws(JSONError) -> Details {
            var details = Details()
            guard try scanner.entersObject() else { return details }
            while let key = try scanner.nextKey() {
                if scanner.matches(key, "cached_tokens") {
                    details.cacheRead = try scanner.integer() ?? 0
                } else if scanner.matches(key, "cache_write_tokens") {
                    details.cacheWrite = try scanner.integer() ?? 0
                } else if scanner.matches(key, "reasoning_tokens") {
                    details.reasoning = try scanner.integer() ?? 0
                } else {
                    try scanner.skipValue()
                }
            }
            return details
        }
    }
}
