/// How often each key was called: what "two times, then good" and the n-th repetition are counted by.

import Synchronization

final class CallCounters: Sendable {
    /// Above it counting begins anew, rather than taking memory without end.
    static let maximumKeyCount = 1_000_000

    private let counts = Mutex<[String: Int]>([:])

    /// How often the key was called before; counts this call.
    func next(_ key: String) -> Int {
        counts.withLock { counts in
            if counts.count >= Self.maximumKeyCount { counts.removeAll() }
            let before = counts[key, default: 0]
            counts[key] = before + 1
            return before
        }
    }

    func reset() { counts.withLock { $0.removeAll() } }
}
