/// From a request's credential to its principal: the shell around AuthenticationCache, which decides everything.
///
/// A known key costs one SHA-256 and a look into the cache; nothing waits for PostgreSQL but a key's first use, and known keys
/// go on for `AccessLimits.outageLifetimeNanoseconds` while it does not answer.

import Metastore
import Synchronization
import TraceModel

package final class Authenticator: Sendable {
    private typealias LookUp = Task<Result<AuthenticationCache.Entry, AccessError>, Never>

    private struct State {
        var cache = AuthenticationCache()
        /// Calls of `forget` so far: what a look-up read before one of them is not remembered after it.
        var forgetCount = 0
        /// Unix nanoseconds of each key's last use since the last note.
        var uses: [APIKeyID: Int64] = [:]
        /// Look-ups under way, by the key's hash: whoever asks for the same key meanwhile waits for the same answer.
        var lookUps: [AuthenticationCache.KeyHash: LookUp] = [:]
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
            _ = sharedLookUp(hash, key)
            return try admit(entry)
        case .refuseUnknown: throw .unauthenticated(.unknown)
        case .lookUp: return try admit(try await sharedLookUp(hash, key).value.get())
        }
    }

    /// Authenticates and asks for a scope. Errors: all.
    package func authenticate(_ credential: Credential?, needing scope: Scope) async throws(AccessError) -> Principal {
        let principal = try await authenticate(credential)
        try principal.require(scope)
        return principal
    }

    /// A key was revoked here: its next request is looked up again.
    package func forget(_ key: APIKeyID) { forget { $0.keyID == key } }

    /// A project was archived here: the next request of each of its keys is looked up again.
    package func forget(projectKeys project: ProjectID) { forget { $0.projectID == project } }

    private func forget(where isGone: @Sendable (Principal) -> Bool) {
        state.withLock { state in
            state.forgetCount += 1
            state.cache.forget(where: isGone)
        }
    }

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

    /// One look-up at a time per key, in a task of its own: it outlives the request that asked first, and the pool's time
    /// limits end it. A start under load costs one statement per key, not one per request.
    private func sharedLookUp(_ hash: [UInt8], _ key: AuthenticationCache.KeyHash) -> LookUp {
        state.withLock { state in
            if let task = state.lookUps[key] { return task }
            let forgetCount = state.forgetCount
            let task = Task {
                let found: Result<KnownAPIKey?, MetastoreError>
                do throws(MetastoreError) { found = .success(try await self.keys.find(hash: hash)) } catch { found = .failure(error) }
                return self.finishLookUp(key, hash, found, forgetCount: forgetCount)
            }
            state.lookUps[key] = task
            return task
        }
    }

    private func finishLookUp(
        _ key: AuthenticationCache.KeyHash, _ hash: [UInt8], _ found: Result<KnownAPIKey?, MetastoreError>, forgetCount: Int
    ) -> Result<AuthenticationCache.Entry, AccessError> {
        let now = clock.monotonicNano()
        return state.withLock { state in
            state.lookUps[key] = nil
            switch found {
            case .failure(let error) where error.code == .cancelled:
                state.cache.lookUpAbandoned(key)
                return .failure(.unavailable)
            case .failure:
                return state.cache.lookUpFailed(key, now: now).map { .success($0) } ?? .failure(.unavailable)
            case .success(let known):
                if let known, isEqualInConstantTime(known.hash, hash) {
                    let reason: AccessError.Reason? =
                        known.record.revocationTimeUnixNano != nil ? .revoked : known.isProjectArchived ? .projectArchived : nil
                    guard let reason else {
                        let entry = Self.entry(for: known, checkedNano: now)
                        if forgetCount == state.forgetCount {
                            state.cache.lookUpFound(key, entry)
                        } else {
                            state.cache.lookUpAbandoned(key)
                        }
                        return .success(entry)
                    }
                    // Only "unknown" is remembered, so that the other answers stay exact.
                    state.cache.lookUpRefused(key, now: now, remembering: false)
                    return .failure(.unauthenticated(reason))
                }
                state.cache.lookUpRefused(key, now: now, remembering: true)
                return .failure(.unauthenticated(.unknown))
            }
        }
    }

    private static func entry(for known: KnownAPIKey, checkedNano: Int64) -> AuthenticationCache.Entry {
        // Scopes this program does not know (a newer one's) give nothing.
        let principal = Principal(
            organizationID: known.organizationID, projectID: known.record.projectID, keyID: known.record.id,
            scopes: Set(known.record.scopes.compactMap { Scope(rawValue: $0) }))
        return AuthenticationCache.Entry(
            principal: principal, expiryTimeUnixNano: known.record.expiryTimeUnixNano, checkedNano: checkedNano)
    }
}
