/// How many of a case's repetitions must pass for the case to count as passed: k of n.
package enum CaseRequirement: Equatable, Sendable {
    case all
    case any
    /// More than half.
    case majority
    /// At least this many; from 1.
    case atLeast(Int)

    /// The k of "k of n".
    ///
    /// - Parameter repetitions: n, what the run plans for every case; from 1.
    package func needed(of repetitions: Int) -> Int {
        switch self {
        case .all: repetitions
        case .any: 1
        case .majority: repetitions / 2 + 1
        case .atLeast(let count): count
        }
    }

    /// Passed as soon as k repetitions have, failed as soon as k no longer can, undecided while repetitions are missing or errored.
    package func status(passed: Int, failed: Int, repetitions: Int) -> CaseStatus {
        let needed = needed(of: repetitions)
        if passed >= needed { return .passed }
        return failed > repetitions - needed ? .failed : .undecided
    }
}

/// What the repetitions of a case come to.
package enum CaseStatus: String, Equatable, Sendable {
    case passed, failed, undecided
}
