import PostgresClient
import Testing

@testable import Metastore

@Suite(.timeLimit(.minutes(1))) struct SessionRepositoryTests {
    private func hash(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }

    private func session(_ test: TestMetastore, _ user: UserID, _ byte: UInt8) async throws -> SessionRecord {
        try #require(try await create(test, user, byte, SignInProof(signInGeneration: 1, passwordHash: nil)))
    }

    private func create(_ test: TestMetastore, _ user: UserID, _ byte: UInt8, _ proof: SignInProof) async throws -> SessionRecord? {
        try await test.metastore.sessions.create(
            NewSession(
                userID: user, tokenHash: hash(byte), userAgent: "agent", address: "2001:db8::1",
                expiryTimeUnixNano: UnixTime.now() + 60_000_000_000), for: proof, audit: test.audit)
    }

    @Test("a session is made only for the password, the generation and the user that were checked")
    func proof() async throws {
        let test = try await TestMetastore.open()
        let user = try await test.makeUser("u@x", role: "owner")
        func isMade(_ byte: UInt8, generation: Int = 1, hash: String? = nil) async throws -> Bool {
            try await create(test, user, byte, SignInProof(signInGeneration: generation, passwordHash: hash)) != nil
        }
        try await test.connection.query("UPDATE users SET password_hash = '$scrypt$new'")
        #expect(try await !isMade(1, hash: "$scrypt$old"))
        #expect(try await !isMade(2, generation: 2, hash: "$scrypt$new"))
        #expect(try await isMade(3, hash: "$scrypt$new"))
        #expect(try await isMade(4))
        try await test.connection.query("UPDATE users SET password_hash = NULL")
        #expect(try await !isMade(5, hash: "$scrypt$new"))
        try await test.connection.query("UPDATE users SET disabled_at = now()")
        #expect(try await !isMade(6))
        #expect(try await test.metastore.sessions.list(of: user, page: PageRequest()).items.count == 2, "and none beside those")
    }

    @Test("a session that is being made while its user is locked by a change waits for it, and is not made if it then does not fit")
    func lock() async throws {
        let test = try await TestMetastore.open()
        let user = try await test.makeUser("u@x", role: "owner")
        try await test.connection.query("UPDATE users SET password_hash = '$scrypt$old'")
        _ = try await test.connection.script("BEGIN; UPDATE users SET password_hash = '$scrypt$new'")
        async let made = create(test, user, 1, SignInProof(signInGeneration: 1, passwordHash: "$scrypt$old"))
        // Held up by this very connection.
        let waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        while try await test.connection.query(waiting).isEmpty { await Task.yield() }
        _ = try await test.connection.script("COMMIT")
        #expect(try await made == nil)
    }

    @Test("a refresh token is exchanged once; a second time ends its session, with an audit entry")
    func rotation() async throws {
        let test = try await TestMetastore.open()
        let sessions = test.metastore.sessions, user = try await test.makeUser("u@x", role: "owner")
        let session = try await session(test, user, 1)
        #expect(session.address == "2001:db8::1")
        let outcome = try await sessions.refresh(tokenHash: hash(1), next: hash(2), audit: test.audit)
        guard case .exchanged(let renewed, 1) = outcome else { throw MetastoreError(.internal, "\(outcome)") }
        #expect(renewed.id == session.id)
        guard case .reused(let ended) = try await sessions.refresh(tokenHash: hash(1), next: hash(3), audit: test.audit) else {
            throw MetastoreError(.internal, "not noticed")
        }
        #expect(ended.revocationTimeUnixNano != nil)
        #expect(try await sessions.refresh(tokenHash: hash(2), next: hash(4), audit: test.audit) == .unknown, "the family has ended")
        #expect(try await sessions.refresh(tokenHash: hash(9), next: hash(5), audit: test.audit) == .unknown)
        let rows = try await test.connection.query("SELECT outcome FROM audit_entries WHERE resource_kind = 'session' ORDER BY id")
        #expect(try rows.map { try $0.decode("outcome", as: String.self) } == ["succeeded", "succeeded", "refused"])
    }

    @Test("of many exchanges at once one succeeds")
    func race() async throws {
        let test = try await TestMetastore.open()
        let user = try await test.makeUser("u@x", role: "owner")
        _ = try await session(test, user, 1)
        let outcomes = try await withThrowingTaskGroup(of: RefreshOutcome.self) { group in
            for number in UInt8(10)..<18 {
                group.addTask { try await test.metastore.sessions.refresh(tokenHash: hash(1), next: hash(number), audit: test.audit) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { if case .exchanged = $0 { true } else { false } } == 1)
        #expect(outcomes.contains { if case .reused = $0 { true } else { false } })
    }

    @Test("sessions are ended one by one by their own user, or all at once with every access token")
    func ending() async throws {
        let test = try await TestMetastore.open()
        let sessions = test.metastore.sessions
        let user = try await test.makeUser("u@x", role: "owner"), other = try await test.makeUser("o@x", role: "viewer")
        let a = try await session(test, user, 1), b = try await session(test, user, 2)
        #expect(try await sessions.revoke(a.id, of: other, audit: test.audit) == nil)
        #expect(try await sessions.revoke(a.id, of: user, audit: test.audit)?.revocationTimeUnixNano != nil)
        #expect(try await sessions.list(of: user, page: PageRequest()).items.map(\.id) == [b.id])
        #expect(try await sessions.find(b.id)?.signInGeneration == 1)
        try await sessions.revokeAll(of: user, audit: test.audit)
        let known = try #require(try await sessions.find(b.id))
        #expect(known.signInGeneration == 2 && known.session.revocationTimeUnixNano != nil && known.memberships.organizations.count == 1)
        try await sessions.removeExpired()
        #expect(try await sessions.find(b.id) != nil, "kept while it could still tell of a stolen token")
    }
}
