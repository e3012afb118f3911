/// Why an attempt at an analysis came to no end: the one error of this target.

enum AnalysisFault: Error, Equatable {
    /// Another attempt would meet the same: the analysis fails. For people, without a key.
    case final(String)
    /// Another attempt may succeed.
    case transient(String, retryAfterSeconds: Double?)
    /// The analysis was cancelled, or is another worker's by now: nothing of this attempt counts any more.
    case gone
    /// The worker stops: the next one goes on.
    case released
}
