/// Every limit of this target, with its reason. Lengths of columns are limits of the schema: see Migrations/.
package enum MetastoreLimits {
    /// Items of a page when the caller names no number.
    package static let defaultPageItemCount = 50
    /// Items of a page: a page is held in memory whole, several times over while it becomes JSON.
    package static let maximumPageItemCount = 500
    /// Days of retention: a hundred years, far inside of what dates can be computed with.
    package static let maximumRetentionDayCount = 36_500
    /// Projects beside its own that a key may choose among: an application has one for each of its stages or customers. So says the schema.
    package static let maximumKeyProjectCount = 100
    /// Deletions of a project that wait for their turn: each seals and searches what the project has.
    static let maximumRunningDeletionCount: Int64 = 100
    /// Rows written by one statement, and bytes of them: a few megabytes on their way at a time, a quarter of what a parameter may have.
    static let maximumStatementRowCount = 1_000
    static let maximumStatementByteCount = 4 << 20
    /// Runs that one rescue orders the conclusions of: others follow at the next, a few seconds later.
    package static let maximumSweepCount = 100
    /// Scores further from zero count as this far: a square of one is still a number, as is the sum of millions of those.
    package static let maximumScoreMagnitude = 1e150
    /// Seconds after the end of a scheduled window until it is analyzed: exporters send spans in batches, and some late.
    package static let featureWindowGraceSeconds: Int64 = 120
    /// What one attempt may have cost, in nano-dollars, and how many tokens: a thousand dollars, far more than the longest context of the
    /// dearest model. Attempts at all cells of the largest run still add up within 64 bits, whatever their provider reports.
    package static let maximumAttemptNanoUSD: Int64 = 1_000_000_000_000
    package static let maximumAttemptTokenCount: Int64 = 1_000_000_000_000
    /// Windows of a schedule that are made up for after the server was away: a week of days.
    static let maximumDueFeatureWindowCount: Int64 = 7
    /// Traces with their vectors read at a time: a few megabytes.
    static let featureTracePageCount = 500
    /// Windows before an analyzed one that a feature's share is compared with: a week of days has both kinds of days in it.
    static let comparedFeatureWindowCount = 7
    /// Days that decisions of scoring are kept, how many of a project, and how many one statement takes out: the ledger answers "why was
    /// this not scored", which is asked of the last weeks.
    package static let decisionDayCount = 30
    package static let maximumDecisionCount = 1_000_000
    static let decisionSweepCount = 10_000
    /// Chunks of a knowledge base that a search ranks by how close together its words stand: their lists of words are read for it.
    static let rankedKnowledgeChunkCount = 200
    /// About how many chunks of a project are looked at to count its words: a few seconds.
    static let countedKnowledgeChunkCount = 20_000
    /// Contents of knowledge bases that one step of their collection looks at: a few milliseconds.
    package static let collectedKnowledgeContentCount = 1_000
    /// Bytes of the versions that one rebase reads, three of each entry that both sides changed: what it merges is in memory, and its transaction
    /// holds the draft, until all of it is written.
    package static let maximumRebasedByteCount = 128 << 20
    /// Seconds that a discarded draft can still be read: a week, in which somebody may miss it.
    package static let discardedKnowledgeDraftSeconds = 604_800
    /// Uploads of a project to drafts of its knowledge base that wait or are read: their documents are stored until they have been, at most
    /// 256 MiB of them; the workers read one after the other.
    package static let maximumOpenKnowledgeUploadCount = 8
    /// Feature flags of an organization: they are listed whole, with their overrides.
    package static let maximumFeatureFlagCount = 200
}
