/// What belongs to the installation as a whole, like prices: its first organization decides it for all the others.

import Metastore

package struct InstallationRights: Sendable {
    private let metastore: Metastore

    package init(metastore: Metastore) { self.metastore = metastore }

    /// Errors: `notPermitted`, `notOfFirstOrganization`; MetastoreError.
    package func require(_ permission: Permission, of principal: Principal) async throws {
        try principal.require(permission)
        guard try await metastore.organizations.first() == principal.organizationID else { throw AccessError.notOfFirstOrganization }
    }
}
