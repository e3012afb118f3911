/// How long guessing has to wait: a pure value. Failures in a row are free up to a number, then the wait doubles with each, up to
/// a quarter of an hour; after a day without one they are forgotten. An account's owner who is locked out by a stranger waits no
/// longer than that, or resets the password.

import Metastore

struct LockOut: Sendable {
    let freeCount: Int

    static let account = LockOut(freeCount: AccessLimits.freeAccountFailureCount)
    static let address = LockOut(freeCount: AccessLimits.freeAddressFailureCount)

    /// Nanoseconds to wait before the next attempt; 0: none.
    func wait(after failures: SignInFailures, nowUnixNano now: Int64) -> Int64 {
        guard let last = failures.lastTimeUnixNano, failures.count > freeCount else { return 0 }
        // A clock set back must not lock anybody out for longer.
        let age = max(0, now - last)
        guard age < AccessLimits.failureMemorySeconds * 1_000_000_000 else { return 0 }
        let doublings = min(failures.count - freeCount - 1, 20)
        let seconds = min(AccessLimits.firstLockOutSeconds << Int64(doublings), AccessLimits.maximumLockOutSeconds)
        return max(0, seconds * 1_000_000_000 - age)
    }

    /// The longer wait of both.
    static func wait(after failures: [SignInAttemptRepository.Kind: SignInFailures], nowUnixNano now: Int64) -> Int64 {
        max(
            account.wait(after: failures[.account] ?? .none, nowUnixNano: now),
            address.wait(after: failures[.address] ?? .none, nowUnixNano: now))
    }
}
