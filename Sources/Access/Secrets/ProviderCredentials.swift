/// Keys of AI providers: written through here, sealed, and read by what calls the providers, never by a client.

import Metastore

package struct ProviderCredentials: Sendable {
    private let metastore: Metastore
    private let vault: Vault

    package init(metastore: Metastore, vault: Vault) {
        self.metastore = metastore
        self.vault = vault
    }

    /// Errors: `notPermitted`, `masterKey`; MetastoreError (`invalid`, `conflict` name).
    package func create(
        provider: String, name: String, baseURL: String?, secret: ProviderSecret, by principal: Principal, audit: AuditDraft
    ) async throws -> ProviderCredential {
        try principal.require(.manageCredentials)
        let id = ProviderCredentialID.make(), organization = try principal.organizationID
        let place = CredentialPlace(id: id, organizationID: organization, provider: provider, baseURL: baseURL)
        let sealed = try await vault.seal(secret.bytes, for: place)
        return try await metastore.providerCredentials.create(
            id, in: organization, provider: provider, name: name, baseURL: baseURL, secret: sealed, audit: audit)
    }

    /// Errors: `notPermitted`; MetastoreError.
    package func list(by principal: Principal, page: PageRequest) async throws -> Page<ProviderCredential> {
        try principal.require(.manageCredentials)
        return try await metastore.providerCredentials.list(in: principal.organizationID, page: page)
    }

    /// A new secret in the place of the old one. Errors: `notPermitted`, `notFound`, `masterKey`; MetastoreError.
    package func replace(
        _ id: ProviderCredentialID, secret: ProviderSecret, by principal: Principal, audit: AuditDraft
    ) async throws -> ProviderCredential {
        try principal.require(.manageCredentials)
        let organization = try principal.organizationID
        // Provider and URL of a credential never change.
        guard let stored = try await metastore.providerCredentials.sealed(id, in: organization) else {
            throw AccessError.notFound("provider credential")
        }
        let sealed = try await vault.seal(secret.bytes, for: CredentialPlace(stored.credential))
        let replaced = try await metastore.providerCredentials.replace(id, in: organization, secret: sealed, audit: audit)
        guard let replaced else { throw AccessError.notFound("provider credential") }
        return replaced
    }

    /// Errors: `notPermitted`, `notFound`; MetastoreError.
    package func delete(_ id: ProviderCredentialID, by principal: Principal, audit: AuditDraft) async throws {
        try principal.require(.manageCredentials)
        guard try await metastore.providerCredentials.delete(id, in: principal.organizationID, audit: audit) else {
            throw AccessError.notFound("provider credential")
        }
    }

    /// Opens every stored secret of every organization, and tells how many there are: after a rotation, or to try a backup. Errors:
    /// `masterKey` for the first that does not open; MetastoreError.
    package func verifyAll() async throws -> Int {
        var count = 0
        var last: ProviderCredentialID?
        while true {
            let page = try await metastore.providerCredentials.sealed(after: last, limit: AccessLimits.verifiedBatchCount)
            for stored in page { _ = try await vault.open(stored.secret, for: CredentialPlace(stored.credential)) }
            count += page.count
            guard let next = page.last?.credential.id else { return count }
            last = next
        }
    }

    /// For a call to the provider, inside of the server. Errors: `notFound`, `masterKey`; MetastoreError.
    package func secret(of id: ProviderCredentialID, in organization: OrganizationID) async throws -> ProviderSecret {
        guard let stored = try await metastore.providerCredentials.sealed(id, in: organization) else {
            throw AccessError.notFound("provider credential")
        }
        return ProviderSecret(bytes: try await vault.open(stored.secret, for: CredentialPlace(stored.credential)))
    }
}

/// A provider's key in the open; never prints itself.
package struct ProviderSecret: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    let bytes: [UInt8]

    package init(_ text: String) { bytes = Array(text.utf8) }
    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The key itself, for the request to the provider.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
    package var description: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
