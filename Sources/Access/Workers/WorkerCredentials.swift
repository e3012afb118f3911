/// Tokens of worker processes: they are good for every project, so who decides about the installation makes and revokes them.

import Metastore

package struct WorkerCredentials: Sendable {
    private let metastore: Metastore
    private let rights: InstallationRights
    private let authenticator: WorkerAuthenticator

    package init(metastore: Metastore, rights: InstallationRights, authenticator: WorkerAuthenticator) {
        self.metastore = metastore
        self.rights = rights
        self.authenticator = authenticator
    }

    /// The token is in this answer only. Errors: `notPermitted`, `notOfFirstOrganization`; MetastoreError (`invalid` name).
    package func create(
        name: String, by principal: Principal, audit: AuditDraft
    ) async throws -> (credential: WorkerCredential, token: WorkerToken) {
        try await rights.require(.manageWorkers, of: principal)
        let token = WorkerToken.generate()
        return (try await metastore.workerCredentials.create(name: name, hash: token.hash, audit: audit), token)
    }

    /// Newest first, revoked ones among them. Errors: `notPermitted`, `notOfFirstOrganization`; MetastoreError.
    package func list(by principal: Principal, page: PageRequest) async throws -> Page<WorkerCredential> {
        try await rights.require(.manageWorkers, of: principal)
        return try await metastore.workerCredentials.list(page: page)
    }

    /// Ends a credential's use: at once on this server, within a minute on others. Errors: `notPermitted`, `notOfFirstOrganization`,
    /// `notFound`; MetastoreError.
    package func revoke(_ id: WorkerCredentialID, by principal: Principal, audit: AuditDraft) async throws -> WorkerCredential {
        try await rights.require(.manageWorkers, of: principal)
        guard let revoked = try await metastore.workerCredentials.revoke(id, audit: audit) else {
            throw AccessError.notFound("worker credential")
        }
        authenticator.forget(id)
        return revoked
    }
}
