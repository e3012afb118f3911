/// Seals and opens secrets: AES-256-GCM under a data key per organization, which is wrapped by the master key.
///
///     provider key  --data key of the organization, bound to CredentialPlace-->               provider_credentials.sealed_secret
///     data key      --master key, bound to the data key's id-->                              data_keys.wrapped_key
///
/// A rotation of the master key by another process is noticed when a data key turns up under a key that is not known here: then
/// the master keys are read again.

import Crypto
import Metastore
import Synchronization
import TraceModel

package final class Vault: Sendable {
    private let source: MasterKeySource
    private let dataKeys: DataKeyRepository
    private struct State {
        var ring: MasterKeyRing
        /// Unwrapped; their number is that of organizations with credentials.
        var unwrapped: [DataKeyID: [UInt8]] = [:]
    }
    private let state: Mutex<State>

    /// Reads (or makes) the master key and holds it against the database. Errors: `masterKey`; MetastoreError.
    package static func open(_ source: MasterKeySource, _ metastore: Metastore) async throws -> Vault {
        let allowed = try await metastore.dataKeys.masterKeyIDs()
        // A key is made only for a database that has no secrets yet: beside others' it would be of no use, and in the way of a backup.
        guard let ring = allowed.isEmpty ? try source.load() : try source.existing() else {
            throw AccessError.masterKey(
                "the master key is missing, and the database's secrets are sealed under \(allowed.sorted().joined(separator: ", "))"
                    + ": put that key's file (or SPANDREL_MASTER_KEY) back")
        }
        guard allowed.isEmpty || allowed.contains(where: { ring[$0] != nil }) else {
            throw AccessError.masterKey(
                "the master key is \(ring.current.id), but the database's secrets are sealed under \(allowed.sorted().joined(separator: ", "))"
                    + ": put that key's file (or SPANDREL_MASTER_KEY) back")
        }
        if !allowed.contains(ring.current.id) { try await metastore.dataKeys.allow(masterKeyID: ring.current.id) }
        return Vault(source, metastore.dataKeys, ring)
    }

    /// Reads the master key that the server made and holds it against the database; neither is changed. For processes beside the server.
    /// Errors: `masterKey`; MetastoreError.
    package static func openExisting(_ source: MasterKeySource, _ metastore: Metastore) async throws -> Vault {
        let allowed = try await metastore.dataKeys.masterKeyIDs()
        guard !allowed.isEmpty else { throw AccessError.masterKey("the database has no master key yet: start the server once") }
        guard let ring = try source.existing() else {
            throw AccessError.masterKey("the master key is missing: give the server's file, or SPANDREL_MASTER_KEY")
        }
        guard allowed.contains(where: { ring[$0] != nil }) else {
            throw AccessError.masterKey(
                "the master key is \(ring.current.id), but the server's is \(allowed.sorted().joined(separator: " or ")): give that one")
        }
        return Vault(source, metastore.dataKeys, ring)
    }

    private init(_ source: MasterKeySource, _ dataKeys: DataKeyRepository, _ ring: MasterKeyRing) {
        self.source = source
        self.dataKeys = dataKeys
        state = Mutex(State(ring: ring))
    }

    // MARK: Provider credentials

    /// Errors: `masterKey`; MetastoreError (`notFound` organization).
    func seal(_ secret: [UInt8], for place: CredentialPlace) async throws -> SealedSecret {
        let (id, key) = try await dataKey(place.organizationID, .credentials) { SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) } }
        guard let bytes = Sealing.seal(secret, with: key, binding: place.binding) else {
            throw AccessError.masterKey("the secret cannot be sealed")
        }
        return SealedSecret(bytes: bytes, dataKeyID: id)
    }

    /// Errors: `masterKey` if it was sealed for another place or changed; MetastoreError.
    func open(_ sealed: SealedSecret, for place: CredentialPlace) async throws -> [UInt8] {
        let known = state.withLock { $0.unwrapped[sealed.dataKeyID] }
        let key: [UInt8]
        if let known {
            key = known
        } else {
            guard let wrapped = try await dataKeys.find(sealed.dataKeyID) else { throw AccessError.masterKey("a data key is missing") }
            key = try unwrap(wrapped)
        }
        let secret =
            Sealing.open(sealed.bytes, with: key, binding: place.binding)
            ?? Sealing.open(sealed.bytes, with: key, binding: place.formerBinding)
        guard let secret else {
            throw AccessError.masterKey("the stored secret does not belong here or was changed: store it again")
        }
        return secret
    }

    // MARK: Access tokens

    /// The installation's key for signing access tokens, the same on every server. Errors: `masterKey`; MetastoreError.
    package func tokenSigningKey() async throws -> TokenSigningKey {
        let (id, bytes) = try await dataKey(nil, .tokens) { Array(P256.Signing.PrivateKey().rawRepresentation) }
        return TokenSigningKey(id: id.uuid, bytes: bytes)
    }

    // MARK: Redaction

    /// What the hashes of a project's redacted values are salted with: 32 bytes, the same on every server, different for every project.
    /// Errors: `masterKey`; MetastoreError.
    package func redactionSalt(of project: ProjectID) async throws -> [UInt8] {
        let (_, key) = try await dataKey(nil, .redaction) { SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) } }
        let salt = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key), info: Array("spandrel redaction salt \(project.uuid)".utf8), outputByteCount: 32)
        return salt.withUnsafeBytes { Array($0) }
    }

    // MARK: Data keys

    private func dataKey(
        _ organization: OrganizationID?, _ purpose: DataKeyPurpose, make: () -> [UInt8]
    ) async throws -> (DataKeyID, [UInt8]) {
        if let stored = try await dataKeys.find(organization, purpose) { return (stored.id, try unwrap(stored)) }
        let id = DataKeyID.make(), bytes = make()
        for isLastAttempt in [false, true] {
            let master = state.withLock { $0.ring.current }
            guard let wrapped = master.wrap(bytes, for: Self.place(of: id)) else {
                throw AccessError.masterKey("a data key cannot be wrapped")
            }
            let key = WrappedDataKey(
                id: id, organizationID: organization, purpose: purpose, wrapped: wrapped, masterKeyID: master.id)
            let stored: WrappedDataKey
            do throws(MetastoreError) { stored = try await dataKeys.insertIfMissing(key) } catch {
                // The master key was rotated away meanwhile.
                guard error.field == "master_key_id", !isLastAttempt else { throw error }
                try reload()
                continue
            }
            return (stored.id, try unwrap(stored))
        }
        throw AccessError.masterKey("the master key was replaced: read it again")
    }

    private func unwrap(_ wrapped: WrappedDataKey) throws(AccessError) -> [UInt8] {
        if let known = state.withLock({ $0.unwrapped[wrapped.id] }) { return known }
        if state.withLock({ $0.ring[wrapped.masterKeyID] == nil }) { try reload() }
        let master = state.withLock { $0.ring[wrapped.masterKeyID] }
        guard let master else {
            throw .masterKey("a data key is wrapped by the master key \(wrapped.masterKeyID), which is not here: restart with it")
        }
        guard let bytes = master.unwrap(wrapped.wrapped, for: Self.place(of: wrapped.id)) else {
            throw .masterKey("the data key \(wrapped.id.uuid) was changed: restore the database from a backup")
        }
        state.withLock { $0.unwrapped[wrapped.id] = bytes }
        return bytes
    }

    private func reload() throws(AccessError) {
        let ring = try source.load()
        state.withLock { $0.ring = ring }
    }

    static func place(of dataKey: DataKeyID) -> String { "spandrel data key \(dataKey.uuid)" }
}
