/// What the rest of a run's money allows, pure: as many cells at a time as it pays for at their mean cost so far, so that the cap is
/// passed by the deviation from that mean at most, not by whatever was under way.

struct SpendingAllowance: Sendable, Equatable {
    /// Cells at a time; nil: the money is spent, and no further cell is begun.
    let concurrency: Int?
    private let asked: Int

    var isSpent: Bool { concurrency == nil }

    /// Cells at a time before the first costs are known.
    static let firstConcurrency = 4

    /// `asked`: what the run may have at a time, were it not for the money. `capNanoUSD`: nil for none. `trialCount`: of the outcomes
    /// that passed or failed. Those that errored cost little or nothing as a rule and say nothing of what the others cost; what they did
    /// cost is counted.
    init(asked: Int, capNanoUSD: Int64?, costNanoUSD: Int64, trialCount: Int) {
        self.asked = asked
        guard let capNanoUSD else {
            concurrency = asked
            return
        }
        let left = capNanoUSD - costNanoUSD
        if left <= 0 {
            concurrency = nil
        } else if trialCount <= 0 || costNanoUSD == 0 {
            // As many as were seen to be free: the next may not be.
            concurrency = min(asked, max(Self.firstConcurrency, trialCount))
        } else {
            concurrency = min(asked, Int(clamping: max(1, left / max(1, costNanoUSD / Int64(trialCount)))))
        }
    }

    /// For a purse that is filled again, as a day's is: what waits begins carefully then.
    var carefulConcurrency: Int { concurrency ?? min(asked, Self.firstConcurrency) }
}
