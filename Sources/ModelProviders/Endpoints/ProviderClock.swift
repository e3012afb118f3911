/// Time as this room sees it, so that a test can hand in one of its own.

import ByteCoding

package struct ProviderClock: Sendable {
    /// Wall time, nanoseconds since 1970.
    package var nowUnixNano: @Sendable () -> UInt64
    /// Time that never jumps, from an origin of its own.
    package var uptime: @Sendable () -> Duration
    /// Returns when the time has passed; throws when the task is cancelled before.
    package var sleep: @Sendable (Duration) async throws -> Void

    package init(
        nowUnixNano: @escaping @Sendable () -> UInt64, uptime: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.nowUnixNano = nowUnixNano
        self.uptime = uptime
        self.sleep = sleep
    }

    package static let system: ProviderClock = {
        let origin = ContinuousClock.now
        return ProviderClock(
            nowUnixNano: { WallClock.nowUnixNano() }, uptime: { ContinuousClock.now - origin }, sleep: { try await Task.sleep(for: $0) })
    }()

    /// Errors: `cancelled`.
    func wait(_ duration: Duration) async throws(ProviderError) {
        guard duration > .zero else { return }
        do { try await sleep(duration) } catch { throw ProviderError.cancelled }
    }
}

extension ProviderError {
    static let cancelled = ProviderError(.cancelled, "the call was cancelled")
}

/// How long a call may take, phase by phase. Nil: without limit.
package struct ProviderTimeouts: Sendable, Hashable {
    package var connect: Duration? = .seconds(ModelProvidersLimits.connectTimeoutSeconds)
    /// To the response's head; without streaming that is when the model is done.
    package var firstByte: Duration? = .seconds(ModelProvidersLimits.firstByteTimeoutSeconds)
    /// Between two pieces of the answer.
    package var idle: Duration? = .seconds(ModelProvidersLimits.idleTimeoutSeconds)
    /// The whole call with its retries and waits.
    package var total: Duration? = .seconds(ModelProvidersLimits.totalTimeoutSeconds)

    package init() {}

    package init(connect: Duration?, firstByte: Duration?, idle: Duration?, total: Duration?) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
}
