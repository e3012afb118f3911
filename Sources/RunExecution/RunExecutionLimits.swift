/// Every limit of this target, with its reason.
package enum RunExecutionLimits {
    /// Cells a worker has under way: each holds its case and its answer, some KiB as a rule, a MiB at most.
    package static let defaultConcurrency = 256
    package static let maximumConcurrency = 4_096
    /// Cells leased ahead of free lanes, so that none waits for PostgreSQL; a worker that dies keeps them from others for a lease.
    static func leasedAheadCount(laneCount: Int) -> Int { laneCount / 2 }
    /// Results written by one transaction.
    static let resultBatchCount = 128
    /// Bytes of results and spans written by one transaction: spans have to pass as one parameter, 16 MiB at most, and as one request.
    static let resultBatchByteCount = 8 << 20
    /// Bytes of one cell's spans: with more they go without their messages, which the outcome has.
    static let traceByteCount = 8 << 20
    /// Milliseconds that results wait for others to be written with: how late an event may be.
    static let resultBatchMilliseconds = 40
    /// Seconds between two heartbeats: three fit into a lease.
    static let heartbeatSeconds = 5
    /// Seconds between two looks for work when nothing was announced.
    static let idleSeconds = 2
    /// Seconds between two looks for cells of workers that died: what they had is begun anew within a second of the lease's end.
    static let rescueSeconds = 1
    /// Seconds for which nobody is taken for dead after PostgreSQL was away: leases ran out meanwhile, and their holders have a
    /// heartbeat's time to come back.
    static let rescueGraceSeconds = 2 * heartbeatSeconds
    /// Milliseconds until the next look for work while some is under way and none was announced.
    static let busyMilliseconds = 50
    /// Runs whose targets and scorers are kept ready.
    static let preparedRunCount = 64
    /// Case versions of a run whose scorers are kept compiled.
    static let preparedCaseCount = 4_096
    /// Bytes of their JSON: cases of a MiB each would fill the memory.
    static let preparedCaseByteCount = 16 << 20
    /// Seconds that a run's credentials are taken as read: a key that was changed or deleted is not used for longer.
    static let preparedRunSeconds = 30
    /// Bytes of an answer of a user's own endpoint.
    static let answerByteCount = 4 << 20
    /// Seconds between two tries at a cell: doubled with each, and drawn at random up to that.
    static let firstRetryDelaySeconds = 1.0
    static let maximumRetryDelaySeconds = 60.0
    /// Seconds that a provider or an endpoint may ask to wait: with more the cell is given up, and a run comes to its end today.
    static let maximumObeyedDelaySeconds = 3_600.0
    /// Times that results are offered to a database that is away, a second apart, before the cells are left to other workers.
    static let recordAttemptCount = 60
    /// Seconds that cells under way have to end when the worker stops: the rest is given back.
    static let drainSeconds = 10
    /// The part of a worker's concurrency that stored spans are scored with, beside its cells.
    static let scoringShare = 4
    /// Scorers of rules and backfills that are kept compiled, and seconds that a project's models are taken as read.
    static let preparedScorersCount = 64
    static let preparedModelsSeconds = 10
    /// Rows of spans taken at a time.
    static let deliveryRowCount = 16
    /// Seconds until spans are offered again to a server that did not take them.
    static let deliveryPauseSeconds = 5
    /// Seconds a worker keeps the spans it took to deliver.
    static let deliveryLeaseSeconds = 30
    /// Seconds a server may take to store what it is sent, before it is offered again: less than spans are kept for.
    static let deliveryTimeoutSeconds = 20
    /// Bytes of the server's answer: a message about spans it did not take.
    static let deliveryAnswerByteCount = 1 << 20
    /// Milliseconds between two changes of a rate budget's row by one process: later callers go with the next.
    static let budgetChangeMilliseconds = 10
    /// Bytes of a case's text that the knowledge base is asked with: what a search takes.
    package static let questionByteCount = 8 << 10
    /// Milliseconds for which a budget that was seen without limits lets calls pass: how late a limit may be heeded that another
    /// process learned of. Calls of a second or two, made many at a time, do not wait for it at each.
    static let unlimitedBudgetMilliseconds = 2_000
    /// Milliseconds after which it is looked at again, beside the calls.
    static let unlimitedBudgetLookMilliseconds = 250
    /// Budgets known to be without limits at a time: dates of some bytes each.
    static let unlimitedBudgetCount = 1_024
}
