/// Look-ups in PostgreSQL that are remembered for a while: the shell around AuthenticationCache, which decides everything.
///
/// What is known costs a look into the cache; nothing waits for PostgreSQL but a first use and one after a pause, that one for
/// `AccessLimits.lookUpPatienceNanoseconds` at most: what is known goes on for `AccessLimits.outageLifetimeNanoseconds` while
/// PostgreSQL refuses to answer or keeps silent.

import Metastore
import Synchronization

final class RememberedLookUps<Key: Hashable & Sendable, Value: Equatable & Sendable>: Sendable {
    typealias Cache = AuthenticationCache<Key, Value>
    private typealias LookUp = Task<Result<Cache.Entry, AccessError>, Never>

    enum Answer: Sendable {
        case found(Value, expiryTimeUnixNano: Int64?)
        /// There is none: remembered for a moment.
        case unknown
        /// There is one which may not be used: not remembered, so that the answer stays exact.
        case refused(AccessError.Reason)
    }

    private struct State {
        var cache = Cache()
        /// Calls of `forget` so far: what a look-up read before one of them is not remembered after it.
        var forgetCount = 0
        /// Look-ups under way: whoever asks for the same meanwhile waits for the same answer.
        var lookUps: [Key: LookUp] = [:]
    }

    private let clock: any AccessClock
    private let unknown: AccessError
    private let lookUp: @Sendable (Key) async throws(MetastoreError) -> Answer
    private let patience: @Sendable () async -> Void
    private let state = Mutex(State())

    /// `unknown`: what is thrown for what is not there. `patience`: returns when a look-up has taken too long, or is cancelled.
    init(
        clock: any AccessClock, unknown: AccessError,
        patience: @escaping @Sendable () async -> Void = {
            try? await Task.sleep(for: .nanoseconds(AccessLimits.lookUpPatienceNanoseconds))
        },
        lookUp: @escaping @Sendable (Key) async throws(MetastoreError) -> Answer
    ) {
        self.patience = patience
        self.clock = clock
        self.unknown = unknown
        self.lookUp = lookUp
    }

    /// Errors: `unknown` as given to init, `unauthenticated`, `unavailable`.
    func entry(_ key: Key) async throws(AccessError) -> Cache.Entry {
        switch state.withLock({ $0.cache.decide(key, now: clock.monotonicNano()) }) {
        case .allow(let entry): return entry
        case .allowAndRefresh(let entry):
            _ = sharedLookUp(key)
            return entry
        case .refuseUnknown: throw unknown
        case .lookUp: return try await sharedLookUp(key).value.get()
        case .lookUpFor(let entry):
            if let answer = await answer(of: sharedLookUp(key)) { return try answer.get() }
            return state.withLock { $0.cache.lookUpOverdue(key, now: clock.monotonicNano()) } ?? entry
        }
    }

    /// Nil when it takes too long; the look-up goes on, and what it finds is remembered.
    private func answer(of lookUp: LookUp) async -> Result<Cache.Entry, AccessError>? {
        await withCheckedContinuation { continuation in
            let first = FirstAnswer(continuation)
            let timer = Task {
                await patience()
                first.give(nil)
            }
            Task {
                first.give(await lookUp.value)
                timer.cancel()
            }
        }
    }

    /// Resumes with what comes first.
    private final class FirstAnswer: Sendable {
        private let continuation: Mutex<CheckedContinuation<Result<Cache.Entry, AccessError>?, Never>?>

        init(_ continuation: CheckedContinuation<Result<Cache.Entry, AccessError>?, Never>) { self.continuation = Mutex(continuation) }

        func give(_ answer: Result<Cache.Entry, AccessError>?) {
            let waiting = continuation.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            waiting?.resume(returning: answer)
        }
    }

    /// Forgets what was changed here: its next use is looked up again.
    func forget(where isGone: @Sendable (Value) -> Bool) {
        state.withLock { state in
            state.forgetCount += 1
            state.cache.forget(where: isGone)
        }
    }

    /// One look-up at a time per key, in a task of its own: it outlives the request that asked first, and the pool's time
    /// limits end it. A start under load costs one statement per key, not one per request.
    private func sharedLookUp(_ key: Key) -> LookUp {
        state.withLock { state in
            if let task = state.lookUps[key] { return task }
            let forgetCount = state.forgetCount
            let task = Task {
                let found: Result<Answer, MetastoreError>
                do throws(MetastoreError) { found = .success(try await self.lookUp(key)) } catch { found = .failure(error) }
                return self.finish(key, found, forgetCount: forgetCount)
            }
            state.lookUps[key] = task
            return task
        }
    }

    private func finish(
        _ key: Key, _ found: Result<Answer, MetastoreError>, forgetCount: Int
    ) -> Result<Cache.Entry, AccessError> {
        let now = clock.monotonicNano()
        return state.withLock { state in
            state.lookUps[key] = nil
            switch found {
            case .failure(let error) where error.code == .cancelled:
                state.cache.lookUpAbandoned(key)
                return .failure(.unavailable)
            case .failure:
                return state.cache.lookUpFailed(key, now: now).map { .success($0) } ?? .failure(.unavailable)
            case .success(.found(let value, let expiry)):
                let entry = Cache.Entry(value: value, expiryTimeUnixNano: expiry, checkedNano: now)
                if forgetCount == state.forgetCount {
                    state.cache.lookUpFound(key, entry)
                } else {
                    state.cache.lookUpAbandoned(key)
                }
                return .success(entry)
            case .success(.unknown):
                state.cache.lookUpRefused(key, now: now, remembering: true)
                return .failure(unknown)
            case .success(.refused(let reason)):
                state.cache.lookUpRefused(key, now: now, remembering: false)
                return .failure(.unauthenticated(reason))
            }
        }
    }
}
