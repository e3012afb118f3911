/// What the last look-ups of keys (or of sessions) said, and what that allows now: a pure value, time comes in with each event.
///
///     age of a good key's last check      request                               PostgreSQL
///     under 30 s                          let in                                not asked
///     30 s to 60 s                        let in                                asked in the background
///     over 60 s                           waits for the answer, 2 s at most     asked
///     over 60 s, it did not answer        let in for 15 minutes from the check  asked in the background, once a second
///
/// A key nobody has is remembered for 5 s. Both kinds are kept in two generations: when the newer is full it becomes the
/// older one, and what is still used moves over.

struct AuthenticationCache<Key: Hashable & Sendable, Value: Equatable & Sendable> {
    struct Entry: Sendable, Equatable {
        let value: Value
        /// Unix nanoseconds; nil: never.
        let expiryTimeUnixNano: Int64?
        /// Of the monotonic clock.
        var checkedNano: Int64
    }

    enum Decision: Equatable {
        case allow(Entry)
        /// Let in, and look up in the background.
        case allowAndRefresh(Entry)
        case refuseUnknown
        /// Look up before deciding.
        case lookUp
        /// The same, but go on with this entry when the answer takes too long (`lookUpOverdue`).
        case lookUpFor(Entry)
    }

    private var known: TwoGenerations<Key, Entry>
    private var unknown: TwoGenerations<Key, Int64>
    private var refreshing: Set<Key> = []
    /// When PostgreSQL last failed to answer, since when it has not answered; nil while it answers.
    private var outageNano: Int64?

    init(maximumKnownKeyCount: Int = AccessLimits.maximumKnownKeyCount, maximumUnknownKeyCount: Int = AccessLimits.maximumUnknownKeyCount) {
        known = TwoGenerations(maximumCount: maximumKnownKeyCount)
        unknown = TwoGenerations(maximumCount: maximumUnknownKeyCount)
    }

    mutating func decide(_ key: Key, now: Int64) -> Decision {
        if let entry = known[key] {
            let age = now - entry.checkedNano
            if age < AccessLimits.refreshAgeNanoseconds { return .allow(entry) }
            if age < AccessLimits.positiveLifetimeNanoseconds { return refresh(key) ? .allowAndRefresh(entry) : .allow(entry) }
            guard age < AccessLimits.outageLifetimeNanoseconds else { return .lookUp }
            guard let outageNano else { return .lookUpFor(entry) }
            if now - outageNano < AccessLimits.outageRetryNanoseconds { return .allow(entry) }
            return refresh(key) ? .allowAndRefresh(entry) : .allow(entry)
        }
        if let checkedNano = unknown[key], now - checkedNano < AccessLimits.negativeLifetimeNanoseconds { return .refuseUnknown }
        return .lookUp
    }

    mutating func lookUpFound(_ key: Key, _ entry: Entry) {
        answered(key)
        unknown[key] = nil
        known[key] = entry
    }

    /// The key is unknown, or may not be used any more.
    mutating func lookUpRefused(_ key: Key, now: Int64, remembering: Bool) {
        answered(key)
        known[key] = nil
        unknown[key] = remembering ? now : nil
    }

    /// PostgreSQL did not answer. Returns the entry which may be gone on with, if there is one.
    mutating func lookUpFailed(_ key: Key, now: Int64) -> Entry? {
        refreshing.remove(key)
        outageNano = now
        guard let entry = known[key], now - entry.checkedNano < AccessLimits.outageLifetimeNanoseconds else { return nil }
        return entry
    }

    /// PostgreSQL has taken too long to answer, and may yet. Returns the entry which may be gone on with, if it is still there.
    mutating func lookUpOverdue(_ key: Key, now: Int64) -> Entry? {
        outageNano = now
        return known[key]
    }

    /// A look-up was given up without an answer that says anything.
    mutating func lookUpAbandoned(_ key: Key) { refreshing.remove(key) }

    /// Forgets a key at once: it was revoked, or its project archived.
    mutating func forget(where isGone: (Value) -> Bool) { known.removeAll { isGone($0.value) } }

    private mutating func answered(_ key: Key) {
        refreshing.remove(key)
        outageNano = nil
    }

    /// Whether this caller is the one to look the key up.
    private mutating func refresh(_ key: Key) -> Bool { refreshing.insert(key).inserted }
}
