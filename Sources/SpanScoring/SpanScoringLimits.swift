/// Every limit of this target, with its reason.
enum SpanScoringLimits {
    /// Seconds between two looks at what came in, and at backfills that wait.
    static let lookSeconds = 1
    /// Spans of a backfill found at a time: with each goes a transaction that keeps the place.
    static let pageSpanCount = 50
    /// Spans read whole at a time: one may have values of 32 MiB.
    static let recordCount = 16
    /// Entries, and bytes of jobs, written by one transaction.
    static let writtenDecisionCount = 1_000
    static let writtenByteCount = 4 << 20
    /// Looks at a unit that cannot be read until it is passed over: a damaged segment must not end all scoring.
    static let maximumReadAttemptCount = 5
    /// What a span's end may lie before its arrival without its being an old one: exporters send in batches, some seconds later, and try
    /// again.
    static let exportDelayNanoseconds: Int64 = 60_000_000_000
    /// Bytes of a part of a filter in a decision's reason.
    static let quotedByteCount = 300
}
