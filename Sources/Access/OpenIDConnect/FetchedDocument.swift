/// Something a provider publishes, and how long what was fetched is believed: a pure value, its clock is handed in.

struct FetchedDocument<Value: Sendable>: Sendable {
    private var value: Value?
    private var fetchedNano: Int64 = 0
    private var attemptNano: Int64?
    private var failure: (error: AccessError, nano: Int64)?

    /// What the last fetch failed with, a moment ago.
    func recentFailure(now: Int64) -> AccessError? {
        guard let failure, now - failure.nano < AccessLimits.providerFailureMemoryNanoseconds else { return nil }
        return failure.error
    }

    mutating func fail(_ error: AccessError, now: Int64) { failure = (error, now) }

    /// nil when there is none, or it is too old.
    func current(now: Int64) -> Value? {
        guard let value, now - fetchedNano < AccessLimits.providerDocumentLifetimeNanoseconds else { return nil }
        return value
    }

    /// Whether the last fetch is so long ago that a doubt is worth another one.
    func mayBeFetchedAgain(now: Int64) -> Bool {
        guard let attemptNano else { return true }
        return now - attemptNano >= AccessLimits.keySetRefetchIntervalNanoseconds
    }

    mutating func noteAttempt(now: Int64) { attemptNano = now }

    mutating func store(_ value: Value, now: Int64) {
        self.value = value
        failure = nil
        fetchedNano = now
    }
}
