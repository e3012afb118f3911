/// What calls cost that brought no answer: they are paid for all the same, and count against a run's cap.

package struct CellSpending: Sendable, Equatable {
    package let costNanoUSD: Int64
    package let inputTokens: Int64
    package let outputTokens: Int64

    /// Counts of one attempt, each at most `MetastoreLimits.maximumAttemptNanoUSD` or `maximumAttemptTokenCount`: what a provider says of
    /// itself is not always a count.
    package init(costNanoUSD: Int64 = 0, inputTokens: Int64 = 0, outputTokens: Int64 = 0) {
        self.costNanoUSD = min(max(0, costNanoUSD), MetastoreLimits.maximumAttemptNanoUSD)
        self.inputTokens = min(max(0, inputTokens), MetastoreLimits.maximumAttemptTokenCount)
        self.outputTokens = min(max(0, outputTokens), MetastoreLimits.maximumAttemptTokenCount)
    }

    /// Within one attempt.
    package static func + (a: CellSpending, b: CellSpending) -> CellSpending {
        CellSpending(
            costNanoUSD: a.costNanoUSD + b.costNanoUSD, inputTokens: a.inputTokens + b.inputTokens,
            outputTokens: a.outputTokens + b.outputTokens)
    }
}

extension Double {
    /// US dollars that an attempt cost, as whole nano-dollars, rounded up: a cost is never counted as nothing, and never as more than
    /// `MetastoreLimits.maximumAttemptNanoUSD`.
    package var spentNanoUSD: Int64 { CellSpending(costNanoUSD: nanoUSD).costNanoUSD }
}
