/// The limits of gates and verdicts, with their reasons.
package enum VerdictLimits {
    /// Rules over named scores in a gate: each makes it harder for the others to fail a run, as they share the error.
    package static let maximumMeanRules = 32
    /// Flaky cases named in a verdict: what a person reads. The count is always whole.
    package static let maximumFlakyCases = 100
    /// Cases without a partner in the other run that are named in a verdict.
    package static let maximumUnpairedCases = 100
    /// Counts in a verdict that is read: more than any run has, and little enough that sums of them are numbers.
    static let counts: ClosedRange<Int64> = 0...1_000_000_000_000
}
