/// A clock that stands still until somebody sleeps: sleeping moves it, and returns at once.

import ModelProviders
import Synchronization

final class FakeClock: Sendable {
    static let startUnixNano: UInt64 = 1_795_000_000_000_000_000
    private let passed = Mutex(Duration.zero)
    private let record = Mutex<[Duration]>([])

    /// What was slept, in order.
    var sleeps: [Duration] { record.withLock { $0 } }

    func advance(_ duration: Duration) { passed.withLock { $0 += duration } }

    var clock: ProviderClock {
        ProviderClock(
            nowUnixNano: { Self.startUnixNano + UInt64(self.passed.withLock { $0 } / .nanoseconds(1)) },
            uptime: { self.passed.withLock { $0 } },
            sleep: { duration in
                try Task.checkCancellation()
                self.record.withLock { $0.append(duration) }
                self.advance(duration)
            })
    }
}

