/// What a new installation begins with: an organization, a project, and a key with every scope, whose secret exists here once.

import Metastore
import TraceModel

package struct FirstStart: Sendable {
    package let organizationID: OrganizationID
    package let projectID: ProjectID
    /// Shown and written down by the caller; stored nowhere.
    package let secret: APIKeySecret

    /// Makes all of it on an empty database; nil when there is something already. Errors: `unavailable`.
    package static func run(
        _ metastore: Metastore, organization: String = "Default", project: String = "Default"
    ) async throws(MetastoreError) -> FirstStart? {
        let secret = APIKeySecret.generate()
        let key = NewAPIKey(name: "First key", secret: secret, scopes: Set(Scope.allCases))
        guard let records = try await metastore.createFirst(organization: organization, project: project, key: key) else { return nil }
        return FirstStart(organizationID: records.organization.id, projectID: records.project.id, secret: secret)
    }
}

extension NewAPIKey {
    /// A key to store for a secret; `expiryTimeUnixNano`: nil for never.
    package init(name: String, secret: APIKeySecret, scopes: Set<Scope>, expiryTimeUnixNano: Int64? = nil) {
        self.init(
            name: name, prefix: secret.prefix, hash: secret.hash, scopes: scopes.sorted().map(\.rawValue),
            expiryTimeUnixNano: expiryTimeUnixNano)
    }
}
