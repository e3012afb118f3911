/// One of a provider's documents as a server keeps it: fetched once, however many sign-ins need it at the same time, and not again right
/// after it could not be had. So nobody who is yet to sign in can make the server ask a provider without end.

actor PublishedDocument<Value: Sendable> {
    private let clock: any AccessClock
    private var document = FetchedDocument<Value>()
    private var fetch: Task<Result<Value, AccessError>, Never>?

    init(clock: any AccessClock) { self.clock = clock }

    /// What is known and is enough; else what `load` fetches, if that is due. Errors: those of `load`, also of one a moment ago.
    func value(
        where isEnough: @Sendable (Value) -> Bool = { _ in true }, load: @escaping @Sendable () async throws(AccessError) -> Value
    ) async throws(AccessError) -> Value {
        let now = clock.monotonicNano()
        if let known = document.current(now: now), isEnough(known) || !document.mayBeFetchedAgain(now: now) { return known }
        if let fetch { return try await fetch.value.get() }
        if let failure = document.recentFailure(now: now) { throw failure }
        document.noteAttempt(now: now)
        let task = Task { () -> Result<Value, AccessError> in
            do throws(AccessError) { return .success(try await load()) } catch { return .failure(error) }
        }
        fetch = task
        let result = await task.value
        fetch = nil
        switch result {
        case .success(let value): document.store(value, now: clock.monotonicNano())
        case .failure(let error): document.fail(error, now: clock.monotonicNano())
        }
        return try result.get()
    }
}
