import EvaluationModel

/// The cases of a run beside those of its baseline, by key. A case is paired when both sides have a trial of it; of a key that stands twice
/// the first counts.
package struct CasePairing: Equatable, Sendable {
    package struct Pair: Equatable, Sendable {
        package var run: CaseTally
        package var baseline: CaseTally
    }

    package var pairs: [Pair]
    package var onlyInRun: [String]
    package var onlyInBaseline: [String]

    package init(run: [CaseTally], baseline: [CaseTally]) {
        let before = tallies(byKey: baseline)
        var seen: Set<String> = []
        pairs = []
        onlyInRun = []
        for tally in run where tally.trials > 0 && seen.insert(tally.key).inserted {
            if let partner = before[tally.key], partner.trials > 0 {
                pairs.append(Pair(run: tally, baseline: partner))
            } else {
                onlyInRun.append(tally.key)
            }
        }
        onlyInBaseline = baseline.filter { $0.trials > 0 && !seen.contains($0.key) }.map(\.key)
    }

    package var summary: Pairing {
        Pairing(
            paired: pairs.count, onlyInRun: onlyInRun.count, onlyInBaseline: onlyInBaseline.count,
            keysOnlyInRun: Array(onlyInRun.prefix(VerdictLimits.maximumUnpairedCases)),
            keysOnlyInBaseline: Array(onlyInBaseline.prefix(VerdictLimits.maximumUnpairedCases)))
    }
}

/// Of equal keys the first.
package func tallies(byKey cases: [CaseTally]) -> [String: CaseTally] {
    Dictionary(cases.map { ($0.key, $0) }) { first, _ in first }
}
