/// The cases that a run and its baseline have in common, by what became of them.

import EvaluationModel

/// What became of the cases that a run and its baseline have in common: a case is worse when a smaller share of its trials passed. It says
/// what to look at; whether the run as a whole is worse is the verdict's to say, as a case of few trials differs by chance.
package struct CaseChanges: Equatable, Sendable {
    /// The largest fall first; of equal ones in the order of the run.
    package var regressed: [CasePairing.Pair]
    /// The largest rise first.
    package var improved: [CasePairing.Pair]
    package var sameCount: Int

    package init(_ pairing: CasePairing) {
        regressed = pairing.pairs.filter { $0.difference < 0 }.sorted { $0.difference < $1.difference }
        improved = pairing.pairs.filter { $0.difference > 0 }.sorted { $0.difference > $1.difference }
        sameCount = pairing.pairs.count - regressed.count - improved.count
    }
}

extension CasePairing.Pair {
    /// Of the share of passed trials, from the baseline to the run. Both have trials; equal shares of different numbers of trials are equal
    /// quotients, and so exactly 0.
    fileprivate var difference: Double {
        Double(run.passed) / Double(run.trials) - Double(baseline.passed) / Double(baseline.trials)
    }
}
