/// Holds API keys and projects to their rates and keys to their concurrency: the lock around RequestLimiterState, which decides
/// everything. Per process, in memory.
///
/// Bodies are counted when they have been read, as nobody knows their size before: a key over its bytes waits at its next request.

import Metastore
import Synchronization
import TraceModel

package final class RequestLimiter: Sendable {
    private let clock: any AccessClock
    private let state = Mutex(RequestLimiterState())
    /// Of projects that have some; the settings' owner keeps it.
    private let ingestLimits = Mutex<[ProjectID: RequestLimits]>([:])

    package init(clock: any AccessClock = SystemAccessClock()) { self.clock = clock }

    /// Counts a request in, before its body is read. Whoever gets a permit ends it with `end`, once. nil for callers without any
    /// limit. Errors: `tooManyConcurrentRequests`, `rateLimited`.
    package func begin(_ principal: Principal) throws(AccessError) -> RequestPermit? {
        guard let key = principal.keyID, principal.limits != RequestLimits() else { return nil }
        let now = clock.monotonicNano()
        return try state.withLock { state throws(AccessError) in try state.begin(key, principal.limits, now: now) }
    }

    /// The request is answered. `byteCount`: bytes of its body.
    package func end(_ permit: RequestPermit, byteCount: Int) { state.withLock { $0.end(permit, byteCount: Int64(byteCount)) } }

    /// What all exports into a project together are held to, from the next one on.
    package func setIngestLimits(_ limits: RequestLimits, of project: ProjectID) {
        ingestLimits.withLock { $0[project] = limits == RequestLimits() ? nil : limits }
    }

    /// Counts an ingest request into a project against the project's settings. Errors: `rateLimited`.
    package func beginIngest(_ project: ProjectID) throws(AccessError) -> RateLimitState? {
        guard let limits = ingestLimits.withLock({ $0[project] }) else { return nil }
        let now = clock.monotonicNano()
        return try state.withLock { state throws(AccessError) in try state.beginIngest(project, limits, now: now) }
    }

    /// Bytes of an ingest request's body, once it was read. For projects with a limit in bytes.
    package func countIngest(_ byteCount: Int, into project: ProjectID) {
        state.withLock { $0.countIngest(Int64(byteCount), into: project) }
    }
}

/// A request that was counted in.
package struct RequestPermit: Sendable {
    let key: APIKeyID
    let countsConcurrency: Bool
    /// For the answer's headers; nil when only concurrency is limited.
    package let rate: RateLimitState?
}
