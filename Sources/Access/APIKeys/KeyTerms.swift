/// What a key allows and is held to, and whether another one's stays within it: a key gives no more than it has itself, or a leaked
/// one with an expiry, networks and limits would make itself one without.

import IPAddresses
import Metastore
import TraceModel

struct KeyTerms: Sendable, Equatable {
    var scopes: Set<String>
    /// nil: never.
    var expiryTimeUnixNano: Int64?
    var restrictions: APIKeyRestrictions
    var reachesOrganization: Bool
    /// The projects it sends to. Of a key that is yet to be made, without its own.
    var projects: Set<ProjectID>

    init(_ key: APIKeyRecord) {
        scopes = Set(key.scopes)
        expiryTimeUnixNano = key.expiryTimeUnixNano
        restrictions = key.restrictions
        reachesOrganization = key.reachesOrganization
        projects = Set(key.furtherProjects.map(\.id) + [key.projectID])
    }

    init(_ key: NewAPIKey) {
        scopes = Set(key.scopes)
        expiryTimeUnixNano = key.expiryTimeUnixNano
        restrictions = key.restrictions
        reachesOrganization = key.reachesOrganization
        projects = Set(key.furtherProjects)
    }

    /// The first field in which a key would have more than `own`, by its name in the API; nil where it has nothing more.
    func excess(over own: KeyTerms) -> String? {
        if reachesOrganization, !own.reachesOrganization { return "reaches_organization" }
        if !own.reachesOrganization, !projects.isSubset(of: own.projects) { return "further_projects" }
        if !scopes.isSubset(of: own.scopes) { return "scopes" }
        if Self.isOver(expiryTimeUnixNano, own.expiryTimeUnixNano) { return "expires_at" }
        if !Self.networks(restrictions.allowedNetworks, areWithin: own.restrictions.allowedNetworks) { return "allowed_networks" }
        if Self.isOver(restrictions.requestsPerSecond, own.restrictions.requestsPerSecond) { return "requests_per_second" }
        if Self.isOver(restrictions.bytesPerSecond, own.restrictions.bytesPerSecond) { return "bytes_per_second" }
        if Self.isOver(restrictions.maximumConcurrency, own.restrictions.maximumConcurrency) { return "maximum_concurrency" }
        return nil
    }

    /// nil is without a limit.
    private static func isOver<Value: Comparable>(_ value: Value?, _ limit: Value?) -> Bool {
        guard let limit else { return false }
        return value.map { $0 > limit } ?? true
    }

    /// No networks at all: from anywhere. What cannot be read is within nothing.
    private static func networks(_ inner: [String], areWithin outer: [String]) -> Bool {
        if outer.isEmpty { return true }
        let outer = outer.compactMap { IPNetwork($0) }
        return !inner.isEmpty
            && inner.allSatisfy { text in IPNetwork(text).map { network in outer.contains { $0.contains(network) } } ?? false }
    }
}
