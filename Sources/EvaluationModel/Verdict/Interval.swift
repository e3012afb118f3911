/// A confidence interval and how it was made.
package struct Interval: Equatable, Sendable {
    package var lower: Double
    package var upper: Double
    /// Share of runs whose interval holds the truth, 0.95 for 95 %.
    package var confidence: Double
    package var method: Method

    package init(lower: Double, upper: Double, confidence: Double, method: Method) {
        self.lower = lower
        self.upper = upper
        self.confidence = confidence
        self.method = method
    }

    /// docs/verdict.md explains each.
    package enum Method: String, CaseIterable, Sendable {
        /// One trial a case.
        case wilson
        /// Several trials a case.
        case wilsonClusteredByCase = "wilson_clustered_by_case"
        case studentTClusteredByCase = "student_t_clustered_by_case"
        /// Paired cases with one trial on both sides.
        case tangoScore = "tango_score"
        case bootstrapTClusteredByCase = "bootstrap_t_clustered_by_case"
        /// Paired cases of which too few differ for a bootstrap.
        case agrestiMin = "agresti_min"
        /// Holds at every moment of a run at once.
        case confidenceSequence = "confidence_sequence"
    }
}
