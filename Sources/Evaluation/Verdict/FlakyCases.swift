import EvaluationModel

/// The cases that both passed and failed, the least predictable first: those whose results are nearest to a coin's (p (1 - p) greatest),
/// of these the ones seen flaking most often, then by key, so that two readings of a run list them alike.
///
/// - Parameter baseline: the tallies of the baseline by key, to say which cases did not flake there.
package func flakyCases(_ cases: [CaseTally], baseline: [String: CaseTally]) -> [FlakyCase] {
    func instability(_ flaky: FlakyCase) -> Double {
        let trials = Double(flaky.passed + flaky.failed)
        return Double(flaky.passed) * Double(flaky.failed) / (trials * trials)
    }
    let flaky = cases.filter { $0.passed > 0 && $0.failed > 0 }.map { tally in
        let before = baseline[tally.key].flatMap { $0.trials > 1 ? $0.passed == 0 || $0.failed == 0 : nil }
        return FlakyCase(key: tally.key, passed: tally.passed, failed: tally.failed, wasStable: before)
    }
    return flaky.sorted { left, right in
        let (a, b) = (instability(left), instability(right))
        if a != b { return a > b }
        let (c, d) = (min(left.passed, left.failed), min(right.passed, right.failed))
        return c != d ? c > d : left.key < right.key
    }
}
