import Metastore
import Testing

@testable import Access

@Suite struct KeyTermsTests {
    private static let own = NewAPIKey(
        name: "own", secret: .generate(), scopes: [.admin, .read], expiryTimeUnixNano: 100,
        restrictions: APIKeyRestrictions(
            allowedNetworks: ["192.0.2.0/24", "2001:db8::/32"], requestsPerSecond: 10, bytesPerSecond: 1_000, maximumConcurrency: 2))

    private func excess(_ change: (inout NewAPIKey) -> Void, own: NewAPIKey = own) -> String? {
        var key = Self.own
        change(&key)
        return KeyTerms(key).excess(over: KeyTerms(own))
    }

    @Test("a key within its maker's terms has no excess")
    func within() {
        #expect(excess { _ in } == nil)
        #expect(excess { $0.scopes = ["read"] } == nil)
        #expect(excess { $0.expiryTimeUnixNano = 99 } == nil)
        #expect(excess { $0.restrictions.allowedNetworks = ["192.0.2.128/25", "2001:db8:1::/48"] } == nil)
        #expect(excess { $0.restrictions.requestsPerSecond = 1 } == nil)
        let free = NewAPIKey(name: "free", secret: .generate(), scopes: Set(Scope.allCases), reachesOrganization: true)
        #expect(excess({ $0.reachesOrganization = true }, own: free) == nil, "a limit is less than none")
    }

    @Test("each field that goes beyond is named")
    func beyond() {
        #expect(excess { $0.reachesOrganization = true } == "reaches_organization")
        #expect(excess { $0.scopes = ["admin", "ingest"] } == "scopes")
        #expect(excess { $0.furtherProjects = [.make()] } == "further_projects")
        for expiry: Int64? in [101, nil] { #expect(excess { $0.expiryTimeUnixNano = expiry } == "expires_at") }
        for networks in [[], ["192.0.0.0/16"], ["192.0.2.0/24", "198.51.100.0/24"], ["0.0.0.0/0"], ["nonsense"]] {
            #expect(excess { $0.restrictions.allowedNetworks = networks } == "allowed_networks", "\(networks)")
        }
        for limit: Int? in [11, nil] {
            #expect(excess { $0.restrictions.requestsPerSecond = limit } == "requests_per_second")
            #expect(excess { $0.restrictions.maximumConcurrency = limit } == "maximum_concurrency")
            #expect(excess { $0.restrictions.bytesPerSecond = limit.map { Int64($0) * 1_000 } } == "bytes_per_second")
        }
    }
}
