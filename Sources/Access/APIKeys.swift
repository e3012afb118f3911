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

    /// Makes a key that takes over; the old one goes on for `overlapSeconds`. Errors: `notFound` (no such key, or it cannot be
    /// used any more); MetastoreError (`invalid` overlap).
    package func rotate(
        _ id: APIKeyID, in project: ProjectID, overlapSeconds: Int, audit: AuditDraft
    ) async throws -> (old: APIKeyRecord, new: APIKeyRecord, secret: APIKeySecret) {
        guard (0...AccessLimits.maximumKeyOverlapSeconds).contains(overlapSeconds) else {
            throw MetastoreError(
                .invalid, "overlap_seconds must be from 0 to \(AccessLimits.maximumKeyOverlapSeconds)", field: "overlap_seconds")
        }
        let secret = APIKeySecret.generate()
        let keys = try await metastore.apiKeys.rotate(
            id, in: project, replacement: ReplacementAPIKey(prefix: secret.prefix, hash: secret.hash), overlapSeconds: overlapSeconds,
            audit: audit)
        guard let keys else { throw AccessError.notFound("API key in use") }
        authenticator.forget(id)
        return (keys.old, keys.new, secret)
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
