/// Everything this target does, over one metastore and one master key: what the composition root opens and the edges use.

import Metastore

package struct Accounts: Sendable {
    package let vault: Vault
    package let authenticator: Authenticator
    package let limiter: RequestLimiter
    package let accessControl: AccessControl
    package let signIn: SignIn
    package let passwordResets: PasswordResets
    package let invitations: Invitations
    package let members: Members
    package let apiKeys: APIKeys
    package let providerCredentials: ProviderCredentials
    package let auditLog: AuditLog
    package let tickets: Tickets
    package let installationRights: InstallationRights
    package let workerAuthenticator: WorkerAuthenticator
    package let workerCredentials: WorkerCredentials

    /// Reads (or makes) the master key. Errors: `masterKey`; MetastoreError.
    package static func open(
        _ metastore: Metastore, masterKey: MasterKeySource, passwordCost: PasswordHash.Cost = .current
    ) async throws -> Accounts {
        let vault = try await Vault.open(masterKey, metastore)
        return Accounts(
            metastore, vault, try await AccessTokens(try await vault.tokenSigningKey()), PasswordHasher(cost: passwordCost))
    }

    private init(_ metastore: Metastore, _ vault: Vault, _ tokens: AccessTokens, _ hasher: PasswordHasher) {
        self.vault = vault
        authenticator = Authenticator(keys: metastore.apiKeys, users: metastore, tokens: tokens)
        limiter = RequestLimiter()
        workerAuthenticator = WorkerAuthenticator(metastore)
        accessControl = AccessControl(authenticator: authenticator, workers: workerAuthenticator, limiter: limiter)
        signIn = SignIn(metastore: metastore, hasher: hasher, tokens: tokens, authenticator: authenticator)
        passwordResets = PasswordResets(metastore: metastore, hasher: hasher, authenticator: authenticator)
        invitations = Invitations(metastore: metastore, hasher: hasher, authenticator: authenticator)
        members = Members(metastore: metastore, authenticator: authenticator)
        apiKeys = APIKeys(metastore: metastore, authenticator: authenticator)
        providerCredentials = ProviderCredentials(metastore: metastore, vault: vault)
        auditLog = AuditLog(metastore: metastore)
        tickets = Tickets()
        installationRights = InstallationRights(metastore: metastore)
        workerCredentials = WorkerCredentials(metastore: metastore, rights: installationRights, authenticator: workerAuthenticator)
    }
}
