/// From a request's credential to its principal: the shell around AuthenticationCache, which decides everything.
///
/// A known key costs one SHA-256 and a look into the cache; nothing waits for PostgreSQL but a key's first use, and known keys
/// go on for `AccessLimits.outageLifetimeNanoseconds` while it does not answer.

import Metastore
import Synchronization
import TraceModel

package final class Authenticator: Sendable {
    private struct State {
        var cache = AuthenticationCache()
        /// Unix nanoseconds of each key's last use since the last note.
        var uses: [APIKeyID: Int64] = [:]
    }

    private let keys: any KeyDirectory
    private let clock: any AccessClock
    private let state = Mutex(State())

    package init(keys: any KeyDirectory, clock: any AccessClock = SystemAccessClock()) {
        self.keys = keys
        self.clock = clock
    }

    /// Errors: `unauthenticated`, `unavailable`.
    package func authenticate(_ credential: Credential?) async throws(AccessError) -> Principal {
        guard let credential else { throw .unauthenticated(.missing) }
        guard let secret = APIKeySecret(credential.text) else { throw .unauthenticated(.malformed) }
        let hash = secret.hash
        let key = AuthenticationCache.KeyHash(hash)
        switch state.withLock({ $0.cache.decide(key, now: clock.monotonicNano()) }) {
        case .allow(let entry): return try admit(entry)
        case .allowAndRefresh(let entry):
            // One look-up at a time per key, ended by the pool's time limits.
            Task { _ = try? await self.lookUp(hash, key) }
            return try admit(entry)
        case .refuseUnknown: throw .unauthenticated(.unknown)
        case .lookUp: return try admit(try await lookUp(hash, key))
        }
    }

    /// Authenticates and asks for a scope. Errors: all.
    package func authenticate(_ credential: Credential?, needing scope: Scope) async throws(AccessError) -> Principal {
        let principal = try await authenticate(credential)
        try principal.require(scope)
        return principal
    }

    /// A key was revoked here: its next request is looked up again.
    package func forget(_ key: APIKeyID) { state.withLock { $0.cache.forget { $0.keyID == key } } }

    /// A project was archived here: the next request of each of its keys is looked up again.
    package func forget(projectKeys project: ProjectID) { state.withLock { $0.cache.forget { $0.projectID == project } } }

    /// Notes last uses from time to time until the task is cancelled, and once more then. Runs as long as the server.
    package func recordUsesUntilCancelled() async {
        repeat {
            try? await Task.sleep(for: .nanoseconds(AccessLimits.useRecordIntervalNanoseconds))
            // In a task of its own: the last round comes after this one's cancellation.
            await Task { await self.recordUses() }.value
        } while !Task.isCancelled
    }

    /// Notes the last uses known now. What cannot be noted is kept for the next time.
    package func recordUses() async {
        let uses = state.withLock { state in
            defer { state.uses = [:] }
            return state.uses
        }
        guard !uses.isEmpty else { return }
        do throws(MetastoreError) { try await keys.recordUses(uses) } catch {
            state.withLock { $0.uses.merge(uses) { max($0, $1) } }
        }
    }

    private func admit(_ entry: AuthenticationCache.Entry) throws(AccessError) -> Principal {
        let now = clock.unixNano()
        if let expiry = entry.expiryTimeUnixNano, expiry <= now { throw .unauthenticated(.expired) }
        state.withLock { $0.uses[entry.principal.keyID] = now }
        return entry.principal
    }

    private func lookUp(_ hash: [UInt8], _ key: AuthenticationCache.KeyHash) async throws(AccessError) -> AuthenticationCache.Entry {
        let found: KnownAPIKey?
        do throws(MetastoreError) { found = try await keys.find(hash: hash) } catch {
            let now = clock.monotonicNano()
            let entry = state.withLock { state in
                if error.code == .cancelled {
                    state.cache.lookUpAbandoned(key)
                    return nil as AuthenticationCache.Entry?
                }
                return state.cache.lookUpFailed(key, now: now)
            }
            guard let entry else { throw .unavailable }
            return entry
        }
        let now = clock.monotonicNano()
        let reason: AccessError.Reason
        if let found, isEqualInConstantTime(found.hash, hash) {
            if found.record.revocationTimeUnixNano != nil {
                reason = .revoked
            } else if found.isProjectArchived {
                reason = .projectArchived
            } else {
                // Scopes this program does not know (a newer one's) give nothing.
                let principal = Principal(
                    organizationID: found.organizationID, projectID: found.record.projectID, keyID: found.record.id,
                    scopes: Set(found.record.scopes.compactMap { Scope(rawValue: $0) }))
                let entry = AuthenticationCache.Entry(
                    principal: principal, expiryTimeUnixNano: found.record.expiryTimeUnixNano, checkedNano: now)
                state.withLock { $0.cache.lookUpFound(key, entry) }
                return entry
            }
        } else {
            reason = .unknown
        }
        // Only "unknown" is remembered, so that the other answers stay exact.
        state.withLock { $0.cache.lookUpRefused(key, now: now, remembering: reason == .unknown) }
        throw .unauthenticated(reason)
    }
}
