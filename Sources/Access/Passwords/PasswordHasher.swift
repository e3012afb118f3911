/// Hashes passwords on threads of its own, a few at a time: neither event loops nor Swift's own threads ever wait for scrypt, and
/// a flood of sign-ins takes neither all cores nor all memory. What is too much is refused at once.

import Dispatch
import Synchronization

package final class PasswordHasher: Sendable {
    package let cost: PasswordHash.Cost
    private let lanes: [DispatchQueue]
    private let state: Mutex<State>
    /// What an unknown user's password is compared with: as costly as a known one's.
    private let dummy: PasswordHash?

    private struct State {
        var waitingCounts: [Int]
        var hashCount = 0
    }

    package init(cost: PasswordHash.Cost = .current, laneCount: Int = AccessLimits.passwordLaneCount) {
        self.cost = cost
        lanes = (0..<max(1, laneCount)).map { DispatchQueue(label: "password \($0)") }
        state = Mutex(State(waitingCounts: [Int](repeating: 0, count: max(1, laneCount))))
        dummy = PasswordHash(hashing: "nobody's password", cost: cost)
    }

    /// Times scrypt ran so far.
    package var hashCount: Int { state.withLock { $0.hashCount } }

    /// Errors: `unavailable` when too many wait already, or memory is short.
    package func hash(_ password: String) async throws(AccessError) -> PasswordHash {
        guard let hash = try await run({ [cost] in PasswordHash(hashing: password, cost: cost) }) else { throw .unavailable }
        return hash
    }

    /// Whether the password is the one that was hashed. Takes the same work when there is no hash to compare with, and answers
    /// false then. Errors: `unavailable`.
    package func matches(_ password: String, _ stored: String?) async throws(AccessError) -> Bool {
        let known = stored.flatMap { PasswordHash($0) }
        guard let compared = known ?? dummy else { throw .unavailable }
        let isEqual = try await run { compared.matches(password) }
        return isEqual && known != nil
    }

    private func run<T: Sendable>(_ body: @escaping @Sendable () -> T) async throws(AccessError) -> T {
        let lane = state.withLock { state -> Int? in
            guard let lane = state.waitingCounts.indices.min(by: { state.waitingCounts[$0] < state.waitingCounts[$1] }),
                state.waitingCounts.reduce(0, +) < AccessLimits.maximumWaitingPasswordCount
            else { return nil }
            state.waitingCounts[lane] += 1
            return lane
        }
        guard let lane else { throw .unavailable }
        return await withCheckedContinuation { continuation in
            lanes[lane].async {
                let value = body()
                self.state.withLock { state in
                    state.waitingCounts[lane] -= 1
                    state.hashCount += 1
                }
                continuation.resume(returning: value)
            }
        }
    }
}

/// What a password must be: long enough, and no longer than it is worth hashing. No rules about its characters, which only make
/// passwords alike (NIST SP 800-63B).
enum PasswordRules {
    /// Errors: `unsuitablePassword`.
    static func check(_ password: String, email: String) throws(AccessError) {
        guard password.count >= AccessLimits.minimumPasswordCharacterCount else {
            throw .unsuitablePassword("must have \(AccessLimits.minimumPasswordCharacterCount) characters or more")
        }
        guard password.utf8.count <= AccessLimits.maximumPasswordByteCount else {
            throw .unsuitablePassword("must have at most \(AccessLimits.maximumPasswordByteCount) bytes")
        }
        guard password.lowercased() != email.lowercased() else { throw .unsuitablePassword("must not be the e-mail address") }
        guard Set(password).count > 2 else { throw .unsuitablePassword("must not be one or two characters repeated") }
    }
}
