/// What is left of an analysis's money, pure: a call is made only while something is left, and calls are made one after the other, so that
/// the cap is passed by the last one at most. A model without a price costs nothing that is known.

struct SpendingCap: Sendable, Equatable {
    let capNanoUSD: Int64
    private(set) var spentNanoUSD: Int64

    init(capNanoUSD: Int64, spentNanoUSD: Int64) {
        self.capNanoUSD = capNanoUSD
        self.spentNanoUSD = spentNanoUSD
    }

    var allowsCall: Bool { spentNanoUSD < capNanoUSD }

    /// What the database says all attempts have spent.
    mutating func update(spentNanoUSD: Int64) { self.spentNanoUSD = spentNanoUSD }
}
