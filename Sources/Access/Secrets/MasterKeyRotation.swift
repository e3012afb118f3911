/// Replacing the master key: a plan that looks at how things stand and names the next step, and the shell that takes it.
///
///     file: 1 key     -makeKey->   file: new key first, old one second       (from here on a start continues)
///     new not allowed -allow->     database: both may wrap
///     rows under old  -rewrap->    rows under new, a batch at a time
///     old allowed     -retire->    database: the new one alone; its foreign key refuses a late writer under the old one
///     file: 2 keys    -dropOld->   file: the new key alone
///
/// Each step is one file or one transaction, and the next one follows from what is there: killed anywhere, a new run goes on where
/// it was, and every secret stays readable, as no key is dropped while anything is wrapped by it.

import Metastore

/// How things stand.
struct MasterKeyRotationState: Equatable {
    /// Keys in the file or the environment besides the current one.
    var formerKeyCount: Int
    var isCurrentAllowed: Bool
    /// Whether the database allows other keys.
    var areOthersAllowed: Bool
    var hasKeysUnderOthers: Bool
    /// Whether this run began it: only then is another new key made.
    var mayMakeKey: Bool
}

package enum MasterKeyRotationStep: Sendable, Equatable {
    case makeKey, allow, rewrap, retire, dropOld, done
}

extension MasterKeyRotationState {
    var nextStep: MasterKeyRotationStep {
        if formerKeyCount == 0, mayMakeKey, !areOthersAllowed { return .makeKey }
        if !isCurrentAllowed { return .allow }
        if hasKeysUnderOthers { return .rewrap }
        if areOthersAllowed { return .retire }
        return formerKeyCount > 0 ? .dropOld : .done
    }
}

package final class MasterKeyRotation {
    private let source: MasterKeySource
    private let dataKeys: DataKeyRepository
    private let audit: AuditDraft
    private var mayMakeKey: Bool
    /// Data keys wrapped anew by this run.
    package private(set) var rewrappedCount = 0

    /// Continues a rotation that was cut short, else begins one. Errors: `masterKey`.
    package init(_ source: MasterKeySource, _ metastore: Metastore, audit: AuditDraft) throws(AccessError) {
        self.source = source
        dataKeys = metastore.dataKeys
        self.audit = audit
        mayMakeKey = try source.load().former.isEmpty
        if mayMakeKey, case .environment = source {
            throw .masterKey(
                "set SPANDREL_MASTER_KEY to a new key (openssl rand -base64 32) and SPANDREL_MASTER_KEY_PREVIOUS to the one so far, for "
                    + "the server and for this command; when it is done, remove SPANDREL_MASTER_KEY_PREVIOUS")
        }
    }

    /// Takes steps until nothing is left to do. Errors: `masterKey`; MetastoreError. After either, run it again.
    package func run() async throws {
        while try await step() != .done {}
    }

    /// Takes the next step and names it.
    @discardableResult
    package func step() async throws -> MasterKeyRotationStep {
        let ring = try source.load()
        let allowed = try await dataKeys.masterKeyIDs()
        let others = try await dataKeys.notUnder(masterKeyID: ring.current.id, limit: AccessLimits.rewrapBatchCount)
        let step = MasterKeyRotationState(
            formerKeyCount: ring.former.count, isCurrentAllowed: allowed.contains(ring.current.id),
            areOthersAllowed: allowed.contains { $0 != ring.current.id }, hasKeysUnderOthers: !others.isEmpty, mayMakeKey: mayMakeKey
        ).nextStep
        switch step {
        case .makeKey:
            guard let key = MasterKey.generate() else { throw AccessError.masterKey("no master key can be made") }
            try source.store(MasterKeyRing(current: key, former: [ring.current]))
            mayMakeKey = false
        case .allow: try await dataKeys.allow(masterKeyID: ring.current.id)
        case .rewrap: for key in others { try await rewrap(key, ring) }
        case .retire:
            // Refused when a server has stored a key under the old one meanwhile: the next step wraps that one anew.
            _ = try await dataKeys.retireAll(but: ring.current.id, audit: audit)
        case .dropOld:
            if case .environment = source { return .done }
            try source.store(MasterKeyRing(current: ring.current))
        case .done: break
        }
        return step
    }

    private func rewrap(_ key: WrappedDataKey, _ ring: MasterKeyRing) async throws {
        let place = Vault.place(of: key.id)
        guard let old = ring[key.masterKeyID], let bytes = old.unwrap(key.wrapped, for: place) else {
            throw AccessError.masterKey("the data key \(key.id.uuid) is wrapped by the master key \(key.masterKeyID), which is not here")
        }
        guard let wrapped = ring.current.wrap(bytes, for: place) else { throw AccessError.masterKey("a data key cannot be wrapped") }
        if try await dataKeys.rewrap(key, to: wrapped, masterKeyID: ring.current.id) { rewrappedCount += 1 }
    }
}
