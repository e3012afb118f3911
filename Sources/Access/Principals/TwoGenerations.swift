/// A bounded dictionary that forgets what was not used for longest, roughly: two dictionaries, the newer at most full.
struct TwoGenerations<Key: Hashable, Value> {
    private let maximumCount: Int
    private var newer: [Key: Value] = [:]
    private var older: [Key: Value] = [:]

    init(maximumCount: Int) { self.maximumCount = maximumCount }

    var count: Int { newer.count + older.count }

    subscript(key: Key) -> Value? {
        mutating get {
            if let value = newer[key] { return value }
            guard let value = older.removeValue(forKey: key) else { return nil }
            insert(key, value)
            return value
        }
        set {
            older[key] = nil
            guard let newValue else {
                newer[key] = nil
                return
            }
            insert(key, newValue)
        }
    }

    mutating func removeAll(where isGone: (Value) -> Bool) {
        newer = newer.filter { !isGone($0.value) }
        older = older.filter { !isGone($0.value) }
    }

    private mutating func insert(_ key: Key, _ value: Value) {
        if newer.count >= maximumCount, newer[key] == nil {
            older = newer
            newer = [:]
        }
        newer[key] = value
    }
}

extension TwoGenerations: Sendable where Key: Sendable, Value: Sendable {}
