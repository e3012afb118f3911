/// What calls cost that brought no answer: they are paid for all the same, and count against a run's cap.

package struct CellSpending: Sendable, Equatable {
    package var costNanoUSD: Int64
    package var inputTokens: Int64
    package var outputTokens: Int64

    package init(costNanoUSD: Int64 = 0, inputTokens: Int64 = 0, outputTokens: Int64 = 0) {
        self.costNanoUSD = costNanoUSD
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
    }

    package static func + (a: CellSpending, b: CellSpending) -> CellSpending {
        CellSpending(
            costNanoUSD: a.costNanoUSD + b.costNanoUSD, inputTokens: a.inputTokens + b.inputTokens,
            outputTokens: a.outputTokens + b.outputTokens)
    }
}
