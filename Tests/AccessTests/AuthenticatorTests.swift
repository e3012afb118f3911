import Access
import Metastore
import PostgresTesting
import Testing
import TraceModel

/// Keys in memory, which can fail and be held up.
private final class FakeDirectory: KeyDirectory {
    let keys = Shared<[[UInt8]: KnownAPIKey]>([:])
    let failure = Shared<MetastoreError?>(nil)
    let lookUpCount = Shared(0)
    let uses = Shared<[[APIKeyID: Int64]]>([])
    /// Look-ups that are held up; nil lets them pass.
    let held = Shared<[CheckedContinuation<Void, Never>]?>(nil)

    func find(hash: [UInt8]) async throws(MetastoreError) -> KnownAPIKey? {
        lookUpCount.change { $0 += 1 }
        if held.value != nil { await withCheckedContinuation { continuation in held.change { $0?.append(continuation) } } }
        if let failure = failure.value { throw failure }
        return keys.value[hash]
    }

    func recordUses(_ uses: [APIKeyID: Int64]) async throws(MetastoreError) {
        if let failure = failure.value { throw failure }
        self.uses.change { $0.append(uses) }
    }

    func letPass() {
        let continuations = held.value ?? []
        held.change { $0 = nil }
        for continuation in continuations { continuation.resume() }
    }

    func add(_ scopes: [String] = ["read"], expiry: Int64? = nil, isProjectArchived: Bool = false) -> (Credential, APIKeyID) {
        let secret = APIKeySecret.generate()
        let record = APIKeyRecord(
            id: .make(), projectID: .make(), name: "k", prefix: secret.prefix, scopes: scopes, createdTimeUnixNano: 0,
            expiryTimeUnixNano: expiry)
        let known = KnownAPIKey(record: record, organizationID: .make(), hash: secret.hash, isProjectArchived: isProjectArchived)
        keys.change { $0[secret.hash] = known }
        return (Credential(secret.text), record.id)
    }
}

@Suite struct AuthenticatorTests {
    private let keys = FakeDirectory()
    private let clock = TestClock()
    private let authenticator: Authenticator

    init() { authenticator = Authenticator(keys: keys, clock: clock) }

    private func error(_ credential: Credential?) async -> AccessError? {
        do throws(AccessError) {
            _ = try await authenticator.authenticate(credential)
            return nil
        } catch { return error }
    }

    @Test("a known key gives its principal, looked up once")
    func known() async throws {
        let (credential, id) = keys.add(["read", "ingest", "scope-of-a-newer-version"])
        for _ in 0..<100 {
            let principal = try await authenticator.authenticate(credential)
            #expect(principal.keyID == id && principal.scopes == [.read, .ingest])
        }
        #expect(keys.lookUpCount.value == 1)
        #expect(try await authenticator.authenticate(credential, needing: .ingest).has(.ingest))
        await #expect(throws: AccessError.forbidden(needed: .admin)) { try await authenticator.authenticate(credential, needing: .admin) }
    }

    @Test("no key, a wrong form, an unknown, an expired and an archived project's key are each refused for their reason")
    func refusals() async {
        #expect(await error(nil) == .unauthenticated(.missing))
        #expect(await error(Credential("sk-123")) == .unauthenticated(.malformed))
        #expect(keys.lookUpCount.value == 0, "neither costs a look-up")
        let unknown = Credential(APIKeySecret.generate().text)
        #expect(await error(unknown) == .unauthenticated(.unknown))
        #expect(await error(unknown) == .unauthenticated(.unknown))
        #expect(keys.lookUpCount.value == 1)
        #expect(await error(keys.add(isProjectArchived: true).0) == .unauthenticated(.projectArchived))
        let (expiring, _) = keys.add(expiry: clock.unixNano() + 1_000_000_000)
        #expect(await error(expiring) == nil)
        clock.advance(seconds: 1)
        #expect(await error(expiring) == .unauthenticated(.expired), "at once, cached or not")
    }

    @Test("a revoked key stops at once when it is forgotten here, and in a minute when it was revoked elsewhere")
    func revoked() async throws {
        for isHere in [true, false] {
            let (credential, id) = keys.add()
            _ = try await authenticator.authenticate(credential)
            keys.keys.change { $0 = [:] }
            #expect(await error(credential) == nil)
            if isHere { authenticator.forget(id) } else { clock.advance(seconds: 60) }
            #expect(await error(credential) == .unauthenticated(.unknown))
        }
    }

    @Test("many requests with a key that is not known yet cost one look-up")
    func crowd() async throws {
        let (credential, id) = keys.add()
        keys.held.change { $0 = [] }
        let crowd = Task {
            try await withThrowingTaskGroup(of: APIKeyID.self) { group in
                for _ in 0..<1_000 { group.addTask { try #require(try await authenticator.authenticate(credential).keyID) } }
                return try await group.reduce(into: Set<APIKeyID>()) { $0.insert($1) }
            }
        }
        try await eventually("the look-up") { keys.held.value?.count == 1 }
        keys.letPass()
        #expect(try await crowd.value == [id])
        #expect(keys.lookUpCount.value == 1)
    }

    @Test("what a look-up read before a revocation is not remembered after it")
    func revokedMeanwhile() async throws {
        let (credential, id) = keys.add()
        keys.held.change { $0 = [] }
        let early = Task { try await authenticator.authenticate(credential) }
        try await eventually("the look-up") { keys.held.value?.count == 1 }
        authenticator.forget(id)
        keys.letPass()
        _ = try await early.value
        keys.keys.change { $0 = [:] }
        #expect(await error(credential) == .unauthenticated(.unknown))
    }

    @Test("a busy key is looked up again in the background")
    func refresh() async throws {
        let (credential, _) = keys.add()
        _ = try await authenticator.authenticate(credential)
        clock.advance(seconds: 31)
        _ = try await authenticator.authenticate(credential)
        try await eventually("the second look-up") { keys.lookUpCount.value == 2 }
        clock.advance(seconds: 20)
        _ = try await authenticator.authenticate(credential)
        #expect(keys.lookUpCount.value == 2)
    }

    @Test("while the database does not answer, known keys go on for the stated time and others are unavailable")
    func outage() async throws {
        let (credential, _) = keys.add()
        _ = try await authenticator.authenticate(credential)
        keys.failure.change { $0 = MetastoreError(.unavailable, "down") }
        #expect(await error(Credential(APIKeySecret.generate().text)) == .unavailable)
        for _ in 0..<14 {
            clock.advance(seconds: 60)
            #expect(await error(credential) == nil)
        }
        clock.advance(seconds: 60)
        #expect(await error(credential) == .unavailable)
        keys.failure.change { $0 = nil }
        #expect(await error(credential) == nil)
    }

    @Test("a cancelled look-up is not an outage")
    func cancelled() async {
        keys.failure.change { $0 = MetastoreError(.cancelled, "cancelled") }
        #expect(await error(keys.add().0) == .unavailable)
    }

    @Test("uses are noted together, and kept while they cannot be")
    func uses() async throws {
        let (a, aID) = keys.add(), (b, bID) = keys.add()
        for _ in 0..<10 { _ = try await authenticator.authenticate(a) }
        _ = try await authenticator.authenticate(b)
        keys.failure.change { $0 = MetastoreError(.unavailable, "down") }
        await authenticator.recordUses()
        keys.failure.change { $0 = nil }
        clock.advance(seconds: 1)
        _ = try await authenticator.authenticate(a)
        await authenticator.recordUses()
        await authenticator.recordUses()
        #expect(keys.uses.value == [[aID: clock.unixNano(), bID: clock.unixNano() - 1_000_000_000]])
    }

    @Test("the last uses are noted when the server stops")
    func lastUses() async throws {
        let (credential, id) = keys.add()
        let recorder = Task { await authenticator.recordUsesUntilCancelled() }
        _ = try await authenticator.authenticate(credential)
        recorder.cancel()
        await recorder.value
        #expect(keys.uses.value.contains { $0[id] != nil })
    }
}
