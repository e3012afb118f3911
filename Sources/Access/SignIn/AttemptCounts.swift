/// Attempts that are counted before they are made, per account and per network: sign-ins, changes of a password, requests for a reset.
/// Who made too many in a row has to wait, as LockOut says.

import Metastore
import Synchronization

struct AttemptCounts: Sendable {
    typealias Subjects = [SignInAttemptRepository.Kind: [UInt8]]

    let repository: SignInAttemptRepository
    let clock: any AccessClock

    /// A password for an account, whether it exists or not, from somewhere. The address in whatever spelling.
    static func password(for email: String, from origin: RequestOrigin) -> Subjects {
        var subjects: Subjects = [.account: account(email)]
        if let network = origin.network { subjects[.address] = SecretHash(of: network).bytes }
        return subjects
    }

    /// A request for a reset, whoever it is for.
    static func resetRequest(from origin: RequestOrigin) -> Subjects {
        origin.network.map { [.address: SecretHash(of: "password reset \($0)").bytes] } ?? [:]
    }

    /// By the form in which accounts are looked up; a text without one is nobody's, in any spelling.
    static func account(_ email: String) -> [UInt8] { SecretHash(of: EmailAddress.normalForm(email) ?? email).bytes }

    /// Counts an attempt as failed until `succeeded`. Errors: `lockedOut`; MetastoreError.
    func begin(_ subjects: Subjects) async throws {
        let now = clock.unixNano()
        let wait = Mutex<Int64>(0)
        let mayTry = try await repository.attempt(subjects, nowUnixNano: now) { failures in
            let needed = LockOut.wait(after: failures, nowUnixNano: now)
            wait.withLock { $0 = needed }
            return needed == 0
        }
        if !mayTry {
            let nanoseconds = wait.withLock { $0 }
            throw AccessError.lockedOut(retryAfterSeconds: max(1, Int((nanoseconds + 999_999_999) / 1_000_000_000)))
        }
    }

    /// Errors: MetastoreError.
    func succeeded(_ subjects: Subjects) async throws { try await repository.succeeded(subjects) }
}
