/// Every limit of runs, with its reason.
package enum RunLimits {
    /// Targets of a run: a table with more columns is read by nobody.
    package static let maximumTargetCount = 16
    /// Repetitions of a case: more belong into another run.
    package static let maximumRepetitionCount = 1_000
    /// Cells of a run (cases x targets x repetitions): each is a job and a row.
    package static let maximumCellCount = 1_000_000
    /// Calls of a run at a time, by all workers together.
    package static let maximumConcurrency = 10_000
    package static let defaultConcurrency = 32
    /// US dollars a run may be allowed to spend.
    package static let maximumSpendingCap: Double = 1_000_000
    /// Bytes of names of runs, targets, models, credentials.
    package static let maximumNameByteCount = 200
    /// Bytes of a prompt or system template.
    package static let maximumTemplateByteCount = 256 << 10
    package static let maximumURLByteCount = 2_000
    package static let maximumToolCount = 128
    package static let maximumOutputTokenCount = 10_000_000
    /// Seconds one call may take: agents work for minutes.
    package static let maximumTimeoutSeconds: Double = 1_800
    package static let defaultTimeoutSeconds: Double = 120
    /// Attempts at a cell before it counts as errored; a worker that dies costs one.
    package static let maximumAttemptCount = 5
    /// Bytes of a run's metadata as JSON.
    package static let maximumMetadataByteCount = 16 << 10
    /// Passages of a knowledge base that are put in for `{{context}}`.
    package static let maximumPassageCount = 50
    package static let defaultPassageCount = 8
    /// Kinds of entries that passages may be of.
    package static let knowledgeKinds = ["article", "operation", "table"]
}
