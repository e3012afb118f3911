/// Times as people read them before a module puts them into their own zone: UTC, to the second.

import ByteCoding
import TraceQuery

enum Times {
    /// `2026-11-21 10:00:00 UTC` of RFC 3339; what is none stays as it is.
    static func text(_ time: String) -> String {
        guard TimeText.unixNano(time) != nil, time.utf8.count >= 19 else { return time }
        return "\(time.prefix(10)) \(time.dropFirst(11).prefix(8)) UTC"
    }

    static func text(unixNano: Int64) -> String { text(TimeText.rfc3339(unixNano)) }

    static func now() -> Int64 { Int64(clamping: WallClock.nowUnixNano()) }
}
