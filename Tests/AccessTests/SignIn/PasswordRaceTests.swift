import Metastore
import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import Access

/// What is under way with a password while that password is replaced.
@Suite(.timeLimit(.minutes(1))) struct PasswordRaceTests {
    private let origin = RequestOrigin(address: "192.0.2.1", userAgent: "test", requestID: "r1")
    private let newPassword = "the new password"

    /// Runs `work` while a reset of the owner's password is done but not committed, and commits it when `work` waits for it or is over.
    private func duringReset<T: Sendable>(
        _ access: TestAccess, _ work: @escaping @Sendable () async throws -> T
    ) async throws -> Result<T, any Error> {
        let reset = try await PostgresConnection.connect(access.database)
        let hash = try #require(PasswordHash(hashing: newPassword, cost: .cheap))
        _ = try await reset.script("BEGIN")
        try await reset.query(
            "UPDATE users SET password_hash = $1, sign_in_generation = sign_in_generation + 1", [.text(hash.text)])
        try await reset.query("UPDATE sessions SET revoked_at = now()")
        let isOver = Shared(false)
        let task = Task {
            defer { isOver.change { $0 = true } }
            return try await work()
        }
        let waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        while !isOver.value, try await reset.query(waiting).isEmpty { await Task.yield() }
        _ = try await reset.script("COMMIT")
        return await task.result
    }

    private func error<T>(_ result: Result<T, any Error>) -> AccessError? {
        if case .failure(let error) = result { error as? AccessError } else { nil }
    }

    @Test("a sign-in with the old password that a reset overtakes makes no session; one with the new password does")
    func signIn() async throws {
        try await TestAccess.run { access in
            let origin = origin
            let old = try await duringReset(access) {
                try await access.signIn.signIn(email: FirstStart.ownerEmail, password: access.first.password.text, origin: origin)
            }
            #expect(error(old) == .wrongCredentials)
            let connection = try await PostgresConnection.connect(access.database)
            #expect(try await connection.query("SELECT 1 FROM sessions WHERE revoked_at IS NULL").isEmpty)
            _ = try await access.signIn.signIn(email: FirstStart.ownerEmail, password: newPassword, origin: origin)
        }
    }

    @Test("a change of password that a reset overtakes does not put its own in the place of the new one")
    func change() async throws {
        try await TestAccess.run { access in
            let signedIn = try await access.signInOwner()
            let changed = try await duringReset(access) {
                try await access.resets.changePassword(
                    of: signedIn.userID, session: signedIn.sessionID, old: access.first.password.text, new: "the thief's password",
                    origin: origin, audit: .system("changePassword"))
            }
            #expect(error(changed) == .wrongCredentials)
            _ = try await access.signIn.signIn(email: FirstStart.ownerEmail, password: newPassword, origin: origin)
        }
    }

    @Test("a session that was ended changes no password, though it knows the old one")
    func endedSession() async throws {
        try await TestAccess.run { access in
            let signedIn = try await access.signInOwner()
            try await access.signIn.signOut(signedIn.sessionID, of: signedIn.userID, audit: .system("signOut"))
            let changed = await accessError {
                try await access.resets.changePassword(
                    of: signedIn.userID, session: signedIn.sessionID, old: access.first.password.text, new: newPassword,
                    origin: origin, audit: .system("changePassword"))
            }
            #expect(changed == .wrongCredentials)
            _ = try await access.signInOwner()
        }
    }

    @Test("a sign-in that another one's rehash overtakes goes through: the password is the same")
    func rehash() async throws {
        try await TestAccess.run { access in
            let origin = origin, password = access.first.password.text
            let dearer = try #require(PasswordHash(hashing: password, cost: .init(logRounds: 5, blockSize: 8, parallelism: 1)))
            let other = try await PostgresConnection.connect(access.database)
            _ = try await other.script("BEGIN")
            try await other.query("UPDATE users SET password_hash = $1", [.text(dearer.text)])
            async let signedIn = access.signIn.signIn(email: FirstStart.ownerEmail, password: password, origin: origin)
            let waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            while try await other.query(waiting).isEmpty { await Task.yield() }
            _ = try await other.script("COMMIT")
            _ = try await signedIn
        }
    }
}
