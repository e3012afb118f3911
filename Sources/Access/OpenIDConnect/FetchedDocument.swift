/// Something a provider publishes, and how long what was fetched is believed: a pure value, its clock is handed in.

struct FetchedDocument<Value: Sendable>: Sendable {
    private var value: Value?
    private var fetchedNano: Int64 = 0
    private var attemptNano: Int64?

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
        fetchedNano = now
    }
}
