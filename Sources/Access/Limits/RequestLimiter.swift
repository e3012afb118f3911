/// Holds API keys and projects to their rates and keys to their concurrency: the lock around RequestLimiterState, which decides
/// everything. Per process, in memory.
///
/// A body is counted when its length is announced, or else as it arrives; a key over its bytes waits at its next request.

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

    /// The request is answered.
    package func end(_ permit: RequestPermit) { state.withLock { $0.end(permit) } }

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

    /// Bytes of a body, for the key and the project it is for. Errors: `rateLimited` when others sent so much at the same time that
    /// nobody can be let in for a minute.
    func count(_ byteCount: Int, _ permit: RequestPermit?, _ project: ProjectID?) throws(AccessError) {
        let now = clock.monotonicNano()
        let subjects = Self.subjects(permit, project)
        guard let full = state.withLock({ $0.count(Int64(byteCount), for: subjects, now: now) }) else { return }
        let (kind, limit): (RateLimitState.Kind, Int64?) =
            switch full {
            case .key: (.keyBytes, permit?.bytesPerSecond)
            case .project(let project): (.projectBytes, ingestBytesPerSecond(into: project))
            }
        let wait = AccessLimits.maximumDebtSeconds * SlidingWindow.windowNanoseconds
        throw .rateLimited(RateLimitState(kind: kind, limit: limit ?? 0, remaining: 0, waitNanoseconds: wait))
    }

    /// Bytes that were counted and did not come.
    func takeBack(_ byteCount: Int, _ permit: RequestPermit?, _ project: ProjectID?) {
        state.withLock { state in
            for subject in Self.subjects(permit, project) { state.takeBack(Int64(byteCount), from: subject) }
        }
    }

    private static func subjects(_ permit: RequestPermit?, _ project: ProjectID?) -> [RequestLimiterState.Subject] {
        [permit.map { .key($0.key) }, project.map { .project($0) }].compactMap { $0 }
    }

    /// The largest body that is let in: nil when nothing limits it.
    func maximumBodyByteCount(_ permit: RequestPermit?, _ project: ProjectID?) -> Int? {
        [permit?.bytesPerSecond, project.flatMap { ingestBytesPerSecond(into: $0) }].compactMap { $0 }.min()
            .map { Int(clamping: SlidingWindow.maximumAmount(limit: $0)) }
    }

    private func ingestBytesPerSecond(into project: ProjectID) -> Int64? { ingestLimits.withLock { $0[project]?.bytesPerSecond } }
}

/// A request that was counted in.
package struct RequestPermit: Sendable {
    let key: APIKeyID
    let countsConcurrency: Bool
    let bytesPerSecond: Int64?
    /// For the answer's headers; nil when only concurrency is limited.
    package let rate: RateLimitState?
}
