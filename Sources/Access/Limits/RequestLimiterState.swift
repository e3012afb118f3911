/// The counters of all limited keys and projects: a pure value. Those that hold nothing any more are forgotten when the table
/// grows past its limit, so that it never holds more than what is in use.

import Metastore
import TraceModel

struct RequestLimiterState {
    enum Subject: Hashable {
        case key(APIKeyID)
        case project(ProjectID)
    }

    private struct Counters {
        var requests: SlidingWindow
        var bytes: SlidingWindow
        /// Whether the last request came with a limit in bytes: what nobody limits is not added up.
        var isByteLimited = false
        var concurrentCount = 0
    }

    private var counters: [Subject: Counters] = [:]
    private let maximumCount: Int
    private var countAtNextSweep: Int

    init(maximumCount: Int = AccessLimits.maximumLimitedSubjectCount) {
        self.maximumCount = maximumCount
        countAtNextSweep = maximumCount
    }

    var count: Int { counters.count }

    mutating func begin(_ key: APIKeyID, _ limits: RequestLimits, now: Int64) throws(AccessError) -> RequestPermit {
        makeRoom(now: now)
        let fresh = Counters(requests: SlidingWindow(now: now), bytes: SlidingWindow(now: now))
        let subject = Subject.key(key)
        if let maximum = limits.maximumConcurrency, let concurrent = counters[subject]?.concurrentCount, concurrent >= maximum {
            throw .tooManyConcurrentRequests(limit: maximum)
        }
        let rate = try Self.count(&counters[subject, default: fresh], limits, now: now, kinds: (.keyRequests, .keyBytes))
        if limits.maximumConcurrency != nil { counters[subject, default: fresh].concurrentCount += 1 }
        return RequestPermit(
            key: key, countsConcurrency: limits.maximumConcurrency != nil, bytesPerSecond: limits.bytesPerSecond, rate: rate)
    }

    mutating func end(_ permit: RequestPermit) {
        if permit.countsConcurrency { counters[.key(permit.key)]?.concurrentCount -= 1 }
    }

    mutating func beginIngest(_ project: ProjectID, _ limits: RequestLimits, now: Int64) throws(AccessError) -> RateLimitState? {
        makeRoom(now: now)
        let fresh = Counters(requests: SlidingWindow(now: now), bytes: SlidingWindow(now: now))
        return try Self.count(
            &counters[.project(project), default: fresh], limits, now: now, kinds: (.projectRequests, .projectBytes))
    }

    /// Bytes of a body. Counts them for all of `subjects`, or for none of them and answers which one owes too much already.
    mutating func count(_ byteCount: Int64, for subjects: [Subject], now: Int64) -> Subject? {
        let limited = subjects.filter { counters[$0]?.isByteLimited ?? false }
        for subject in limited where counters[subject]?.bytes.hasRoom(for: byteCount, now: now) == false { return subject }
        for subject in limited { counters[subject]?.bytes.add(byteCount) }
        return nil
    }

    /// Bytes that were counted and did not come.
    mutating func takeBack(_ byteCount: Int64, from subject: Subject) {
        if counters[subject]?.isByteLimited ?? false { counters[subject]?.bytes.takeBack(byteCount) }
    }

    /// Lets one more request in, or says which limit it is over; answers with the limit that is nearest.
    private static func count(
        _ counters: inout Counters, _ limits: RequestLimits, now: Int64, kinds: (requests: RateLimitState.Kind, bytes: RateLimitState.Kind)
    ) throws(AccessError) -> RateLimitState? {
        var nearest: RateLimitState?
        counters.isByteLimited = limits.bytesPerSecond != nil
        if let limit = limits.bytesPerSecond {
            let used = counters.bytes.used(now: now, limit: limit)
            if used >= limit {
                let wait = counters.bytes.wait(now: now, room: limit - 1)
                throw .rateLimited(RateLimitState(kind: kinds.bytes, limit: limit, remaining: 0, waitNanoseconds: wait))
            }
            nearest = RateLimitState(kind: kinds.bytes, limit: limit, remaining: limit - used, waitNanoseconds: 0)
        }
        if let requests = limits.requestsPerSecond {
            let limit = Int64(requests)
            let used = counters.requests.used(now: now, limit: limit)
            if used >= limit {
                let wait = counters.requests.wait(now: now, room: limit - 1)
                throw .rateLimited(RateLimitState(kind: kinds.requests, limit: limit, remaining: 0, waitNanoseconds: wait))
            }
            counters.requests.add(1)
            let remaining = limit - used - 1
            let wait = remaining > 0 ? 0 : counters.requests.wait(now: now, room: limit - 1)
            nearest = RateLimitState(kind: kinds.requests, limit: limit, remaining: remaining, waitNanoseconds: wait)
        }
        return nearest
    }

    /// Forgets idle counters once there are too many; the next time at twice as many as are in use, so that sweeps stay rare.
    private mutating func makeRoom(now: Int64) {
        guard counters.count >= countAtNextSweep else { return }
        counters = counters.filter {
            $0.value.concurrentCount > 0 || !$0.value.requests.isIdle(now: now) || !$0.value.bytes.isIdle(now: now)
        }
        countAtNextSweep = max(maximumCount, counters.count * 2)
    }
}
