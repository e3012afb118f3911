/// Every limit of the live event streams, with its reason.
package struct EventLimits: Sendable {
    /// Followers at a time: more than a node is meant for (5,000), less than it takes connections.
    package var maximumFollowerCount = 7_000
    /// Messages that may wait for one follower: two seconds of a run at full speed. They are shared; what waits is a reference of each.
    package var maximumQueuedMessageCount = 2_048
    /// Bytes that may wait for one follower, whoever else they wait for.
    package var maximumQueuedByteCount = 2 << 20
    /// Bytes handed to a connection at once: as much as it buffers before it says that it is full.
    package var maximumWriteByteCount = 64 << 10
    /// The newest messages each followed task keeps, so that who comes back after a moment costs PostgreSQL nothing.
    package var maximumRecentMessageCount = 1_024
    package var maximumRecentByteCount = 1 << 20
    /// Events of one read: some hundred KiB at most.
    package var pageEventCount = 256
    /// Pages read at the same time for followers who begin in the past: half of the pool's connections.
    package var maximumReplayReadCount = 4
    /// Between two reads of one task's events: a busy run announces hundreds of times a second, and nobody sees the difference.
    package var readPauseNanoseconds: Int64 = 50_000_000
    /// Between two counters of one task: two a second.
    package var countersPauseNanoseconds: Int64 = 500_000_000
    /// A followed task is looked at this often even when nothing was announced: whoever changes rows by hand announces nothing.
    package var unannouncedReadNanoseconds: Int64 = 10_000_000_000
    /// After a read that failed; doubled by each one after it up to the maximum.
    package var firstRetryNanoseconds: Int64 = 250_000_000
    package var maximumRetryNanoseconds: Int64 = 4_000_000_000
    /// Silence on an SSE stream before a comment is sent: under the half minute after which the impatient proxies cut.
    package var heartbeatNanoseconds: Int64 = 15_000_000_000
    /// Between two looks at whether a follower may still read.
    package var confirmationNanoseconds: Int64 = 30_000_000_000
    /// How often the two above are looked at.
    package var tickNanoseconds: Int64 = 1_000_000_000
    /// Filters of one project that are followed as spans come in: each is held against all that comes in. Equal ones count once.
    package var maximumArrivalFilterCount = 32
    /// For holding what came in against the filters of a project: less than between two looks, so that a flood is not fallen behind.
    package var arrivalMatchNanoseconds: Int64 = 400_000_000
    /// Traces that a message of what came in names: as many as a list shows at once.
    static let newestTraceCount = 20
    /// Traces remembered for each such filter, so that one whose spans come in little by little counts once.
    static let rememberedTraceCount = 4_096
    /// Milliseconds a browser waits before it connects again.
    static let retryMilliseconds = 3_000
    /// Events of a page for pollers.
    static let defaultPageCount = 100
    static let maximumPageCount = 1_000
    /// What the rate of progress is taken from: long enough to be steady, short enough to follow a change of concurrency.
    static let rateWindowNanoseconds: Int64 = 60_000_000_000
    /// Samples kept of that window: two a second.
    static let maximumRateSampleCount = 128

    package init() {}
}
