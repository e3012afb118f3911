/// What one client and one transfer may cost: the limits of this target in one place, each with its reason.

enum CurlLimits {
    /// Bytes of a body that wait for their reader before the peer is made to wait: enough to keep a fast reader busy across a
    /// wake-up, little enough that a thousand slow ones cost 256 MiB at the very worst.
    static let waitingBodyByteCount = 256 << 10
    /// All header lines of a response: what common servers allow at most, twice over.
    static let responseHeaderByteCount = 64 << 10
    /// Open and idle connections of one client. Providers allow fewer at a time; a process has 1,024 descriptors by default.
    static let connectionCount = 256
    static let connectionCountPerHost = 64
    /// Redirects one request may ask to follow: browsers give up at 20, and no API needs more than a few.
    static let redirectCount = 10
    /// A URL: what servers commonly take.
    static let urlByteCount = 8 << 10
    /// One line and one event of a stream of server-sent events: a model's tool call can carry a document, not a library.
    static let eventByteCount = 8 << 20
    /// The loop looks up this often although nothing wakes it; every deadline has its own wake-up.
    static let pollMilliseconds: Int32 = 1000
    /// The loop's frames are shallow; OpenSSL and the resolver want some room.
    static let threadStackByteCount = 512 << 10
    /// Resolving, connecting and TLS: three lost packets in a row still fit in.
    static let connectTimeout = Duration.seconds(10)
    /// A model may think this long before its first word; whoever knows of a slower one asks for more.
    static let firstByteTimeout = Duration.seconds(60)
    /// A stream that is silent for longer has lost its connection: servers send comments to keep it open.
    static let idleTimeout = Duration.seconds(60)
    /// A mail server answers a command within this time, or the mail is given up.
    static let mailAnswerTimeout = Duration.seconds(30)
    /// Whoever waits for a mail to be handed over waits no longer than this.
    static let mailTimeout = Duration.seconds(60)
    /// A mail: notices of a few lines, with room for a long link.
    static let mailByteCount = 1 << 20
}

/// How long a transfer may take, phase by phase. Nil: without limit.
package struct CurlTimeouts: Sendable, Hashable {
    /// Resolving, connecting, TLS.
    package var connect: Duration? = CurlLimits.connectTimeout
    /// From the connection to the response's first header line; sending the request counts.
    package var firstByte: Duration? = CurlLimits.firstByteTimeout
    /// Between two pieces of the body, while there is room for them.
    package var idle: Duration? = CurlLimits.idleTimeout
    /// The whole transfer with its redirects.
    package var total: Duration?

    package init() {}

    package init(connect: Duration?, firstByte: Duration?, idle: Duration?, total: Duration?) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
}
