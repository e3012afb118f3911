/// Hashes passwords on threads of its own, a few at a time: neither event loops nor Swift's own threads ever wait for scrypt, and
/// a flood of sign-ins takes neither all cores nor all memory. Who waits is served in turn with the others who wait, and whoever has
/// too much waiting is refused at once.

import Dispatch
import Synchronization

package final class PasswordHasher: Sendable {
    /// Does the work, and answers how to tell whoever waits for it.
    typealias Job = @Sendable () -> @Sendable () -> Void

    package let cost: PasswordHash.Cost
    private let lanes: [DispatchQueue]
    private let state: Mutex<State>
    /// What an unknown user's password is compared with: as costly as a known one's.
    private let dummy: PasswordHash?

    private struct State {
        var idleLanes: [Int]
        var waiting = FairQueue<PasswordParty, Job>(maximumCount: AccessLimits.maximumWaitingPasswordCount)
        var hashCount = 0
    }

    package init(cost: PasswordHash.Cost = .current, laneCount: Int = AccessLimits.passwordLaneCount) {
        self.cost = cost
        lanes = (0..<max(1, laneCount)).map { DispatchQueue(label: "password \($0)") }
        state = Mutex(State(idleLanes: Array(lanes.indices)))
        dummy = PasswordHash(hashing: "nobody's password", cost: cost)
    }

    /// Times scrypt ran so far.
    package var hashCount: Int { state.withLock { $0.hashCount } }

    /// Errors: `unavailable` when too many wait already, or memory is short.
    package func hash(_ password: String, for work: PasswordWork) async throws(AccessError) -> PasswordHash {
        guard let hash = try await run(work, { [cost] in PasswordHash(hashing: password, cost: cost) }) else { throw .unavailable }
        return hash
    }

    /// Whether the password is the one that was hashed. Takes the same work when there is no hash to compare with, and answers
    /// false then. Errors: `unavailable`.
    package func matches(_ password: String, _ stored: String?, for work: PasswordWork) async throws(AccessError) -> Bool {
        let known = stored.flatMap { PasswordHash($0) }
        guard let compared = known ?? dummy else { throw .unavailable }
        let isEqual = try await run(work, { compared.matches(password) })
        return isEqual && known != nil
    }

    private func run<T: Sendable>(_ work: PasswordWork, _ body: @escaping @Sendable () -> T) async throws(AccessError) -> T {
        let value: T? = await withCheckedContinuation { continuation in
            let job: Job = {
                let value = body()
                return { continuation.resume(returning: value) }
            }
            let (lane, isTaken) = state.withLock { state -> (Int?, Bool) in
                if let lane = state.idleLanes.popLast() { return (lane, true) }
                return (nil, state.waiting.add(job, of: work.parties.map(\.share)))
            }
            if let lane { start(job, on: lane) } else if !isTaken { continuation.resume(returning: nil) }
        }
        guard let value else { throw .unavailable }
        return value
    }

    /// And then what waits, until nothing does.
    private func start(_ job: @escaping Job, on lane: Int) {
        lanes[lane].async {
            let tell = job()
            let next = self.state.withLock { state -> Job? in
                state.hashCount += 1
                if let next = state.waiting.next() { return next }
                state.idleLanes.append(lane)
                return nil
            }
            tell()
            if let next { self.start(next, on: lane) }
        }
    }
}
