/// Every limit of this target, with its reason.
package enum PostgresLimits {
    /// Connections of one pool. The server is one node on a few cores and its statements are short: eight are busy only when
    /// PostgreSQL itself is the bottleneck, and each one costs it a process of some 5 MB.
    package static let maximumConnectionCount = 8
    /// Callers which may wait for a connection; more only queue up work that will time out.
    package static let maximumWaiterCount = 512
    /// Milliseconds a caller waits for a connection: longer than a restart of the private cluster takes.
    package static let maximumWaitMilliseconds = 5_000
    /// Milliseconds a statement may run; the server stops it (`statement_timeout`).
    package static let maximumStatementMilliseconds = 30_000
    /// Milliseconds after the server's own limit (or after a cancel request) until a silent connection counts as lost.
    package static let silenceMilliseconds = 5_000
    /// Milliseconds of silence after which a connection asks whether the server as a whole still answers anybody, and asks again. A
    /// statement that takes longer is none of a request's; one question costs the server a connection.
    package static let askMilliseconds = 1_500
    /// Seconds the server has for that: the least libpq knows. Silent then, its connection counts as lost, so that a request is refused
    /// some 3.5 s after the server froze and not after the statement's time limit.
    package static let askTimeoutSeconds = 2
    /// Milliseconds a cancel request may take; the server that takes longer has lost the connection.
    package static let cancelRequestMilliseconds = 2_000
    /// Seconds for one attempt to connect; libpq rounds less than 2 up to 2.
    package static let connectTimeoutSeconds = 5
    /// Bytes that a server which a user names may send on one connection: libpq holds an answer whole, and the catalog of 200,000 columns with
    /// their comments has some 40 MB.
    static let maximumForeignByteCount = 64 << 20
    /// Milliseconds between two looks at that count while libpq reads on: some 20 MB more arrive meanwhile from a neighbour on a fast network.
    static let receiptCheckMilliseconds: Int32 = 20
    /// Prepared statements kept per connection: more than this program has, so reaching it means that SQL text is being built.
    package static let maximumPreparedStatementCount = 256
    /// Bytes of one parameter: rows hold settings and small documents; spans never come here.
    package static let maximumParameterByteCount = 16 << 20
    /// Milliseconds before the first retry of a failed connect; doubled each time up to the maximum.
    package static let firstBackOffMilliseconds = 50
    package static let maximumBackOffMilliseconds = 2_000
    /// Failed rounds of connecting after which callers are refused at once instead of waiting: by then some 0.75 s have passed.
    package static let failedRoundsUntilUnavailable = 4
    /// Milliseconds an extra connection may lie idle: its server process gives its memory back soon after a burst.
    package static let maximumIdleMilliseconds = 60_000
    /// Connections which are kept however idle they are, so that a lone request finds one.
    package static let minimumIdleConnectionCount = 1
    /// Milliseconds a listening connection may be silent before it is asked for a sign of life: a server that vanished without a
    /// word is so found out in half a minute, at the cost of two tiny statements a minute.
    package static let maximumListenerSilenceMilliseconds = 30_000
    /// Channels of one listener: each is one of this program's own names.
    static let maximumChannelCount = 16
    /// Bytes of a channel's name (PostgreSQL cuts identifiers at 63).
    static let maximumChannelByteCount = 63
    /// Bytes of a thread's stack which does nothing but call libpq.
    static let threadStackByteCount = 512 << 10
    /// Bytes in the path of a Unix socket (`sun_path` is 108 with its terminating zero).
    static let maximumSocketPathByteCount = 107
    /// Bytes of the private cluster's log file before it becomes the one older file that is kept.
    static let maximumServerLogByteCount = 4 << 20
    /// Lines of the private cluster's log kept for error messages.
    static let keptServerLogLineCount = 12
    /// Connections the private cluster takes: the pool's, and room for workers and a person with psql.
    package static let maximumClusterConnectionCount = 40
    /// Milliseconds for the private cluster to accept connections: replaying its WAL (at most 256 MiB) is the slow case.
    static let maximumClusterStartMilliseconds = 60_000
    /// Milliseconds for a fast shutdown before an immediate one, whose recovery happens at the next start.
    static let maximumClusterStopMilliseconds = 30_000
}
