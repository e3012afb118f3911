/// The two clocks of the event streams.

import ByteCoding

package protocol EventClock: Sendable {
    /// Of the monotonic clock.
    func nano() -> Int64
    func unixNano() -> Int64
}

package struct SystemEventClock: EventClock {
    private static let origin = ContinuousClock.now

    package init() {}

    package func nano() -> Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - Self.origin).components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    package func unixNano() -> Int64 { Int64(WallClock.nowUnixNano()) }
}
