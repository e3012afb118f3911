/// How much came in the last second, from two counters: this second's, and the last one's by the share of it that the window
/// still covers. A pure value; time comes in with each event, in nanoseconds of a monotonic clock.
///
/// What came beyond the limit (a body is let in whole) is carried on, so that it is paid for by waiting: for a minute or so, as no
/// body of more than `AccessLimits.maximumDebtSeconds` of the limit is let in, and none where as much is owed already.

struct SlidingWindow {
    static let windowNanoseconds: Int64 = 1_000_000_000

    private var start: Int64
    private var current: Int64 = 0
    private var previous: Int64 = 0
    /// Per second, as last told; more than can come until then.
    private var limit: Int64 = .max / 4

    init(now: Int64) { start = now }

    /// Whether nothing of it counts any more.
    func isIdle(now: Int64) -> Bool {
        var later = self
        later.advance(now: now)
        return later.current == 0 && later.previous == 0
    }

    /// What counts against the limit (1 or more) now.
    mutating func used(now: Int64, limit: Int64) -> Int64 {
        self.limit = limit
        advance(now: now)
        let left = Self.windowNanoseconds - (now - start)
        // Rounded up: half a request left over is one.
        let (share, remainder) = Self.windowNanoseconds.dividingFullWidth(previous.multipliedFullWidth(by: left))
        return current + share + (remainder > 0 ? 1 : 0)
    }

    /// The largest amount that is let in at once under a limit.
    static func maximumAmount(limit: Int64) -> Int64 {
        let (amount, overflow) = limit.multipliedReportingOverflow(by: AccessLimits.maximumDebtSeconds)
        return overflow ? .max / 4 : min(amount, .max / 4)
    }

    /// Whether no more is owed with this amount than one of the largest let in where there was room for a little.
    mutating func hasRoom(for amount: Int64, now: Int64) -> Bool {
        advance(now: now)
        let (sum, overflow) = current.addingReportingOverflow(amount)
        return !overflow && sum <= Self.maximumAmount(limit: limit) + min(limit, .max / 4)
    }

    mutating func add(_ amount: Int64) {
        let (sum, overflow) = current.addingReportingOverflow(amount)
        current = overflow ? .max / 4 : sum
    }

    /// What was added and did not come after all.
    mutating func takeBack(_ amount: Int64) {
        let rest = amount - min(current, amount)
        current -= min(current, amount)
        previous -= min(previous, rest)
    }

    /// Nanoseconds until `used` is at most `room`, if nothing else comes. 0 <= room < limit.
    func wait(now: Int64, room: Int64) -> Int64 {
        var window = self
        window.advance(now: now)
        guard window.current > room else { return window.shareWait(now: now, room: room) }
        // Each second to come pays for as much as the limit.
        let windowCount = max(1, (window.current - room + limit - 1) / limit)
        let (duration, overflow) = windowCount.multipliedReportingOverflow(by: Self.windowNanoseconds)
        guard !overflow, duration < .max / 4 else { return .max / 4 }
        let next = window.start + duration
        window.advance(now: next)
        return next - now + window.shareWait(now: next, room: room)
    }

    /// Until the last second's share fits into the room.
    private func shareWait(now: Int64, room: Int64) -> Int64 {
        let allowed = room - current
        guard allowed < previous else { return 0 }
        let (left, _) = previous.dividingFullWidth(allowed.multipliedFullWidth(by: Self.windowNanoseconds))
        return max(0, start + Self.windowNanoseconds - left - now)
    }

    private mutating func advance(now: Int64) {
        guard now >= start + Self.windowNanoseconds else { return }
        let count = (now - start) / Self.windowNanoseconds
        start += count * Self.windowNanoseconds
        let (paid, overflow) = limit.multipliedReportingOverflow(by: count - 1)
        let owed = overflow ? 0 : max(0, current - paid)
        previous = min(owed, limit)
        current = max(0, owed - limit)
    }
}
