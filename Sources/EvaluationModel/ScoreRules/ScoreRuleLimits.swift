/// Every limit of scoring stored spans, with its reason.
package enum ScoreRuleLimits {
    /// Enabled rules of a project: every new span is held against each.
    package static let maximumEnabledRuleCount = 50
    /// Calls of a rule or backfill at a time, by all workers together.
    package static let maximumConcurrency = 1_000
    package static let defaultConcurrency = 16
    /// Spans of one backfill: each is a job that carries its texts, and an entry of the ledger.
    package static let maximumBackfillSpanCount = 100_000
    package static let defaultBackfillSpanCount = 1_000
    /// US dollars a rule may be allowed to spend in a day, a backfill in all.
    package static let maximumCap: Double = 1_000_000
    /// Bytes of a filter as JSON: as the query engine has it.
    package static let maximumFilterByteCount = 16 << 10
    /// Bytes of a job: what a span's messages and output may have as JSON. More is skipped: half of it would be another span.
    package static let maximumPayloadByteCount = 1 << 20
    /// Jobs of a rule that may wait: with more the workers are too few, and the newest spans say no more than the ones that wait.
    package static let maximumQueuedCount = 10_000
    /// Attempts at a span before it counts as failed; a worker that dies costs one.
    package static let maximumAttemptCount = 5
    /// Characters of a decision's reason.
    package static let maximumReasonCharacterCount = 2_000
    /// Of one rule and look: spans that did not match, and those that were left out by the draw, which are entered one by one.
    package static let maximumListedCount = 500
    /// Messages of a span that are read: the longest conversations of agents have some hundred.
    package static let maximumMessageCount = 2_000
    /// Traces that drafts of cases are made from in one task: all go into one prompt.
    package static let maximumDraftTraceCount = 20
    /// Bytes of a trace's conversation in that prompt.
    package static let maximumDraftTraceByteCount = 32 << 10
    /// Bytes of what people add to the prompt.
    package static let maximumInstructionByteCount = 16 << 10
}
