import Synchronization

/// Counts from several tasks.
package final class Counter: Sendable {
    private let count = Mutex(0)

    package init() {}

    package var value: Int { count.withLock { $0 } }

    package func increment(by step: Int = 1) { count.withLock { $0 += step } }
}
