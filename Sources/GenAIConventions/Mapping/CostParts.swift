/// A reported cost that was sent in parts: of input and output, each as a sum or as its details (cached, audio, reasoning).
package struct CostParts {
    package enum Part: UInt8, Hashable, Sendable, CaseIterable {
        case input, output
        /// What the part of the input is the sum of; counts only where that was not sent.
        case inputDetail
        case outputDetail

        package var isDetail: Bool { self == .inputDetail || self == .outputDetail }
    }

    private var sums: InlineArray<4, Double> = InlineArray(repeating: .nan)

    /// Amounts are finite and at least 0.
    mutating func add(_ amount: Double, _ part: Part) {
        let place = Int(part.rawValue)
        sums[place] = sums[place].isNaN ? amount : sums[place] + amount
    }

    /// Whether a part is counted: a detail is not beside the sum it belongs to.
    func counts(_ part: Part) -> Bool {
        switch part {
        case .input, .output: true
        case .inputDetail: sums[Int(Part.input.rawValue)].isNaN
        case .outputDetail: sums[Int(Part.output.rawValue)].isNaN
        }
    }

    /// NaN without any part.
    var total: Double {
        var total = Double.nan
        for part in Part.allCases where counts(part) && !sums[Int(part.rawValue)].isNaN {
            total = total.isNaN ? sums[Int(part.rawValue)] : total + sums[Int(part.rawValue)]
        }
        return total
    }
}
