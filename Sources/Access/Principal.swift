/// Who asks: a project's key, proven, with what it allows.

import Metastore
import TraceModel

package struct Principal: Sendable, Hashable {
    package let organizationID: OrganizationID
    package let projectID: ProjectID
    package let keyID: APIKeyID
    package let scopes: Set<Scope>

    package init(organizationID: OrganizationID, projectID: ProjectID, keyID: APIKeyID, scopes: Set<Scope>) {
        self.organizationID = organizationID
        self.projectID = projectID
        self.keyID = keyID
        self.scopes = scopes
    }

    package func has(_ scope: Scope) -> Bool { scopes.contains(scope) }

    /// Errors: `forbidden` when the key lacks the scope.
    package func require(_ scope: Scope) throws(AccessError) { if !scopes.contains(scope) { throw .forbidden(needed: scope) } }
}
