/// The system's clock. Here, below everything that speaks to the network, because a `timespec` belongs to whichever C module a room
/// happens to load first, and a room that loads SwiftNIO's cannot name it by importing Glibc.

import Glibc

package enum WallClock {
    /// Nanoseconds since 1970 UTC.
    package static func nowUnixNano() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Now as RFC 3339 with microseconds, UTC: `2026-11-21T04:19:42.687992Z`.
    package static func nowText() -> String {
        let now = nowUnixNano()
        var seconds = time_t(now / 1_000_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func digits(_ value: Int, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let date = "\(parts.tm_year + 1900)-\(digits(Int(parts.tm_mon) + 1, 2))-\(digits(Int(parts.tm_mday), 2))"
        let time = "\(digits(Int(parts.tm_hour), 2)):\(digits(Int(parts.tm_min), 2)):\(digits(Int(parts.tm_sec), 2))"
        return "\(date)T\(time).\(digits(Int(now % 1_000_000_000 / 1000), 6))Z"
    }
}
