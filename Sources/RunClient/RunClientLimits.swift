/// What one `spandrel run` may take: the limits of this target in one place, each with its reason.
package enum RunClientLimits {
    /// Bytes of a file of targets or of a gate: more than the server takes for a whole run.
    package static let maximumArgumentFileByteCount = 4 << 20
    /// Bytes of a suite file: what the server takes.
    package static let maximumSuiteFileByteCount = 8 << 20
    /// Redraws of the progress bar a second: what eyes follow; logs of terminals stay small.
    package static let maximumRedrawsPerSecond = 4
    /// Seconds between two lines of progress where there is no terminal: a run of an hour has a log of a screen or two.
    package static let plainLineSeconds: Double = 30
    /// Cases that did not pass and are told while the run goes on; the reports have more.
    package static let maximumToldCaseCount = 20
    /// Characters of a case's key, reason or error on a line of a terminal.
    package static let maximumLineCharacterCount = 300
    /// Seconds without any word from the server after which a follower gives up; the run goes on. A restart takes seconds, a
    /// deployment some minutes.
    package static let maximumSilenceSeconds: Double = 900
    /// Seconds without any word from the server after which a run that was not begun yet is given up: nothing is lost then.
    package static let maximumStartSeconds: Double = 60
    /// Seconds between two tries, the first and at most. A server's Retry-After is obeyed up to the latter.
    package static let firstRetrySeconds = 0.25
    package static let maximumRetrySeconds: Double = 15
    /// Bytes of an answer: 500 outcomes with 32 scores of 2 KiB each.
    package static let maximumAnswerByteCount = 64 << 20
    /// Cells of a run that are counted: more than a run has, and a sum of some is a number whatever a server answers.
    package static let maximumCount = 1_000_000_000
    /// Outcomes asked for at a time.
    package static let outcomePageCount = 500
    /// Outcomes whose outputs are fetched for the reports: each is a request.
    package static let maximumFetchedOutputCount = 1_000
    /// Bytes of a model's output in JUnit's `system-out`: CI servers keep these files for months.
    package static let maximumReportedOutputByteCount = 16 << 10
    /// Bytes of a reason or an error in JUnit.
    package static let maximumReportedReasonByteCount = 4 << 10
    /// Bytes of the Markdown summary. GitHub drops one of more than 1 MiB.
    package static let maximumSummaryByteCount = 1_000_000
    /// Cases shown with their reasons in the summary, and named without: what people read, and what they search.
    package static let maximumShownCaseCount = 50
    package static let maximumNamedCaseCount = 2_000
    /// Characters of a text from a model or a case in a cell of the summary's tables.
    package static let maximumCellCharacterCount = 300
    /// Commands of `--exec` at a time: each is a process with two threads watching it.
    package static let maximumExecConcurrency = 100
    package static let defaultExecConcurrency = 4
    /// Bytes a command may write to its standard output: what the server takes for an output.
    package static let maximumExecOutputByteCount = 1 << 20
    /// Bytes kept of the end of a command's standard error, where tracebacks say what went wrong; with the words around it within what
    /// the server keeps of an error.
    package static let maximumExecErrorByteCount = 3 << 10
    /// Seconds one command may take.
    package static let defaultExecSeconds: Double = 120
    package static let maximumExecSeconds: Double = 86_400
    /// Seconds between a command's SIGTERM and its SIGKILL.
    package static let execGraceSeconds: Double = 3
    /// Seconds between two questions for cases while there are none, the first and at most.
    package static let firstLeasePauseSeconds = 0.2
    package static let maximumLeasePauseSeconds: Double = 3
    /// Outputs handed over at a time, and their bytes: what the server takes in one body.
    package static let maximumOutputCount = 100
    package static let maximumOutputsByteCount = 4 << 20
}
