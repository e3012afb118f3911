/// Making and replacing API keys: the secret is made here, shown once, and kept by nobody.

import IPAddresses
import Metastore
import TraceModel

package struct APIKeys: Sendable {
    private let metastore: Metastore
    private let authenticator: Authenticator

    package init(metastore: Metastore, authenticator: Authenticator) {
        self.metastore = metastore
        self.authenticator = authenticator
    }

    /// Makes a key of the project which the caller was narrowed to. Errors: `notPermitted`, `reachTooWide`, `exceedsOwnKey`,
    /// `unauthenticated` (the caller's key has ended); MetastoreError (`invalid`).
    package func create(_ key: NewAPIKey, by principal: Principal, audit: AuditDraft) async throws -> APIKeyRecord {
        try principal.require(.manageKeys)
        guard let project = principal.projectID else { throw AccessError.projectMissing }
        try await check(KeyTerms(key), givenBy: principal)
        for (index, further) in key.furtherProjects.enumerated() {
            guard try await mayBind(to: further, principal) else {
                throw MetastoreError(
                    .invalid, "further_projects[\(index)] is no project of this organization whose keys you manage",
                    field: "further_projects[\(index)]")
            }
        }
        var key = key
        key.creator = principal.keyCreator
        return try await metastore.apiKeys.create(key, in: project, audit: audit)
    }

    /// Makes a key that takes over; the old one goes on for `overlapSeconds`. Who shows the new secret has what the old key had, so
    /// only who might make such a key may replace it. Errors: as `create`, and `notFound` (no such key, or it cannot be used any
    /// more); MetastoreError (`invalid` overlap).
    package func rotate(
        _ id: APIKeyID, overlapSeconds: Int, by principal: Principal, audit: AuditDraft
    ) async throws -> (old: APIKeyRecord, new: APIKeyRecord, secret: APIKeySecret) {
        guard (0...AccessLimits.maximumKeyOverlapSeconds).contains(overlapSeconds) else {
            throw MetastoreError(
                .invalid, "overlap_seconds must be from 0 to \(AccessLimits.maximumKeyOverlapSeconds)", field: "overlap_seconds")
        }
        try principal.require(.manageKeys)
        guard let project = principal.projectID else { throw AccessError.projectMissing }
        guard let old = try await metastore.apiKeys.find(id, in: project) else { throw AccessError.notFound("API key in use") }
        // A key's terms never grow, so what holds here holds when it is replaced.
        try await check(KeyTerms(old), givenBy: principal)
        for further in old.furtherProjects {
            guard try await mayBind(to: further.id, principal) else { throw AccessError.exceedsOwnKey("further_projects") }
        }
        let secret = APIKeySecret.generate()
        let keys = try await metastore.apiKeys.rotate(
            id, in: project,
            replacement: ReplacementAPIKey(prefix: secret.prefix, hash: secret.hash, creator: principal.keyCreator),
            overlapSeconds: overlapSeconds, audit: audit)
        guard let keys else { throw AccessError.notFound("API key in use") }
        authenticator.forget(id)
        return (keys.old, keys.new, secret)
    }

    /// Whether somebody may let a key send to another project: who manages the keys there; or a key that itself may send there, which is
    /// among its terms. A project of others is as good as none.
    private func mayBind(to project: ProjectID, _ principal: Principal) async throws(AccessError) -> Bool {
        if principal.choices.contains(where: { $0.id == project }) || principal.projectID == project { return true }
        do throws(AccessError) {
            let there = try await authenticator.narrow(principal, to: project)
            return there.knownOrganizationID == principal.knownOrganizationID && there.allows(.manageKeys)
        } catch .unknownProject {
            return false
        }
    }

    /// A user gives any terms within a project; a key, its own at most.
    private func check(_ terms: KeyTerms, givenBy principal: Principal) async throws {
        switch principal.grants {
        case .roles(let organization, _):
            guard terms.reachesOrganization else { return }
            guard let organization, organization >= .admin else { throw AccessError.reachTooWide }
        case .scopes:
            // As the database has it now: what is remembered of it may be a minute old.
            guard let id = principal.keyID, let own = try await metastore.apiKeys.find(caller: id) else {
                throw AccessError.unauthenticated(.unknown)
            }
            guard own.revocationTimeUnixNano == nil else { throw AccessError.unauthenticated(.revoked) }
            if terms.reachesOrganization, !own.reachesOrganization { throw AccessError.reachTooWide }
            if let field = terms.excess(over: KeyTerms(own)) { throw AccessError.exceedsOwnKey(field) }
        }
    }
}

extension Principal {
    fileprivate var keyCreator: APIKeyCreator {
        switch caller {
        case .user(let id, _): .user(id)
        case .key(let id): .key(id)
        }
    }
}

extension APIKeyRestrictions {
    /// Reads and orders what a client sent. Errors: `invalid` (allowed_networks), naming the element.
    package init(
        networks: [String], requestsPerSecond: Int?, bytesPerSecond: Int64?, maximumConcurrency: Int?
    ) throws(MetastoreError) {
        var canonical: [String] = []
        for (index, text) in networks.enumerated() {
            guard let network = IPNetwork(text) else {
                throw MetastoreError(
                    .invalid, "allowed_networks[\(index)] must be a network like 192.0.2.0/24 or 2001:db8::/32, with no bits set behind it",
                    field: "allowed_networks[\(index)]")
            }
            canonical.append(network.description)
        }
        self.init(
            allowedNetworks: canonical, requestsPerSecond: requestsPerSecond, bytesPerSecond: bytesPerSecond,
            maximumConcurrency: maximumConcurrency)
    }
}
