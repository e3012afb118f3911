/// What the export of the server's own telemetry may cost: the limits of this target in one place, each with its reason.

enum TelemetryLimits {
    /// Spans that wait to be sent. At some 600 bytes each under 3 MiB; ten seconds of 400 requests a second while a collector restarts.
    static let queuedSpanCount = 4096
    /// Spans of one request, and the age at which fewer are sent: what OpenTelemetry's SDKs do by default.
    static let batchSpanCount = 512
    static let batchAge = Duration.seconds(5)
    /// A request is given up after this time: the default of OTLP exporters.
    static let sendTimeout = Duration.seconds(10)
    /// The first wait before a batch is sent again; it doubles up to the last, give or take a half.
    static let firstRetryDelay = Duration.seconds(1)
    static let lastRetryDelay = Duration.seconds(30)
    /// A collector may ask for a longer wait, up to this.
    static let longestRetryAfter = Duration.seconds(300)
    /// Sends of one batch: a minute and a half at the usual waits. A batch that no attempt gets through must not hold up the others for ever.
    static let attemptCount = 8
    /// What is left at shutdown is sent within this time, final metrics included: supervisors commonly kill after ten seconds.
    static let flushTimeout = Duration.seconds(5)
    /// A collector's answer: a partial success with its message.
    static let responseByteCount = 64 << 10
    /// A `tracestate` that is longer is left out; W3C asks for 512 bytes to be passed on.
    static let traceStateByteCount = 512
    /// A host name in `server.address`; DNS has no longer ones.
    static let hostByteCount = 255
}
