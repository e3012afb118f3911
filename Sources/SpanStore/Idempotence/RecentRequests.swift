import ByteCoding
import TraceModel

/// Which requests are being stored and which were stored in the last 15 minutes, so that a retry is stored once and hears
/// what the first one heard. A pure value: events in, actions out; the shell holds the lock and resumes the waiters.
///
/// The memory of stored requests is bounded in time and in number; the oldest go first. It is rebuilt from the manifest
/// (requests whose log entries may be gone) and from the replay of the log.
package struct RecentRequests: Sendable {
    /// Names a caller that waits for the outcome of another; the shell keeps what it stands for.
    package typealias WaiterID = UInt64

    package enum Beginning: Equatable, Sendable {
        /// Store it, then call `finish`.
        case new
        /// It is stored: give this reply, store nothing.
        case duplicate(StoredReply, lsn: UInt64)
        /// Its twin is being stored: wait for its outcome.
        case wait
    }

    package enum Outcome: Equatable, Sendable {
        case stored(StoredReply, receivedUnixNano: UInt64, lsn: UInt64)
        /// The waiters fail as the first did: their senders will try again.
        case failed
    }

    private struct Key: Hashable {
        let project: ProjectID
        let hash: ContentHash
    }

    private struct Stored {
        var lsn: UInt64
        var receivedUnixNano: UInt64
        var reply: StoredReply
    }

    private let maximumCount: Int
    private var stored: [Key: Stored] = [:]
    private var inFlight: [Key: [WaiterID]] = [:]
    /// Keys in the order they were stored; those before `firstLive` are gone. A key may occur again later.
    private var order: [(key: Key, lsn: UInt64)] = []
    private var firstLive = 0

    package init(maximumCount: Int = RecentRequest.maximumCount) { self.maximumCount = maximumCount }

    /// Stored requests that are remembered.
    package var count: Int { stored.count }
    package var inFlightCount: Int { inFlight.count }

    /// A request has arrived.
    package mutating func begin(_ project: ProjectID, _ hash: ContentHash, waiter: WaiterID, nowUnixNano: UInt64) -> Beginning {
        let key = Key(project: project, hash: hash)
        forget(olderThan: nowUnixNano)
        if let known = stored[key] { return .duplicate(known.reply, lsn: known.lsn) }
        if inFlight[key] != nil {
            inFlight[key]?.append(waiter)
            return .wait
        }
        inFlight[key] = []
        return .new
    }

    /// The request that `begin` called new has an outcome. Returns who waits for it.
    package mutating func finish(_ project: ProjectID, _ hash: ContentHash, _ outcome: Outcome) -> [WaiterID] {
        let key = Key(project: project, hash: hash)
        let waiters = inFlight.removeValue(forKey: key) ?? []
        if case .stored(let reply, let received, let lsn) = outcome {
            remember(key, Stored(lsn: lsn, receivedUnixNano: received, reply: reply))
        }
        return waiters
    }

    /// A waiter gave up.
    package mutating func cancel(_ project: ProjectID, _ hash: ContentHash, waiter: WaiterID) {
        inFlight[Key(project: project, hash: hash)]?.removeAll { $0 == waiter }
    }

    /// A request known from the manifest or from the replay of the log, in LSN order.
    package mutating func restore(_ request: RecentRequest) {
        let key = Key(project: request.project, hash: request.hash)
        if let known = stored[key], known.lsn >= request.lsn { return }
        remember(key, Stored(lsn: request.lsn, receivedUnixNano: request.receivedUnixNano, reply: request.reply))
    }

    /// Forgets a project's requests that were stored at these LSNs: what they brought is deleted, and a repetition brings it anew.
    package mutating func forget(_ project: ProjectID, storedIn lsns: [ClosedRange<UInt64>]) {
        stored = stored.filter { key, value in key.project != project || !lsns.contains { $0.contains(value.lsn) } }
    }

    /// The requests of a partition up to an LSN that a repetition may still refer to: what the edit that seals it carries.
    package func requests(of partition: PartitionID, throughLSN lsn: UInt64, nowUnixNano: UInt64) -> [RecentRequest] {
        stored.compactMap { key, value -> RecentRequest? in
            guard key.project == partition.project, value.lsn <= lsn, !isOld(value.receivedUnixNano, nowUnixNano),
                PartitionID(project: key.project, receivedUnixNano: value.receivedUnixNano) == partition
            else { return nil }
            return RecentRequest(
                project: key.project, hash: key.hash, lsn: value.lsn, receivedUnixNano: value.receivedUnixNano, reply: value.reply)
        }.sorted { $0.lsn < $1.lsn }
    }

    private mutating func remember(_ key: Key, _ value: Stored) {
        stored[key] = value
        order.append((key, value.lsn))
        while stored.count > maximumCount { forgetOldest() }
        forget(olderThan: value.receivedUnixNano)
    }

    private func isOld(_ received: UInt64, _ now: UInt64) -> Bool { now > received && now - received > RecentRequest.windowNanoseconds }

    private mutating func forget(olderThan now: UInt64) {
        while firstLive < order.count {
            let next = order[firstLive]
            if let value = stored[next.key], value.lsn == next.lsn, !isOld(value.receivedUnixNano, now) { return }
            forgetOldest()
        }
    }

    private mutating func forgetOldest() {
        guard firstLive < order.count else { return }
        let oldest = order[firstLive]
        // Stored anew since: the later place in the order counts.
        if stored[oldest.key]?.lsn == oldest.lsn { stored[oldest.key] = nil }
        firstLive += 1
        if firstLive > 1024, firstLive * 2 > order.count {
            order.removeFirst(firstLive)
            firstLive = 0
        }
    }
}
