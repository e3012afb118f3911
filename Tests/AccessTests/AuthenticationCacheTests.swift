import Metastore
import PostgresTesting
import Testing
import TraceModel

@testable import Access

@Suite struct AuthenticationCacheTests {
    private typealias Cache = AuthenticationCache<SecretHash, Principal>

    private let second: Int64 = 1_000_000_000

    private func key(_ number: Int) -> SecretHash {
        var bytes = [UInt8](repeating: 0, count: 32)
        withUnsafeBytes(of: number) { bytes.replaceSubrange(0..<8, with: $0) }
        return SecretHash(bytes)
    }

    private func entry(at time: Int64) -> Cache.Entry {
        let principal = Principal(
            caller: .key(APIKeyID(high: 3, low: 3)), name: "spdrl_abc", organizationID: OrganizationID(high: 1, low: 1),
            projectID: ProjectID(high: 2, low: 2), grants: .scopes([.read]))
        return .init(value: principal, expiryTimeUnixNano: nil, checkedNano: time)
    }

    @Test("a key's age decides: let in, let in and look up once, look up first")
    func ages() {
        var cache = Cache()
        #expect(cache.decide(key(1), now: 0) == .lookUp)
        cache.lookUpFound(key(1), entry(at: 0))
        #expect(cache.decide(key(1), now: 30 * second - 1) == .allow(entry(at: 0)))
        #expect(cache.decide(key(1), now: 30 * second) == .allowAndRefresh(entry(at: 0)))
        #expect(cache.decide(key(1), now: 31 * second) == .allow(entry(at: 0)), "one look-up is under way")
        #expect(cache.decide(key(1), now: 60 * second) == .lookUpFor(entry(at: 0)))
        cache.lookUpFound(key(1), entry(at: 60 * second))
        #expect(cache.decide(key(1), now: 61 * second) == .allow(entry(at: 60 * second)))
        #expect(cache.decide(key(1), now: 90 * second) == .allowAndRefresh(entry(at: 60 * second)))
    }

    @Test("an unknown key is refused for a while, then asked for again")
    func unknown() {
        var cache = Cache()
        cache.lookUpRefused(key(1), now: 0, remembering: true)
        #expect(cache.decide(key(1), now: 5 * second - 1) == .refuseUnknown)
        #expect(cache.decide(key(1), now: 5 * second) == .lookUp)
        cache.lookUpFound(key(1), entry(at: 0))
        cache.lookUpRefused(key(1), now: 1, remembering: false)
        #expect(cache.decide(key(1), now: 2) == .lookUp, "a revoked key is asked for each time")
    }

    @Test("during an outage known keys go on, with one attempt a second, until the stated time is over")
    func outage() {
        var cache = Cache()
        cache.lookUpFound(key(1), entry(at: 0))
        #expect(cache.decide(key(1), now: 100 * second) == .lookUpFor(entry(at: 0)))
        #expect(cache.lookUpFailed(key(1), now: 100 * second) == entry(at: 0))
        #expect(cache.lookUpFailed(key(2), now: 100 * second) == nil, "never seen")
        #expect(cache.decide(key(1), now: 101 * second - 1) == .allow(entry(at: 0)))
        #expect(cache.decide(key(1), now: 101 * second) == .allowAndRefresh(entry(at: 0)))
        #expect(cache.decide(key(1), now: 101 * second) == .allow(entry(at: 0)))
        #expect(cache.lookUpFailed(key(1), now: 106 * second) == entry(at: 0))
        #expect(cache.decide(key(1), now: 900 * second - 1) == .allowAndRefresh(entry(at: 0)))
        #expect(cache.decide(key(1), now: 900 * second) == .lookUp)
        #expect(cache.lookUpFailed(key(1), now: 900 * second) == nil)
        cache.lookUpFound(key(2), entry(at: 901 * second))
        #expect(cache.decide(key(1), now: 902 * second) == .lookUp, "the outage is over")
    }

    @Test("a look-up that takes too long is an outage until something is answered")
    func silence() {
        var cache = Cache()
        cache.lookUpFound(key(1), entry(at: 0))
        cache.lookUpFound(key(2), entry(at: 0))
        #expect(cache.decide(key(1), now: 100 * second) == .lookUpFor(entry(at: 0)))
        #expect(cache.lookUpOverdue(key(1), now: 102 * second) == entry(at: 0))
        #expect(cache.lookUpOverdue(key(3), now: 102 * second) == nil, "forgotten meanwhile")
        #expect(cache.decide(key(2), now: 102 * second) == .allow(entry(at: 0)))
        #expect(cache.decide(key(1), now: 103 * second) == .allowAndRefresh(entry(at: 0)))
        cache.lookUpFound(key(1), entry(at: 104 * second))
        #expect(cache.decide(key(2), now: 104 * second) == .lookUpFor(entry(at: 0)))
    }

    @Test("a forgotten key is looked up")
    func forgetting() {
        var cache = Cache()
        cache.lookUpFound(key(1), entry(at: 0))
        cache.forget { $0.keyID == APIKeyID(high: 9, low: 9) }
        #expect(cache.decide(key(1), now: 1) == .allow(entry(at: 0)))
        cache.forget { $0.projectID == ProjectID(high: 2, low: 2) }
        #expect(cache.decide(key(1), now: 1) == .lookUp)
    }

    @Test("an abandoned look-up leaves the way free for the next one")
    func abandoned() {
        var cache = Cache()
        cache.lookUpFound(key(1), entry(at: 0))
        #expect(cache.decide(key(1), now: 40 * second) == .allowAndRefresh(entry(at: 0)))
        cache.lookUpAbandoned(key(1))
        #expect(cache.decide(key(1), now: 41 * second) == .allowAndRefresh(entry(at: 0)))
    }

    @Test("a flood of made-up keys takes bounded memory and pushes no good key out")
    func flood() {
        var cache = Cache(maximumKnownKeyCount: 10, maximumUnknownKeyCount: 10)
        cache.lookUpFound(key(0), entry(at: 0))
        for number in 1..<1_000 { cache.lookUpRefused(key(number), now: 0, remembering: true) }
        #expect(cache.decide(key(0), now: 1) == .allow(entry(at: 0)))
        #expect(cache.decide(key(999), now: 1) == .refuseUnknown)
        #expect(cache.decide(key(1), now: 1) == .lookUp)
    }

    @Test("two generations hold what is used, never more than twice the limit")
    func generations() {
        var table = TwoGenerations<Int, Int>(maximumCount: 8)
        for number in 0..<1_000 {
            table[number] = number
            #expect(table[0] == 0, "used all the time")
            #expect(table[number] == number && table.count <= 16)
        }
        table[0] = nil
        #expect(table[0] == nil && table[1] == nil)
        table.removeAll { $0 > 0 }
        #expect(table.count == 0)
    }
}
