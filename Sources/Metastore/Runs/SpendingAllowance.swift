/// What the rest of a run's money allows, pure: as many cells at a time as it pays for at their mean cost so far, so that the cap is
/// passed by the deviation from that mean at most, not by whatever was under way.

struct SpendingAllowance: Sendable, Equatable {
    /// Cells at a time; nil: the money is spent, and no further cell is begun.
    let concurrency: Int?

    var isSpent: Bool { concurrency == nil }

    /// Cells at a time before the first costs are known.
    static let firstConcurrency = 4

    /// `asked`: what the run may have at a time, were it not for the money. `capNanoUSD`: nil for none. `doneCount`: of the outcomes
    /// the costs are of.
    init(asked: Int, capNanoUSD: Int64?, costNanoUSD: Int64, doneCount: Int) {
        guard let capNanoUSD else {
            concurrency = asked
            return
        }
        let left = capNanoUSD - costNanoUSD
        if left <= 0 {
            concurrency = nil
        } else if doneCount <= 0 {
            concurrency = min(asked, Self.firstConcurrency)
        } else {
            let meanCost = max(1, costNanoUSD / Int64(doneCount))
            concurrency = costNanoUSD == 0 ? asked : min(asked, Int(clamping: max(1, left / meanCost)))
        }
    }
}
